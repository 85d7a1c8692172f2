# SPDX-License-Identifier: EUPL-1.2
"""The site: which organisations and services an installation runs, and every text and line that is shown.

Owns the values that the site file becomes. Reading and checking the file is `config/site_file.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from chat.catalogue import Service
from chat.ids import OrganisationId, ServiceId
from chat.routing import ServiceFacts
from config.alarms import Alarm
from config.baseline import USUAL_AUDIT_DAYS, Baseline
from config.suiting import Suiting
from config.versions import version_of
from handover.border import Border
from handover.ids import ReceiverId
from handover.inviting import Host
from handover.moving import Destination
from handover.partnership import Partnership
from handover.receivers import Receiver, Regime
from moderation.policy import Policy

__all__ = [
    "Accessibility",
    "Alarm",
    "Channel",
    "Decision",
    "Line",
    "Moderation",
    "OpenWhen",
    "Organisation",
    "OrganisationKind",
    "PublicService",
    "ReadingPiece",
    "ReadyReply",
    "Referral",
    "Regime",
    "RepliesEditedBy",
    "Review",
    "Site",
    "Texts",
    "Tone",
]

Texts = Mapping[str, str]
"""One text in several languages, by language code; the organisation's own language is always there."""


class OrganisationKind(StrEnum):
    """What kind of place it is."""

    KVINNOJOUR = "kvinnojour"
    TJEJJOUR = "tjejjour"
    UNGDOMSJOUR = "ungdomsjour"
    SPECIALISTJOUR = "specialistjour"
    OPPENVARD = "oppenvard"
    AUTHORITY = "authority"
    """Social services, a health centre, the police: it receives handovers and runs no chat."""


class Channel(StrEnum):
    """How a line is reached."""

    PHONE = "phone"
    CHAT = "chat"
    WEB = "web"


class Tone(StrEnum):
    """How a service speaks."""

    WARM = "warm"
    INFORMAL = "informal"
    """A tjejjour's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision of a municipal board: its reference and date."""

    reference: str
    date: date


