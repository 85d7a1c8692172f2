# SPDX-License-Identifier: EUPL-1.2
"""Which daily key counts, in the database that all processes share.

Owns the statements; each is one decision, so that two hosts never both win it. No key ever comes here.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from sqlalchemy import BindParameter, Connection, bindparam, delete, or_, select, update
from sqlalchemy.sql.dml import Update

from chat.adapters.sql.database import Database
from chat.adapters.sql.dialect import unless_there
from chat.adapters.sql.tables import conversation, duty, key_agreed

_ROWS: Final = select(
    key_agreed.c.day, key_agreed.c.check, key_agreed.c.cover, key_agreed.c.asked, key_agreed.c.answered
)
_OF = update(key_agreed).where(key_agreed.c.day == bindparam("of"), key_agreed.c.check == bindparam("known"))
_ASK: Final = _OF.values(asked=key_agreed.c.answered + 1)
_ANSWER: Final = _OF.where(key_agreed.c.answered < bindparam("upto")).values(answered=bindparam("upto"))
_REPLACE: Final = _OF.where(key_agreed.c.asked > key_agreed.c.answered).values(
    check=bindparam("check"), cover=bindparam("cover"), asked=0, answered=0
)
_FORGET: Final = delete(key_agreed).where(key_agreed.c.day <= bindparam("last"))
_OF_DAY: Final[BindParameter[int]] = bindparam("day")
_SEALED: Final = select(
    or_(
        select(conversation.c.id)
        .where(or_(conversation.c.key_day == _OF_DAY, conversation.c.return_day == _OF_DAY))
        .exists(),
        select(duty.c.id).where(duty.c.key_day == _OF_DAY).exists(),
    )
)


class Agreed(Struct, frozen=True):
    """The key of a day. Whoever lacks it asks; whoever holds it answers, so that nobody replaces it."""

    day: int
    check: bytes
    """What the key is known by."""
    cover: bytes
    """What hides it on its way."""
    asked: int = 0
    answered: int = 0

    @property
    def is_asked_for(self) -> bool:
        """Tell whether somebody lacks it and has had no answer."""
        return self.asked > self.answered


class AgreedKeys:
    """The rows. Every method raises `Unavailable` when the database cannot be used now."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self) -> None:
        """Delete every row."""
        await self._database.run_write(lambda connection: connection.execute(delete(key_agreed)).close())

    async def all(self) -> dict[int, Agreed]:
        """Return what is agreed, by day."""

        def read(connection: Connection) -> dict[int, Agreed]:
            return {row.day: Agreed(*row) for row in connection.execute(_ROWS)}

        return await self._database.run_read(read)

    async def propose(self, agreed: Agreed) -> None:
        """Let this key count for its day, unless another one does."""

        def write(connection: Connection) -> None:
            row = {"day": agreed.day, "check": agreed.check, "cover": agreed.cover, "asked": 0, "answered": 0}
            connection.execute(unless_there(connection.dialect.name, key_agreed), row)

        await self._database.run_write(write)

    async def has_sealed(self, day: int) -> bool:
        """Tell whether there is something that opens only with the key of a day."""

        def read(connection: Connection) -> bool:
            return bool(connection.execute(_SEALED, {"day": day}).scalar_one())

        return await self._database.run_read(read)

    async def ask(self, agreed: Agreed) -> None:
        """Ask whoever holds this key."""
        await self._update(_ASK, agreed)

    async def answer(self, agreed: Agreed) -> None:
        """Say that this key is held, to everybody who had asked when this was read."""
        await self._update(_ANSWER, agreed, upto=agreed.asked)

    async def replace(self, agreed: Agreed, check: bytes, cover: bytes) -> bool:
        """Let another key count, unless one does already or somebody has answered; tell which."""
        return await self._update(_REPLACE, agreed, check=check, cover=cover)

    async def forget(self, last: int) -> None:
        """Drop the days up to `last`."""

        def write(connection: Connection) -> None:
            connection.execute(_FORGET, {"last": last})

        await self._database.run_write(write)

    async def _update(self, statement: Update, agreed: Agreed, **values: object) -> bool:
        given = {"of": agreed.day, "known": agreed.check, **values}

        def write(connection: Connection) -> bool:
            return bool(connection.execute(statement, given).rowcount)

        return await self._database.run_write(write)
