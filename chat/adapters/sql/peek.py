# SPDX-License-Identifier: EUPL-1.2
"""A look into a database from outside, without making or changing anything.

For whoever only checks an installation. Knows no table.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, make_url
from sqlalchemy.exc import DBAPIError

from chat.adapters.sql.dialect import looking_engine


def look(database_url: str, query: Select[Any]) -> list[Any] | None:
    """Return what a query finds; None when there is no such database yet, or it cannot be read."""
    engine = looking_engine(make_url(database_url))
    if engine is None:
        return None
    try:
        with engine.connect() as connection:
            return list(connection.execute(query))
    except DBAPIError:
        return None
    finally:
        engine.dispose()
