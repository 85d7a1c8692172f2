# SPDX-License-Identifier: EUPL-1.2
"""What is counted when, through the real chat: each thing where it happens, once in all processes."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from datetime import date, timedelta

import pytest

from chat import commands
from chat.errors import Refused, Unavailable
from chat.grid import Week
from chat.histograms import LASTED, WAITED
from chat.hours import local_day
from chat.ids import ServiceId
from chat.live import shifts
from chat.staff_entries import StaffKind
from tests.service.jotting import jots
from tests.service.story import Process, Story
from tests.service.transferring import declines, offers, says_yes, work_together

MINUTE, HOUR = 60, 3600
LINDEN = ServiceId("linden")


async def counted(chat: Process, service: str = "linden", days: int = 1) -> Counter[str]:
    """Return what was counted on the first days of the story, in all."""
    first = date(2026, 2, 16)
    found = await chat.store.counters([ServiceId(service)], first, first + timedelta(days=days - 1))
    return Counter(found[ServiceId(service)])


def steps(found: Counter[str]) -> dict[str, int]:
    """Return those that say how long something took."""
    return {name: by for name, by in found.items() if name in {*WAITED.counters, *LASTED.counters}}


def wanted(found: Mapping[str, int]) -> dict[str, int]:
    """Return those of the hours of the week."""
    return {name: by for name, by in found.items() if name.startswith("wanted_")}


# --- how long it took ---------------------------------------------------------------------------------------


async def test_wait_and_length_are_measured_from_her_start_and_the_first_answer(
    story: Story, chat: Process
) -> None:
    """Lost, given back and taken over, away in between: one answer, one wait, one length."""
    visitor = await chat.visitor_starts("linden")
    await visitor.vanishes()
    await story.let_pass(45)
    visitor = await visitor.comes_back()
    first = await chat.operator_on_duty("linden")
    await story.let_pass(100)
    await first.accepts(visitor)
    assert steps(await counted(chat)) == {"waited_03": 1}  # 145 s
    await story.let_pass(6 * MINUTE)
    await first.vanishes()
    await story.let_pass(91)
    second = await chat.operator_on_duty("linden", alias="Bodil")
    await second.accepts(visitor)
    await story.let_pass(MINUTE)
    async with chat.chat.operators.held(second.desk, visitor.id) as room:
        await chat.chat.rooms.do(room, commands.HandBack(second.id))
    await story.let_pass(20 * MINUTE)
    await second.accepts(visitor)
    supervisor = await chat.operator_on_duty("linden", alias="Stina", supervises=True)
    await second.raises(visitor)
    await supervisor.supervises(visitor)
    await supervisor.takes_over(visitor)
    await story.let_pass(2 * MINUTE)
    await supervisor.ends(visitor)
    found = await counted(chat)
    assert steps(found) == {"waited_03": 1, "lasted_04": 1}  # 30 min 31 s
    assert {name: found[name] for name in ("answered", "rescued", "handed_back", "taken_over", "ended")} == {
        "answered": 1,
        "rescued": 1,
        "handed_back": 1,
        "taken_over": 1,
        "ended": 1,
    }


async def test_length_ends_where_it_was_taken_on(story: Story, chat: Process) -> None:
    """Answered in one service and ended in the other, measured over both."""
    visitor, operator = await chat.talk()
    await story.let_pass(11 * MINUTE)
    other = await chat.operator_on_duty("bjorken", alias="Bo")
    await offers(operator, visitor, service="bjorken")
    await other.accepts(visitor)
    await story.let_pass(MINUTE)
    await visitor.leaves()
    assert steps(await counted(chat)) == {"waited_00": 1}
    found = await counted(chat, "bjorken")
    assert steps(found) == {"lasted_02": 1}
    assert (found["answered"], found["taken_on"], found["ended"]) == (0, 1, 1)


async def test_length_of_a_parked_one_goes_on(story: Story, chat: Process) -> None:
    """She was away with a code for an hour, and gave up: ended, not abandoned."""
    visitor, operator = await chat.talk()
    code = await visitor.takes_a_code()
    await visitor.vanishes()
    async with chat.chat.operators.held(operator.desk, visitor.id) as room:
        await chat.chat.rooms.do(room, commands.SetAside(operator.id))
    await story.let_pass(HOUR)
    back = await chat.visitor_returns(code)
    await back.leaves()
    found = await counted(chat)
    assert steps(found) == {"waited_00": 1, "lasted_06": 1}
    assert (found["ended"], found["abandoned"], found["handed_back"], found["rescued"]) == (1, 0, 1, 0)


async def test_conversation_from_an_older_version_is_counted(story: Story, chat: Process) -> None:
    """It was answered before that time was kept: it lasts from its start, and the sums agree."""
    visitor = await chat.visitor_starts("linden")
    operator = await chat.operator_on_duty("linden")
    await story.let_pass(6 * MINUTE)
    await operator.accepts(visitor)
    with closing(sqlite3.connect(story.file)) as file, file:
        assert file.execute("UPDATE conversation SET answered_at = NULL").rowcount == 1
    again = await story.open_process()
    back = await visitor.comes_back(to=again)
    await back.leaves()
    assert steps(await counted(chat)) == {"waited_04": 1, "lasted_01": 1}


# --- when in the week ---------------------------------------------------------------------------------------


async def test_wish_is_counted_under_the_first_monday_of_its_month(story: Story, chat: Process) -> None:
    """Of who started and who could not; nothing of that day tells the hour of anybody."""
    await chat.visitor_starts("linden")
    story.clock.advance(26 * HOUR)
    await chat.chat.visitors.count_closed(LINDEN)
    await chat.chat.visitors.count_closed(LINDEN)
    assert await chat.counted() == {"refused_closed": 2}
    first = Week.of(local_day(story.clock.now())).month.weeks[0].monday
    assert first == date(2026, 2, 2)
    found = (await chat.store.counters([LINDEN], first))[LINDEN]
    assert found == {"wanted_0_21": 1, "wanted_1_23": 2}


async def test_start_that_is_not_stored_counts_nothing(
    story: Story, chat: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk, or a notice that has changed: no start, no wish."""

    async def fail(*_given: object, **_named: object) -> None:
        raise Unavailable

    with monkeypatch.context() as away:
        away.setattr(chat.store, "create", fail)
        with pytest.raises(Unavailable):
            await chat.visitor_starts("linden")
    with pytest.raises(Refused):
        await chat.visitor_starts("linden", notice="old")
    assert await counted(chat, days=1) == Counter()
    assert wanted((await chat.store.counters([LINDEN], date(2026, 2, 2)))[LINDEN]) == {}


