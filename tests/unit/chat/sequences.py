# SPDX-License-Identifier: EUPL-1.2
"""Every sequence of commands and waits up to a length, tried on the real conversation: what came of each.

Equal states at equal times have equal futures: each is looked at once, and all sequences are covered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from msgspec.structs import replace

from chat import commands
from chat.catalogue import Deadlines
from chat.commands import Command
from chat.conversation import Conversation, Phase
from chat.errors import Refused
from chat.events import (
    Event,
)
from chat.ids import ClientId, OrganisationId, ServiceId, Track
from chat.parts import Word, WordState
from chat.transitions import receive
from tests.unit.chat.making import NOON, A, B, a_conversation, minutes

LENGTH = 6
TICK = minutes(1)
INSTANT = timedelta(microseconds=1)
DEADLINES = Deadlines(
    offer_rings=TICK,
    waiting_place_kept=2 * TICK,
    active_parked=3 * TICK,
    code_parked=4 * TICK,
    operator_lost=2 * TICK,
    transfer_offered=2 * TICK,
)

CODE_UNTIL = NOON + 5 * TICK
ASKED = 2
"""The seq of a question that is put right after the claim."""
INVITES = commands.Invites(ServiceId("other"), "Öppenvården", history=False)

MOVES = commands.Moves(
    commands.Target(ServiceId("other"), OrganisationId("other"), Track.EXPOSED, "Öppenvården"), history=False
)
BESIDE = commands.Target(ServiceId("beside"), OrganisationId("org"), Track.EXPOSED, "Bredvid", B, "Bodil")

ALPHABET: tuple[Command, ...] = (
    commands.PostVisitorMessage(ClientId("v")),
    commands.PostOperatorMessage(A, ClientId("o")),
    commands.PutProposal(A, ClientId("p")),
    commands.TakeBackProposal(A),
    commands.AnswerProposal(ClientId("a"), ASKED),
    commands.AnswerProposal(ClientId("n"), ASKED, yes=False),
    commands.AnswerProposal(ClientId("y"), ASKED, INVITES),
    commands.AnswerProposal(ClientId("m"), ASKED, moves=MOVES),
    commands.OfferTransfer(A, BESIDE),
    commands.AcceptTransfer(B, "Bodil"),
    commands.DeclineTransfer(B, last=False),
    commands.DeclineTransfer(B),
    commands.TakeBackTransfer(A),
    commands.LoseTransferTarget(NOON),
    commands.WithdrawInvitation(),
    commands.JoinAsGuest(A, "Alma"),
    commands.JoinAsGuest(B, "Bodil"),
    commands.PostGuestMessage(B, ClientId("g")),
    commands.NoteGuestPresent(B),
    commands.NoteGuestAway(B),
    commands.LeaveAsGuest(B),
    commands.RaiseHand(A),
    commands.LowerHand(A),
    commands.JoinAsSupervisor(B, "Bodil", "Jouren"),
    commands.TakeOver(B),
    commands.TakeReturnCode(CODE_UNTIL),
    commands.DropReturnCode(),
    commands.ComeBack(CODE_UNTIL + TICK),
    commands.SetAside(A),
    commands.OfferWord(A),
    commands.TakeBackWord(A),
    commands.ChooseWord(chosen=True),
    commands.ChooseWord(chosen=False),
    commands.AskForWord(A),
    commands.TellWord(WordState.MATCHED),
    commands.TellWord(WordState.DIFFERED),
    commands.MarkAcute(),
    commands.DenyDanger(),
    commands.Offer(A),
    commands.Offer(B),
    commands.Claim(A, "Alma"),
    commands.Claim(B, "Bodil"),
    commands.NoteVisitorPresent(),
    commands.NoteVisitorAway(),
    commands.NoteOperatorPresent(A),
    commands.NoteOperatorAway(A),
    commands.ReturnToQueue(A),
    commands.HandBack(A),
    commands.StopRinging(A),
    commands.LeaveConversation(),
    commands.EndConversation(A),
    commands.CloseConversation(),
    commands.LetTimePass(),
)


@dataclass(frozen=True)
class Tried:
    """What one command did to one state: the next state and its events, or the refusal."""

    before: Conversation
    now: datetime
    command: Command
    after: Conversation | None = None
    events: tuple[Event, ...] = ()
    refusal: Refused | None = None


def tried(state: Conversation, command: Command, now: datetime) -> Tried:
    """Carry out one command and note what came of it."""
    try:
        after, events = receive(state, command, now, DEADLINES)
    except Refused as refusal:
        return Tried(state, now, command, refusal=refusal)
    return Tried(state, now, command, after, events)


def alike(state: Conversation) -> Conversation:
    """Return what has the same future: when she was first answered is kept to count, and decides nothing."""
    return state if state.answered_at is None else replace(state, answered_at=NOON)


@cache
def everything() -> tuple[Tried, ...]:
    """Return each command tried on each state that fewer than `LENGTH` steps lead to."""
    trials: list[Tried] = []
    asked = a_conversation(word=Word(WordState.ASKED))  # a long way from the start
    for start, length in ((a_conversation(), LENGTH), (asked, LENGTH - 1)):
        frontier = {(start, NOON)}
        seen = set(frontier)
        for _ in range(length):
            trials.extend(here := [tried(state, each, now) for state, now in frontier for each in ALPHABET])
            reached = {(alike(one.after), one.now) for one in here if one.after is not None}
            reached |= {(state, now + TICK) for state, now in frontier if state.phase is not Phase.ENDED}
            frontier = reached - seen
            seen |= frontier
    return tuple(trials)


def carried_out() -> Iterator[tuple[Tried, Conversation]]:
    """Yield the commands that were not refused, with the state after each."""
    return ((one, one.after) for one in everything() if one.after is not None)


def states() -> set[Conversation]:
    """Return every state that was reached, the first one too."""
    return {a_conversation()} | {after for _, after in carried_out()}
