# SPDX-License-Identifier: EUPL-1.2
"""What holds for every sequence of commands and waits (`sequences.py`)."""

from __future__ import annotations

from typing import get_args

from chat import commands
from chat.commands import Command
from chat.conversation import Conversation, Phase
from chat.errors import HasEnded, LostClaim, NotAllowed, NotNow, SeatTaken
from chat.events import (
    ConversationEnded,
    GuestJoined,
    GuestLeft,
    HandedOver,
    InvitationWithdrawn,
    MarkedAcute,
    MessagePosted,
    OperatorJoined,
    OperatorLeft,
    OperatorRelieved,
    ProposalAnswered,
    ProposalPut,
    ProposalTakenBack,
    SupervisorCame,
    SupervisorTookOver,
    TakenOn,
    TransferEnded,
)
from chat.moves.agreed_word import is_in_doubt
from chat.moves.transferring import crosses, offered
from chat.parts import WordState
from chat.transitions import TRANSITIONS, next_deadline, receive
from tests.unit.chat.making import NOON, A, B, a_conversation, minutes
from tests.unit.chat.sequences import (
    ALPHABET,
    ASKED,
    DEADLINES,
    INSTANT,
    INVITES,
    Tried,
    carried_out,
    everything,
    states,
)

ABOUT_A_QUESTION = (commands.PutProposal, commands.TakeBackProposal, commands.AnswerProposal)
OF_A_CODE = (commands.TakeReturnCode, commands.ComeBack, commands.SetAside)
OF_A_TRANSFER = (
    commands.OfferTransfer,
    commands.AcceptTransfer,
    commands.DeclineTransfer,
    commands.TakeBackTransfer,
    commands.LoseTransferTarget,
)
"""Why these are refused is looked at in `test_transferring.py`."""
OF_A_GUEST = (
    commands.PostGuestMessage,
    commands.NoteGuestPresent,
    commands.NoteGuestAway,
    commands.LeaveAsGuest,
    commands.TakeOver,
)
COMES = (commands.JoinAsGuest, commands.JoinAsSupervisor)


MAY_MOVE: dict[type[Command], set[WordState | None]] = {
    commands.OfferWord: {None, WordState.DECLINED},
    commands.TakeBackWord: {WordState.OFFERED},
    commands.ChooseWord: {WordState.OFFERED},
    commands.AskForWord: {WordState.AGREED, WordState.MATCHED, WordState.DIFFERED, WordState.SKIPPED},
    commands.TellWord: {WordState.ASKED},
}
"""Where the agreed word must stand for each move about it."""


def stands(state: Conversation) -> WordState | None:
    """Return where the agreed word stands."""
    return state.word.state if state.word is not None else None


def test_alphabet_names_every_command() -> None:
    """No command is left out of the sequences."""
    assert {type(command) for command in ALPHABET} == set(get_args(Command))


def test_sequences_reach_every_move_and_phase() -> None:
    """Each move of the table is made, and each phase reached, in some sequence."""
    assert {(one.before.phase, type(one.command)) for one, _ in carried_out()} == set(TRANSITIONS)
    assert {state.phase for state in states()} == set(Phase)


def test_seq_grows_without_gaps() -> None:
    """The numbers that a step gives out follow the old head one by one and end at the new head."""
    numbered = (
        MessagePosted,
        ProposalPut,
        ProposalTakenBack,
        ProposalAnswered,
        OperatorJoined,
        OperatorLeft,
        OperatorRelieved,
        SupervisorCame,
        SupervisorTookOver,
        InvitationWithdrawn,
        GuestJoined,
        GuestLeft,
        TransferEnded,
        HandedOver,
        TakenOn,
        ConversationEnded,
    )
    for one, after in carried_out():
        given = [event.seq for event in one.events if isinstance(event, numbered) and event.seq is not None]
        assert given == list(range(one.before.seq + 1, after.seq + 1)), one


