# SPDX-License-Identifier: EUPL-1.2
"""Two pure decisions: which operator takes the next conversation, and which service might suit her.

Owns `assign` (offer mode), `check_claim` (pull mode) and `suggest`. Knows no store, no bus and no text: it is
given what others know, and decides nothing that she could not undo.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chat.catalogue import RoutingMode, Service
from chat.conversation import Conversation, Phase
from chat.duty import Duty
from chat.errors import AtCapacity, NotAllowed, NotNow
from chat.hours import OpeningHours
from chat.ids import ConversationId, DutyId, ServiceId, Track
from chat.moves.transferring import is_for, offered
from chat.waiting_room import in_order

# --- which operator ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Assignment:
    """Ring this duty for this conversation."""

    conversation: ConversationId
    duty: DutyId


def assign(
    service: Service,
    waiting: Iterable[Conversation],
    duties: Collection[Duty],
    loads: Mapping[DutyId, int],
    *,
    own_language: str,
) -> Assignment | None:
    """Return the next offer to make in `service` (offer mode), or None when there is none to make now.

    `waiting`: the waiting and offered conversations of every service that these duties serve; a console that
    rings already counts as one conversation more. `loads`: how many active conversations each duty holds, in
    any service. `own_language`: the language that everybody in the service speaks.

    The acute first, then those who lost their operator, then the longest waiting. Whoever has no socket at
    the moment keeps her place but nobody is rung for her. Among those who can take her: the least loaded,
    then the longest idle. Those whose console rang in vain are passed over until all who can take her have
    been tried; then it begins anew. If somebody on duty speaks her language she waits for them; if nobody
    does, anybody is better than nobody.
    """
    queue = in_order(waiting)
    ringing = Counter(one.operator for one in queue if one.phase is Phase.OFFERED)
    load = {duty.id: loads.get(duty.id, 0) + ringing[duty.id] for duty in duties}
    serving = sorted(
        (duty for duty in duties if duty.serves(service.id) and duty.track is service.track),
        key=lambda duty: (load[duty.id], duty.idle_since, duty.id),
    )
    for one in queue:
        if one.phase is not Phase.WAITING or one.service != service.id or one.visitor_away_since is not None:
            continue
        able = [
            duty for duty in _understanding(serving, one, own_language) if load[duty.id] < duty.most(service)
        ]
        fresh = [duty for duty in able if duty.id not in one.passed_by]
        if able:
            return Assignment(one.id, (fresh or able)[0].id)
    return None


def check_claim(service: Service, conversation: Conversation, duty: Duty, load: int) -> None:
    """Return when `duty`, who holds `load` conversations, may accept this one (pull mode).

    Her language is not asked: the operator sees it in the queue and knows better what they can manage.

    Raises:
        NotNow: they have paused.
        NotAllowed: they are not on duty in its service, or belong to the other track.
        AtCapacity: they hold as many as they may, or as they want to.
    """
    _check_takes_new(duty)
    if (
        conversation.service != service.id
        or not duty.serves(service.id)
        or duty.track is not conversation.track
    ):
        raise NotAllowed
    if load >= duty.most(service):
        raise AtCapacity


def _check_takes_new(duty: Duty) -> None:
    if duty.paused_since is not None:
        raise NotNow


def has_somebody(service: Service, conversation: Conversation, duties: Iterable[Duty]) -> bool:
    """Tell whether anybody is there whom she may wait for.

    Not whoever has just given her back, though they are on duty: they said that they cannot go on. Where
    conversations are offered they are rung again when nobody else is there, and then she waits for them.
    """
    gone = conversation.passed_by if service.mode is RoutingMode.PULL else frozenset[DutyId]()
    return any(duty.serves(service.id) and duty.most(service) > 0 for duty in duties if duty.id not in gone)


def is_invited(conversation: Conversation, duty: Duty) -> bool:
    """Tell whether she has let somebody in from a service of this duty's: as another than who holds it."""
    invitation = conversation.invitation
    return invitation is not None and invitation.service in duty.services and conversation.operator != duty.id


def is_offered(conversation: Conversation, duty: Duty) -> bool:
    """Tell whether it is offered to this duty: alone, or with others of a service that is theirs."""
    transfer = offered(conversation)
    return transfer is not None and transfer.service in duty.services and is_for(conversation, duty.id)


def check_join(service: Service | None, conversation: Conversation, duty: Duty, load: int) -> None:
    """Return when `duty`, who holds `load` conversations, may come in from `service`, invited or asked to.

    Raises:
        NotNow: they have paused.
        NotAllowed: they are not on duty in it, or belong to the other track.
        AtCapacity: they hold as many as they may, or as they want to.
    """
    _check_takes_new(duty)
    if (
        service is None
        or not duty.serves(service.id)
        or duty.track is not conversation.track
        or service.track is not conversation.track
    ):
        raise NotAllowed
    if load >= duty.most(service):
        raise AtCapacity


