# SPDX-License-Identifier: EUPL-1.2
"""Who may count what: each conversation that they held to its end, once, and contacts of their own shift."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from datetime import timedelta

import pytest

from chat.errors import NotAllowed, NotNow, OtherVocabulary, Refused, TooManyTries, Unavailable
from chat.hours import local_day
from chat.ids import ClientId, ServiceId
from chat.statistics import Count
from chat.violence import ViolenceForm
from chat.wrapping_up import Channel, Outcome, Theme, WrapUp
from tests.service.story import Operator, Process, Story

LINDEN, EKEN, HAMNEN = ServiceId("linden"), ServiceId("eken"), ServiceId("hamnen")
ANNA = b"anna"


def a_chat(service: ServiceId = LINDEN, **told: object) -> WrapUp:
    """Return a form about a chat."""
    return WrapUp(service=service, channel=Channel.CHAT, **told)  # type: ignore[arg-type]


def a_call(service: ServiceId = LINDEN) -> WrapUp:
    """Return a form about a call."""
    return WrapUp(service=service, channel=Channel.PHONE)


class Counting:
    """Somebody who counts, and what has been counted."""

    def __init__(self, process: Process, operator: Operator) -> None:
        self.process = process
        self.operator = operator

    async def sends(self, told: WrapUp, id_: ClientId | None = None, by: bytes = ANNA) -> ClientId:
        """Send one form; return its id."""
        id_ = id_ or self.process.story.client_id()
        await self.process.chat.wrap_ups.count(self.operator.desk, id_, told, by)
        return id_

    async def is_refused(self, told: WrapUp) -> type[Refused]:
        """Send one form; return why it was refused."""
        with pytest.raises(Refused) as refusal:
            await self.sends(told)
        return refusal.type

    async def figures(self, service: ServiceId = LINDEN, days: int = 0) -> dict[str, int]:
        """Return the counters of what staff told, of today or some days ago."""
        day = local_day(self.process.story.clock.now()) - timedelta(days=days)
        counters = await self.process.store.counters([service], day)
        return {name: n for name, n in counters[service].items() if name.startswith("told_")}


async def ended_talk(chat: Process, service: str = "linden") -> Counting:
    """Return somebody whose conversation has just ended."""
    visitor, operator = await chat.talk(service)
    await visitor.leaves()
    return Counting(chat, operator)


async def test_conversation_is_counted_once_however_it_is_sent(chat: Process) -> None:
    """Not by a retry, not by another form, and not by two at the same moment."""
    anna = await ended_talk(chat)
    told = a_chat(violence=(ViolenceForm.LATENT,), outcome=Outcome.LINE)
    id_ = chat.story.client_id()
    await asyncio.gather(*(anna.sends(told, id_) for _ in range(5)))
    await anna.sends(a_chat(), id_)
    assert await anna.is_refused(told) is NotNow
    assert await anna.figures() == {
        "told_channel_chat": 1,
        "told_violence_latent": 1,
        "told_relation_untold": 1,
        "told_theme_untold": 1,
        "told_outcome_line": 1,
        "told_age_untold": 1,
    }


async def test_forms_at_the_same_moment_do_not_share_a_conversation(chat: Process) -> None:
    """Of five under five ids one counts."""
    anna = await ended_talk(chat)
    results = await asyncio.gather(*(anna.sends(a_chat()) for _ in range(5)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in results) == ["NotNow"] * 4 + ["str"]
    assert (await anna.figures())["told_channel_chat"] == 1


async def test_nobody_counts_what_was_not_theirs(chat: Process) -> None:
    """Not what goes on, what ended while it waited, another's, another service's, nor one that is nowhere."""
    held = await chat.operator_on_duty("linden")
    other = Counting(chat, await chat.operator_on_duty("linden"))
    anna = Counting(chat, held)
    assert await anna.is_refused(a_chat()) is NotNow
    waiting, talking = await chat.visitor_starts("linden"), await chat.visitor_starts("linden")
    await waiting.leaves()
    await held.accepts(talking)
    assert await anna.is_refused(a_chat()) is NotNow
    await talking.leaves()
    assert await other.is_refused(a_chat()) is NotNow
    for service in (EKEN, HAMNEN, ServiceId("nowhere")):
        assert await anna.is_refused(a_chat(service)) is NotNow
        assert await anna.is_refused(a_call(service)) is NotAllowed
    await anna.sends(a_chat())


async def test_who_lost_it_on_the_way_does_not_count_it(chat: Process) -> None:
    """It is counted by whoever held it at the end."""
    lost, found = await chat.operator_on_duty("linden"), await chat.operator_on_duty("linden")
    visitor = await chat.visitor_starts("linden")
    await lost.accepts(visitor)
    await chat.chat.operators.revoke(lost.id)
    await found.accepts(visitor)
    await found.ends(visitor)
    assert await Counting(chat, lost).is_refused(a_chat()) is NotNow
    await Counting(chat, found).sends(a_chat())


async def test_end_while_the_console_was_away_can_still_be_counted(chat: Process) -> None:
    """The same sign-in comes back at another socket, also off duty."""
    visitor, operator = await chat.talk()
    await operator.vanishes()
    await visitor.leaves()
    back = Counting(chat, await operator.comes_back())
    await back.operator.goes_off_duty()
    await back.sends(a_chat())
    assert await back.is_refused(a_call()) is NotAllowed


async def test_form_after_midnight_belongs_to_the_evening_of_its_chat(chat: Process) -> None:
    """So what ended without a form is the difference of two counters, day by day."""
    anna = await ended_talk(chat)
    chat.story.clock.advance(6 * 3600)
    await anna.sends(a_chat())
    await anna.sends(a_call())
    yesterday, today = await anna.figures(days=1), await anna.figures()
    assert (yesterday["told_channel_chat"], today["told_channel_phone"]) == (1, 1)
    assert "told_channel_chat" not in today
    counters = await chat.store.counters([LINDEN], local_day(chat.story.clock.now()) - timedelta(days=1))
    assert counters[LINDEN]["ended"] == yesterday["told_channel_chat"]


async def test_tracks_are_asked_about_their_own_themes(chat: Process) -> None:
    """A refused form takes nothing: the conversation can still be counted."""
    anna = await ended_talk(chat, "hamnen")
    assert await anna.is_refused(a_chat(HAMNEN, themes=(Theme.SHELTER,))) is OtherVocabulary
    await anna.sends(a_chat(HAMNEN, themes=(Theme.STOPPING, Theme.CHILDREN)))
    figures = await anna.figures(HAMNEN)
    assert {name for name in figures if "theme" in name} == {"told_theme_stopping", "told_theme_children"}


async def test_sixty_contacts_an_hour_are_the_most_whoever_signs_in_again(chat: Process) -> None:
    """A retry of one that counts is no further one."""
    anna = Counting(chat, await chat.operator_on_duty("linden"))
    again = Counting(chat, await chat.operator_on_duty("linden"))
    first = await anna.sends(a_call())
    counted = 1
    for second in range(3600):
        for each in (anna, again):
            try:
                await each.sends(a_call())
            except TooManyTries:
                continue
            counted += 1
        chat.story.clock.advance(1)
        if second % 600 == 0:
            await anna.sends(a_call(), first)
    assert 55 < counted <= 60
    assert (await anna.figures())["told_channel_phone"] == counted
    await anna.sends(a_call(), by=b"maria")


async def test_store_away_counts_nothing_and_the_same_form_may_come_again(
    chat: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not lost, and it is not counted twice."""
    anna = await ended_talk(chat)
    told, id_ = a_chat(), chat.story.client_id()
    whole = chat.store.count

    async def away(_: Sequence[Count]) -> None:
        raise Unavailable

    monkeypatch.setattr(chat.chat.wrap_ups.store, "count", away)
    with pytest.raises(Unavailable):
        await anna.sends(told, id_)
    assert await anna.figures() == {}
    monkeypatch.setattr(chat.chat.wrap_ups.store, "count", whole)
    await anna.sends(told, id_)
    assert (await anna.figures())["told_channel_chat"] == 1


