# SPDX-License-Identifier: EUPL-1.2
"""The code that she may have to come back with, as the conversation knows it: until when, and how often used.

Owns the moves about it, and of a conversation that nobody holds while she is away with a code (`parked`).
Knows no word of any code.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from chat import commands, events
from chat.catalogue import Deadlines
from chat.conversation import Conversation, Moved
from chat.errors import NotNow
from chat.events import Event
from chat.moves import absence, agreed_word, guests, hands, questions, transferring
from chat.phase import Phase


def take_code(
    state: Conversation, command: commands.TakeReturnCode, now: datetime, deadlines: Deadlines
) -> Moved:
    """Give her a code, in the place of the one that she has. Before anybody has answered there is none.

    A place in a queue is not kept for a day: others wait behind it.
    """
    if not state.has_begun:
        raise NotNow
    return replace(state, code_until=command.until), (events.ReturnCodeTaken(),)


def drop_code(
    state: Conversation, command: commands.DropReturnCode, now: datetime, deadlines: Deadlines
) -> Moved:
    """She wants no code any more."""
    return without_code(state)


def without_code(state: Conversation) -> Moved:
    """Return the conversation without a code, and what there is to tell of it."""
    if state.code_until is None:
        return state, ()
    return replace(state, code_until=None), (events.ReturnCodeDropped(),)


def come_back(state: Conversation, command: commands.ComeBack, now: datetime, deadlines: Deadlines) -> Moved:
    """Let her in with her code; she gets another one. Whether it is she, the agreed word may tell.

    What lay open for her is not theirs to answer: a question is taken back, and so is an invitation, or an
    offer to another organisation, that nobody has taken. Whoever asked may ask again, after the word.
    """
    if state.code_until is None or now >= state.code_until:
        raise NotNow
    alone, taken_back = _nothing_open(state)
    back = _in_the_queue_again(alone, now)
    returns = state.returns + 1
    back = replace(
        back,
        visitor_away_since=None,
        code_until=command.until,
        returns=returns,
        word=agreed_word.after_return(state.word),
    )
    return back, (*taken_back, events.VisitorReturned(returns))


def _nothing_open(state: Conversation) -> Moved:
    asked_no_more, told = questions.taken_back(state) if state.proposal is not None else (state, ())
    stays, gone = transferring.nothing_crosses(asked_no_more)
    if state.invitation is not None and state.guest is None:
        stays, gone = guests.uninvited(asked_no_more)
    return stays, (*told, *gone)


def note_present(
    state: Conversation, command: commands.NoteVisitorPresent, now: datetime, deadlines: Deadlines
) -> Moved:
    """She is back by her token; her page was open all the time."""
    return absence.note_present(_in_the_queue_again(state, now), command, now, deadlines)


def set_aside(state: Conversation, command: commands.SetAside, now: datetime, deadlines: Deadlines) -> Moved:
    """Let go of it while she is away: whoever is on duty when she comes back takes her, and she is first."""
    state.check_held_by(command.duty)
    if state.visitor_away_since is None or state.code_until is None:
        raise NotNow
    free, left = lose_operator(state, now)
    parked, told = park(free)
    return parked, (*_nobody_lost(left), *told)


def hand_back(state: Conversation, command: commands.HandBack, now: datetime, deadlines: Deadlines) -> Moved:
    """Give it back to the queue, where she stands first; in offer mode somebody else is rung before them."""
    state.check_held_by(command.duty)
    again, told = lose_operator_of(state, now, deadlines)
    if again.phase is Phase.WAITING:
        again = replace(again, passed_by=frozenset({command.duty}))
    return again, _nobody_lost(told)


def _nobody_lost(told: tuple[Event, ...]) -> tuple[Event, ...]:
    return tuple(
        replace(event, handed_back=True) if isinstance(event, events.OperatorLeft) else event
        for event in told
    )


def lose_operator(state: Conversation, now: datetime) -> Moved:
    """Bring a conversation back to the front of the queue: whoever held it is gone."""
    assert state.operator is not None and state.alias is not None
    # A guest goes first: they came to her and her operator, and are nobody's to be alone with.
    alone, gone = guests.seen_off(state)
    seq = alone.seq + 1
    again = replace(
        alone,
        phase=Phase.WAITING,
        seq=seq,
        front=True,
        waiting_since=now,
        operator=None,
        alias=None,
        operator_away_since=None,
        transfer=None,
        hand_since=None,
    )
    return again, (*gone, events.OperatorLeft(seq, state.operator, state.alias))


def lose_operator_of(state: Conversation, now: datetime, deadlines: Deadlines) -> Moved:
    """The same; one who has been away for long does not even pass through the queue.

    Where a supervisor is there she waits for nobody: they have it from then on.
    """
    if hands.is_covered(state):
        return hands.handed_on(state)
    again, left = lose_operator(state, now)
    missed = absence.missed_at(again, deadlines)
    if again.code_until is None or missed is None or now < missed:
        return again, left
    parked, told = park(again)
    return parked, (*left, *told)


def park(state: Conversation) -> Moved:
    """Take a conversation out of the queue until she comes back: nobody is rung for one who is not there.

    `state` waits, or is rung for.
    """
    rung = (events.OfferLapsed(state.operator),) if state.operator is not None else ()
    parked = replace(state, phase=Phase.PARKED, operator=None, offered_until=None, passed_by=frozenset())
    return parked, (*rung, events.VisitorParked())


def _in_the_queue_again(state: Conversation, now: datetime) -> Conversation:
    if state.phase is not Phase.PARKED:
        return state
    # Her wait begins now: what was before was hers to choose, and no figure of ours.
    return replace(state, phase=Phase.WAITING, waiting_since=now)


def is_let_go(before: Conversation, after: Conversation) -> bool:
    """Tell whether a step takes it from whoever could read it: it is nobody's, or waits for her alone."""
    is_parked = after.phase is Phase.PARKED and before.phase is not Phase.PARKED
    return is_parked or (before.phase is Phase.ACTIVE and after.phase is Phase.WAITING)
