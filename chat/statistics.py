# SPDX-License-Identifier: EUPL-1.2
"""What is counted: numbers per service and local day, never a row about a conversation.

Owns `Count` and which events are counted as what. Knows no store.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from msgspec import Struct

from chat.conversation import Conversation
from chat.events import (
    ConversationEnded,
    Event,
    GuestJoined,
    HandedOver,
    OperatorJoined,
    OperatorLeft,
    SupervisorCame,
    SupervisorTookOver,
    TakenOn,
)
from chat.hours import local_day
from chat.ids import ServiceId
from moderation.sanctions import Unsafe


class Counted(StrEnum):
    """The names of the counters."""

    STARTED = "started"
    """A visitor took a place in the queue."""
    ANSWERED = "answered"
    """An operator accepted her for the first time."""
    ABANDONED = "abandoned"
    """It ended before any operator had accepted."""
    ENDED = "ended"
    """A conversation that had been answered ended."""
    RESCUED = "rescued"
    """An operator was lost and she went back to the front of the queue."""
    HANDED_BACK = "handed_back"
    """An operator gave her back to the front of the queue, at the end of a shift for instance."""
    TRANSFERRED = "transferred"
    """An operator gave it to a colleague or to another service. Counted where it was: it has been answered
    there, so it is neither answered nor rescued once more, here or there."""
    TAKEN_ON = "taken_on"
    """It came from another service. Counted where it is now, and where it will be counted as ended."""
    ACCOMPANIED = "accompanied"
    """Somebody came into a conversation as a guest (a warm handover)."""
    SUPERVISED = "supervised"
    """A supervisor came because a hand was raised."""
    TAKEN_OVER = "taken_over"
    """The supervisor took it over: she was answered long ago and went through no queue."""
    REFUSED_CLOSED = "refused_closed"
    """Somebody wanted to start while the service was closed."""
    UNSAFE_THREAT = "unsafe_threat"
    """Staff ended it to protect themselves, because of threats."""
    UNSAFE_HARASSMENT = "unsafe_harassment"
    """The same, because of harassment."""
    UNSAFE_SEXUAL = "unsafe_sexual"
    """The same, because of sexual advances."""
    UNSAFE_SPAM = "unsafe_spam"
    """The same, because of spam."""
    SHIFT_FELT_GOOD = "shift_felt_good"
    """At the end of a shift its operator said that it was good. This one and the two that follow are shown
    nowhere: in a small service one answer would be one person's."""
    SHIFT_FELT_SO_SO = "shift_felt_so_so"
    """That it was so-so."""
    SHIFT_FELT_HEAVY = "shift_felt_heavy"
    """That it was heavy."""
    EXIT_FELT_YES = "exit_felt_yes"
    """Asked afterwards, she said that it felt good to write here."""
    EXIT_FELT_SOME = "exit_felt_some"
    """That it partly did."""
    EXIT_FELT_NO = "exit_felt_no"
    """That it did not."""
    EXIT_HELPED_YES = "exit_helped_yes"
    """Asked afterwards, she said that she got help with what she wanted."""
    EXIT_HELPED_SOME = "exit_helped_some"
    """That she partly did."""
    EXIT_HELPED_NO = "exit_helped_no"
    """That she did not."""
    EXIT_AGAIN_YES = "exit_again_yes"
    """Asked afterwards, she said that she would write again."""
    EXIT_AGAIN_SOME = "exit_again_some"
    """That she perhaps would."""
    EXIT_AGAIN_NO = "exit_again_no"
    """That she would not."""


ToldCounter = NewType("ToldCounter", str)
"""The name of a counter of what staff tell afterwards; `chat/wrapping_up.py` makes them."""


UNSAFE = {reason: Counted(f"unsafe_{reason}") for reason in Unsafe}
"""The counter of each reason for which staff end a conversation to protect themselves."""


EXIT_QUESTIONS = ("felt", "helped", "again")
"""What is asked after the end: did it feel good to write, did she get help, would she write again."""
EXIT_ANSWERS = ("yes", "some", "no")


SHIFT_ANSWERS = ("good", "so_so", "heavy")
"""How a shift was, for whoever had it."""


class Count(Struct, frozen=True):
    """Add `by` to one counter. `day` is the local day (Europe/Stockholm) on which it happened."""

    service: ServiceId
    day: date
    name: Counted | ToldCounter
    by: int = 1


def started(service: ServiceId, now: datetime) -> Count:
    """Return the count of a visitor who took a place in the queue at `now`."""
    return Count(service, local_day(now), Counted.STARTED)


def refused_closed(service: ServiceId, now: datetime) -> Count:
    """Return the count of somebody who wanted to start at `now`, while the service was closed."""
    return Count(service, local_day(now), Counted.REFUSED_CLOSED)


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
    counted again.
    """
    names = [name for event in happened for name in _counted(before, event)]
    if not names:
        return ()
    day = local_day(now)
    came = tuple(
        Count(event.service, day, Counted.TAKEN_ON)
        for event in happened
        if isinstance(event, TakenOn) and event.service != before.service
    )
    return (*(Count(before.service, day, name) for name in names), *came)


def _counted(before: Conversation, event: Event) -> list[Counted]:
    match event:
        case OperatorJoined():
            return [] if before.front else [Counted.ANSWERED]
        case OperatorLeft(handed_back=handed_back):
            return [Counted.HANDED_BACK if handed_back else Counted.RESCUED]
        case HandedOver():
            return [Counted.TRANSFERRED]
        case GuestJoined():
            return [Counted.ACCOMPANIED]
        case SupervisorCame():
            return [Counted.SUPERVISED]
        case SupervisorTookOver():
            return [Counted.TAKEN_OVER]
        case ConversationEnded(answered=answered, unsafe=unsafe):
            ended = Counted.ENDED if answered else Counted.ABANDONED
            return [ended] if unsafe is None else [ended, UNSAFE[unsafe]]
        case _:
            return []
