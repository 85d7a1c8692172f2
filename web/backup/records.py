# SPDX-License-Identifier: EUPL-1.2
"""Between rows and the bytes of a backup, both ways: typed values, never statements.

Owns the form of a record. Trusts nothing that it reads beyond what the seal has shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

import msgspec
from msgspec import Struct

from web.backup.errors import Damaged
from web.backup.ports import Form, Row

_LENGTH_BYTES: Final = 4
_LONGEST: Final = 64 * 1024 * 1024
_DEEPEST: Final = 64
_INTS: Final = range(-(2**63), 2**63)
_TYPES: Final[dict[str, type | None]] = {
    "int": int,
    "bool": bool,
    "text": str,
    "bytes": bytes,
    "date": date,
    "json": None,
}
"""What stands in a column of each kind; None: anything that JSON has."""


class TableBegins(Struct, frozen=True, tag="table", array_like=True):
    """The rows that follow are of this table."""

    name: str
    form: Form


class OneRow(Struct, frozen=True, tag="row", array_like=True):
    """One row; dates are written as texts."""

    values: list[Any]


class AllSaid(Struct, frozen=True, tag="end", array_like=True):
    """Nothing follows. How many rows each table has."""

    counts: dict[str, int]


Record = TableBegins | OneRow | AllSaid

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Record)


def encoded(record: Record) -> bytes:
    """Return a record after its length."""
    raw = _encoder.encode(record)
    if len(raw) > _LONGEST:
        raise ValueError("a row is too long for a backup")
    return len(raw).to_bytes(_LENGTH_BYTES, "big") + raw


def decoded(chunks: Iterable[bytes]) -> Iterator[Record]:
    """Give the records of a backup, the last one of which is `AllSaid`.

    Raises:
        Damaged: it is not such a content. What `chunks` raises comes through.
    """
    waiting = bytearray()
    ended = False
    for chunk in chunks:
        waiting += chunk
        while not ended:
            length = int.from_bytes(waiting[:_LENGTH_BYTES], "big")
            if length > _LONGEST:
                raise _damaged()
            if len(waiting) < _LENGTH_BYTES + length or not length:
                break
            record = _record(bytes(waiting[_LENGTH_BYTES : _LENGTH_BYTES + length]))
            del waiting[: _LENGTH_BYTES + length]
            ended = isinstance(record, AllSaid)
            yield record
        if ended:
            if any(waiting):
                raise _damaged()
            waiting.clear()
    # Every chunk has been opened: only now is it known that the end is the end.
    if not ended:
        raise _damaged()


def _record(raw: bytes) -> Record:
    try:
        record: Record = _decoder.decode(raw)
    except (msgspec.MsgspecError, RecursionError):
        raise _damaged() from None
    return record


def row_of(values: Row) -> OneRow:
    """Return a row as it is written."""
    return OneRow([value.isoformat() if isinstance(value, date) else value for value in values])


def values_of(row: OneRow, form: Form) -> list[Any]:
    """Return the values of a row of a table.

    Raises:
        Damaged: they are not of the kinds that its columns have.
    """
    if len(row.values) != len(form):
        raise _damaged()
    return [_value(kind, value) for (_, kind), value in zip(form, row.values, strict=True)]


def _value(kind: str, value: object) -> object:
    if kind not in _TYPES:
        raise _damaged()
    if kind == "date" and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise _damaged() from None
    if isinstance(value, int) and value not in _INTS:
        raise _damaged()
    wanted = _TYPES[kind]
    if not (_is_json(value) if wanted is None else value is None or type(value) is wanted):
        raise _damaged()
    return value


def _is_json(value: object, depth: int = _DEEPEST) -> bool:
    if not depth:
        return False
    if isinstance(value, list):
        return all(_is_json(each, depth - 1) for each in value)
    if isinstance(value, dict):
        return all(isinstance(name, str) and _is_json(each, depth - 1) for name, each in value.items())
    return value is None or isinstance(value, str | int | float | bool)


def _damaged() -> Damaged:
    return Damaged("What is in the backup is not what a backup holds; nothing of it was used.")
