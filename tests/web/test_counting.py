# SPDX-License-Identifier: EUPL-1.2
"""What is counted of what people do at the pages and sockets: a wish, a start, a question and its answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import pytest

from chat.grid import Week
from chat.histograms import WANTED
from chat.hours import local_day
from chat.ids import ServiceId
from tests.outside.connection import new_id
from tests.outside.handing import asks, says_no, says_yes
from tests.outside.visitor import Visitor
from tests.web.handed import INTAKE, POLICE
from tests.web.plain.page import Plain, filled
from tests.web.running import Running

LINDEN = ServiceId("linden")


class Counters:
    """What has been counted in linden since the last look, all days of its month together."""

    def __init__(self, run: Running) -> None:
        self._run = run
        self._seen: Counter[str] = Counter()

    async def new(self) -> Mapping[str, int]:
        """Return what is new."""
        today = local_day(self._run.house.clock.now())
        first = Week.of(today).month.weeks[0].monday
        store = self._run.house.chat.lobby.store
        now = Counter((await store.counters([LINDEN], first, today))[LINDEN])
        found, self._seen = now - self._seen, now
        # Which hour of the week it is tells a test without clock; here the machine's goes on.
        return Counter("wanted" if name.startswith(WANTED) else name for name in found.elements())


async def test_chat_without_scripts_counts_as_any_other(
    run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A start, an answer and an end; a form that comes too late is a wish, by plain page and by socket."""
    counters, her, late = Counters(run), Plain(run.at.url), Plain(run.at.url)
    operator = await run.operator("anna", "linden", alias="Kim")
    await late.opens()
    form, button = late.form("Börja chatta")
    await counters.new()
    await her.starts()
    assert await counters.new() == {"started": 1, "wanted": 1}
    conversation = await operator.sees_waiting()
    await operator.accepts(conversation)
    assert await counters.new() == {"answered": 1, "waited_00": 1}
    await her.says("Hej")
    await operator.hears(conversation, "Hej")
    await operator.says(conversation, "Hej du")
    assert await counters.new() == {}
    await her.opens()
    await her.presses("Avsluta")
    await her.presses("Ja, avsluta")
    assert await counters.new() == {"ended": 1, "lasted_00": 1}
    rooms = run.house.chat.rooms
    shut = {id_: replace(each, cannot_open="test") for id_, each in rooms.services.items()}
    monkeypatch.setattr(rooms, "services", shut)
    monkeypatch.setattr(run.house.chat.lobby, "services", shut)
    await late.sends(late.path, filled(form, button, (), {}))
    assert await counters.new() == {"refused_closed": 1, "wanted": 1}
    visitor = Visitor(run.at, "linden")
    await visitor.connect()
    nack = await visitor.asks_to_start(service="linden", language="sv", notice=await visitor.notice())
    assert nack["code"] == "closed"
    assert await counters.new() == {"refused_closed": 1, "wanted": 1}
    await visitor.connection.close()


async def test_question_about_a_handover_and_its_answer_count_once(run: Running) -> None:
    """Asked, asked again by a retry, taken back; a no; a yes to two receivers."""
    counters = Counters(run)
    visitor, operator, conversation = await run.talk("anna", "linden")
    await counters.new()
    draft = {"receivers": [INTAKE], "purpose": "Att få hjälp.", "want": "Att få veta."}
    sent = {"conversation": conversation, "id": new_id(), "draft": draft}
    for _ in range(2):
        await operator.connection.send("ask", **sent)
        await operator.connection.expect("proposal", conversation=conversation)
    assert await counters.new() == {"handover_asked": 1}
    await visitor.connection.expect("proposal")
    await operator.connection.send("take_back", conversation=conversation)
    await visitor.connection.expect("taken_back")
    assert await counters.new() == {}
    await asks(operator, conversation, INTAKE)
    await says_no(visitor)
    assert await counters.new() == {"handover_asked": 1, "handover_declined_by_her": 1}
    await asks(operator, conversation, INTAKE, POLICE)
    await says_yes(visitor)
    assert await counters.new() == {"handover_asked": 1, "handover_sent": 2}
