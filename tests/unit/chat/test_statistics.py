# SPDX-License-Identifier: EUPL-1.2
"""What is counted, on which day, and what is never counted twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import String

from chat import commands
from chat.adapters.sql.tables import counter
from chat.catalogue import Deadlines
from chat.commands import Command
from chat.events import OfferLapsed, TransferEnded
from chat.grid import Week
from chat.histograms import LASTED, WAITED
from chat.ids import ClientId, OrganisationId, ServiceId, Track
from chat.parts import TransferEnd, WordState
from chat.statistics import TOLD, Count, Counted, counts_for, refused_closed, shifts_begun, started
from chat.transitions import receive
from moderation.sanctions import Unsafe
from tests.unit.chat.making import NOON, A, B, a_conversation, a_duty, minutes

JOUR = ServiceId("jour")
TODAY = date(2026, 11, 18)
FIRST_MONDAY = date(2026, 11, 2)

CLAIM = commands.Claim(A, "Alma")
RING = commands.Offer(A)
BODIL = commands.Target(JOUR, OrganisationId("org"), Track.EXPOSED, "", B, "Bodil")
BESIDE = commands.Target(ServiceId("beside"), OrganisationId("org"), Track.EXPOSED, "Bredvid")

Step = Command | timedelta


def counts(*steps: Step) -> list[Count]:
    """Return what a conversation adds from its first step to its last; a time lets so much time pass."""
    state, now, found = a_conversation(), NOON, list[Count]()
    for step in steps:
        if isinstance(step, timedelta):
            now += step
            continue
        after, events = receive(state, step, now, Deadlines())
        found += counts_for(state, events, now)
        state = after
    return found


def counted(*steps: Step) -> list[str]:
    """Return the names of what it adds."""
    return [count.name for count in counts(*steps)]


def test_answered_conversation_is_answered_and_ended() -> None:
    """Each with how long it took; an absence between belongs to the time."""
    steps = (minutes(3), CLAIM, commands.NoteVisitorAway(), minutes(25), commands.EndConversation(A))
    assert counted(*steps) == [Counted.ANSWERED, "waited_03", Counted.ENDED, "lasted_03"]


def test_what_is_said_or_asked_counts_nothing() -> None:
    """Messages, questions, words, absences, codes, hands and what the service says by itself."""
    steps = (
        commands.PostVisitorMessage(ClientId("v")),
        commands.MarkAcute(),
        commands.NoteVisitorAway(),
        commands.NoteVisitorPresent(),
        CLAIM,
        commands.PostVisitorMessage(ClientId("w")),
        commands.PostOperatorMessage(A, ClientId("o")),
        commands.PutProposal(A, ClientId("p")),
        commands.TakeBackProposal(A),
        commands.TakeReturnCode(NOON + minutes(60)),
        commands.OfferWord(A),
        commands.ChooseWord(chosen=True),
        commands.AskForWord(A),
        commands.TellWord(WordState.MATCHED),
        commands.NoteOperatorAway(A),
        commands.NoteOperatorPresent(A),
        commands.RaiseHand(A),
        commands.LowerHand(A),
        commands.DropReturnCode(),
        commands.LetTimePass(),
    )
    assert counted(*steps) == [Counted.ANSWERED, "waited_00"]


def test_unanswered_conversation_is_abandoned_where_it_stood() -> None:
    """In the queue, or while a console rang; never as something that lasted."""
    in_the_queue = [Counted.ABANDONED, Counted.ABANDONED_WAITING]
    assert counted(commands.LeaveConversation()) == in_the_queue
    assert counted(commands.NoteVisitorAway(), minutes(9), commands.LetTimePass()) == in_the_queue
    rung = [Counted.ABANDONED, Counted.ABANDONED_OFFERED]
    assert counted(RING, commands.LeaveConversation(quickly=True)) == rung
    again = (RING, commands.StopRinging(A), commands.LeaveConversation())
    assert counted(*again) == in_the_queue


def test_whether_she_wrote_before_she_left_shows_nowhere() -> None:
    """Whoever wrote and whoever did not leave the same numbers."""
    wrote = commands.PostVisitorMessage(ClientId("v"))
    assert counts(wrote, commands.LeaveConversation()) == counts(commands.LeaveConversation())


def test_rescued_conversation_is_answered_once() -> None:
    """The second operator is no second answer or wait; it lasts from the first one's coming to the end."""
    lost = (minutes(1), CLAIM, minutes(8), commands.ReturnToQueue(A))
    came = [Counted.ANSWERED, "waited_02", Counted.RESCUED]
    assert counted(*lost, minutes(200), commands.Claim(B, "Bodil")) == came
    over = (minutes(3), commands.Claim(B, "Bodil"), minutes(1), commands.EndConversation(B))
    assert counted(*lost, *over) == [*came, Counted.ENDED, "lasted_02"]


