# SPDX-License-Identifier: EUPL-1.2
"""A phone's camera before a page: reads the picture that is drawn there, by a reader that is not ours."""

from __future__ import annotations

import re
from typing import Final

import zxingcpp

_PICTURE: Final = re.compile(
    r'viewBox="0 0 (\d+) \1"[^>]*><rect[^>]*fill="#fff"/><path fill="#000" d="([^"]+)"'
)
_RUN: Final = re.compile(r"M(\d+) (\d+)h(\d+)v1h-\3z")
# A camera sees more than one point for each square of the picture.
_POINTS: Final = 3


def scanned(page: str) -> str:
    """Return what a camera reads in the page's picture."""
    found = _PICTURE.search(page)
    assert found is not None
    return read(int(found[1]), found[2])


def read(size: int, path: str) -> str:
    """Return what a path says that draws dark runs on a light square of this size."""
    assert not _RUN.sub("", path)
    square = [bytearray(b"\xff" * size * _POINTS) for _ in range(size)]
    for x, y, length in ((int(each) for each in run) for run in _RUN.findall(path)):
        square[y][x * _POINTS : (x + length) * _POINTS] = bytes(length * _POINTS)
    seen = b"".join(bytes(row) * _POINTS for row in square)
    (code,) = zxingcpp.read_barcodes(memoryview(seen).cast("B", (size * _POINTS, size * _POINTS)))
    return code.text
