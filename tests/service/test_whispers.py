# SPDX-License-Identifier: EUPL-1.2
"""A supervisor who has come and whoever holds it write for each other; she sees nothing of it."""

from __future__ import annotations

import pytest

from chat.errors import NotAllowed, NotNow
from chat.live import noting
from chat.staff_entries import StaffKind
from tests.service.jotting import jots, reads, shown
from tests.service.story import Process, Story
from tests.service.test_guests import invites
from tests.service.test_supervising import three
from tests.service.transferring import offers


@pytest.mark.parametrize("apart", [False, True])
async def test_whispers_reach_both_and_nobody_else(story: Story, chat: Process, *, apart: bool) -> None:
    """Live both ways, with what was noted before; after leaving nothing more, and never to her."""
    beside = await story.open_process() if apart else None
    visitor, operator, supervisor = await three(chat, beside=beside)
    heard = len(visitor.ear.notices)
    await jots(operator, visitor, "hon är rädd för kvällen", kind=StaffKind.WHISPER)
    await story.settle()
    await jots(supervisor, visitor, "fråga var barnen är", kind=StaffKind.WHISPER)
    await story.settle()
    assert [entry.text for entry in shown(supervisor)] == ["hon är rädd för kvällen", "fråga var barnen är"]
    assert [entry.text for entry in shown(operator)] == ["hon är rädd för kvällen", "fråga var barnen är"]
    assert [entry.alias for entry in shown(operator)] == ["Alva", "Siv"]
    assert visitor.ear.notices[heard:] == []
    await supervisor.leaves(visitor)
    await story.settle()
    told = len(shown(supervisor))
    await jots(operator, visitor, "bara jag")
    await story.settle()
    assert len(shown(supervisor)) == told
    with pytest.raises(NotAllowed):
        await reads(supervisor, visitor)


async def test_whispers_go_with_whoever_takes_over_and_never_to_a_guest(story: Story, chat: Process) -> None:
    """The new holder reads what was written; the old one, and a guest from elsewhere, nothing."""
    visitor, operator, supervisor = await three(chat)
    await jots(operator, visitor, "det jag vet")
    await jots(operator, visitor, "mellan oss", kind=StaffKind.WHISPER)
    await supervisor.takes_over(visitor)
    await story.settle()
    assert await reads(supervisor, visitor) == ["det jag vet", "mellan oss"]
    with pytest.raises(NotAllowed):
        await reads(operator, visitor)
    guest = await chat.operator_on_duty("eken", alias="Gry")
    await invites(visitor, supervisor)
    await guest.accepts(visitor)
    with pytest.raises(NotAllowed):
        await reads(guest, visitor)


@pytest.mark.parametrize("apart", [False, True])
async def test_whisper_is_for_those_who_were_there(story: Story, chat: Process, *, apart: bool) -> None:
    """Whoever comes later reads the notes alone; the numbers go on, and a retry finds its own."""
    visitor, operator, supervisor = await three(chat)
    once = await jots(operator, visitor, "mellan oss", kind=StaffKind.WHISPER)
    await jots(operator, visitor, "till nästa")
    await supervisor.leaves(visitor)
    await story.settle()
    await jots(operator, visitor, "mellan oss", once, StaffKind.WHISPER)
    assert await reads(operator, visitor) == ["mellan oss", "till nästa"]
    new = await (await story.open_process() if apart else chat).operator_on_duty("linden", alias="Bo")
    await offers(operator, visitor, new)
    await new.accepts(visitor)
    await story.settle()
    assert await reads(new, visitor) == ["till nästa"]
    await jots(new, visitor, "tack")
    assert [entry.staff_seq for entry in shown(new)] == [3]


async def test_whispers_leave_room_for_the_note(
    story: Story, chat: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long talk with a supervisor never keeps out what the next one must know."""
    monkeypatch.setattr(noting, "MOST", 2)
    visitor, operator = await chat.talk()
    for text in ("ett", "två"):
        await jots(operator, visitor, text, kind=StaffKind.WHISPER)
    with pytest.raises(NotNow):
        await jots(operator, visitor, "tre", kind=StaffKind.WHISPER)
    await jots(operator, visitor, "viktigt")
    assert await reads(operator, visitor) == ["ett", "två", "viktigt"]
