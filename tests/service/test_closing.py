# SPDX-License-Identifier: EUPL-1.2
"""Weeks are closed when they are over, at the start and later, and nothing of the running one is told."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from chat.errors import Unavailable
from chat.grid import EARLIEST, Week
from chat.hours import local_day
from chat.ids import ServiceId
from chat.live.closing import LOOK_S
from chat.statistics import Count, Counted
from tests.service.held import held_by_another
from tests.service.story import Process, Story

LINDEN = ServiceId("linden")
LONG_AGO = Week(date(2020, 1, 6))


async def counts(chat: Process, by: int, day: date | None = None) -> None:
    """Count some answered ones."""
    on = day or local_day(chat.story.clock.now())
    await chat.store.count([Count(LINDEN, on, Counted.ANSWERED, by)])


async def gathered_and_told(chat: Process) -> tuple[int, int]:
    """Return what stands under days, and what has been told."""
    now = Week.of(local_day(chat.story.clock.now()))
    by_day = await chat.store.counters([LINDEN], LONG_AGO.monday, now.sunday)
    told = await chat.figures.sums([LINDEN], LONG_AGO, now)
    return by_day[LINDEN].get("answered", 0), told[LINDEN].get("answered", 0)


def days_in_files(story: Story, day: date) -> bool:
    """Tell whether a day stands anywhere in the database's files, as rows of counters have it."""
    return any(str(day).encode() in file.read_bytes() for file in story.file.parent.iterdir())


def last_minute_of_the_week(story: Story) -> None:
    """Let it be a minute to Monday, in Sweden, in winter."""
    sunday = Week.of(local_day(story.clock.now())).sunday
    moment = datetime(sunday.year, sunday.month, sunday.day, 22, 59, tzinfo=UTC)
    story.clock.advance((moment - story.clock.now()).total_seconds())


async def test_week_is_told_when_it_is_over_in_sweden(story: Story, chat: Process) -> None:
    """Not a minute before; then no file knows any more on which day anything was counted."""
    await counts(chat, 200)
    day = local_day(story.clock.now())
    assert days_in_files(story, day)
    last_minute_of_the_week(story)
    await chat.chat.closing.look()
    assert await gathered_and_told(chat) == (200, 0)
    story.clock.advance(60)
    await counts(chat, 300)
    await chat.chat.closing.look()
    by_day, told = await gathered_and_told(chat)
    assert by_day == 300
    assert 200 - 5 * 7 < told <= 196
    assert chat.shredder.report().unfinished_since == story.clock.now()
    assert await chat.shredder.run_once(story.clock.now())
    assert not days_in_files(story, day)


async def test_real_chats_become_a_figure(story: Story, chat: Process) -> None:
    """What is told of a week is what the chat itself counted."""
    operator = await chat.operator_on_duty("linden")
    for _ in range(9):
        visitor = await chat.visitor_starts("linden")
        await story.settle()
        await operator.accepts(visitor)
        await operator.ends(visitor)
        await story.settle()
    assert (await chat.counted())["answered"] == 9
    story.clock.advance(timedelta(days=7).total_seconds())
    await chat.chat.closing.look()
    told = await chat.figures.sums([LINDEN], LONG_AGO, Week.of(local_day(story.clock.now())))
    assert {name: value for name, value in told[LINDEN].items() if value % 7 or value > 9} == {}
    assert "started" not in told[LINDEN]
    assert await chat.counted() == {}


