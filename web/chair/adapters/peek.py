# SPDX-License-Identifier: EUPL-1.2
"""What organisations have set, read without making or changing anything.

Owns a look into the SQLite file from outside, for whoever only checks an installation. A server uses
`sql.py`.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.dialects import sqlite

from chat.ids import OrganisationId
from config.overlay import Overlay
from web.chair.adapters.sql import NEWEST
from web.chair.adapters.tables import site_versions

_QUERY = str(
    NEWEST.with_only_columns(site_versions.c.organisation, site_versions.c.overlay).compile(
        dialect=sqlite.dialect()
    )
)


def overlays_there_are(database_url: str) -> dict[OrganisationId, Overlay]:
    """Return what each organisation has set; nothing when there is no such file yet, or it cannot be read."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return {}
    place = f"{Path(url.database).absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(place, uri=True)) as connection:
            return {OrganisationId(id_): json.loads(text) for id_, text in connection.execute(_QUERY)}
    except (sqlite3.Error, ValueError):
        return {}
