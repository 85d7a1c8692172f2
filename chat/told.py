# SPDX-License-Identifier: EUPL-1.2
"""What one process has counted in memory, for the others to count too, as a doorbell carries it.

Owns its form and its bounds. Must not know what is counted.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct


class Told(Struct, frozen=True):
    """One thing that was counted. `key` stands for whom: a keyed hash of the day, or an id."""

    sort: Annotated[str, Meta(max_length=16)]
    key: Annotated[bytes, Meta(max_length=160)]
    word: Annotated[str, Meta(max_length=200)] = ""


MOST_TOLD = 50
"""So much is told in one doorbell."""

AllTold = Annotated[tuple[Told, ...], Meta(max_length=MOST_TOLD)]