async def test_files_are_to_be_cleared_once_for_all_weeks_that_are_closed(
    story: Story, chat: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clearing writes the whole file anew, and what is behind is looked for no oftener than need be."""
    wanted: list[datetime] = []
    looked = 0
    behind = chat.figures.behind

    async def counted(last: Week) -> list[tuple[ServiceId, Week]]:
        nonlocal looked
        looked += 1
        return await behind(last)

    monkeypatch.setattr(chat.shredder, "want", wanted.append)
    monkeypatch.setattr(chat.chat.closing.books, "behind", counted)
    for weeks in range(1, 9):
        await counts(chat, 70, local_day(story.clock.now()) - timedelta(weeks=weeks))
    await chat.chat.closing.look()
    assert (await gathered_and_told(chat))[0] == 0
    assert wanted == [story.clock.now()]
    assert looked == 2
    story.clock.advance(timedelta(days=7).total_seconds())
    await chat.chat.closing.look()
    assert len(wanted) == 1, "nothing was deleted"


async def test_what_was_closed_before_a_failure_is_cleared(
    story: Story, chat: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second week cannot be written; the first one's days leave the files all the same."""
    for weeks in (2, 1):
        await counts(chat, 70, local_day(story.clock.now()) - timedelta(weeks=weeks))
    close, left = chat.figures.close, 1

    async def fails(service: ServiceId, week: Week) -> bool:
        nonlocal left
        if not left:
            raise Unavailable("not now")
        left -= 1
        return await close(service, week)

    monkeypatch.setattr(chat.chat.closing.books, "close", fails)
    with pytest.raises(Unavailable):
        await chat.chat.closing.look()
    assert chat.shredder.report().unfinished_since == story.clock.now()


async def test_loop_closes_old_weeks_at_the_start_and_new_ones_when_they_are_over(
    story: Story, chat: Process
) -> None:
    """In order; what fails is tried again at the next look."""
    day = local_day(story.clock.now())
    for weeks in (3, 2, 1):
        await counts(chat, 700, day - timedelta(weeks=weeks))
    loop = asyncio.create_task(chat.chat.closing.run())
    await story.clock.sleeps_in(loop)
    assert (await gathered_and_told(chat))[0] == 0
    await counts(chat, 700)
    told = (await gathered_and_told(chat))[1]
    last_minute_of_the_week(story)
    await story.clock.sleeps_in(loop)
    assert await gathered_and_told(chat) == (700, told)
    story.clock.advance(LOOK_S + 1)
    await story.clock.sleeps_in(loop)
    assert (await gathered_and_told(chat))[0] == 0
    loop.cancel()


async def test_locked_database_delays_a_closing(story: Story) -> None:
    """The loop goes on, and the week is closed when the lock is gone."""
    chat = await story.open_process(busy_timeout=0.01)
    await counts(chat, 70, local_day(story.clock.now()) - timedelta(weeks=1))
    with held_by_another(story):
        loop = asyncio.create_task(chat.chat.closing.run())
        await story.clock.sleeps_in(loop)
        assert (await gathered_and_told(chat))[0] == 70
    story.clock.advance(LOOK_S)
    await story.clock.sleeps_in(loop)
    assert (await gathered_and_told(chat))[0] == 0
    loop.cancel()


async def test_doubted_clock_closes_nothing(
    story: Story, chat: Process, caplog: pytest.LogCaptureFixture
) -> None:
    """Counters are deleted by their date: not while the date is doubted. Whoever runs it is told, once."""
    await counts(chat, 70, local_day(story.clock.now()) - timedelta(weeks=1))
    story.clock.is_trusted = False
    for _ in range(2):
        await chat.chat.closing.look()
    assert await gathered_and_told(chat) == (70, 0)
    assert [each.message for each in caplog.records].count("closing_waits") == 1
    story.clock.is_trusted = True
    await chat.chat.closing.look()
    assert (await gathered_and_told(chat))[0] == 0


async def test_two_processes_tell_a_week_once(story: Story, chat: Process, other: Process) -> None:
    """Both look at the same moment."""
    await counts(chat, 70, local_day(story.clock.now()) - timedelta(weeks=1))
    await asyncio.gather(chat.chat.closing.look(), other.chat.closing.look())
    by_day, told = await gathered_and_told(chat)
    assert by_day == 0
    assert told <= 70


async def test_nothing_is_over_that_is_not_closed(story: Story, chat: Process) -> None:
    """While the clock is doubted, weeks pass by it, but of none of them is everything told: it is said so."""
    now = Week.of(local_day(story.clock.now()))
    closing = chat.chat.closing
    assert await closing.over() == now.before
    await counts(chat, 70, now.before.monday)
    assert await closing.over() == now.before.before, "this process has not closed it yet"
    await closing.look()
    assert await closing.over() == now.before
    await counts(chat, 70)
    story.clock.is_trusted = False
    story.clock.advance(timedelta(days=21).total_seconds())
    await closing.look()
    assert await closing.over() == now.before
    story.clock.is_trusted = True
    await closing.look()
    assert await closing.over() == now.after.after


async def test_weeks_that_wait_are_said_in_the_log_now_and_then(
    story: Story, chat: Process, caplog: pytest.LogCaptureFixture
) -> None:
    """Once an hour, not at each look; nothing while there is nothing to close."""
    await chat.chat.closing.look()
    story.clock.is_trusted = False
    await chat.chat.closing.look()
    assert not caplog.records
    story.clock.advance(timedelta(days=7).total_seconds())
    for _ in range(150):
        await chat.chat.closing.look()
        story.clock.advance(LOOK_S)
    assert [record.message for record in caplog.records] == ["closing_waits"] * 3


async def test_start_with_a_clock_far_ahead_does_not_shut_the_books(story: Story, chat: Process) -> None:
    """What it would close is not closed in years to come; when time is right again, all goes on."""
    await counts(chat, 70, local_day(story.clock.now()) - timedelta(weeks=1))
    await chat.chat.closing.look()
    right = story.clock.now()
    await counts(chat, 70)
    story.clock.advance(timedelta(days=3_650).total_seconds())
    wrong = await story.open_process()
    await counts(wrong, 1)
    assert not await wrong.chat.closing.believes_the_date()
    story.clock.advance(timedelta(hours=5).total_seconds())
    await wrong.chat.closing.look()
    assert (await gathered_and_told(wrong))[0] == 71
    story.clock.moment = right + timedelta(days=7)
    await chat.chat.closing.look()
    assert await chat.figures.closed() == Week.of(local_day(right))


async def test_long_stop_is_believed_after_some_hours(story: Story, chat: Process) -> None:
    """A jour that was shut for a summer: the clock has been right all the time."""
    await counts(chat, 70, local_day(story.clock.now()) - timedelta(weeks=1))
    await chat.chat.closing.look()
    await counts(chat, 70)
    story.clock.advance(timedelta(weeks=10).total_seconds())
    after = await story.open_process()
    await after.chat.closing.look()
    assert (await gathered_and_told(after))[0] == 70
    story.clock.advance(timedelta(hours=6).total_seconds())
    await after.chat.closing.look()
    assert (await gathered_and_told(after))[0] == 0


async def test_clock_that_has_forgotten_the_time_opens_no_books(story: Story) -> None:
    """1970 at a start without a battery: what was counted then is told of no week of that year."""
    right = story.clock.now()
    story.clock.moment = datetime(1970, 2, 2, 12, tzinfo=UTC)
    chat = await story.open_process()
    await counts(chat, 7_000, date(1970, 1, 26))
    await chat.chat.closing.look()
    assert await chat.figures.closed() is None
    story.clock.moment = right
    await chat.chat.closing.look()
    figures = await chat.figures.told(LINDEN, Week(date(1969, 12, 29)), Week.of(local_day(right)))
    assert {each.since for each in figures} == {EARLIEST}
    assert (await gathered_and_told(chat))[0] == 0


async def test_clock_behind_what_is_closed_is_not_believed(story: Story, chat: Process) -> None:
    """One of the two is wrong, and nobody can say which."""
    await counts(chat, 70, local_day(story.clock.now()) - timedelta(weeks=1))
    await chat.chat.closing.look()
    story.clock.moment -= timedelta(days=60)
    assert not await (await story.open_process()).chat.closing.believes_the_date()
