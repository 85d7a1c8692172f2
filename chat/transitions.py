# SPDX-License-Identifier: EUPL-1.2
"""One conversation: who may do what in which phase, and what time alone does to it.

Owns the transition table, the deadlines, and the moves between queue, operator and end; the others are in
`moves/`, by what they are about. Knows no text, no key, no store and no clock: time comes with each call. An
illegal move raises and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from chat import commands, events
from chat.catalogue import Deadlines
from chat.commands import Command
from chat.conversation import Conversation, Moved
from chat.errors import HasEnded, LostClaim, NotNow
from chat.events import EndReason
from chat.ids import Role
from chat.moves import absence, agreed_word, guests, hands, questions, returning, transferring
from chat.parts import TransferEnd
from chat.phase import Phase
from moderation.sanctions import Unsafe


def receive(state: Conversation, command: Command, now: datetime, deadlines: Deadlines) -> Moved:
    """Carry out `command` at `now` and return the next state with what happened.

    Raises:
        HasEnded: the conversation is over.
        LostClaim: a claim came after another one had won.
        NotAllowed: the command is not this operator's to give.
        NotNow: the phase knows no such move.
    """
    if state.phase is Phase.ENDED:
        raise HasEnded(type(command).__name__)
    move = TRANSITIONS.get((state.phase, type(command)))
    if move is None:
        if isinstance(command, commands.Claim):
            raise LostClaim(state.alias)
        raise NotNow(type(command).__name__)
    return move(state, command, now, deadlines)


def next_deadline(state: Conversation, deadlines: Deadlines) -> datetime | None:
    """Return when time alone will change this conversation, if nobody does anything."""
    if state.phase is Phase.ENDED:
        return None
    due = [
        absence.gone_at(state, deadlines),
        state.code_until,
        state.offered_until,
        _let_go_at(state, deadlines),
        guests.lost_at(state, deadlines),
        transferring.lapses_at(state),
    ]
    if state.phase is Phase.ACTIVE and state.operator_away_since is not None:
        due.append(state.operator_away_since + deadlines.operator_lost)
    return min((when for when in due if when is not None), default=None)


def _let_go_at(state: Conversation, deadlines: Deadlines) -> datetime | None:
    """Return when others wait no longer for one who has a code: behind her, or to come as her guest."""
    is_queued = state.phase in {Phase.WAITING, Phase.OFFERED}
    awaits_guest = state.invitation is not None and state.guest is None
    if state.code_until is None or not (is_queued or awaits_guest):
        return None
    return absence.missed_at(state, deadlines)


def _post_visitor(
    state: Conversation, command: commands.PostVisitorMessage, now: datetime, deadlines: Deadlines
) -> Moved:
    seq = state.seq + 1
    return replace(state, seq=seq), (events.MessagePosted(seq, Role.VISITOR, command.client_id),)


def _post_operator(
    state: Conversation, command: commands.PostOperatorMessage, now: datetime, deadlines: Deadlines
) -> Moved:
    state.check_held_by(command.duty)
    seq = state.seq + 1
    return replace(state, seq=seq), (events.MessagePosted(seq, Role.OPERATOR, command.client_id),)


def _mark_acute(
    state: Conversation, command: commands.MarkAcute, now: datetime, deadlines: Deadlines
) -> Moved:
    if state.acute:
        return state, ()
    return replace(state, acute=True), (events.MarkedAcute(),)


def _deny_danger(
    state: Conversation, command: commands.DenyDanger, now: datetime, deadlines: Deadlines
) -> Moved:
    return replace(state, denials=state.denials + 1), (events.DangerDenied(),)


def _offer(state: Conversation, command: commands.Offer, now: datetime, deadlines: Deadlines) -> Moved:
    until = now + deadlines.offer_rings
    # Whoever is rung a second time begins a new round; else the same console would ring ever after.
    again = command.duty in state.passed_by
    offered = replace(
        state,
        phase=Phase.OFFERED,
        operator=command.duty,
        offered_until=until,
        passed_by=frozenset() if again else state.passed_by,
    )
    return offered, (events.ConversationOffered(command.duty, until),)


def _claim(state: Conversation, command: commands.Claim, now: datetime, deadlines: Deadlines) -> Moved:
    if state.phase is Phase.OFFERED:
        state.check_held_by(command.duty)
    seq = state.seq + 1
    joined = replace(
        state,
        phase=Phase.ACTIVE,
        seq=seq,
        operator=command.duty,
        alias=command.alias,
        answered_at=state.answered_at if state.has_begun else now,
        offered_until=None,
        passed_by=frozenset(),
        operator_away_since=None,
    )
    return joined, (events.OperatorJoined(seq, command.duty, command.alias, state.waiting_since),)


def _operator_present(
    state: Conversation, command: commands.NoteOperatorPresent, now: datetime, deadlines: Deadlines
) -> Moved:
    state.check_held_by(command.duty)
    return replace(state, operator_away_since=None), ()


def _operator_away(
    state: Conversation, command: commands.NoteOperatorAway, now: datetime, deadlines: Deadlines
) -> Moved:
    state.check_held_by(command.duty)
    if state.operator_away_since is not None:
        return state, ()
    return replace(state, operator_away_since=now), ()


def _return_to_queue(
    state: Conversation,
    command: commands.ReturnToQueue | commands.StopRinging,
    now: datetime,
    deadlines: Deadlines,
) -> Moved:
    state.check_held_by(command.duty)
    if state.phase is Phase.OFFERED:
        return _lapse(state)
    return returning.lose_operator_of(state, now, deadlines)


def _leave(
    state: Conversation, command: commands.LeaveConversation, now: datetime, deadlines: Deadlines
) -> Moved:
    return _end(state, EndReason.LEFT_QUICKLY if command.quickly else EndReason.VISITOR)


def _end_by_operator(
    state: Conversation, command: commands.EndConversation, now: datetime, deadlines: Deadlines
) -> Moved:
    state.check_held_by(command.duty)
    return _end(state, EndReason.OPERATOR, command.unsafe)


def _close(
    state: Conversation, command: commands.CloseConversation, now: datetime, deadlines: Deadlines
) -> Moved:
    return _end(state, EndReason.CLOSED)


def _let_time_pass(
    state: Conversation, command: commands.LetTimePass, now: datetime, deadlines: Deadlines
) -> Moved:
    """Her own deadline is looked at first: nobody is brought back to a queue that she has left."""
    gone, let_go = absence.gone_at(state, deadlines), _let_go_at(state, deadlines)
    if gone is not None and now >= gone:
        return _end(state, EndReason.EXPIRED)
    if state.code_until is not None and now >= state.code_until:
        return returning.without_code(state)
    if let_go is not None and now >= let_go:
        return guests.uninvited(state) if state.phase is Phase.ACTIVE else returning.park(state)
    if state.offered_until is not None and now >= state.offered_until:
        return _lapse(state, rang_out=True)
    lapses = transferring.lapses_at(state)
    if lapses is not None and now >= lapses:
        return transferring.ended(state, TransferEnd.LAPSED)
    lost = state.operator_away_since
    if state.phase is Phase.ACTIVE and lost is not None and now >= lost + deadlines.operator_lost:
        return returning.lose_operator_of(state, now, deadlines)
    guest_lost = guests.lost_at(state, deadlines)
    if guest_lost is not None and now >= guest_lost:
        return guests.seen_off(state)
    return state, ()


def _lapse(state: Conversation, *, rang_out: bool = False) -> Moved:
    assert state.operator is not None
    again = replace(
        state,
        phase=Phase.WAITING,
        operator=None,
        offered_until=None,
        passed_by=state.passed_by | {state.operator},
    )
    return again, (events.OfferLapsed(state.operator, rang_out),)


def _end(state: Conversation, reason: EndReason, unsafe: Unsafe | None = None) -> Moved:
    seq = state.seq + 1
    answered = state.has_begun
    ended = replace(
        state,
        phase=Phase.ENDED,
        seq=seq,
        operator=None,
        alias=None,
        offered_until=None,
        invitation=None,
        guest=None,
        transfer=None,
        hand_since=None,
        code_until=None,
        word=None,
    )
    return ended, (events.ConversationEnded(seq, reason, answered, unsafe),)


_Move = Callable[[Conversation, Any, datetime, Deadlines], Moved]

_IN_ANY_LIVE_PHASE: dict[type[Command], _Move] = {
    commands.PostVisitorMessage: _post_visitor,
    commands.AnswerProposal: questions.answer,
    commands.TakeReturnCode: returning.take_code,
    commands.DropReturnCode: returning.drop_code,
    commands.ComeBack: returning.come_back,
    commands.ChooseWord: agreed_word.choose,
    commands.TellWord: agreed_word.tell,
    commands.MarkAcute: _mark_acute,
    commands.DenyDanger: _deny_danger,
    commands.NoteVisitorPresent: returning.note_present,
    commands.NoteVisitorAway: absence.note_away,
    commands.LeaveConversation: _leave,
    commands.CloseConversation: _close,
    commands.LetTimePass: _let_time_pass,
}

TRANSITIONS: dict[tuple[Phase, type[Command]], _Move] = {
    **{
        (phase, kind): move
        for phase in (Phase.WAITING, Phase.OFFERED, Phase.ACTIVE, Phase.PARKED)
        for kind, move in _IN_ANY_LIVE_PHASE.items()
    },
    (Phase.WAITING, commands.Offer): _offer,
    (Phase.WAITING, commands.Claim): _claim,
    (Phase.OFFERED, commands.Claim): _claim,
    (Phase.OFFERED, commands.ReturnToQueue): _return_to_queue,
    (Phase.OFFERED, commands.StopRinging): _return_to_queue,
    (Phase.ACTIVE, commands.PostOperatorMessage): _post_operator,
    (Phase.ACTIVE, commands.PutProposal): questions.put,
    (Phase.ACTIVE, commands.TakeBackProposal): questions.take_back,
    (Phase.ACTIVE, commands.OfferWord): agreed_word.offer,
    (Phase.ACTIVE, commands.TakeBackWord): agreed_word.take_back,
    (Phase.ACTIVE, commands.AskForWord): agreed_word.ask,
    (Phase.ACTIVE, commands.SetAside): returning.set_aside,
    (Phase.ACTIVE, commands.NoteOperatorPresent): _operator_present,
    (Phase.ACTIVE, commands.NoteOperatorAway): _operator_away,
    (Phase.ACTIVE, commands.ReturnToQueue): _return_to_queue,
    (Phase.ACTIVE, commands.HandBack): returning.hand_back,
    (Phase.ACTIVE, commands.EndConversation): _end_by_operator,
    (Phase.ACTIVE, commands.OfferTransfer): transferring.offer,
    (Phase.ACTIVE, commands.AcceptTransfer): transferring.accept,
    (Phase.ACTIVE, commands.DeclineTransfer): transferring.decline,
    (Phase.ACTIVE, commands.TakeBackTransfer): transferring.take_back,
    (Phase.ACTIVE, commands.LoseTransferTarget): transferring.lose_target,
    (Phase.ACTIVE, commands.JoinAsGuest): guests.join,
    (Phase.ACTIVE, commands.LeaveAsGuest): guests.leave,
    (Phase.ACTIVE, commands.PostGuestMessage): guests.post,
    (Phase.ACTIVE, commands.NoteGuestPresent): guests.present,
    (Phase.ACTIVE, commands.NoteGuestAway): guests.away,
    (Phase.ACTIVE, commands.WithdrawInvitation): guests.withdraw,
    (Phase.ACTIVE, commands.RaiseHand): hands.raise_hand,
    (Phase.ACTIVE, commands.LowerHand): hands.lower_hand,
    (Phase.ACTIVE, commands.JoinAsSupervisor): hands.come,
    (Phase.ACTIVE, commands.TakeOver): hands.take_over,
}
"""Every legal move. What is absent is illegal: `receive` raises and changes nothing."""
