# SPDX-License-Identifier: EUPL-1.2
"""Puts a backup back: into an empty database, whole or not at all.

Owns what is refused and in which order. The whole file is opened and read before the database is touched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any, Final, TypeVar

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from msgspec import Struct

from web.backup.contents import KEPT as TABLES
from web.backup.errors import Damaged, NotYet, TooOld
from web.backup.files import KEPT, cannot
from web.backup.ports import Filling, Form
from web.backup.records import AllSaid, OneRow, TableBegins, decoded, values_of
from web.backup.sealing import Head, Opened

_AT_ONCE: Final = 200
_CLOCKS_DIFFER: Final = timedelta(hours=1)

_Filling = TypeVar("_Filling", bound=Filling)


class Restored(Struct, frozen=True):
    """What was put back."""

    made_at: datetime
    rows: int
    ended: int
    """How many tickets had ended since, and did again."""


class Seen(Struct, frozen=True):
    """What a backup holds, without a word of it."""

    made_at: datetime
    rows: dict[str, int]
    """How many of each table, in the order of the file; tables without a row are left out."""


def look(path: Path, private: X25519PrivateKey, now: datetime) -> Seen:
    """Open and read the whole of a backup as before it is put back, and put it nowhere.

    Raises:
        BackupError: it would be refused.
    """
    try:
        with path.open("rb") as file:
            head = _opened(file, private).head
            _refuse_age(head, now)
            return Seen(head.made_at, dict(Counter(name for name, _, _ in _rows(file, private))))
    except OSError as error:
        raise cannot(path, "read", error) from error


def restore(
    path: Path,
    private: X25519PrivateKey,
    now: datetime,
    empty: Callable[[str], AbstractContextManager[_Filling]],
    end_again: Callable[[_Filling, datetime], int],
    *,
    refuse: Callable[[datetime], None] = lambda _: None,
    without: Collection[str] = (),
) -> Restored:
    """Put a backup into the database that `empty` gives at the backup's schema, and bring it to the newest.

    `refuse` and `end_again` are told when the backup was made: the first raises before anything changes if
    it is not to be put back, the other ends what has ended since, in the same transaction. `without`: tables
    that stay empty.

    Raises:
        BackupError: it is none, damaged, too old, or cannot be read; nothing has changed. What `empty` raises
            comes through, and nothing has changed then either.
    """
    try:
        with path.open("rb") as file:
            head = _opened(file, private).head
            _refuse_age(head, now)
            refuse(head.made_at)
            rows = sum(1 for _ in _rows(file, private))
            with empty(head.revision) as filling:
                _fill(filling, _rows(file, private), without)
                filling.bring_up()
                return Restored(head.made_at, rows, end_again(filling, head.made_at))
    except OSError as error:
        raise cannot(path, "read", error) from error


def _opened(file: IO[bytes], private: X25519PrivateKey) -> Opened:
    file.seek(0)
    return Opened(file.read, private)


def _refuse_age(head: Head, now: datetime) -> None:
    made = f"{head.made_at:%Y-%m-%d %H:%M} UTC"
    if now - head.made_at > KEPT:
        raise TooOld(
            f"The backup was made at {made}: one that is older than {KEPT.days} days is not put back, "
            "because what people have taken back since is not kept on record for longer."
        )
    if head.made_at - now > _CLOCKS_DIFFER:
        raise NotYet(f"The backup was made at {made}, which is still to come: set the clock of this machine.")


def _rows(file: IO[bytes], private: X25519PrivateKey) -> Iterator[tuple[str, Form, list[Any]]]:
    """Give every row with its table, each looked at; at the end it is known that none is missing."""
    table: TableBegins | None = None
    counts: dict[str, int] = {}
    for record in decoded(_opened(file, private).chunks()):
        match record:
            case TableBegins(name, _):
                if name not in TABLES or name in counts:
                    raise _strange()
                table, counts[name] = record, 0
            case OneRow():
                if table is None:
                    raise _strange()
                counts[table.name] += 1
                yield table.name, table.form, values_of(record, table.form)
            case AllSaid(told):
                if told != counts:
                    raise _strange()


def _fill(filling: Filling, rows: Iterator[tuple[str, Form, list[Any]]], without: Collection[str]) -> None:
    name, waiting = "", list[list[Any]]()
    for of, form, values in rows:
        if of in without:
            continue
        if of != name or len(waiting) >= _AT_ONCE:
            _put(filling, name, waiting)
            waiting = []
        if of != name:
            name = of
            if filling.form(name) != form:
                raise _strange()
        waiting.append(values)
    _put(filling, name, waiting)


def _put(filling: Filling, name: str, rows: list[list[Any]]) -> None:
    if rows:
        filling.add(name, rows)


def _strange() -> Damaged:
    return Damaged("What is in the backup is not what its schema has; nothing of it was used.")
