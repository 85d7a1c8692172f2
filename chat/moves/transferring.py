# SPDX-License-Identifier: EUPL-1.2
"""Giving a conversation to somebody else: offered, then accepted, or returned to whoever holds it.

Owns the moves about it, and what remains of a border that was crossed: which entries were sealed under which
organisation, and from where on whoever holds it may read. While it is offered nothing has moved: the old
operator holds it and writes on. Knows no text, no border and no store.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from chat import commands, events
from chat.catalogue import Deadlines
from chat.conversation import Conversation, Moved
from chat.errors import LostClaim, NotAllowed, NotNow
from chat.ids import DutyId, OrganisationId
from chat.parts import Crossing, Transfer, TransferEnd

# --- what is offered ----------------------------------------------------------------------------------------


def offered(state: Conversation) -> Transfer | None:
    """Return what is offered now."""
    transfer = state.transfer
    return transfer if transfer is not None and transfer.ended is None else None


def crosses(state: Conversation, transfer: Transfer) -> bool:
    """Tell whether it would leave the organisation that holds the conversation."""
    return transfer.organisation != state.organisation


def lapses_at(state: Conversation) -> datetime | None:
    """Return until when it is offered, if it is."""
    transfer = offered(state)
    return transfer.until if transfer is not None else None


def organisation_at(state: Conversation, seq: int) -> OrganisationId:
    """Return the organisation under which the entry with this number is sealed."""
    for crossing in state.crossed:
        if seq <= crossing.until:
            return crossing.organisation
    return state.organisation


# --- the moves ----------------------------------------------------------------------------------------------


def offer(state: Conversation, command: commands.OfferTransfer, now: datetime, deadlines: Deadlines) -> Moved:
    """Offer it within the organisation. Out of it leads only her yes (`agreed`)."""
    state.check_held_by(command.duty)
    if command.target.organisation != state.organisation:
        raise NotAllowed
    if state.proposal is not None:
        raise NotNow  # what she is asked, whoever asked must hear the answer to
    return _offered(state, command.target, now, deadlines, history=True)


def agreed(state: Conversation, moves: commands.Moves, now: datetime, deadlines: Deadlines) -> Conversation:
    """Return the conversation with what her yes offers to another organisation.

    Raises:
        NotNow: nobody holds it, a guest is here or awaited, or it is offered already.
        NotAllowed: it is of the other track.
    """
    if state.holder is None:
        raise NotNow
    return _offered(state, moves.target, now, deadlines, history=moves.history)[0]


def _offered(
    state: Conversation, target: commands.Target, now: datetime, deadlines: Deadlines, *, history: bool
) -> Moved:
    same_place = target.service == state.service and target.duty is None
    if target.track is not state.track or target.duty == state.operator or same_place:
        raise NotAllowed
    check_free(state)
    until = now + deadlines.transfer_offered
    transfer = Transfer(
        service=target.service,
        organisation=target.organisation,
        name=target.name,
        duty=target.duty,
        alias=target.alias,
        history=history,
        at=now,
        until=until,
    )
    # Whoever asked for a supervisor asks for somebody else now: a hand would outlive its holder.
    free = replace(state, transfer=transfer, hand_since=None)
    return free, (events.TransferOffered(target.service, target.duty, until),)


def check_free(state: Conversation) -> None:
    """Return when nothing stands in the way of offering it, or of asking her whether it may be.

    Raises:
        NotNow: a guest is here or awaited, or it is offered already.
    """
    if state.invitation is not None or state.guest is not None or offered(state) is not None:
        raise NotNow


def accept(
    state: Conversation, command: commands.AcceptTransfer, now: datetime, deadlines: Deadlines
) -> Moved:
    """One in, the other out, in one step. Whoever comes second is told who was first."""
    transfer = offered(state)
    if transfer is None:
        raise LostClaim(state.alias) if state.operator != command.duty else NotNow
    if not is_for(state, command.duty):
        raise NotAllowed
    if now >= transfer.until:
        raise NotNow
    assert state.operator is not None and state.alias is not None
    left, joined = state.seq + 1, state.seq + 2
    border = (Crossing(left, state.organisation),) if crosses(state, transfer) else ()
    moved = replace(
        state,
        seq=joined,
        service=transfer.service,
        organisation=transfer.organisation,
        operator=command.duty,
        alias=command.alias,
        operator_away_since=None,
        transfer=None,
        crossed=(*state.crossed, *border),
        # What one holder could not read, no later one can: nobody passes on what they have not got.
        reads_after=state.reads_after if transfer.history else left,
    )
    gone = events.HandedOver(left, state.operator, state.alias)
    return moved, (gone, events.TakenOn(joined, command.duty, command.alias, transfer.name, transfer.service))


def decline(
    state: Conversation, command: commands.DeclineTransfer, now: datetime, deadlines: Deadlines
) -> Moved:
    """Say no. Where several are asked, it is returned with the last one's."""
    transfer = offered(state)
    if transfer is None:
        raise NotNow
    if not is_for(state, command.duty):
        raise NotAllowed
    if command.last or transfer.duty is not None:
        return ended(state, TransferEnd.DECLINED)
    passed = replace(transfer, passed_by=transfer.passed_by | {command.duty})
    return replace(state, transfer=passed), (events.TransferPassed(),)


def take_back(
    state: Conversation, command: commands.TakeBackTransfer, now: datetime, deadlines: Deadlines
) -> Moved:
    """Whoever holds it keeps it."""
    state.check_held_by(command.duty)
    return ended(state, TransferEnd.TAKEN_BACK)


def lose_target(
    state: Conversation, command: commands.LoseTransferTarget, now: datetime, deadlines: Deadlines
) -> Moved:
    """Nobody is there any more whom this very offer could reach."""
    transfer = offered(state)
    if transfer is None or transfer.at != command.offered_at:
        raise NotNow
    return ended(state, TransferEnd.GONE)


def withdrawn(state: Conversation) -> Moved:
    """She takes back her yes before anybody has come.

    Raises:
        NotNow: there is none of hers.
    """
    transfer = offered(state)
    if transfer is None or not crosses(state, transfer):
        raise NotNow
    return ended(state, TransferEnd.WITHDRAWN)


def ended(state: Conversation, why: TransferEnd) -> Moved:
    """Return the conversation with its offer at an end. She is told of one that she had said yes to.

    Raises:
        NotNow: nothing is offered.
    """
    transfer = offered(state)
    if transfer is None:
        raise NotNow
    over = replace(transfer, ended=why)
    if not crosses(state, transfer):
        return replace(state, transfer=over), (events.TransferEnded(why),)
    seq = state.seq + 1
    return replace(state, seq=seq, transfer=over), (events.TransferEnded(why, seq, transfer.name),)


def nothing_crosses(state: Conversation) -> Moved:
    """Return the conversation without what her yes has offered, once somebody has come in with her code."""
    transfer = offered(state)
    if transfer is None or not crosses(state, transfer):
        return state, ()
    return ended(state, TransferEnd.RETURNED)


def is_for(state: Conversation, duty: DutyId) -> bool:
    """Tell whether it is offered to this duty, as far as the conversation knows: it may serve elsewhere."""
    transfer = offered(state)
    if transfer is None or duty == state.operator or duty in transfer.passed_by:
        return False
    return transfer.duty in {None, duty}