def test_given_up_after_a_rescue_is_no_abandonment() -> None:
    """She was answered once, so it ended, also from the queue, while rung for, or parked."""
    lost = (CLAIM, commands.ReturnToQueue(A), minutes(6))
    ended = [Counted.ANSWERED, "waited_00", Counted.RESCUED, Counted.ENDED, "lasted_01"]
    assert counted(*lost, commands.LeaveConversation()) == ended
    assert counted(*lost, commands.Offer(B), commands.LeaveConversation()) == ended


def test_given_back_or_set_aside_is_nobodys_loss() -> None:
    """Whoever held it did it themselves."""
    back = [Counted.ANSWERED, "waited_00", Counted.HANDED_BACK]
    assert counted(CLAIM, commands.HandBack(A)) == back
    away = (commands.TakeReturnCode(NOON + minutes(600)), commands.NoteVisitorAway())
    assert counted(CLAIM, *away, commands.SetAside(A)) == back


def test_ring_that_runs_out_is_unanswered_once() -> None:
    """Neither an answer nor an abandonment; a ring that was stopped is none at all."""
    silent = (RING, timedelta(seconds=30), commands.LetTimePass(), commands.LetTimePass())
    assert counted(*silent) == [Counted.OFFER_UNANSWERED]
    again = (*silent, commands.Offer(B), timedelta(seconds=30), commands.LetTimePass(), CLAIM)
    assert counted(*again) == [Counted.OFFER_UNANSWERED] * 2 + [Counted.ANSWERED, "waited_02"]
    for stop in (commands.StopRinging(A), commands.ReturnToQueue(A)):
        assert counted(RING, stop) == []
    gone = (commands.NoteVisitorAway(), timedelta(seconds=115), RING, minutes(1), commands.LetTimePass())
    assert counted(*gone) == [Counted.ABANDONED, Counted.ABANDONED_OFFERED]
    assert counts_for(a_conversation(), [OfferLapsed(A)], NOON) == ()


@pytest.mark.parametrize("why", TransferEnd)
def test_offer_that_nobody_took_is_unanswered(why: TransferEnd) -> None:
    """By those who were asked; whoever took it back, or she, did not leave it unanswered."""
    untaken = why in {TransferEnd.DECLINED, TransferEnd.LAPSED, TransferEnd.GONE}
    expected = [Counted.TRANSFER_UNANSWERED] if untaken else []
    found = counts_for(a_conversation(), [TransferEnded(why)], NOON)
    assert [count.name for count in found] == expected


def test_each_offer_is_answered_or_unanswered_once() -> None:
    """Declined, then lapsed, then taken, and of several who are asked only the last one's no."""
    first = (CLAIM, commands.OfferTransfer(A, BODIL), commands.DeclineTransfer(B))
    second = (commands.OfferTransfer(A, BODIL), minutes(3), commands.LetTimePass(), commands.LetTimePass())
    third = (commands.OfferTransfer(A, BODIL), commands.AcceptTransfer(B, "Bodil"))
    many = (commands.OfferTransfer(B, BESIDE), commands.DeclineTransfer(A, last=False))
    unanswered = [Counted.TRANSFER_UNANSWERED]
    assert counted(*first, *second, *third, *many) == [
        Counted.ANSWERED,
        "waited_00",
        *unanswered * 2,
        Counted.TRANSFERRED,
    ]
    held = (CLAIM, commands.OfferTransfer(A, BODIL))
    assert counted(*held, commands.TakeBackTransfer(A)) == [Counted.ANSWERED, "waited_00"]


def test_transferred_conversation_ends_where_it_is() -> None:
    """Answered and given away in one service; taken on, ended and measured in the other, from the start."""
    moved = (CLAIM, minutes(12), commands.OfferTransfer(A, BESIDE), commands.AcceptTransfer(B, "Bodil"))
    found = counts(*moved, minutes(10), commands.EndConversation(B))
    assert [(count.service, count.name) for count in found] == [
        (JOUR, Counted.ANSWERED),
        (JOUR, "waited_00"),
        (JOUR, Counted.TRANSFERRED),
        ("beside", Counted.TAKEN_ON),
        ("beside", Counted.ENDED),
        ("beside", "lasted_03"),
    ]


