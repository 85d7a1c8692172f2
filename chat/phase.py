# SPDX-License-Identifier: EUPL-1.2
"""The phases of a conversation. Owns their names; what leads from one to another is in `transitions.py`."""

from __future__ import annotations

from enum import StrEnum


class Phase(StrEnum):
    """Where a conversation stands."""

    WAITING = "waiting"
    OFFERED = "offered"
    ACTIVE = "active"
    PARKED = "parked"
    """She is away and can come back with her code; nobody holds it, and no queue has a place for it."""
    ENDED = "ended"
