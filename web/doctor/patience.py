# SPDX-License-Identifier: EUPL-1.2
"""Waits for one examination as a whole, however its parts drip.

Owns one thread for each: a timeout of a socket begins anew with every byte that comes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final, TypeVar

from web.doctor.readings import Unasked

LONGEST_S: Final = 45.0
"""All questions to one place together, each of which has a bound of its own."""

Seen = TypeVar("Seen")


def within(path: str, look: Callable[[], Seen | Unasked], seconds: float | None = None) -> Seen | Unasked:
    """Return what a look has seen, or that it took too long; what it raises is raised here."""
    patience = LONGEST_S if seconds is None else seconds
    seen: list[Seen | Unasked] = []
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
    return seen[0] if seen else Unasked(path, f"it had not answered everything after {patience:.0f} s.")
