# SPDX-License-Identifier: EUPL-1.2
"""What of the counters is told: figures that nobody can be found in.

Owns the rule. Counters are gathered over whole weeks (`chat/grid.py`). When a week is over, a counter whose
gathered value is `FEWEST_SHOWN` or more is told, as a figure of that week, and begins anew at nothing; a
smaller one is not told and goes on to the next week. So a figure may be of several weeks, no two figures
share anybody, and every sum of figures is a sum of people who were told of already: there is nothing to
subtract. Small services get longer times instead of smaller numbers. Whatever a page shows is worked out from
these figures alone.

Knows no store and no clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chat.grid import Week
from chat.ids import ServiceId

FEWEST_SHOWN: Final = 5
"""No figure is smaller."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure that is told: `value`, at least `FEWEST_SHOWN`, of the weeks from `since` to `week`."""

    service: ServiceId
    name: str
    """The counter's."""
    since: Week
    week: Week
    """The week in which it was told, and to which pages add it."""
    value: int
