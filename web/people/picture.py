# SPDX-License-Identifier: EUPL-1.2
"""A picture that a phone reads: text as a QR code, ready to be drawn as one path.

Owns how dense it is and how it is drawn. It knows nothing of what the text is for.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Final

import segno

# Light modules that ISO/IEC 18004 wants on each side, or phones do not find where the code ends.
MARGIN: Final = 4


@dataclass(frozen=True, slots=True)
class Picture:
    """A square of `size` units a side, its margin included, and the path (SVG) of all that is dark in it."""

    size: int
    path: str


def picture_of(text: str) -> Picture:
    """Return a text as a QR code that is still read when 15 % of it is hidden by a smear or a reflection.

    A short text with the same wish for mending always gives the same picture: nothing is chosen by chance.
    """
    code = segno.make_qr(text, error="m", boost_error=False)
    path = "".join(_row(row, y) for y, row in enumerate(code.matrix, start=MARGIN))
    return Picture(len(code.matrix) + 2 * MARGIN, path)


def _row(row: bytearray, y: int) -> str:
    """Return the dark runs of one row, each a rectangle that is one unit high."""
    drawn, x = [], MARGIN
    for dark, run in groupby(row):
        length = len(list(run))
        if dark:
            drawn.append(f"M{x} {y}h{length}v1h-{length}z")
        x += length
    return "".join(drawn)