def test_supervisor_who_takes_over_answers_nothing_anew() -> None:
    """She was answered long ago, and the length goes on."""
    came = (CLAIM, commands.RaiseHand(A), commands.JoinAsSupervisor(B, "Bodil", "Jouren"))
    over = (minutes(31), commands.TakeOver(B), commands.EndConversation(B, Unsafe.THREAT))
    assert counted(*came, *over) == [
        Counted.ANSWERED,
        "waited_00",
        Counted.SUPERVISED,
        Counted.TAKEN_OVER,
        Counted.ENDED,
        "lasted_04",
        Counted.UNSAFE_THREAT,
    ]


def test_clock_that_was_set_back_takes_no_time() -> None:
    """What seems to have ended before it began is in the first step."""
    steps = (-minutes(5), CLAIM, -minutes(5), commands.EndConversation(A))
    assert counted(*steps) == [Counted.ANSWERED, "waited_00", Counted.ENDED, "lasted_00"]


def test_conversation_from_before_is_measured_from_its_start() -> None:
    """One that was answered when that time was not kept yet is in some step, or the sums would not agree."""
    held, _ = receive(a_conversation(), CLAIM, NOON, Deadlines())
    assert held.answered_at == NOON
    old, later = replace(held, answered_at=None), NOON + minutes(25)
    _, events = receive(old, commands.EndConversation(A), later, Deadlines())
    assert [count.name for count in counts_for(old, events, later)] == [Counted.ENDED, "lasted_03"]
    lost, _ = receive(old, commands.ReturnToQueue(A), later, Deadlines())
    again, _ = receive(lost, commands.Claim(B, "Bodil"), later, Deadlines())
    assert again.answered_at is None


def test_count_belongs_to_the_swedish_day() -> None:
    """Half past eleven at night UTC is the next day in Sweden."""
    late = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)
    assert started(JOUR, NOON)[0] == Count(JOUR, TODAY, Counted.STARTED)
    assert refused_closed(JOUR, late)[0] == Count(JOUR, date(2026, 11, 19), Counted.REFUSED_CLOSED)
    state = a_conversation()
    _, events = receive(state, CLAIM, late, Deadlines())
    assert {count.day for count in counts_for(state, events, late)} == {date(2026, 11, 19)}


def test_wish_is_counted_by_the_hour_of_the_week_and_never_under_its_day() -> None:
    """Started or refused; all days of a month lie under its first Monday, so no hour of a day can be read."""
    assert started(JOUR, NOON)[1:] == (Count(JOUR, FIRST_MONDAY, "wanted_2_13"),)  # type: ignore[arg-type]
    assert refused_closed(JOUR, NOON)[1:] == started(JOUR, NOON)[1:]
    days = {
        started(JOUR, datetime(2026, 11, 2, 12, tzinfo=UTC) + timedelta(days=ahead))[1].day
        for ahead in range(28)
    }
    assert days == {FIRST_MONDAY}
    # Sunday the first belongs to the week that begins in October, and so to October.
    assert started(JOUR, datetime(2026, 11, 1, 12, tzinfo=UTC))[1].day == date(2026, 9, 28)
    assert Week(date(2026, 9, 28)).month.weeks[0].monday == date(2026, 9, 28)


def test_hour_that_comes_twice_is_one_hour_of_the_clock() -> None:
    """On the Sunday in October on which the clocks are set back."""
    twice = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]
    assert [started(JOUR, each)[1].name for each in twice] == ["wanted_6_02"] * 2


def test_shift_begins_where_somebody_did_not_serve_before() -> None:
    """One for each service; going off duty begins none, nor does looking after raised hands."""
    on = a_duty("a", "jour", "eken")
    assert shifts_begun(on, None, NOON) == tuple(
        Count(ServiceId(each), TODAY, Counted.SHIFTS) for each in ("eken", "jour")
    )
    assert [count.service for count in shifts_begun(on, a_duty("a", "jour"), NOON)] == ["eken"]
    assert shifts_begun(on, on, NOON) == shifts_begun(on.off(), on, NOON) == ()
    supervisor = replace(on, services=frozenset(), supervising=frozenset({JOUR}))
    assert shifts_begun(supervisor, None, NOON) == ()


def test_told_are_all_but_the_sums_and_how_shifts_were() -> None:
    """What can be worked out from others, or is one person's answer, is never told."""
    hidden = {"started", "abandoned", "shift_felt_good", "shift_felt_so_so", "shift_felt_heavy"}
    assert set(Counted) - set(TOLD) == hidden
    assert len(set(TOLD)) == len(TOLD)
    assert {*WAITED.counters, *LASTED.counters, "wanted_6_23", "told_channel_chat"} <= set(TOLD)
    column = counter.c.name.type
    assert isinstance(column, String)
    assert column.length is not None
    assert max(map(len, TOLD)) <= column.length, "PostgreSQL refuses a name that is too long"
