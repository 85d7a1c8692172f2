# SPDX-License-Identifier: EUPL-1.2
"""Which receiving units have a key, read without making or changing anything.

Owns a look into the SQLite file from outside, for whoever only checks an installation. A server uses
`handover/adapters/sql.py`.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url, select
from sqlalchemy.dialects import sqlite

from handover.adapters.tables import unit_key
from handover.ids import ReceiverId

_QUERY = str(select(unit_key.c.unit).compile(dialect=sqlite.dialect()))


def units_with_key(database_url: str) -> frozenset[ReceiverId] | None:
    """Return the units that have a key; None when there is no such file yet, or it cannot be read."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    place = f"{Path(url.database).absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(place, uri=True)) as connection:
            return frozenset(ReceiverId(unit) for (unit,) in connection.execute(_QUERY))
    except sqlite3.Error:
        return None
