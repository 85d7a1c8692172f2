# SPDX-License-Identifier: EUPL-1.2
"""A small reader of LevelDB, in which Chromium keeps local storage, IndexedDB and more.

Reads tables (`.ldb`) with their compressed blocks, and the log of what is in no table yet (`.log`). What has
been deleted or written over is read too, for as long as it is in a file. Knows the format and no store in
particular: https://github.com/google/leveldb/tree/main/doc (table_format.md, log_format.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

MAGIC = (0xDB4775248B80FB57).to_bytes(8, "little")
FOOTER, TRAILER = 48, 5
LOG_BLOCK, LOG_HEADER = 32 * 1024, 7
PLAIN, SNAPPY = 0, 1


def readable(path: Path) -> Iterator[bytes]:
    """Yield everything in one file of a store: decompressed blocks of a table, whole records of a log.

    Raises:
        ValueError: a table that is damaged, or compressed in a way that this reader does not know.
    """
    content = path.read_bytes()
    if path.suffix in {".ldb", ".sst"}:
        yield from _table(content)
    else:
        yield from _log(content)


# --- tables
# ---------------------------------------------------------------------------------------------------------


def _table(content: bytes) -> Iterator[bytes]:
    if content[-8:] != MAGIC:
        raise ValueError("not a table")
    footer = content[-FOOTER:]
    _, at = _handle(footer, 0)
    index, _ = _handle(footer, at)
    for _, value in _entries(_block(content, index)):
        block, _ = _handle(value, 0)
        for key, found in _entries(_block(content, block)):
            yield key
            yield found


def _handle(data: bytes, at: int) -> tuple[tuple[int, int], int]:
    offset, at = _varint(data, at)
    size, at = _varint(data, at)
    return (offset, size), at


def _block(content: bytes, handle: tuple[int, int]) -> bytes:
    offset, size = handle
    block, kind = content[offset : offset + size], content[offset + size]
    if kind == PLAIN:
        return block
    if kind == SNAPPY:
        return unsnapped(block)
    raise ValueError(f"blocks of kind {kind} are not known")


def _entries(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield keys and values: each key is given by what it shares with the one before."""
    end = len(block) - 4 - 4 * int.from_bytes(block[-4:], "little")
    at, key = 0, b""
    while at < end:
        shared, at = _varint(block, at)
        own, at = _varint(block, at)
        size, at = _varint(block, at)
        key = key[:shared] + block[at : at + own]
        yield key, block[at + own : at + own + size]
        at += own + size


# --- the log
# --------------------------------------------------------------------------------------------------------


def _log(content: bytes) -> Iterator[bytes]:
    """Yield records; one longer than a block comes in parts, and one being written ends where it ends."""
    record = b""
    for start in range(0, len(content), LOG_BLOCK):
        block, at = content[start : start + LOG_BLOCK], 0
        while at + LOG_HEADER <= len(block):
            size, kind = int.from_bytes(block[at + 4 : at + 6], "little"), block[at + 6]
            record += block[at + LOG_HEADER : at + LOG_HEADER + size]
            at += LOG_HEADER + size
            if kind in {1, 4}:  # whole, or the last part
                yield record
                record = b""
    if record:
        yield record


# --- snappy
# ---------------------------------------------------------------------------------------------------------


def unsnapped(data: bytes) -> bytes:
    """Decompress raw snappy (https://github.com/google/snappy/blob/main/format_description.txt).

    Raises:
        ValueError: it refers to what is not there, or has another length than it says.
    """
    length, at = _varint(data, 0)
    out = bytearray()
    while at < len(data):
        tag, at = data[at], at + 1
        kind, size = tag & 3, (tag >> 2) + 1
        if kind == 0:
            if size > 60:
                width = size - 60
                size, at = int.from_bytes(data[at : at + width], "little") + 1, at + width
            out += data[at : at + size]
            at += size
            continue
        width = (0, 1, 2, 4)[kind]
        offset = int.from_bytes(data[at : at + width], "little")
        if kind == 1:
            offset, size = offset | (tag >> 5) << 8, (tag >> 2 & 7) + 4
        at += width
        if not 0 < offset <= len(out):
            raise ValueError("a copy from before the beginning")
        for _ in range(size):
            out.append(out[-offset])
    if len(out) != length:
        raise ValueError("another length than it says")
    return bytes(out)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte, at = data[at], at + 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
