# SPDX-License-Identifier: EUPL-1.2
"""Who in a room is shown what: she, whoever holds the conversation, and a guest.

Owns the one rule of it, for what was said here and for what was stored elsewhere. Decides and stores nothing;
called under the room's lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from chat import events
from chat.conversation import Conversation, Phase
from chat.entries import BOTH_SEE, GUEST_SEES, Entry, EntryKind
from chat.events import Event
from chat.ids import Role
from chat.live.notices import (
    AcuteMarked,
    ConversationLost,
    ConversationTaken,
    DangerDenied,
    EntryShown,
    HandStands,
    Notice,
    PeerTyping,
    ReturnCodeGone,
    TakenOver,
    TransferStands,
    VisitorPresence,
    WordHeard,
    WordStands,
    WordWanted,
)
from chat.live.room import Room, Seat, text_digest
from chat.moves.guests import same_guest
from chat.moves.transferring import crosses
from chat.parts import WordState
from moderation.judge import Judge

STAFF = (Role.OPERATOR, Role.GUEST)


def to_staff(room: Room, notice: Notice) -> None:
    """Tell whoever of the staff sits here."""
    for role in STAFF:
        room.tell(role, notice)


def typing(room: Room, role: Role) -> None:
    """Show that `role` is writing: what she writes to the staff, what the staff write to her."""
    guest = room.conversation.guest
    if role is Role.VISITOR:
        to_staff(room, PeerTyping(room.id))
    elif role is Role.OPERATOR or guest is not None:
        alias = guest.alias if role is Role.GUEST and guest is not None else None
        room.tell(Role.VISITOR, PeerTyping(room.id, alias))


def said(room: Room, entry: Entry, to_them: EntryShown) -> None:
    """Show a message to everybody but its author. `to_them`: as the staff are shown it."""
    if entry.role is not Role.VISITOR:
        room.tell(Role.VISITOR, EntryShown(room.id, entry))
    for role in STAFF:
        if role is not entry.role and may_see(room, role, entry):
            room.tell(role, to_them)


def stored_elsewhere(room: Room, entry: Entry, judge: Judge) -> None:
    """Show what another process stored; no message to its author, who has an `ack` or will try again."""
    if entry.kind is EntryKind.SAID:
        _remember(room, entry)
        said(room, entry, again(room, entry, judge))
    else:
        told(room, entry)


def told(room: Room, entry: Entry) -> None:
    """Show what nobody said. Its author too: to them it is the acknowledgement."""
    _remember(room, entry)
    shown = EntryShown(room.id, entry)
    room.tell(Role.VISITOR, shown)
    if entry.kind in BOTH_SEE:
        room.tell(Role.OPERATOR, shown)
        guest = room.conversation.guest
        if guest is not None and guest.is_supervisor:
            room.tell(Role.GUEST, shown)


def again(room: Room, entry: Entry, judge: Judge) -> EntryShown:
    """Return how the staff are shown an entry that was stored before."""
    if entry.role is not Role.VISITOR or entry.kind is not EntryKind.SAID:
        return EntryShown(room.id, entry)
    return EntryShown(room.id, entry, judgement=judge.again(entry.text))


def may_see(room: Room, role: Role, entry: Entry) -> bool:
    """Tell whether somebody may be shown an entry: a guest only what she has let them see.

    A supervisor sees what whoever holds it sees.
    """
    if role is not Role.GUEST:
        return entry.seq > room.conversation.reads_after
    guest = room.conversation.guest
    if guest is None:
        return False
    if guest.is_supervisor:
        return entry.seq > room.conversation.reads_after
    return entry.seq > guest.after and entry.kind in GUEST_SEES


def happened(room: Room, what: Iterable[Event], entries: Iterable[Entry], presence: VisitorPresence) -> None:
    """Tell the seats what a step has brought, but for its messages and its end. `presence`: hers now."""
    by_seq = {entry.seq: entry for entry in entries}
    for event in what:
        match event:
            case events.VisitorWentAway() | events.VisitorCameBack():
                to_staff(room, presence)
            case events.VisitorReturned():
                to_staff(room, presence)
                room.tell(Role.OPERATOR, WordStands(room.id, room.conversation.word))
            case events.ReturnCodeDropped():
                room.tell(Role.VISITOR, ReturnCodeGone())
            case events.WordMoved():
                word_moved(room)
            case events.MarkedAcute() | events.DangerDenied():
                to_staff(room, _about_danger(room, event))
            case (
                events.OperatorLeft(seq)
                | events.OperatorRelieved(seq)
                | events.HandedOver(seq)
                | events.GuestLeft(seq)
            ):
                told(room, by_seq[seq])
                _out_goes(room, event)
            case events.TransferOffered() | events.TransferEnded():
                _offer_moved(room, event, by_seq)
            case (
                events.OperatorJoined(seq)
                | events.SupervisorTookOver(seq)
                | events.TakenOn(seq)
                | events.GuestJoined(seq)
                | events.SupervisorCame(seq)
                | events.InvitationWithdrawn(seq)
                | events.ProposalPut(seq)
                | events.ProposalTakenBack(seq)
                | events.ProposalAnswered(seq)
            ):
                told(room, by_seq[seq])
            case _:
                continue


def _about_danger(room: Room, event: events.MarkedAcute | events.DangerDenied) -> Notice:
    return AcuteMarked(room.id) if isinstance(event, events.MarkedAcute) else DangerDenied(room.id)


def _offer_moved(
    room: Room, event: events.TransferOffered | events.TransferEnded, by_seq: Mapping[int, Entry]
) -> None:
    """Tell whoever holds it where its offer stands; her too, that she stays, where she had said yes to it."""
    if isinstance(event, events.TransferEnded) and event.seq is not None:
        told(room, by_seq[event.seq])
    transfer_stands(room)


def _out_goes(
    room: Room, event: events.OperatorLeft | events.OperatorRelieved | events.HandedOver | events.GuestLeft
) -> None:
    """Take the seat of whoever is no longer in it."""
    match event:
        case events.GuestLeft(seq):
            unseat(room, Role.GUEST, seq)
        case events.OperatorLeft(seq):
            unseat(room, Role.OPERATOR, seq)
        case events.HandedOver(seq):
            unseat(room, Role.OPERATOR, seq, room.conversation.alias)
        case events.OperatorRelieved(seq, _, alias, by):
            unseat(room, Role.OPERATOR, seq, by)
            _take_seat(room, alias)


def transfer_stands(room: Room) -> None:
    """Tell whoever holds it to whom it is offered, or what came of that."""
    room.tell(Role.OPERATOR, transfer_of(room.conversation))


def transfer_of(state: Conversation) -> TransferStands:
    """Return to whom a conversation is offered, or what came of the last offer."""
    transfer = state.transfer
    return TransferStands(state.id, transfer, transfer is not None and crosses(state, transfer))


def word_moved(room: Room) -> None:
    """Tell whoever holds it where the agreed word stands; her only what is asked of her, and that it came."""
    room.tell(Role.OPERATOR, WordStands(room.id, room.conversation.word))
    came = WordHeard(taken_back=room.conversation.word is None)
    room.tell(Role.VISITOR, word_wanted(room.conversation) or came)


def hand_moved(room: Room, before: Conversation) -> None:
    """Tell whoever holds it where their hand is, if it is elsewhere than before."""
    since = room.conversation.hand_since
    if since != before.hand_since:
        room.tell(Role.OPERATOR, HandStands(room.id, since))


def word_wanted(conversation: Conversation) -> WordWanted | None:
    """Return what she is asked about a word, if anything."""
    state = conversation.word.state if conversation.word is not None else None
    if state not in {WordState.OFFERED, WordState.ASKED}:
        return None
    return WordWanted(new=state is WordState.OFFERED)


def moved_elsewhere(room: Room, before: Conversation, presence: VisitorPresence) -> None:
    """Tell the seats what another process has stored that is no entry. `presence`: hers now."""
    after = room.conversation
    if after.returns != before.returns and room.visitor is not None:
        # Somebody came in with her code there: the token that sits here opens nothing any more.
        send_away(room, room.visitor)
    seat = room.visitor
    if after.seat != before.seat and seat is not None and seat.noted and seat.connection != after.seat:
        send_away(room, seat)
    if (presence_of(before), before.returns) != (presence_of(after), after.returns):
        to_staff(room, presence)
    if after.code_until is None and before.code_until is not None:
        room.tell(Role.VISITOR, ReturnCodeGone())
    if after.word != before.word:
        word_moved(room)
    if after.transfer != before.transfer:
        transfer_stands(room)
    if after.denials != before.denials:
        to_staff(room, DangerDenied(room.id))
    if after.acute and not before.acute:
        to_staff(room, AcuteMarked(room.id))
    hand_moved(room, before)


def send_away(room: Room, seat: Seat) -> None:
    """Tell her connection here that another one has her place."""
    seat.party.deliver(TakenOver())
    room.visitor = room.token = None


def presence_of(conversation: Conversation) -> bool:
    """Tell whether she has a socket."""
    return conversation.visitor_away_since is None


def seats_changed(room: Room, before: Conversation) -> None:
    """Give the staff who sit here the seats that are theirs by what another process has stored."""
    after = room.conversation
    if before.phase is Phase.ACTIVE and after.holder != before.operator:
        unseat(room, Role.OPERATOR, after.seq, after.alias if after.holder is not None else None)
    if before.guest is not None and before.guest.duty == after.holder:
        _take_seat(room, before.alias or "")
    elif not same_guest(before, after):
        unseat(room, Role.GUEST, after.seq)


def _take_seat(room: Room, relieved: str) -> None:
    """Let the supervisor sit where whoever was relieved sat: they know all that is there already."""
    state = room.conversation
    seat, room.guest = room.guest, None
    room.operator = seat
    if seat is not None:
        seat.party.deliver(ConversationTaken(room.id, state.seq, state.alias or "", relieved))
    if state.word is not None:
        room.tell(Role.OPERATOR, WordStands(room.id, state.word))


def unseat(room: Room, role: Role, seq: int, by: str | None = None) -> None:
    """Tell one of the staff that it is no longer theirs, if they sit here. `by`: the alias of whose it is."""
    seat = room.seat(role)
    if seat is not None:
        seat.party.deliver(ConversationLost(room.id, seq, by))
        room.sit(role, None)


def _remember(room: Room, entry: Entry) -> None:
    if entry.client_id is not None:
        room.remember(entry.role, entry.client_id, entry.seq, text_digest(entry.text))
