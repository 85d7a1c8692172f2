# SPDX-License-Identifier: EUPL-1.2
"""What a chat must know about the services it runs.

Owns `Service`, the domain's view of one place to turn to. Texts, lines, host addresses and everything else
that is only shown belong to the site file, not here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from chat.hours import OpeningHours
from chat.ids import OrganisationId, ServiceId, Track
from moderation.judge import Judge


class RoutingMode(StrEnum):
    """How a waiting conversation finds its operator."""

    PULL = "pull"
    """Operators pick from the queue: the default for volunteers."""
    OFFER = "offer"
    """The server rings one operator at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """How long each kind of silence is waited out. All may be set per service."""

    offer_rings: timedelta = timedelta(seconds=30)
    waiting_place_kept: timedelta = timedelta(minutes=2)
    """A waiting visitor without a socket keeps her place this long."""
    active_parked: timedelta = timedelta(minutes=5)
    """A visitor in a conversation may be without a socket this long before it ends."""
    code_parked: timedelta = timedelta(hours=24)
    """One who has a code to come back with may be away this long, once somebody has answered her."""
    operator_lost: timedelta = timedelta(seconds=90)
    """An operator without a socket this long has lost the conversation."""
    transfer_offered: timedelta = timedelta(minutes=2)
    """A conversation is offered to somebody else this long before it stays where it is."""
    typing_shown: timedelta = timedelta(seconds=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One place to turn to: a jour, a tjejjour, an Öppenvård."""

    id: ServiceId
    organisation: OrganisationId
    track: Track
    hours: OpeningHours
    mode: RoutingMode = RoutingMode.PULL
    language: str = "sv"
    """The language that everybody on duty here speaks."""
    capacity: int = 3
    """How many conversations one operator may hold at once."""
    deadlines: Deadlines = field(default_factory=Deadlines)
    cannot_open: str | None = None
    """Why the service may not open at all (a municipal one without its decisions), in words for its staff."""
    notice_version: str = ""
    """The version of the text about secrecy and reporting that a visitor must have been shown."""
    judge: Judge = field(default_factory=Judge, repr=False, compare=False)
    """Who looks at what is written here."""
    mean_minutes: int = 40
    """How long a conversation usually lasts; published lengths lie between 40 and 60 minutes."""
