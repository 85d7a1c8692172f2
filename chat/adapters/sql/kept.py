# SPDX-License-Identifier: EUPL-1.2
"""Random values that are made once for an installation, whichever process is the first to need them.

Owns their names. They are in no backup: what rests on them does not outlive the installation.
"""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection, bindparam, select

from chat.adapters.sql.database import Database
from chat.adapters.sql.dialect import unless_there
from chat.adapters.sql.tables import salt

_VALUE = select(salt.c.value).where(salt.c.name == bindparam("name"))


async def return_salt(database: Database, fresh: bytes) -> bytes:
    """Return what codes to come back with are stretched with; `fresh` becomes it where there is none."""
    return await _kept(database, "return code", fresh)


async def bell_secret(database: Database, fresh: bytes) -> bytes:
    """Return what doorbells are signed with: whoever reaches Redis alone does not know it."""
    return await _kept(database, "doorbells", fresh)


async def _kept(database: Database, name: str, fresh: bytes) -> bytes:
    found = await database.run_read(partial(_value, name=name))
    return found if found is not None else await database.run_write(partial(_keep, name=name, fresh=fresh))


def _value(connection: Connection, name: str) -> bytes | None:
    found: bytes | None = connection.execute(_VALUE, {"name": name}).scalar()
    return found


def _keep(connection: Connection, name: str, fresh: bytes) -> bytes:
    connection.execute(unless_there(connection.dialect.name, salt), {"name": name, "value": fresh})
    kept = _value(connection, name)
    assert kept is not None
    return kept