async def test_retry_waits_for_what_becomes_of_the_first(
    chat: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not told that it was counted while that may still fail."""
    anna = await ended_talk(chat)
    told, id_ = a_chat(), chat.story.client_id()
    whole, arrived, fails = chat.store.count, asyncio.Event(), asyncio.Event()

    async def fail_once(counts: Sequence[Count]) -> None:
        if fails.is_set():
            return await whole(counts)
        arrived.set()
        await fails.wait()
        raise Unavailable

    monkeypatch.setattr(chat.chat.wrap_ups.store, "count", fail_once)
    first = asyncio.create_task(anna.sends(told, id_))
    await arrived.wait()
    again = asyncio.create_task(anna.sends(told, id_))
    await asyncio.sleep(0)
    fails.set()
    with pytest.raises(Unavailable):
        await first
    await again
    assert (await anna.figures())["told_channel_chat"] == 1


async def test_nothing_in_database_or_memory_names_the_conversation(chat: Process, story: Story) -> None:
    """Not beside the counters, and not in the ledger; one form is one write, and its journal is cleared."""
    visitor, operator = await chat.talk()
    await operator.ends(visitor)
    anna = Counting(chat, operator)
    assert await chat.shredder.run_once(chat.story.clock.now())
    assert chat.shredder.report().unfinished_since is None
    writes = []
    whole = chat.chat.wrap_ups.store.count

    async def count(counts: Sequence[Count]) -> None:
        writes.append(counts)
        await whole(counts)

    chat.chat.wrap_ups.store.count = count  # type: ignore[method-assign]
    await anna.sends(a_chat(violence=(ViolenceForm.SEXUAL,)))
    chat.chat.wrap_ups.store.count = whole  # type: ignore[method-assign]
    assert len(writes) == 1
    assert chat.shredder.report().unfinished_since is not None
    assert visitor.id not in repr(chat.chat.wrap_ups._ledgers)
    with sqlite3.connect(story.file) as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(counter)")]
        dump = "\n".join(database.iterdump())
    assert columns == ["service", "day", "name", "value"]
    assert "told_violence_sexual" in dump
    assert visitor.id not in dump


async def test_end_in_another_process_is_known_where_the_console_is(chat: Process, other: Process) -> None:
    """She may be connected anywhere."""
    operator = await other.operator_on_duty("linden")
    visitor = await chat.visitor_starts("linden")
    await chat.story.settle()
    await operator.accepts(visitor)
    await chat.story.settle()
    await visitor.leaves()
    await chat.story.settle()
    anna = Counting(other, operator)
    await anna.sends(a_chat())
    assert await anna.is_refused(a_chat()) is NotNow


async def test_end_is_known_in_one_process_alone(chat: Process, other: Process) -> None:
    """Where the console was: when it goes on with the other one, the same form counts nothing there."""
    operator = await chat.operator_on_duty("linden")
    visitor = await other.visitor_starts("linden")
    await chat.story.settle()
    await operator.accepts(visitor)
    await chat.story.settle()
    await operator.ends(visitor)
    await chat.story.settle()
    anna = Counting(chat, operator)
    id_ = await anna.sends(a_chat())
    back = Counting(other, await operator.comes_back(to=other))
    with pytest.raises(NotNow):
        await back.sends(a_chat(), id_)
    assert (await anna.figures())["told_channel_chat"] == 1
