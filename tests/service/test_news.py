# SPDX-License-Identifier: EUPL-1.2
"""What was said in another process comes by a quick way, and only where somebody needs it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chat.live.notices import HandStands
from chat.ports import Bell, Doorbell
from tests.service.conftest import ON_BOTH
from tests.service.story import Process, Story

pytestmark = ON_BOTH


@pytest.fixture
def loaded(other: Process, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What the other process's rooms read whole, from now on."""
    whole: list[object] = []
    catch_up = type(other.chat.rooms).catch_up

    async def counted(rooms: object, room: object) -> None:
        whole.append(room)
        await catch_up(rooms, room)  # type: ignore[arg-type]  # it is what it was given

    monkeypatch.setattr(type(other.chat.rooms), "catch_up", counted)
    return whole


@pytest.fixture
def rung(story: Story) -> Iterator[list[Doorbell]]:
    """Every doorbell from now on."""
    bells: list[Doorbell] = []
    stop = story.bus.listen(bells.append)
    yield bells
    stop()


async def test_words_of_many_come_together_and_nothing_else_is_read(
    story: Story, chat: Process, other: Process, loaded: list[object]
) -> None:
    """Three visitors speak at once: each word is shown once, in order, and no conversation is read whole."""
    operator = await other.operator_on_duty("linden")
    visitors = [await chat.visitor_starts("linden") for _ in range(3)]
    for visitor in visitors:
        await operator.accepts(visitor)
    await story.settle()
    loaded.clear()
    for word in ("ett", "två"):
        for visitor in visitors:
            await visitor.says(word)
    await story.settle()
    assert operator.ear.texts() == ["ett"] * 3 + ["två"] * 3
    assert loaded == []
    await operator.says(visitors[0], "tre")
    await story.settle()
    assert visitors[0].ear.texts() == ["tre"]


async def test_more_than_words_is_read_whole(story: Story, chat: Process, other: Process) -> None:
    """A hand goes up between two words: the other process shows both words, and knows of the hand."""
    visitor, operator = await chat.talk()
    back = await visitor.comes_back(to=other)
    await story.settle()
    await operator.says(visitor, "ett")
    await operator.raises(visitor)
    await operator.says(visitor, "två")
    await story.settle()
    assert back.ear.texts()[-2:] == ["ett", "två"]
    room = other.chat.rooms.get(visitor.id)
    assert room is not None
    assert room.conversation.hand_since is not None
    assert room.version == (await chat.stored(visitor)).version
    assert operator.ear.heard(HandStands)


async def test_nobody_is_rung_for_while_both_sit_here(
    story: Story, chat: Process, other: Process, rung: list[Doorbell]
) -> None:
    """No doorbell for words that nobody elsewhere needs; one as soon as she sits at the other process."""
    visitor, operator = await chat.talk()
    await story.settle()
    rung.clear()
    await visitor.says("ett")
    await operator.says(visitor, "två")
    await story.settle()
    assert rung == []
    back = await visitor.comes_back(to=other)
    await story.settle()
    rung.clear()
    await operator.says(visitor, "tre")
    await story.settle()
    assert [each.bell for each in rung] == [Bell.ENTRY]
    assert back.ear.texts()[-1] == "tre"
