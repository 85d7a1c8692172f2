# SPDX-License-Identifier: EUPL-1.2
"""After a hard chat: somebody of the staff wants to talk, and a supervisor says to be in touch."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select

from chat.adapters.sql import tables
from chat.errors import NotAllowed, NotNow
from chat.ids import DutyId, ServiceId
from chat.live.notices import AlertsListed, TalkStands
from chat.talks import MOST, Talk
from tests.service.looking import Deaf, look, one_of_several
from tests.service.story import Operator, Process, Story

LINDEN = ServiceId("linden")


def talks(supervisor: Operator) -> list[tuple[str, str | None]]:
    """Return who wants to talk, as this console is shown it, and who has said to be in touch."""
    return [(talk.alias, talk.taken_by) for talk in supervisor.ear.last(AlertsListed).talks]


def stands(operator: Operator) -> tuple[bool, str | None]:
    """Return whether this console is shown a wish of its own, and by whom it was seen."""
    told = operator.ear.last(TalkStands)
    return told.at is not None, told.taken_by


def wish(supervisor: Operator) -> Talk:
    """Return the first wish."""
    return supervisor.ear.last(AlertsListed).talks[0]


async def test_a_wish_is_seen_taken_and_taken_back(story: Story, chat: Process) -> None:
    """The supervisors of that service see it at once; whoever asked sees by whom it was seen."""
    siv = await chat.operator_on_duty("linden", alias="Siv", supervises=True)
    tora = await chat.operator_on_duty("linden", alias="Tora", supervises=True)
    stranger = await chat.operator_on_duty("eken", alias="Elsa", supervises=True)
    operator = await chat.operator_on_duty("linden", alias="Alva")
    talking = chat.chat.alerts.talking
    await talking.ask(operator.desk)
    await talking.ask(operator.desk)
    assert stands(operator) == (True, None)
    assert talks(siv) == talks(tora) == [("Alva", None)]
    assert talks(stranger) == []
    with pytest.raises(NotAllowed):
        await talking.take(stranger.desk, wish(siv).id)
    with pytest.raises(NotAllowed):
        await talking.take(operator.desk, wish(siv).id)
    with pytest.raises(NotAllowed):
        await talking.take(siv.desk, "nothing")
    await talking.take(siv.desk, wish(siv).id)
    await talking.take(tora.desk, wish(siv).id)
    assert talks(siv) == talks(tora) == [("Alva", "Siv")], "the first one will be in touch"
    assert stands(operator) == (True, "Siv")
    await talking.take_back(operator.desk)
    assert (talks(siv), stands(operator)) == ([], (False, None))


async def test_who_waits_knows_whether_anybody_sees_it(story: Story, chat: Process) -> None:
    """With no supervisor on duty nobody answers: that is told, and again when one comes or goes."""
    operator = await chat.operator_on_duty("linden", alias="Alva")
    await chat.operator_on_duty("eken", alias="Elsa", supervises=True)
    await chat.chat.alerts.talking.ask(operator.desk)
    assert operator.ear.last(TalkStands).here is False
    siv = await chat.operator_on_duty("linden", alias="Siv", supervises=True)
    await story.settle()
    assert operator.ear.last(TalkStands).here is True
    await siv.goes_off_duty()
    await story.settle()
    assert operator.ear.last(TalkStands).here is False


async def test_a_wish_outlives_console_and_sign_in(story: Story, chat: Process) -> None:
    """Whoever goes off duty, reloads or signs out is called all the same, until the day is over."""
    siv = await chat.operator_on_duty("linden", alias="Siv", supervises=True)
    operator = await chat.operator_on_duty("linden", alias="Alva")
    await operator.goes_off_duty()
    await chat.chat.alerts.talking.ask(operator.desk)
    await operator.vanishes()
    operator = await operator.comes_back()
    assert stands(operator) == (True, None)
    await chat.chat.operators.revoke(operator.id)
    assert talks(siv) == [("Alva", None)]
    late = await chat.operator_on_duty("linden", alias="Tora", supervises=True)
    assert talks(late) == [("Alva", None)]
    await story.let_pass(16 * 3600)
    (listed,) = [await chat.chat.board.alerts([LINDEN])]
    assert listed.talks == ()


async def test_who_may_not_ask(story: Story, chat: Process) -> None:
    """Nobody without an alias, and no supervisor; nothing is kept of either."""
    siv = await chat.operator_on_duty("linden", alias="Siv", supervises=True)
    newcomer = await chat.operator_connects(story.sign_in("linden"))
    with pytest.raises(NotNow):
        await chat.chat.alerts.talking.ask(newcomer.desk)
    with pytest.raises(NotAllowed):
        await chat.chat.alerts.talking.ask(siv.desk)
    await chat.chat.alerts.talking.take_back(newcomer.desk)
    assert talks(siv) == []


async def test_wishes_are_bounded(story: Story, chat: Process) -> None:
    """Many sign-ins cannot fill the table: beyond some hundred the oldest is forgotten."""
    kept = chat.chat.alerts.talking.talks
    for n in range(MOST + 5):
        story.clock.advance(1)
        services = frozenset({LINDEN})
        wish = Talk(id=f"t{n}", duty=DutyId(f"d{n}"), alias=f"{n}", services=services, at=story.clock.now())
        await kept.ask(wish)
    found = await kept.all(story.clock.now())
    assert sorted(int(talk.alias) for talk in found) == list(range(5, MOST + 5))


# --- several processes ---


async def test_wish_crosses_processes_at_once(story: Story, chat: Process, other: Process) -> None:
    """A supervisor elsewhere sees it, and takes it; whoever asked is told by whom, where they sit."""
    siv = await other.operator_on_duty("linden", alias="Siv", supervises=True)
    stranger = await other.operator_on_duty("eken", alias="Elsa", supervises=True)
    operator = await chat.operator_on_duty("linden", alias="Alva")
    await chat.chat.alerts.talking.ask(operator.desk)
    await story.settle()
    assert (talks(siv), talks(stranger)) == ([("Alva", None)], [])
    with pytest.raises(NotAllowed):
        await other.chat.alerts.talking.take(stranger.desk, wish(siv).id)
    await other.chat.alerts.talking.take(siv.desk, wish(siv).id)
    await story.settle()
    assert stands(operator) == (True, "Siv")
    await chat.chat.alerts.talking.take_back(operator.desk)
    await story.settle()
    assert (talks(siv), stands(operator)) == ([], (False, None))


async def test_wish_needs_no_doorbell_and_survives_whoever_heard_it(story: Story) -> None:
    """With every doorbell lost one look shows it, once; its process dies, and the next one knows it."""
    one, two = [await one_of_several(story, Deaf()) for _ in range(2)]
    siv = await two.operator_on_duty("linden", alias="Siv", supervises=True)
    operator = await one.operator_on_duty("linden", alias="Alva")
    await one.chat.alerts.talking.ask(operator.desk)
    assert talks(siv) == []
    await look(story)
    assert talks(siv) == [("Alva", None)]
    told = len(siv.ear.heard(AlertsListed))
    await look(story)
    assert len(siv.ear.heard(AlertsListed)) == told
    await two.chat.alerts.talking.take(siv.desk, wish(siv).id)
    await look(story)
    assert stands(operator) == (True, "Siv")
    told = len(operator.ear.heard(TalkStands))
    await look(story)
    assert len(operator.ear.heard(TalkStands)) == told
    await story.close(one)
    await story.close(two)
    after = await story.open_process()
    late = await after.operator_on_duty("linden", alias="Tora", supervises=True)
    assert talks(late) == [("Alva", "Siv")], "a restart forgets nobody"
    assert stands(await operator.comes_back(to=after)) == (True, "Siv")


async def test_of_two_who_take_it_at_once_one_will_be_in_touch(
    story: Story, chat: Process, other: Process
) -> None:
    """Both hear who it is, a hundred times over; so it is where whoever asked takes it back meanwhile."""
    siv = await chat.operator_on_duty("linden", alias="Siv", supervises=True)
    tora = await other.operator_on_duty("linden", alias="Tora", supervises=True)
    operator = await chat.operator_on_duty("linden", alias="Alva")
    here, there = chat.chat.alerts.talking, other.chat.alerts.talking
    for _ in range(100):
        await here.ask(operator.desk)
        (asked,) = await here.talks.all(story.clock.now())
        taken = await asyncio.gather(here.take(siv.desk, asked.id), there.take(tora.desk, asked.id))
        assert len({talk.taken_by for talk in taken}) == 1
        await story.settle()
        assert talks(siv) == talks(tora) == [("Alva", taken[0].taken_by)]
        assert stands(operator) == (True, taken[0].taken_by)
    back, took = await asyncio.gather(
        here.take_back(operator.desk), there.take(tora.desk, asked.id), return_exceptions=True
    )
    assert back is None
    assert isinstance(took, Talk | NotAllowed)
    assert await here.talks.all(story.clock.now()) == ()


async def test_nothing_is_kept_longer_than_it_is_shown(story: Story, chat: Process) -> None:
    """After sixteen hours the row is deleted by itself, whoever looks."""
    operator = await chat.operator_on_duty("linden", alias="Alva")
    await chat.chat.alerts.talking.ask(operator.desk)
    await story.tick()
    assert await kept_rows(chat) == 1
    await story.let_pass(16 * 3600)
    assert await kept_rows(chat) == 0


async def kept_rows(process: Process) -> int:
    """Return how many wishes lie in the table."""
    counting = select(func.count()).select_from(tables.talk)
    return await process.database.run_read(lambda connection: connection.execute(counting).scalar_one())
