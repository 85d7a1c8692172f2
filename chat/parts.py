# SPDX-License-Identifier: EUPL-1.2
"""What the state of a conversation is made of beside plain facts: its word, its third seat, its transfer.

Owns those frozen values, and no move: what is done with each lies in `moves/`.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from chat.ids import DutyId, OrganisationId, ServiceId


class WordState(StrEnum):
    """Where it stands."""

    OFFERED = "offered"
    """She is asked to choose one."""
    DECLINED = "declined"
    """She wants none."""
    AGREED = "agreed"
    """There is one; since she last came in with a code, nobody has asked for it."""
    ASKED = "asked"
    """She is asked for it."""
    MATCHED = "matched"
    """Whoever is there told it."""
    DIFFERED = "differed"
    """They told another one."""
    SKIPPED = "skipped"
    """They would not tell it."""


TOLD = frozenset({WordState.MATCHED, WordState.DIFFERED, WordState.SKIPPED})
"""What can come of asking."""


class Word(Struct, frozen=True):
    """Where the agreed word stands, and how often another one was told."""

    state: WordState
    wrong: int = 0


class Invitation(Struct, frozen=True):
    """Whom she has let in: one on-duty operator of `service`. It is used up when that one leaves."""

    service: ServiceId
    name: str
    """Where they come from, as she was told."""
    history: bool
    """They may read what was written before they came."""
    at: datetime


class Guest(Struct, frozen=True):
    """Who came. They may read what comes after the entry `after`."""

    duty: DutyId
    alias: str
    after: int
    away_since: datetime | None = None
    is_supervisor: bool = False
    """Of the organisation itself: they came because a hand was raised, not because she has let them in."""


class TransferEnd(StrEnum):
    """Why an offer came to nothing."""

    DECLINED = "declined"
    """Whoever was asked said no; of several, the last one."""
    LAPSED = "lapsed"
    """Nobody answered in time."""
    GONE = "gone"
    """Nobody is there any more who could come."""
    TAKEN_BACK = "taken_back"
    """By whoever holds it."""
    WITHDRAWN = "withdrawn"
    """She has taken back her yes."""
    RETURNED = "returned"
    """Somebody came in with her code: her yes was given before."""


class Transfer(Struct, frozen=True, kw_only=True):
    """To whom it is offered, or was offered last."""

    service: ServiceId
    organisation: OrganisationId
    name: str
    """Where they work, as she is told; empty where that stays the same."""
    duty: DutyId | None = None
    """The one colleague who is asked; None: whoever accepts first in that service."""
    alias: str = ""
    """Theirs, when one is asked."""
    history: bool = True
    """They may read what was written before they came. Within one organisation they always may."""
    at: datetime
    until: datetime
    passed_by: frozenset[DutyId] = frozenset()
    """Those who have said no, where several are asked."""
    ended: TransferEnd | None = None
    """It is offered no more, and this is why."""


class Crossing(Struct, frozen=True):
    """A border that was crossed: the entries up to `until` were sealed under `organisation`."""

    until: int
    organisation: OrganisationId