def test_ended_absorbs_everything() -> None:
    """Nothing leaves the last phase: every command is refused, and time has no more say."""
    after_the_end = [one for one in everything() if one.before.phase is Phase.ENDED]
    assert after_the_end
    assert all(type(one.refusal) is HasEnded for one in after_the_end)
    assert {next_deadline(one.before, DEADLINES) for one in after_the_end} == {None}


def test_end_is_told_once_and_ends() -> None:
    """The step that ends a conversation says so in its last event, and no other step does."""
    for one, after in carried_out():
        ends = [event for event in one.events if isinstance(event, ConversationEnded)]
        assert len(ends) == (after.phase is Phase.ENDED), one
        assert not ends or one.events[-1] == ends[0]


def test_illegal_move_is_refused() -> None:
    """What the table does not know is refused with its reason; what it knows, for strangers only."""
    for one in everything():
        legal = (one.before.phase, type(one.command)) in TRANSITIONS
        if one.before.phase is Phase.ENDED:
            assert type(one.refusal) is HasEnded, one
        elif not legal:
            claim = isinstance(one.command, commands.Claim)
            assert type(one.refusal) is (LostClaim if claim else NotNow), one
        elif isinstance(one.command, OF_A_TRANSFER):
            assert one.refusal is None or type(one.refusal) in {NotNow, NotAllowed, LostClaim}, one
        elif isinstance(one.command, ABOUT_A_QUESTION) and type(one.refusal) is NotNow:
            assert_cannot_be_asked(one)
        elif isinstance(one.command, (*OF_A_CODE, *MAY_MOVE)) and type(one.refusal) is NotNow:
            assert_cannot_be_now(one)
        elif isinstance(one.command, commands.WithdrawInvitation) and one.refusal is not None:
            assert (type(one.refusal), one.before.invitation) == (NotNow, None), one
            transfer = offered(one.before)
            assert transfer is None or not crosses(one.before, transfer), one
        elif isinstance(one.command, COMES) and one.refusal is not None:
            come, state = one.before.guest is not None, one.before
            as_guest = isinstance(one.command, commands.JoinAsGuest)
            asked = state.invitation if as_guest else state.hand_since
            assert type(one.refusal) is (LostClaim if come else NotAllowed), one
            assert come or asked is None or one.command.duty == state.operator, one
        elif isinstance(one.command, commands.RaiseHand) and type(one.refusal) in {SeatTaken, NotNow}:
            before = one.before
            assert (before.guest, before.invitation, offered(before)) != (None, None, None), one
        elif isinstance(one.command, OF_A_GUEST) and one.refusal is not None:
            assert type(one.refusal) is NotAllowed, one
            guest, takes_over = one.before.guest, isinstance(one.command, commands.TakeOver)
            is_them = guest is not None and guest.duty == one.command.duty
            assert not is_them or (takes_over and guest is not None and not guest.is_supervisor), one
        elif one.refusal is not None:
            assert type(one.refusal) is NotAllowed, one
            assert getattr(one.command, "duty", None) not in {None, one.before.operator}, one


def assert_cannot_be_asked(one: Tried) -> None:
    """Nothing is asked or said yes to: no such question, nobody can come, or who is there is open."""
    state, command = one.before, one.command
    if isinstance(command, commands.PutProposal):
        assert is_in_doubt(state.word) or offered(state) is not None, one
    elif state.proposal == ASKED:
        assert isinstance(command, commands.AnswerProposal), one
        cannot = state.phase is not Phase.ACTIVE or state.guest is not None
        leads_on = command.invites is not None or command.moves is not None
        assert (leads_on and cannot) or (command.yes and is_in_doubt(state.word)), one


def test_no_yes_counts_while_it_is_open_who_is_there() -> None:
    """Asked for the word, or told wrong: a no counts, a yes and a new question do not."""
    no = 0
    for one, _ in carried_out():
        if is_in_doubt(one.before.word):
            assert not isinstance(one.command, commands.PutProposal), one
            if isinstance(one.command, commands.AnswerProposal):
                assert not one.command.yes, one
                no += 1
    assert no