# --- who was not answered -----------------------------------------------------------------------------------


async def test_ring_that_runs_out_is_no_answer_and_no_abandonment(story: Story, chat: Process) -> None:
    """One for each; pausing, going and losing the connection are none; leaving while it rings is hers."""
    first = await chat.operator_on_duty("aspen")
    visitor = await chat.visitor_starts("aspen")
    await story.settle()
    await story.let_pass(31)
    assert (await counted(chat, "aspen"))["offer_unanswered"] == 1
    await story.let_pass(31)
    second = await chat.operator_on_duty("aspen", alias="Bodil")
    assert (await counted(chat, "aspen"))["offer_unanswered"] == 2
    for operator in (first, second):
        if operator.queue:
            await shifts.pause(chat.chat.operators, operator.desk, on=True)
            await story.settle()
    await first.vanishes()
    await second.vanishes()
    await story.settle()
    found = await counted(chat, "aspen")
    assert (found["offer_unanswered"], found["answered"], found["abandoned"]) == (2, 0, 0)
    third = await chat.operator_on_duty("aspen", alias="Tove")
    assert third.queue == [visitor.id]
    await visitor.leaves()
    found = await counted(chat, "aspen")
    assert (found["abandoned_offered"], found["abandoned_waiting"], found["abandoned"]) == (1, 0, 1)
    assert (found["offer_unanswered"], steps(found)) == (2, {})


@pytest.mark.parametrize("quickly", [False, True])
async def test_abandoned_in_the_queue(story: Story, chat: Process, *, quickly: bool) -> None:
    """Whoever wrote before and whoever did not, on purpose or by a lost connection: the same counters."""
    for wrote in (False, True):
        visitor = await chat.visitor_starts("linden")
        if wrote:
            await visitor.says("hallå?")
        await visitor.leaves(quickly=quickly)
    lost = await chat.visitor_starts("linden")
    await lost.vanishes()
    await story.let_pass(121)
    assert await counted(chat) == {"started": 3, "abandoned": 3, "abandoned_waiting": 3}


async def test_offers_of_a_transfer_count_once_each(story: Story, chat: Process) -> None:
    """Refused, lapsed and nobody there are unanswered; taken back, by either of them, and taken are not."""
    visitor, old = await chat.talk()
    new = await chat.operator_on_duty("linden", alias="Sam")
    await offers(old, visitor, new)
    await declines(new, visitor)
    await offers(old, visitor, new)
    await story.let_pass(121)
    await story.let_pass(5)
    await offers(old, visitor, new)
    await new.goes_off_duty()
    await story.settle()
    assert (await counted(chat))["transfer_unanswered"] == 3
    await new.goes_on_duty("linden", alias="Sam")
    await story.settle()
    await offers(old, visitor, new)
    await chat.chat.transfers.take_back(old.desk, visitor.id)
    work_together(story)
    away = await chat.operator_on_duty("eken", alias="Eva")
    await says_yes(visitor, old)
    await chat.chat.rooms.do(visitor.seat.room, commands.WithdrawInvitation())
    await says_yes(visitor, old)
    await declines(away, visitor)
    found = await counted(chat)
    assert (found["transfer_unanswered"], found["transferred"]) == (4, 0)
    await offers(old, visitor, new)
    await new.accepts(visitor)
    found = await counted(chat)
    assert (found["transfer_unanswered"], found["transferred"], found["answered"]) == (4, 1, 1)
    assert (await counted(chat, "eken")) == {"shifts": 1}