def speaks(duty: Duty, language: str, own_language: str) -> bool:
    """Tell whether an operator speaks a language. Easy Swedish (`sv-easy`) is Swedish."""
    return base_language(language) in spoken_by([duty], own_language)


def spoken_by(duties: Iterable[Duty], own_language: str) -> frozenset[str]:
    """Return the languages of operators without what stands after a hyphen; nobody speaks none."""
    return frozenset(base_language(each) for duty in duties for each in (own_language, *duty.languages))


def _understanding(serving: Sequence[Duty], conversation: Conversation, own_language: str) -> Sequence[Duty]:
    return [duty for duty in serving if speaks(duty, conversation.language, own_language)] or serving


def base_language(language: str) -> str:
    """Return a language without what stands after a hyphen: `sv` of `sv-easy`."""
    return language.partition("-")[0].lower()


# --- which service -----------------------------------------------------------------------------------------

NEEDS = ("talk", "advice", "shelter", "stop_violence")
"""What she may say that she needs: somebody to talk to, advice on rights and support, a safe place to stay,
help to stop using violence."""
AGE_BANDS = ("under_18", "18_25", "over_25")
ROLES = ("exposed", "close", "perpetrator")
"""Exposed to violence, close to somebody who is, or using violence oneself."""

_SOON = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What she chose to say before the start; each may be skipped, and an unknown word counts as skipped."""

    need: str | None = None
    """One of `NEEDS`."""
    age_band: str | None = None
    """One of `AGE_BANDS`."""
    role: str | None = None
    """One of `ROLES`."""
    municipality: str | None = None
    """Its name as in the site file, whatever the case of its letters."""
    language: str | None = None
    """A language tag."""
    acute: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceFacts:
    """What there is to know of a service when one is to be suggested. An empty set means all."""

    id: ServiceId
    track: Track
    hours: OpeningHours
    can_open: bool = True
    needs: frozenset[str] = field(default_factory=frozenset)
    age_bands: frozenset[str] = field(default_factory=frozenset)
    municipalities: frozenset[str] = field(default_factory=frozenset)
    languages: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What to show her, best first. She chooses; the telephone lines always stand beside it."""

    open: tuple[ServiceId, ...] = ()
    """Open and fitting."""
    soon: tuple[tuple[ServiceId, datetime], ...] = ()
    """Fitting and opening within a day, with when (UTC)."""
    others: tuple[ServiceId, ...] = ()
    """Open, of the same track, but meant for somebody else: better than a closed door."""
    lines_first: bool = False
    """She is in danger now: 112 and the lines stand above every chat."""


def suggest(services: Iterable[ServiceFacts], answers: Answers, now: datetime) -> Suggestion:
    """Rank the services for her answers at `now` (aware UTC).

    Only one who says that they use violence is shown the services for it, and they are shown no others: the
    two tracks never meet. Among equals the one made for her stands before the one that is for everybody (her
    municipality counts most, then her age, need and language), then the given order decides.
    """
    track = Track.PERPETRATOR if answers.role == "perpetrator" else Track.EXPOSED
    known = [facts for facts in services if facts.track is track and facts.can_open]
    ranked = sorted(known, key=lambda facts: _meant_for_her(facts, answers), reverse=True)
    fitting = [facts for facts in ranked if _fits(facts, answers)]
    taking = {facts.id for facts in ranked if facts.hours.takes_new(now)}
    return Suggestion(
        open=tuple(facts.id for facts in fitting if facts.id in taking),
        soon=_opening_soon((facts for facts in fitting if facts.id not in taking), now),
        others=tuple(facts.id for facts in ranked if facts.id in taking and facts not in fitting),
        lines_first=answers.acute,
    )


def _matches(facts: ServiceFacts, answers: Answers) -> tuple[bool | None, ...]:
    """Return for municipality, age, need and language whether the service names hers; None: no matter."""
    return (
        _named(facts.municipalities, answers.municipality),
        _named(facts.age_bands, answers.age_band if answers.age_band in AGE_BANDS else None),
        _named(facts.needs, answers.need if answers.need in NEEDS else None),
        _named(
            frozenset(map(base_language, facts.languages)),
            answers.language and base_language(answers.language),
        ),
    )


def _named(named: frozenset[str], hers: str | None) -> bool | None:
    if not named or not hers:
        return None
    return hers.casefold() in {name.casefold() for name in named}


def _fits(facts: ServiceFacts, answers: Answers) -> bool:
    return False not in _matches(facts, answers)


def _meant_for_her(facts: ServiceFacts, answers: Answers) -> tuple[bool, ...]:
    return tuple(match is True for match in _matches(facts, answers))


def _opening_soon(services: Iterable[ServiceFacts], now: datetime) -> tuple[tuple[ServiceId, datetime], ...]:
    openings = []
    for facts in services:
        opening = facts.hours.opens_at(facts.hours.closes_at(now) or now)
        if opening is not None and opening - now <= _SOON:
            openings.append((facts.id, opening))
    return tuple(sorted(openings, key=lambda one: one[1]))
