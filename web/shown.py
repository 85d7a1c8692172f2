# SPDX-License-Identifier: EUPL-1.2
"""How a time and an author look on the wire, to either side.

Owns nothing else. Knows no frame.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

from chat.ids import Role

FROM: Final[dict[Role, Literal["visitor", "operator", "service"]]] = {
    Role.VISITOR: "visitor",
    Role.OPERATOR: "operator",
    Role.GUEST: "operator",  # with the alias beside it
    Role.SERVICE: "service",
}
"""Who said something."""


def minute(at: datetime) -> str:
    """Return a time as ISO 8601 in UTC, to the minute."""
    return f"{at.year}-{at.month:02}-{at.day:02}T{at.hour:02}:{at.minute:02}Z"
