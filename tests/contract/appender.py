# SPDX-License-Identifier: EUPL-1.2
"""A process of its own that says something in some conversations, again and again, as a host would.

Called with the URL of the database, its number, how many conversations there are and how often it speaks.
"""

from __future__ import annotations

import asyncio
import sys

from chat.adapters.sql.database import Database
from chat.adapters.sql.store import SqlStore
from chat.errors import Stale
from tests.contract.made import live, said


async def speak(store: SqlStore, which: int, conversations: int, times: int) -> None:
    """Append `times` messages, some conversations at once, deciding anew where somebody was faster."""

    async def talk(number: int) -> None:
        for turn in range(number, times, conversations):
            while True:
                stored = await live(store, number)
                try:
                    await store.append([said(stored.conversation, which * times + turn)], stored.version)
                except Stale:
                    continue
                break

    await asyncio.gather(*(talk(number) for number in range(conversations)))


async def _main(url: str, which: int, conversations: int, times: int) -> None:
    database = await Database.open(url)
    store = SqlStore(database)
    await speak(store, which, conversations, times)
    await store.close()
    await database.close()


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], *(int(number) for number in sys.argv[2:])))
