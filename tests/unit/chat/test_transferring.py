# SPDX-License-Identifier: EUPL-1.2
"""Giving a conversation away, in every sequence (`sequences.py`) and at its edges."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chat import commands
from chat.catalogue import Deadlines
from chat.conversation import Conversation, Phase
from chat.errors import LostClaim, NotAllowed, NotNow
from chat.events import ConversationEnded, HandedOver, ProposalPut, TakenOn, TransferEnded
from chat.ids import OrganisationId, ServiceId, Track
from chat.moves.transferring import crosses, offered, organisation_at
from chat.parts import Crossing, Invitation, TransferEnd
from chat.transitions import receive
from tests.unit.chat.making import FEW, NOON, A, B, C, a_conversation
from tests.unit.chat.sequences import BESIDE, MOVES, carried_out, everything, states

HERE, THERE = OrganisationId("org"), OrganisationId("other")


def held(**told: Any) -> Conversation:
    """Return a conversation that A holds."""
    return a_conversation(phase=Phase.ACTIVE, operator=A, alias="Alma", seq=4, **told)


def step(state: Conversation, command: commands.Command, after: timedelta = timedelta()) -> Conversation:
    """Carry out one command."""
    return receive(state, command, NOON + after, Deadlines())[0]


def agreed(state: Conversation, moves: commands.Moves = MOVES) -> Conversation:
    """Return a conversation in which she has been asked and has said yes."""
    asked = step(state, commands.PutProposal(A, "p"))  # type: ignore[arg-type]
    answer = commands.AnswerProposal("a", asked.proposal or 0, moves=moves)  # type: ignore[arg-type]
    return step(asked, answer)


def test_nothing_moves_before_somebody_takes_it() -> None:
    """Offering, refusing, waiting, taking back: whoever holds it holds it, and writes on."""
    seen = 0
    for one, after in carried_out():
        if offered(one.before) is None or isinstance(one.command, commands.AcceptTransfer):
            continue
        if after.phase is Phase.ACTIVE:
            seen += 1
            assert (after.operator, after.service) == (one.before.operator, one.before.service), one
        else:
            assert offered(after) is None, one
    assert seen > 100


def test_taking_it_over_is_one_step() -> None:
    """One in, one out, two entries; nothing is offered any more, and nothing else happens."""
    taken = [(one, after) for one, after in carried_out() if isinstance(one.command, commands.AcceptTransfer)]
    assert taken
    for one, after in taken:
        assert [type(event) for event in one.events] == [HandedOver, TakenOn], one
        assert (after.operator, after.seq, after.transfer) == (B, one.before.seq + 2, None), one
        transfer = offered(one.before)
        assert transfer is not None, one
        border = crosses(one.before, transfer)
        assert (len(after.crossed) > len(one.before.crossed)) == border, one
        assert after.reads_after == (one.before.seq + 1 if border else one.before.reads_after), one


def test_end_of_an_offer_is_told_with_its_reason() -> None:
    """Every step that ends an offer says why, unless it ends the conversation or its operator is lost."""
    for one, after in carried_out():
        ends = [event for event in one.events if isinstance(event, TransferEnded)]
        was, is_ = offered(one.before), offered(after)
        if ends:
            assert was is not None, one
            assert after.transfer is not None, one
            assert after.transfer.ended is ends[0].why, one
            assert (ends[0].seq is not None) == crosses(one.before, was), one
        elif was is not None and is_ is None:
            gone = any(isinstance(event, ConversationEnded) for event in one.events)
            assert gone or one.before.operator != after.operator, one


def test_never_offered_beside_a_question_or_a_guest() -> None:
    """Of a question, an invitation, a guest and an offer there is one at a time."""
    for state in states():
        if offered(state) is not None:
            assert (state.proposal, state.invitation, state.guest) == (None, None, None), state
            assert state.phase is Phase.ACTIVE, state
    assert any(isinstance(event, ProposalPut) for one in everything() for event in one.events)


def test_another_organisation_needs_her_yes_and_the_other_track_has_no_way() -> None:
    """Without her yes it is refused whoever asks; with it the track is still looked at."""
    out = commands.Target(ServiceId("other"), THERE, Track.EXPOSED, "Annan")
    with pytest.raises(NotAllowed):
        step(held(), commands.OfferTransfer(A, out))
    assert offered(agreed(held())) is not None
    other_track = replace(MOVES, target=replace(MOVES.target, track=Track.PERPETRATOR))
    with pytest.raises(NotAllowed):
        agreed(held(), other_track)
    with pytest.raises(NotAllowed):
        step(held(), commands.OfferTransfer(A, replace(BESIDE, track=Track.PERPETRATOR)))


def test_who_may_be_asked_and_when() -> None:
    """Not oneself, not one's own service at large, not by another, not while somebody is awaited."""
    own = commands.Target(ServiceId("jour"), HERE, Track.EXPOSED)
    for target in (own, replace(own, duty=A)):
        with pytest.raises(NotAllowed):
            step(held(), commands.OfferTransfer(A, target))
    with pytest.raises(NotAllowed):
        step(held(), commands.OfferTransfer(C, BESIDE))
    waits = held(invitation=Invitation(ServiceId("g"), "g", history=False, at=NOON))
    with pytest.raises(NotNow):
        step(waits, commands.OfferTransfer(A, BESIDE))
    asked = step(held(), commands.PutProposal(A, "p"))  # type: ignore[arg-type]
    with pytest.raises(NotNow):
        step(asked, commands.OfferTransfer(A, BESIDE))


