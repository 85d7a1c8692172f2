# SPDX-License-Identifier: EUPL-1.2
"""A supervisor who has come and whoever holds it write for each other; she sees nothing of it."""

from __future__ import annotations

import pytest

from chat.errors import NotAllowed
from chat.staff_entries import StaffKind
from tests.service.jotting import jots, reads, shown
from tests.service.story import Process, Story
from tests.service.test_guests import invites
from tests.service.test_supervising import three


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
    await supervisor.takes_over(visitor)
    await story.settle()
    assert await reads(supervisor, visitor) == ["det jag vet"]
    with pytest.raises(NotAllowed):
        await reads(operator, visitor)
    guest = await chat.operator_on_duty("eken", alias="Gry")
    await invites(visitor, supervisor)
    await guest.accepts(visitor)
    with pytest.raises(NotAllowed):
        await reads(guest, visitor)