# --- shifts -------------------------------------------------------------------------------------------------


async def test_shift_is_one_for_a_sign_in_a_service_and_a_day(story: Story, chat: Process) -> None:
    """Off and on, pause, a reload, a lost connection, one service more: only what is new is counted."""
    operator = await chat.operator_connects(story.sign_in("linden", "bjorken"))
    await operator.goes_on_duty("linden")
    await operator.goes_off_duty()
    await operator.goes_on_duty("linden", alias="Sam")
    await shifts.pause(chat.chat.operators, operator.desk, on=True)
    await shifts.pause(chat.chat.operators, operator.desk, on=False)
    operator = await operator.comes_back()
    await operator.goes_on_duty("linden", "bjorken")
    await operator.vanishes()
    await story.let_pass(10 * MINUTE)
    assert await chat.store.duty(operator.id) is None, "the chat has forgotten them"
    operator = await operator.comes_back()
    await operator.goes_on_duty("linden")
    assert [(await counted(chat, each))["shifts"] for each in ("linden", "bjorken")] == [1, 1]
    await story.let_pass(4 * HOUR)  # past midnight, still on duty
    await operator.goes_on_duty("linden", alias="Alva")
    assert (await counted(chat, days=2))["shifts"] == 1
    await operator.goes_off_duty()
    await operator.goes_on_duty("linden")
    assert (await counted(chat, days=2))["shifts"] == 2
    with closing(sqlite3.connect(story.file)) as file:
        assert file.execute("SELECT duty, service, day FROM shift_begun").fetchall() == [
            (operator.id, "linden", "2026-02-17")
        ], "of yesterday nothing is kept"


async def test_another_sign_in_is_another_shift_and_a_supervisors_is_none(chat: Process) -> None:
    """Two people, two shifts; whoever only comes to raised hands takes no chats."""
    await chat.operator_on_duty("linden")
    await chat.operator_on_duty("linden", alias="Bodil")
    await chat.operator_on_duty("linden", alias="Stina", supervises=True)
    assert await counted(chat) == {"shifts": 2}


async def test_shift_that_is_not_stored_is_not_counted(
    story: Story, chat: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is counted with the duty itself, or neither is there."""
    operator = await chat.operator_connects(story.sign_in("linden"))

    def fail(*_given: object) -> None:
        raise Unavailable

    with monkeypatch.context() as away:
        away.setattr("chat.adapters.sql.store.begin_shifts", fail)
        with pytest.raises(Unavailable):
            await operator.goes_on_duty("linden")
    assert await chat.store.duty(operator.id) is None
    assert await counted(chat) == Counter()
    await operator.goes_on_duty("linden")
    assert (await counted(chat))["shifts"] == 1


# --- what counts as nothing ---------------------------------------------------------------------------------


async def test_what_is_written_counts_nothing(story: Story, chat: Process) -> None:
    """Texts of both, notes, a whisper, a hand that goes up and down, and what the service says by itself."""
    visitor, operator = await chat.talk()
    supervisor = await chat.operator_on_duty("linden", alias="Stina", supervises=True)
    before = await every_counter(chat)
    for turn in range(3):
        await visitor.says(f"hej {turn}")
        await operator.says(visitor, f"hej du {turn}")
    await jots(operator, visitor, "ring kuratorn")
    await operator.raises(visitor)
    await operator.raises(visitor, up=False)
    assert await every_counter(chat) == before
    await operator.raises(visitor)
    await supervisor.supervises(visitor)
    came = await every_counter(chat)
    assert came - before == Counter({("linden", "supervised"): 1})
    await jots(supervisor, visitor, "fråga om barnen", kind=StaffKind.WHISPER)
    await supervisor.says(visitor, "Hej, jag är Stina.")
    await supervisor.leaves(visitor)
    assert await every_counter(chat) == came


async def every_counter(chat: Process) -> Counter[tuple[str, str]]:
    """Return all that is in the table, whatever its day."""
    with closing(sqlite3.connect(chat.story.file)) as file:
        rows = file.execute("SELECT service, name, value FROM counter").fetchall()
    found: Counter[tuple[str, str]] = Counter()
    for service, name, value in rows:
        found[service, name] += value
    return found