def test_who_comes_in_with_a_code_finds_nothing_open() -> None:
    """The question and the invitation that nobody has taken go in the same step, and are told."""
    asked = invited = 0
    for one, after in carried_out():
        if not isinstance(one.command, commands.ComeBack):
            continue
        kinds = [type(event) for event in one.events]
        alone = one.before.guest is None
        assert (ProposalTakenBack in kinds) == (one.before.proposal is not None), one
        assert (InvitationWithdrawn in kinds) == (one.before.invitation is not None and alone), one
        assert not alone or after.invitation is None, one
        asked += ProposalTakenBack in kinds
        invited += InvitationWithdrawn in kinds
    assert asked
    assert invited


def assert_cannot_be_now(one: Tried) -> None:
    """A code, or a word, cannot be asked for, used or told as things stand."""
    state = one.before
    match one.command:
        case commands.TakeReturnCode():
            assert not state.has_begun, one
        case commands.ComeBack():
            assert state.code_until is None or one.now >= state.code_until, one
        case commands.SetAside():
            assert None in {state.visitor_away_since, state.code_until}, one
        case _:
            assert stands(state) not in MAY_MOVE[type(one.command)], one


def test_only_the_holder_speaks_or_ends() -> None:
    """Every command of an operator on a held conversation is carried out for its holder alone."""
    for one, _ in carried_out():
        if isinstance(one.command, (*OF_A_GUEST, *COMES, commands.AcceptTransfer, commands.DeclineTransfer)):
            continue
        if one.before.operator is not None and (duty := getattr(one.command, "duty", None)) is not None:
            assert duty == one.before.operator, one


def test_fields_agree_with_the_phase() -> None:
    """Operator, alias, ring and absence are there exactly in the phases that they belong to."""
    for state in states():
        active, offered = state.phase is Phase.ACTIVE, state.phase is Phase.OFFERED
        assert (state.operator is not None) == (active or offered), state
        assert (state.alias is not None) == active, state
        assert (state.offered_until is not None) == offered, state
        assert state.code_until is None or state.has_begun, state
        parked = state.phase is Phase.PARKED
        assert not parked or (state.front and state.visitor_away_since is not None), state
        assert state.operator_away_since is None or active or state.phase is Phase.ENDED, state
        assert not (active and state.passed_by), state


def test_identity_never_changes() -> None:
    """No step moves a conversation to another track or language; only taking it over to another service."""
    fixed = ("id", "track", "language", "started_at")
    first = a_conversation()
    for state in states():
        assert [getattr(state, name) for name in fixed] == [getattr(first, name) for name in fixed]
    for one, after in carried_out():
        if (after.service, after.organisation) != (one.before.service, one.before.organisation):
            assert isinstance(one.command, commands.AcceptTransfer), one


def test_question_is_answered_once_or_not_at_all() -> None:
    """What lies on the table is the newest question; an answer or a taking back leaves none."""
    for one, after in carried_out():
        match one.command:
            case commands.PutProposal():
                assert after.proposal == after.seq, one
            case commands.TakeBackProposal() | commands.AnswerProposal():
                assert (one.before.proposal is None, after.proposal) == (False, None), one
            case commands.ComeBack():
                assert after.proposal is None, "who comes in with a code finds no question"
            case _:
                assert after.proposal == one.before.proposal, one
    answered = [one for one, _ in carried_out() if isinstance(one.command, commands.AnswerProposal)]
    assert answered
    assert {one.before.proposal for one in answered} == {ASKED}


def test_guest_comes_with_her_yes_alone_and_goes_with_the_holder() -> None:
    """Nobody comes uninvited, and neither a guest nor an invitation outlives who holds the conversation."""
    come = set()
    for one, after in carried_out():
        active = after.phase is Phase.ACTIVE
        assert active or (after.guest, after.invitation) == (None, None), one
        came_by_yes = after.guest is not None and not after.guest.is_supervisor
        assert not came_by_yes or after.invitation is not None, one
        assert after.guest is None or after.guest.duty != after.operator, one
        if came_by_yes and one.before.guest is None:
            assert isinstance(one.command, commands.JoinAsGuest), one
            assert one.before.invitation == after.invitation, one
            come.add(one.command.duty)
        if after.invitation is not None and one.before.invitation is None:
            assert isinstance(one.command, commands.AnswerProposal), one
            assert one.command.invites == INVITES, one
        gone = one.before.guest is not None and after.guest is None and after.phase is not Phase.ENDED
        gone = gone and not any(isinstance(event, SupervisorTookOver) for event in one.events)
        assert gone == any(isinstance(event, GuestLeft) for event in one.events), one
    assert come == {A, B}


