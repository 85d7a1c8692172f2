# SPDX-License-Identifier: EUPL-1.2
"""Whoever waits when the opening hours end: told in time, never put out, answered while anybody is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec.structs import replace as changed

from chat.errors import ServiceClosed
from chat.hours import OpeningHours
from chat.ids import ServiceId
from chat.live.notices import QueueMoved
from tests.service.standing import EVENING
from tests.service.story import Process, Story

LINDEN = ServiceId("linden")
CLOSES = EVENING + timedelta(minutes=45)
"""22:00 in Sweden; a story begins at 21:15."""


@pytest.fixture
async def evening(story: Story) -> Process:
    """The linden is open until ten."""
    hours = OpeningHours.parse("18:00-22:00")
    story.services = {**story.services, LINDEN: replace(story.services[LINDEN], hours=hours)}
    return await story.open_process()


async def passes(story: Story, chat: Process, minutes: int) -> None:
    """Let minutes pass, and the timekeeper look at the clock."""
    story.clock.advance(minutes * 60)
    await chat.chat.timekeeper.tick()
    await story.settle()


async def test_closing_time_is_told_half_an_hour_before_and_when_it_has_come(
    story: Story, evening: Process
) -> None:
    """Once each, without anything else having changed."""
    await evening.operator_on_duty("linden")
    visitor = await evening.visitor_starts("linden")
    await story.settle()
    far = QueueMoved(0, (0, 2), here=True)
    await passes(story, evening, 14)
    assert visitor.ear.heard(QueueMoved) == [far]
    await passes(story, evening, 1)
    await passes(story, evening, 1)
    soon = changed(far, closes_at=CLOSES)
    assert visitor.ear.heard(QueueMoved) == [far, soon]
    await passes(story, evening, 29)
    await passes(story, evening, 1)
    assert visitor.ear.heard(QueueMoved) == [far, soon, changed(far, closed=True)]


async def test_last_chat_before_closing_is_told_apart_from_closed(story: Story, evening: Process) -> None:
    """While there are people in it who answer; afterwards it is closed like any other."""
    linden = story.services[LINDEN]
    early = replace(linden, hours=replace(linden.hours, last_chat_minutes=20))
    evening.chat.renew({**story.services, LINDEN: early})
    told = []
    for minutes in (24, 1, 20):
        await passes(story, evening, minutes)
        status = await evening.chat.lobby.status(LINDEN)
        told.append((status.open, status.last))
        assert status.open or status.opens_at == CLOSES + timedelta(hours=20)
    assert told == [(True, False), (False, True), (False, False)]


async def test_who_waits_at_closing_time_is_answered_after_it(story: Story, evening: Process) -> None:
    """The door is closed to newcomers only."""
    operator = await evening.operator_on_duty("linden")
    visitor = await evening.visitor_starts("linden")
    await passes(story, evening, 60)
    with pytest.raises(ServiceClosed):
        await evening.visitor_starts("linden")
    assert await evening.is_live(visitor)
    await operator.accepts(visitor)
    await operator.says(visitor, "Jag är kvar.")
    assert visitor.ear.texts() == ["Jag är kvar."]


async def test_who_waits_hears_that_nobody_is_left(story: Story, evening: Process) -> None:
    """She keeps her place all the same, for whoever comes next."""
    operator = await evening.operator_on_duty("linden")
    visitor = await evening.visitor_starts("linden")
    await passes(story, evening, 60)
    await operator.goes_off_duty()
    await story.settle()
    assert visitor.ear.last(QueueMoved) == QueueMoved(0, None, here=False, closed=True)
    assert await evening.is_live(visitor)


async def test_time_alone_reads_nothing_anew_where_nobody_waits(story: Story, evening: Process) -> None:
    """An empty waiting room costs nothing at closing time."""
    await evening.operator_on_duty("linden")
    await story.settle()
    story.clock.advance(60 * 60)
    evening.chat.lobby.pass_time(story.clock.now())
    assert evening.chat.lobby._changed == {}


async def test_whoever_writes_a_language_that_nobody_here_speaks_is_told(story: Story, chat: Process) -> None:
    """Not while nobody is there at all; easy Swedish is Swedish."""
    arabic = await chat.visitor_starts("linden", language="ar")
    easy = await chat.visitor_starts("linden", language="sv-easy")
    await story.settle()
    assert arabic.ear.last(QueueMoved).understood
    await chat.operator_on_duty("linden")
    assert not arabic.ear.last(QueueMoved).understood
    assert easy.ear.last(QueueMoved).understood
    await chat.operator_on_duty("linden", alias="Bodil", languages=["ar"])
    assert arabic.ear.last(QueueMoved).understood
