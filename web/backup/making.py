# SPDX-License-Identifier: EUPL-1.2
"""Makes a backup: the tables of the list, at one moment, sealed as they are read.

Owns the order of it. Holds no more than a chunk of it at once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from chat.ids import Randomness
from web.backup.contents import ACCOUNTS, KEPT, TABLES
from web.backup.errors import NobodyThere, Unknown
from web.backup.ports import Snapshot
from web.backup.records import AllSaid, TableBegins, encoded, row_of
from web.backup.sealing import Head, Sealer


def make(
    snapshot: Snapshot,
    public: bytes,
    now: datetime,
    randomness: Randomness,
    write: Callable[[bytes], object],
) -> int:
    """Write a backup; return how many rows it holds.

    Raises:
        Unknown: there is a table of which nobody has decided whether backups hold it.
        NobodyThere: nobody has an account: it is hardly the database that was meant.
    """
    undecided = sorted(snapshot.tables - TABLES)
    if undecided:
        raise Unknown(f"No backup was made: nobody has decided whether it holds the table {undecided[0]}.")
    sealer = Sealer(public, Head(now, snapshot.revision), randomness, write)
    counts: dict[str, int] = {}
    for name in KEPT:
        if name not in snapshot.tables:
            continue  # of an older version
        sealer.add(encoded(TableBegins(name, snapshot.form(name))))
        counts[name] = 0
        for row in snapshot.rows(name):
            sealer.add(encoded(row_of(row)))
            counts[name] += 1
    if not counts.get(ACCOUNTS):
        raise NobodyThere(
            "No backup was made: nobody has an account in this database. "
            "Is JOURCHATT_DATABASE_URL that of the server?"
        )
    sealer.add(encoded(AllSaid(counts)))
    sealer.end()
    return sum(counts.values())
