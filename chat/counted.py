# SPDX-License-Identifier: EUPL-1.2
"""The names of the counters, and what one of them adds.

Owns `Counted` and `Count`. The docstring of each counter is its rule, and stands so in `docs/statistics.md`.
What staff say to each other, and what the service says by itself, is counted as nothing. When something is
counted stands in `chat/statistics.py`.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NewType

from msgspec import Struct

from chat.histograms import StepCounter
from chat.ids import ServiceId


class Counted(StrEnum):
    """The names of the counters."""

    STARTED = "started"
    """A visitor took a place in the queue."""
    ANSWERED = "answered"
    """An operator accepted her for the first time. Whoever has her after that, by a transfer, a rescue, a
    return to the queue or a supervisor's taking over, is no second answer."""
    ABANDONED = "abandoned"
    """It ended before any operator had accepted: the sum of the two that follow."""
    ABANDONED_WAITING = "abandoned_waiting"
    """It ended while she stood in the queue, and no console rang for her. Whether she had written anything by
    then is not counted."""
    ABANDONED_OFFERED = "abandoned_offered"
    """It ended while a console rang for her (a service that rings one console at a time)."""
    ENDED = "ended"
    """A conversation that had been answered ended."""
    RESCUED = "rescued"
    """An operator was lost and she went back to the front of the queue."""
    HANDED_BACK = "handed_back"
    """An operator gave her back to the front of the queue, at the end of a shift for instance, or set it
    aside while she was away and had a code to come back with. Nobody was lost."""
    TRANSFERRED = "transferred"
    """An operator gave it to a colleague or to another service. Counted where it was: it has been answered
    there, so it is neither answered nor rescued once more, here or there."""
    TRANSFER_UNANSWERED = "transfer_unanswered"
    """It was offered to a colleague or to another service and nobody took it: refused by the last who was
    asked, not answered in time, or nobody was there any more. One for each offer, however many were asked.
    Counted where it stayed. An offer that was taken back, by whoever made it or by her, is none, nor is one
    that her leaving ended."""
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
    OFFER_UNANSWERED = "offer_unanswered"
    """A console rang for her until its time was over (a service that rings one console at a time). It is
    neither an answer nor an abandonment: she waits on. A ring that ended because its operator paused, went
    off duty or lost the connection, or because she left, is none."""
    SHIFTS = "shifts"
    """Somebody began a shift in the service: one for each sign-in and day, however often they go off duty and
    on again, pause or reconnect. A supervisor who only comes to raised hands has none. Chats per shift are
    `answered` by `shifts`."""
    HANDOVER_ASKED = "handover_asked"
    """She was asked for a yes to a handover. The same question put anew, with other words or receivers, is
    another one. This and the others of handovers are counted in the service whose chat it was."""
    HANDOVER_DECLINED_BY_HER = "handover_declined_by_her"
    """She said no to it. A question that was taken back, replaced or never answered is neither a no nor a
    yes."""
    HANDOVER_SENT = "handover_sent"
    """She said yes: one for each ticket, so for each receiver. What becomes of a ticket is one each, on the
    day on which it happens."""
    HANDOVER_OPENED = "handover_opened"
    """The receiver opened the ticket for the first time."""
    HANDOVER_ACCEPTED = "handover_accepted"
    """The receiver took it."""
    HANDOVER_DECLINED = "handover_declined"
    """The receiver did not take it, and said why."""
    HANDOVER_RETURNED = "handover_returned"
    """Nobody opened it in time, so it never reached the receiver."""
    HANDOVER_EXPIRED = "handover_expired"
    """The receiver had got it, and time ran out before there was an answer."""
    HANDOVER_WITHDRAWN = "handover_withdrawn"
    """She took it back, before or after the receiver had it."""
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


class Count(Struct, frozen=True):
    """Add `by` to one counter. `day` is the local day (Europe/Stockholm) on which it happened.

    A counter of the hours of the week (`chat.histograms.WANTED`) is the exception: its day is the first of
    its month on the grid.
    """

    service: ServiceId
    day: date
    name: Counted | ToldCounter | StepCounter
    by: int = 1
