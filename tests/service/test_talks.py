# SPDX-License-Identifier: EUPL-1.2
"""After a hard chat: somebody of the staff wants to talk, and a supervisor says to be in touch."""

from __future__ import annotations

import pytest

from chat.errors import NotAllowed, NotNow
from chat.ids import ServiceId
from chat.live.notices import AlertsListed, Talk, TalkStands
from chat.live.talks import MOST
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
    alerts = chat.chat.alerts
    alerts.ask_to_talk(operator.desk)
    alerts.ask_to_talk(operator.desk)
    assert stands(operator) == (True, None)
    assert talks(siv) == talks(tora) == [("Alva", None)]
    assert talks(stranger) == []
    with pytest.raises(NotAllowed):
        alerts.take_talk(stranger.desk, wish(siv).id)
    with pytest.raises(NotAllowed):
        alerts.take_talk(operator.desk, wish(siv).id)
    with pytest.raises(NotAllowed):
        alerts.take_talk(siv.desk, "nothing")
    alerts.take_talk(siv.desk, wish(siv).id)
    alerts.take_talk(tora.desk, wish(siv).id)
    assert talks(siv) == talks(tora) == [("Alva", "Siv")], "the first one will be in touch"
    assert stands(operator) == (True, "Siv")
    alerts.take_back_talk(operator.desk)
    assert (talks(siv), stands(operator)) == ([], (False, None))


async def test_a_wish_outlives_console_and_sign_in(story: Story, chat: Process) -> None:
    """Whoever goes off duty, reloads or signs out is called all the same, until the day is over."""
    siv = await chat.operator_on_duty("linden", alias="Siv", supervises=True)
    operator = await chat.operator_on_duty("linden", alias="Alva")
    await operator.goes_off_duty()
    chat.chat.alerts.ask_to_talk(operator.desk)
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
        chat.chat.alerts.ask_to_talk(newcomer.desk)
    with pytest.raises(NotAllowed):
        chat.chat.alerts.ask_to_talk(siv.desk)
    chat.chat.alerts.take_back_talk(newcomer.desk)
    assert talks(siv) == []


async def test_wishes_are_bounded(story: Story, chat: Process) -> None:
    """Many sign-ins cannot fill the memory: beyond some hundred the oldest is forgotten."""
    operator = await chat.operator_on_duty("linden")
    kept = chat.chat.alerts.talks
    for n in range(MOST + 50):
        kept.ask(type(operator.id)(f"duty {n}"), f"Alias {n}", {LINDEN}, story.clock.now())
    found = kept.in_([LINDEN], story.clock.now())
    assert len(found) == MOST
    assert found[-1].alias == f"Alias {MOST + 49}"
