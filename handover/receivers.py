# SPDX-License-Identifier: EUPL-1.2
"""Who may receive a handover.

Owns `Receiver`: a unit with a function address, the law it works under and the text that she reads about it
before she says yes. Must not know how texts are put together (`config/receivers.py`) or who works at a
unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from chat.hours import OpeningHours
from chat.ids import OrganisationId, ServiceId, Track
from handover.errors import TracksMeet
from handover.ids import ReceiverId


class Regime(StrEnum):
    """Under which law an organisation keeps records."""

    ASSOCIATION = "association"
    MUNICIPALITY = "municipality"
    REGION = "region"
    STATE = "state"

    @property
    def is_authority(self) -> bool:
        """Whether what it receives is a public record and its staff are bound by statutory secrecy."""
        return self is not Regime.ASSOCIATION


class ReceivedAt(StrEnum):
    """When a ticket counts as received by an authority. Withdrawal, expiry and her text follow it."""

    OPENING = "opening"
    DELIVERY = "delivery"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """One unit that takes handovers: a social-services unit, a health centre, another jour."""

    id: ReceiverId
    organisation: OrganisationId
    track: Track
    names: Mapping[str, str]
    """What it is called, by language."""
    function_address: str
    """Where its organisation expects such messages, as in SDK: a function, never a person."""
    regime: Regime
    hours: OpeningHours
    hours_texts: Mapping[str, str] = field(default_factory=dict)
    """When it reads what comes, in words, by language."""
    police: bool = False
    """Police work here: her text says so, and she says yes to that by itself."""
    received_at: ReceivedAt = ReceivedAt.OPENING
    decision: str = ""
    """The authority's decision about `received_at`: reference and date."""
    decided_on: date | None = None
    notices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What she reads about it, paragraph by paragraph, by language."""
    notice_version: str = ""
    language: str = "sv"
    """The language that every text of it has at least."""
    may_coordinate: bool = False
    """It can hold the contact list of a samråd."""
    chat: ServiceId | None = None
    """The service whose on-duty operators may join a conversation for it (warm handover)."""
    chat_notices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What she reads before somebody comes from there, by language."""
    chat_version: str = ""

    def name_in(self, language: str) -> str:
        """Return its name in a language, or in its own."""
        return self.names.get(language, self.names[self.language])

    def hours_in(self, language: str) -> str:
        """Return in words when it reads what comes, in a language or its own."""
        return self.hours_texts.get(language, self.hours_texts.get(self.language, ""))

    def notice_in(self, language: str) -> tuple[str, tuple[str, ...]]:
        """Return the language and the paragraphs of its notice, in that language or its own."""
        own = language if language in self.notices else self.language
        return own, self.notices[own]

    def chat_notice_in(self, language: str) -> tuple[str, tuple[str, ...]]:
        """Return the same of what she reads before somebody comes from its chat, if it has one."""
        own = language if language in self.chat_notices else next(iter(self.chat_notices))
        return own, self.chat_notices[own]


@dataclass(frozen=True, slots=True)
class Reach:
    """The units that one sign-in may act for: all of one track, so that no search crosses the two.

    Raises:
        TracksMeet: the units are of both tracks.
    """

    units: frozenset[ReceiverId]
    track: Track | None
    """None: no unit at all."""

    @classmethod
    def of(cls, receivers: Iterable[Receiver]) -> Reach:
        """Return the reach of these receivers."""
        all_ = tuple(receivers)
        tracks = {receiver.track for receiver in all_}
        if len(tracks) > 1:
            raise TracksMeet
        return cls(frozenset(receiver.id for receiver in all_), next(iter(tracks), None))
