# SPDX-License-Identifier: EUPL-1.2
"""Refuses to put back what people may have taken back since.

Owns the one sentence for each log of erased tickets that cannot be relied on, and the ways on that it names.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from handover.erased import Log
from handover.erased_days import doubt
from web.backup.errors import CannotKnow


def refuse_doubts(logs: Mapping[Path, Log], since: date, today: date) -> None:
    """Look whether every host's log tells all that ended from `since`, the day of the backup.

    Raises:
        CannotKnow: one is damaged, or days are missing in it.
    """
    for place, log in logs.items():
        wrong = doubt(log, since, today)
        if wrong is not None:
            raise CannotKnow(
                f"The log of erased tickets {place} {wrong}, so what people have taken back could come back: "
                "take a better copy of it, leave out what people have sent with --without-tickets, or add "
                "--although-incomplete if you are sure that nothing was taken back there."
            )


def no_log(reason: str) -> CannotKnow:
    """Return the refusal of a place that holds no log, or something else."""
    return CannotKnow(
        f"{reason} Without the log what people have taken back would come back: name every host's with "
        "--erased, or leave out what people have sent with --without-tickets."
    )
