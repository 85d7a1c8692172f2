# SPDX-License-Identifier: EUPL-1.2
"""Waits for one examination as a whole, however its parts drip.

Owns one thread for each: a timeout of a socket begins anew with every byte that comes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final, TypeVar

LONGEST_S: Final = 45.0
"""All questions to one place together, each of which has a bound of its own."""

Seen = TypeVar("Seen")
Late = TypeVar("Late")


def within(look: Callable[[], Seen], late: Late, seconds: float | None = None) -> Seen | Late:
    """Return what a look has seen, or `late` when it took too long; what it raises is raised here."""
    patience = LONGEST_S if seconds is None else seconds
    seen: list[Seen] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            seen.append(look())
        except BaseException as error:  # noqa: BLE001 - raised again where somebody waits for it
            failed.append(error)

    looking = threading.Thread(target=run, daemon=True)
    looking.start()
    looking.join(patience)
    if failed:
        raise failed[0]
    return seen[0] if seen else late
