# SPDX-License-Identifier: EUPL-1.2
"""All that was told of one service in one week, as the bytes of one row.

Owns their form: MessagePack in raw DEFLATE, of three columns (names, how many weeks before this one each is
gathered since, values). A row for each figure takes six times as much, and the file is written anew whole
after chats have ended (`shredder.py`), while nobody can write. Knows no statement.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Final

import msgspec

from chat.grid import Week
from chat.ids import ServiceId
from chat.published import Figure

_EPOCH = date(1970, 1, 1)
_RAW: Final = -15
"""Without the head and the sum of zlib: SQLite keeps neither for anything else."""
_HARDEST: Final = 9

# By columns and not figure by figure, as like bytes beside each other take less.
_Columns = tuple[str, list[int], list[int]]
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Columns).decode


def rows(told: Iterable[Figure]) -> list[dict[str, object]]:
    """Return the rows of figures, each `service`, `week` and `told`. Those of one row stand together."""
    return [
        {"service": service, "week": day_of(week), "told": _packed(list(figures))}
        for (service, week), figures in groupby(told, lambda each: (each.service, each.week))
    ]


def figures(service: ServiceId, day: int, told: bytes, names: Collection[str] | None) -> Iterator[Figure]:
    """Yield the figures of a row, of some counters or all, in the order in which they were stored."""
    week = week_of(day)
    for name, weeks, value in _unpacked(told):
        if names is None or name in names:
            yield Figure(service, name, week_of(day - 7 * weeks), week, value)


def values(told: bytes) -> Iterator[tuple[str, int]]:
    """Yield name and value of each figure of a row."""
    for name, _, value in _unpacked(told):
        yield name, value


def day_of(week: Week) -> int:
    """Return how a week is stored: its Monday, as days since 1970-01-01."""
    return (week.monday - _EPOCH).days


@lru_cache(maxsize=1000)
def week_of(day: int) -> Week:
    """Return the week of a stored day. There are few, and many figures of each."""
    return Week(_EPOCH + timedelta(days=day))


def _packed(told: list[Figure]) -> bytes:
    columns: _Columns = (
        " ".join(each.name for each in told),
        [(each.week.monday - each.since.monday).days // 7 for each in told],
        [each.value for each in told],
    )
    packer = zlib.compressobj(_HARDEST, wbits=_RAW)
    return packer.compress(_encode(columns)) + packer.flush()


def _unpacked(told: bytes) -> Iterator[tuple[str, int, int]]:
    names, since, told_values = _decode(zlib.decompress(told, _RAW))
    return zip(names.split(" "), since, told_values, strict=True)