class Review(StrEnum):
    """Who has gone through the chat to see whom it does not reach."""

    OWN = "own"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accessibility:
    """What an organisation says in the accessibility statement."""

    feedback: str
    """Where somebody tells what does not work for them: an https address, an e-mail address or a number."""
    reviewed_at: date | None = None
    review: Review = Review.OWN

    @property
    def href(self) -> str:
        """The feedback way as a link."""
        if self.feedback.startswith("https:"):
            return self.feedback
        if "@" in self.feedback:
            return f"mailto:{self.feedback}"
        return "tel:" + "".join(sign for sign in self.feedback if sign.isdigit() or sign == "+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """Where an organisation's staff may point somebody to, near where they are. Only staff see the list."""

    name: Texts
    what: Texts
    """What help there is."""
    phone: str
    """As people write it; may be empty where there is a page."""
    web: str
    """An https address; may be empty where there is a number."""
    hours: str
    """An opening-hours expression; empty when it is not known."""
    note: Texts
    """For staff."""
    verified_at: date | None
    """None: not verified yet. Such a one is in the site only in a demo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One other way to get help."""

    id: str
    name: Texts
    channel: Channel
    address: str
    """A phone number as people write it, or an https address."""
    hours: str
    """An opening-hours expression; `24/7` for day and night."""
    note: Texts
    source: str
    verified_at: date | None
    """None: not verified yet. Such a line is in the site only in a demo, or when it is for an emergency."""
    tracks: tuple[str, ...] = ()
    """For which tracks it is shown; empty means all."""
    emergency: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Who runs services."""

    id: OrganisationId
    name: str
    kind: OrganisationKind
    regime: Regime
    host_origins: tuple[str, ...]
    """The exact origins of the web pages that may frame this organisation's chats."""
    exit_url: str
    """The neutral https page that the quick exit leads to."""
    reporting_text: Texts
    """What binds this organisation to report concern for a child, in its own words."""
    documentation_decision: Decision | None = None
    disposal_decision: Decision | None = None
    accessibility: Accessibility | None = None
    second_factor: frozenset[str] = frozenset()
    """The roles of its staff that must have a second factor at the sign-in."""
    referrals: tuple[Referral, ...] = ()
    lines: tuple[Line, ...] = ()
    """Other ways to get help that are shown with its own services only."""
    audit_days: int = USUAL_AUDIT_DAYS
    """How long who did what in it can be read afterwards; what was done in conversations 30 days always."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moderation:
    """What a service has decided about what is written."""

    policy: Policy = field(default_factory=Policy)
    hosts: tuple[str, ...] = ()
    """Web hosts that may be linked to, beside those of the lines. One that ends in "/" is one address."""
    numbers: tuple[str, ...] = ()
    """Telephone numbers that may be given, beside the lines, as people write them."""
    phrases: Mapping[str, object] | None = None
    """Its own phrases of danger, as in `config/rules/danger`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingPiece:
    """Something to read while she waits."""

    title: Texts
    text: Texts
    """Plain paragraphs, an empty line between."""


class RepliesEditedBy(StrEnum):
    """Who may change a service's ready replies at the console; supervisors always may."""

    SUPERVISORS = "supervisors"
    OPERATORS = "operators"


class OpenWhen(StrEnum):
    """What opens a service."""

    HOURS = "hours"
    """Its hours alone."""
    STAFFED = "staffed"
    """Its hours, and only while enough of its staff are on a shift."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyReply:
    """A reply that staff may put into what they write, as the installation begins with it."""

    id: str
    title: Texts
    text: Texts
    """With placeholders such as `{alias}`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicService:
    """A service as people meet it: its domain part with its texts."""

    chat: Service
    organisation: Organisation
    name: Texts
    page_title: str
    """Neutral: the browser's tab, history and app switcher show it."""
    language: str
    languages: tuple[str, ...]
    tone: Tone
    notice: Texts
    """About who answers, secrecy and reporting: shown before the first word."""
    kept: Texts
    """What is kept afterwards."""
    moderation: Moderation = field(default_factory=Moderation)
    """What it has decided about what is written."""
    routine: Mapping[Alarm, Texts] = field(default_factory=dict)
    """What its staff do when somebody is in danger: the baseline's words and after them its own. The console
    has some besides."""
    baseline_version: str = ""
    """Which version of the baseline it is held to; empty without one."""
    tonight: Texts = field(default_factory=dict)
    """What whoever begins a shift there is told; empty where there is nothing to tell."""
    alone: Texts = field(default_factory=dict)
    """What whoever is alone on duty there does; the interface has words of its own."""
    suiting: Suiting = field(default_factory=Suiting)
    """Whom it is for."""
    reading: tuple[ReadingPiece, ...] = ()
    """What somebody who waits may read."""
    replies: tuple[ReadyReply, ...] = ()
    """What staff may answer with, before they have changed any of it."""
    replies_edited_by: RepliesEditedBy = RepliesEditedBy.SUPERVISORS
    open_when: OpenWhen = OpenWhen.HOURS
    fewest_on_shift: int = 1
    """So many a new shift needs, if nobody says otherwise."""
    closed_words: Texts = field(default_factory=dict)
    """What visitors are told while it is closed by hand; never from the site file."""

    @property
    def id(self) -> ServiceId:
        """The service's id."""
        return self.chat.id

    @property
    def facts(self) -> ServiceFacts:
        """What there is to know of it when one is to be suggested."""
        chat = self.chat
        return ServiceFacts(
            id=chat.id,
            track=chat.track,
            hours=chat.hours,
            can_open=chat.cannot_open is None,
            needs=self.suiting.needs,
            age_bands=self.suiting.age_bands,
            municipalities=frozenset(self.suiting.municipalities),
            languages=frozenset(self.languages),
        )

    @property
    def routine_version(self) -> str:
        """Which version of its routine its staff follow; empty where nobody has written one."""
        if not self.baseline_version:
            return version_of(*self.routine.values()) if self.routine else ""
        return version_of({"baseline": self.baseline_version}, *self.routine.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Everything the site file says."""

    organisations: Mapping[OrganisationId, Organisation]
    services: Mapping[ServiceId, PublicService]
    lines: tuple[Line, ...]
    partnerships: tuple[Partnership, ...] = field(default=())
    receivers: Mapping[ReceiverId, Receiver] = field(default_factory=dict)
    baseline: Baseline = field(default_factory=Baseline)
    """What all organisations are held to, whatever is set where."""
    source: str = ""
    """The file's path, for messages."""

    def lines_for(self, service: PublicService) -> tuple[Line, ...]:
        """Return the lines that are shown with a service: those of all, then its organisation's own."""
        both = (*self.lines, *service.organisation.lines)
        return tuple(line for line in both if not line.tracks or service.chat.track in line.tracks)

    def services_of(self, organisation: OrganisationId) -> list[PublicService]:
        """Return the services that an organisation runs."""
        return [each for each in self.services.values() if each.organisation.id == organisation]

    def chat_services(self) -> dict[ServiceId, Service]:
        """Return the domain part of every service."""
        return {id_: service.chat for id_, service in self.services.items()}

    def hosts(self) -> dict[ReceiverId, Host]:
        """Return who may come into a conversation for each receiver that has a chat of its own."""
        return {
            id_: Host(receiver.chat, self.services[receiver.chat].organisation.id)
            for id_, receiver in self.receivers.items()
            if receiver.chat is not None and receiver.chat_notices
        }

    def destinations(self) -> dict[ServiceId, Destination]:
        """Return what she is told of each service before a conversation goes there with her yes."""
        return {
            id_: Destination(
                service=id_,
                organisation=each.organisation.id,
                organisation_name=each.organisation.name,
                track=each.chat.track,
                names=each.name,
                notices={
                    code: "\n\n".join(part for part in (text, each.kept.get(code, "")) if part)
                    for code, text in each.notice.items()
                },
                notice_version=each.chat.notice_version,
                language=each.language,
            )
            for id_, each in self.services.items()
            if each.chat.cannot_open is None
        }

    def works_with(self, one: OrganisationId, other: OrganisationId, on: date) -> bool:
        """Tell whether an agreement between two different organisations is in force on a day."""
        return any(each.covers(one, other, on) for each in self.partnerships)

    def border(self) -> Border:
        """Return what may leave which organisation, for whom."""
        return Border(self.receivers, self.partnerships)