def test_guest_reads_from_their_coming_on() -> None:
    """Without her leave a guest reads nothing that has the number of their coming or an earlier one."""
    guests = {state.guest for state in states() if state.guest is not None and not state.guest.is_supervisor}
    joined = [event for one, _ in carried_out() for event in one.events if isinstance(event, GuestJoined)]
    assert guests
    assert {guest.after for guest in guests} <= {event.seq for event in joined}


def test_acute_is_whoever_says_so() -> None:
    """Only her own word makes a conversation acute, in any phase, and nothing takes that back."""
    for one, after in carried_out():
        says_so = isinstance(one.command, commands.MarkAcute)
        assert after.acute == (one.before.acute or says_so), one
        assert one.events == ((MarkedAcute(),) if says_so and not one.before.acute else one.events), one


def test_front_is_whoever_lost_an_operator() -> None:
    """A step puts her to the front exactly when it takes her operator away, and nothing takes that back."""
    for one, after in carried_out():
        lost = any(isinstance(event, OperatorLeft) for event in one.events)
        assert after.front == (one.before.front or lost), one
        let_go = after.phase in {Phase.WAITING, Phase.PARKED}
        assert not lost or (let_go and after.waiting_since == one.now), one


def test_word_is_chosen_once_and_only_by_whoever_was_asked() -> None:
    """No move replaces a word that was agreed on, and nobody who comes in with a code chooses one."""
    for one, after in carried_out():
        was, is_now = stands(one.before), stands(after)
        if is_now is WordState.AGREED and was is not WordState.AGREED:
            chosen = isinstance(one.command, commands.ChooseWord)
            assert was is WordState.OFFERED if chosen else isinstance(one.command, commands.ComeBack), one
        if isinstance(one.command, commands.ComeBack):
            assert is_now in {None, WordState.AGREED, WordState.DECLINED, WordState.ASKED}, one
            assert (is_now is WordState.ASKED) == (was is WordState.ASKED), one


def test_answered_tells_whether_anybody_ever_joined() -> None:
    """The end says `answered` exactly for a conversation that an operator had joined."""
    for one, _ in carried_out():
        for event in one.events:
            if isinstance(event, ConversationEnded):
                assert event.answered == (one.before.phase is Phase.ACTIVE or one.before.front), one


def test_nothing_happens_before_the_deadline() -> None:
    """Just before the next deadline, or far off when there is none, time changes nothing."""
    for state in states():
        if state.phase is Phase.ENDED:
            continue
        due = next_deadline(state, DEADLINES)
        quiet = NOON + minutes(10_000) if due is None else due - INSTANT
        assert receive(state, commands.LetTimePass(), quiet, DEADLINES) == (state, ()), state


def test_something_happens_at_the_deadline() -> None:
    """At the next deadline time alone changes the state, and tells it."""
    for state in states():
        if (due := next_deadline(state, DEADLINES)) is not None:
            after, events = receive(state, commands.LetTimePass(), due, DEADLINES)
            assert after != state, state
            assert events, state


def test_deadlines_come_to_rest() -> None:
    """However late time is let pass, a few rounds settle it: no deadline stays due."""
    late = NOON + minutes(10_000)
    settled = states()
    for _ in range(3):
        due = {state: next_deadline(state, DEADLINES) for state in settled}
        overdue = {state for state, when in due.items() if when is not None and when <= late}
        settled = {receive(state, commands.LetTimePass(), late, DEADLINES)[0] for state in overdue}
    assert {next_deadline(state, DEADLINES) for state in settled} <= {None}
