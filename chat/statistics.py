# SPDX-License-Identifier: EUPL-1.2
"""What is counted when: numbers per service and local day, never a row about a conversation.

Owns which events are counted as what, and which counters may ever be told (`TOLD`). Their names and rules
are in `chat/counted.py`, the steps of those that measure a time in `chat/histograms.py`. Knows no store.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from chat import wrapping_up
from chat.conversation import Conversation
from chat.counted import Count, Counted, ToldCounter
from chat.duty import Duty
from chat.events import (
    ConversationEnded,
    Event,
    GuestJoined,
    HandedOver,
    OfferLapsed,
    OperatorJoined,
    OperatorLeft,
    SupervisorCame,
    SupervisorTookOver,
    TakenOn,
    TransferEnded,
)
from chat.grid import Week
from chat.histograms import LASTED, WAITED, StepCounter, wanted, wanted_at
from chat.hours import local_day
from chat.ids import ServiceId
from chat.parts import TransferEnd
from chat.phase import Phase
from moderation.sanctions import Unsafe

__all__ = [
    "EXIT_ANSWERS",
    "EXIT_QUESTIONS",
    "SHIFT_ANSWERS",
    "TOLD",
    "UNSAFE",
    "Count",
    "Counted",
    "ToldCounter",
    "answered_after",
    "counts_for",
    "refused_closed",
    "shift_felt",
    "shifts_begun",
    "started",
]

UNSAFE = {reason: Counted(f"unsafe_{reason}") for reason in Unsafe}
"""The counter of each reason for which staff end a conversation to protect themselves."""


EXIT_QUESTIONS = ("felt", "helped", "again")
"""What is asked after the end: did it feel good to write, did she get help, would she write again."""
EXIT_ANSWERS = ("yes", "some", "no")


SHIFT_ANSWERS = ("good", "so_so", "heavy")
"""How a shift was, for whoever had it."""

_NEVER_TOLD: Final = frozenset(
    {Counted.STARTED, Counted.ABANDONED, *(Counted(f"shift_felt_{each}") for each in SHIFT_ANSWERS)}
)
"""The first two are sums of others: told beside them, a small one could be worked out."""

TOLD: Final[tuple[str, ...]] = (
    *(each.value for each in Counted if each not in _NEVER_TOLD),
    *WAITED.counters,
    *LASTED.counters,
    *(wanted(weekday, hour) for weekday in range(7) for hour in range(24)),
    *(name for names in wrapping_up.counters().values() for name in names),
)
"""Every counter that may ever be told, once it is large enough (`chat/published.py`)."""

_UNTAKEN: Final = frozenset({TransferEnd.DECLINED, TransferEnd.LAPSED, TransferEnd.GONE})


def started(service: ServiceId, now: datetime) -> tuple[Count, ...]:
    """Return what a visitor who took a place in the queue at `now` adds."""
    return Count(service, local_day(now), Counted.STARTED), _wanted(service, now)


def refused_closed(service: ServiceId, now: datetime) -> tuple[Count, ...]:
    """Return what somebody adds who wanted to start at `now`, while the service was closed."""
    return Count(service, local_day(now), Counted.REFUSED_CLOSED), _wanted(service, now)


def _wanted(service: ServiceId, now: datetime) -> Count:
    """Return the count of the hour of the week, under the first Monday of its month on the grid.

    Under the day itself it would tell the hour of each chat on a day with few.
    """
    return Count(service, _month_began(local_day(now)), wanted_at(now))


@lru_cache(maxsize=32)
def _month_began(day: date) -> date:
    return Week.of(day).month.weeks[0].monday


def shifts_begun(duty: Duty, before: Duty | None, now: datetime) -> tuple[Count, ...]:
    """Return one shift for each service in which somebody takes conversations now and did not `before`.

    Whether that is the first time today is the store's to know (`Store.put_duty`); see `Counted.SHIFTS`.
    """
    served = before.services if before is not None else frozenset()
    return tuple(Count(each, local_day(now), Counted.SHIFTS) for each in sorted(duty.services - served))


def answered_after(service: ServiceId, question: str, answer: str, now: datetime) -> Count | None:
    """Return the count of an answer given after an end; None when nobody asks that, or it is no answer."""
    if question not in EXIT_QUESTIONS or answer not in EXIT_ANSWERS:
        return None
    return Count(service, local_day(now), Counted(f"exit_{question}_{answer}"))


def shift_felt(services: Iterable[ServiceId], answer: str, now: datetime) -> Count | None:
    """Return the count of how a shift in these services was; None when it is no answer, or there was none.

    One shift is one answer, whatever it served: it is counted where the first of them by id is.
    """
    first = min(services, default=None)
    if first is None or answer not in SHIFT_ANSWERS:
        return None
    return Count(first, local_day(now), Counted(f"shift_felt_{answer}"))


def counts_for(before: Conversation, happened: Sequence[Event], now: datetime) -> tuple[Count, ...]:
    """Return what one step of a conversation adds to its service's counters.

    `before` is the conversation as it was when the step was decided, `happened` what the step brought, `now`
    its time (aware UTC). Whoever has lost an operator (`front`) has been answered once already and is not
    counted again. Whatever anybody says or writes adds nothing, nor does what the service says by itself.
    """
    names = [name for event in happened for name in _counted(before, event, now)]
    if not names:
        return ()
    day = local_day(now)
    came = tuple(
        Count(event.service, day, Counted.TAKEN_ON)
        for event in happened
        if isinstance(event, TakenOn) and event.service != before.service
    )
    return (*(Count(before.service, day, name) for name in names), *came)


def _counted(before: Conversation, event: Event, now: datetime) -> list[Counted | StepCounter]:
    match event:
        case OperatorJoined():
            return [] if before.front else [Counted.ANSWERED, WAITED.counter(now - before.started_at)]
        case OfferLapsed(rang_out=True):
            return [Counted.OFFER_UNANSWERED]
        case OperatorLeft(handed_back=handed_back):
            return [Counted.HANDED_BACK if handed_back else Counted.RESCUED]
        case HandedOver():
            return [Counted.TRANSFERRED]
        case TransferEnded(why=why):
            return [Counted.TRANSFER_UNANSWERED] if why in _UNTAKEN else []
        case GuestJoined():
            return [Counted.ACCOMPANIED]
        case SupervisorCame():
            return [Counted.SUPERVISED]
        case SupervisorTookOver():
            return [Counted.TAKEN_OVER]
        case ConversationEnded(answered=answered, unsafe=unsafe):
            ended = _ended(before, now) if answered else _abandoned(before)
            return ended if unsafe is None else [*ended, UNSAFE[unsafe]]
        case _:
            return []


def _ended(before: Conversation, now: datetime) -> list[Counted | StepCounter]:
    # One that was answered before it was kept when: a little too long is better than a sum that is too small.
    answered_at = before.answered_at or before.started_at
    return [Counted.ENDED, LASTED.counter(now - answered_at)]


def _abandoned(before: Conversation) -> list[Counted | StepCounter]:
    rung = before.phase is Phase.OFFERED
    return [Counted.ABANDONED, Counted.ABANDONED_OFFERED if rung else Counted.ABANDONED_WAITING]
