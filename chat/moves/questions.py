# SPDX-License-Identifier: EUPL-1.2
"""The moves about a question that she is asked for a yes to: put, taken back, answered.

Owns that only what lies on the table is answered, and once. Knows no text.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from chat import commands, events
from chat.catalogue import Deadlines
from chat.conversation import Conversation, Moved
from chat.errors import NotNow
from chat.events import Event
from chat.moves import agreed_word, guests, transferring


def put(state: Conversation, command: commands.PutProposal, now: datetime, deadlines: Deadlines) -> Moved:
    """Ask her, in the place of what she has not answered yet.

    Not while nobody knows whether it is she, nor while it is offered to somebody else.
    """
    state.check_held_by(command.duty)
    if agreed_word.is_in_doubt(state.word) or transferring.offered(state) is not None:
        raise NotNow
    seq = state.seq + 1
    return replace(state, seq=seq, proposal=seq), (events.ProposalPut(seq, command.client_id),)


def take_back(
    state: Conversation, command: commands.TakeBackProposal, now: datetime, deadlines: Deadlines
) -> Moved:
    """Ask no longer."""
    state.check_held_by(command.duty)
    if state.proposal is None:
        raise NotNow
    return taken_back(state)


def taken_back(state: Conversation) -> Moved:
    """Return the conversation without the question that is asked in it, and what there is to tell."""
    seq = state.seq + 1
    return replace(state, seq=seq, proposal=None), (events.ProposalTakenBack(seq),)


def answer(
    state: Conversation, command: commands.AnswerProposal, now: datetime, deadlines: Deadlines
) -> Moved:
    """Only what lies on the table is answered: never one that was taken back, replaced or answered before.

    A no always counts; a yes does not while nobody knows whether it is she who says it.
    """
    if state.proposal is None or state.proposal != command.proposal:
        raise NotNow
    if command.yes and agreed_word.is_in_doubt(state.word):
        raise NotNow
    seq = state.seq + 1
    answered = replace(state, seq=seq, proposal=None)
    if command.invites is not None:
        answered = guests.invited(answered, command.invites, now)
    if command.moves is not None:
        answered = transferring.agreed(answered, command.moves, now, deadlines)
    told: tuple[Event, ...] = (events.ProposalAnswered(seq, command.client_id),)
    if (transfer := transferring.offered(answered)) is not None:
        told += (events.TransferOffered(transfer.service, transfer.duty, transfer.until),)
    return answered, told
