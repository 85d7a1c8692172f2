# SPDX-License-Identifier: EUPL-1.2
"""Tells how old is too old for what somebody has verified.

Owns that it is a year. Must not know what was verified.
"""

from __future__ import annotations

from datetime import date


def year_before(day: date) -> date:
    """Return the same day a year earlier: what was verified before it is too old to trust."""
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 2, 28)
    return day.replace(year=day.year - 1)