def test_second_one_is_told_who_was_first() -> None:
    """Whoever accepts what was taken meanwhile learns the alias; whoever is not asked learns nothing."""
    given_ = step(held(), commands.OfferTransfer(A, replace(BESIDE, duty=None)))
    taken = step(given_, commands.AcceptTransfer(B, "Bodil"))
    with pytest.raises(LostClaim) as lost:
        step(taken, commands.AcceptTransfer(C, "Cia"))
    assert lost.value.winner == "Bodil"
    alone = step(held(), commands.OfferTransfer(A, BESIDE))
    with pytest.raises(NotAllowed):
        step(alone, commands.AcceptTransfer(C, "Cia"))
    with pytest.raises(NotNow):
        step(alone, commands.AcceptTransfer(B, "Bodil"), timedelta(minutes=2))


def test_answer_to_an_older_offer_changes_no_newer_one() -> None:
    """What was seen of the waiting room some time ago ends that offer alone."""
    first = step(held(), commands.OfferTransfer(A, BESIDE))
    seen = offered(first)
    assert seen is not None
    again = step(
        step(first, commands.TakeBackTransfer(A)), commands.OfferTransfer(A, BESIDE), timedelta(seconds=1)
    )
    with pytest.raises(NotNow):
        step(again, commands.LoseTransferTarget(seen.at))
    gone = step(again, commands.LoseTransferTarget(NOON + timedelta(seconds=1)))
    assert gone.transfer is not None
    assert gone.transfer.ended is TransferEnd.GONE


@FEW
@given(
    st.lists(st.tuples(st.integers(1, 20), st.sampled_from(["a", "b", "c"])), max_size=6),
    st.integers(0, 200),
)
def test_every_entry_has_one_organisation(steps: list[tuple[int, str]], seq: int) -> None:
    """However often it crosses: an entry belongs to whoever had it then; later crossings change nothing."""
    state, at, history = held(), 0, [(0, "org")]
    for length, to in steps:
        at += length
        if to != state.organisation:
            state = replace(
                state,
                crossed=(*state.crossed, Crossing(at, state.organisation)),
                organisation=OrganisationId(to),
            )
            history.append((at + 1, to))
    whose = [name for first, name in history if first <= seq][-1]
    assert organisation_at(state, seq) == whose


def test_who_could_not_read_it_passes_on_no_more_than_they_had() -> None:
    """Her yes to reading what was before is about what those who ask can read themselves."""
    moves = replace(MOVES, history=False)
    there = step(agreed(held(), moves), commands.AcceptTransfer(B, "Bodil"))
    assert there.reads_after == there.seq - 1
    back = commands.Moves(commands.Target(ServiceId("jour"), HERE, Track.EXPOSED, "Här"), history=True)
    asked = step(there, commands.PutProposal(B, "q"))  # type: ignore[arg-type]
    answer = commands.AnswerProposal("b", asked.proposal or 0, moves=back)  # type: ignore[arg-type]
    home = step(step(asked, answer), commands.AcceptTransfer(A, "Alma"))
    assert home.reads_after == there.reads_after
    assert [each.organisation for each in home.crossed] == [HERE, THERE]
