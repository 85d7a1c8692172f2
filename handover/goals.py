# SPDX-License-Identifier: EUPL-1.2
"""What two organisations want to reach together, and which figure says how far they have come.

Owns `Goal` and the small vocabulary of figures. Must not know where they are counted, nor when one may be
told: that is `chat/published.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Indicator(StrEnum):
    """A figure that is counted anyway. Over the current period, and between the parties alone."""

    CONVERSATIONS_ANSWERED = "conversations_answered"
    """Conversations that the parties' services answered."""
    HANDOVERS_SENT = "handovers_sent"
    HANDOVERS_OPENED = "handovers_opened"
    HANDOVERS_ACCEPTED = "handovers_accepted"


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal in the words of the agreement."""

    text: str
    indicator: Indicator | None = None
