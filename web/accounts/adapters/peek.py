# SPDX-License-Identifier: EUPL-1.2
"""How many second factors no key opens, read without making or changing anything.

Owns a look into the SQLite file from outside, for whoever only checks an installation. A server uses
`factors.py`.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url, select
from sqlalchemy.dialects import sqlite

from chat.errors import Unavailable
from web.accounts import codes
from web.accounts.adapters.tables import second_factors
from web.accounts.ports import FactorKey

_QUERY = str(select(second_factors.c.account, second_factors.c.sealed).compile(dialect=sqlite.dialect()))


def factors_locked(database_url: str, key: FactorKey) -> int:
    """Return how many second factors the key does not open; 0 when there is no such file, or none is read."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return 0
    place = f"{Path(url.database).absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(place, uri=True)) as connection:
            stored = connection.execute(_QUERY).fetchall()
    except sqlite3.Error:
        return 0
    try:
        known = key.known()
    except Unavailable:
        known = None
    return sum(known is None or codes.unseal(sealed, account, known) is None for account, sealed in stored)
