# SPDX-License-Identifier: EUPL-1.2
"""What staff write for each other: who reads it, what a retry gets, and that nothing of it stays."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine
from typing import Any

import pytest

from chat.conversation import Conversation
from chat.errors import Blank, HasEnded, IdReused, NotAllowed, NotNow, TextTooLong, TooManyTries
from chat.ids import ConversationId, DutyId
from chat.live import noting
from chat.live.confiding import NotesRead
from chat.live.notices import ConversationOpened
from chat.staff_entries import MOST, StaffKind
from tests.service.jotting import jots, reads, shown
from tests.service.story import Process, Story, deaf
from tests.service.test_guests import three
from tests.service.test_sealed import bytes_in_files
from tests.service.traces import traces

MARKER = "Blåsippa-4419"


@pytest.fixture
def colleagues_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever takes part may read, as a colleague of the same house will."""

    def takes_part(state: Conversation, duty: DutyId) -> bool:
        return duty in state.readers

    monkeypatch.setattr(noting, "may_read_notes", takes_part)


# --- writing and reading ---


async def test_note_is_kept_for_whoever_holds_it(story: Story, chat: Process) -> None:
    """Numbered among its kind, under the alias of the shift; she and her numbers notice nothing."""
    visitor, operator = await chat.talk()
    heard, seq = len(visitor.ear.notices), (await chat.stored(visitor)).conversation.seq
    first = await jots(operator, visitor, "hon vill ha ett boende")
    await jots(operator, visitor, "ring inte före sex", kind=StaffKind.WHISPER)
    await story.settle()
    assert [(one.staff_seq, one.kind, one.alias, one.text) for one in shown(operator)] == [
        (1, "note", "Alva", "hon vill ha ett boende"),
        (2, "whisper", "Alva", "ring inte före sex"),
    ]
    assert (shown(operator)[0].client_id, shown(operator)[0].author) == (first, operator.id)
    assert await reads(operator, visitor) == ["hon vill ha ett boende", "ring inte före sex"]
    assert len(visitor.ear.notices) == heard
    assert not visitor.ear.confided
    assert (await chat.stored(visitor)).conversation.seq == seq
    assert operator.ear.texts() == []


async def test_retry_gets_the_same_answer_and_another_text_is_refused(story: Story, chat: Process) -> None:
    """Also after the process has forgotten all about it; an id is one entry's, whole, and its author's."""
    visitor, operator = await chat.talk()
    once = await jots(operator, visitor, "en gång")
    await jots(operator, visitor, "en gång", once)
    for text, kind in (("två gånger", StaffKind.NOTE), ("en gång", StaffKind.WHISPER)):
        with pytest.raises(IdReused):
            await jots(operator, visitor, text, once, kind)
    await operator.vanishes()
    other = await story.open_process()
    again = await operator.comes_back(to=other)
    await jots(again, visitor, "en gång", once)
    assert shown(again) == shown(operator)[:1] == shown(operator)[1:]
    assert await reads(again, visitor) == ["en gång"]


async def test_note_that_may_not_be_written_changes_nothing(story: Story, chat: Process) -> None:
    """Too long, blank, too fast or too many: refused, each for its own reason."""
    visitor, operator = await chat.talk()
    with pytest.raises(TextTooLong):
        await jots(operator, visitor, "a" * 2_001)
    for blank in (" ", "\n\t\u00a0", "\u200b\u2060\u00ad"):
        with pytest.raises(Blank):
            await jots(operator, visitor, blank)
    for number in range(noting.NOTES.burst):
        last = await jots(operator, visitor, f"{number}")
    with pytest.raises(TooManyTries):
        await jots(operator, visitor, "en till")
    await jots(operator, visitor, f"{number}", last)  # a retry takes nothing
    while len(await reads(operator, visitor)) < MOST:
        story.clock.advance(noting.NOTES.every.total_seconds())
        await jots(operator, visitor, "och en till")
    story.clock.advance(60)
    with pytest.raises(NotNow):
        await jots(operator, visitor, "den sista")
    assert len(await reads(operator, visitor)) == MOST


# --- who reads ---


async def test_nobody_else_reads_or_writes(story: Story, chat: Process) -> None:
    """Another's conversation, a waiting one and one that does not exist look the same."""
    visitor, operator = await chat.talk()
    await jots(operator, visitor, MARKER)
    waiting = await chat.visitor_starts("linden")
    colleague = await chat.operator_on_duty("linden", alias="Bodil")
    await story.settle()
    for whom in (visitor.id, waiting.id, ConversationId("?" * 22)):
        with pytest.raises(NotAllowed):
            await jots(colleague, whom, "jag också")
        with pytest.raises(NotAllowed):
            await reads(colleague, whom)
    assert not colleague.ear.confided
    assert await reads(operator, visitor) == [MARKER]


@pytest.mark.parametrize("history", [False, True])
async def test_guest_from_elsewhere_never_reads(story: Story, chat: Process, *, history: bool) -> None:
    """Not even one who may read all that was said; nothing is shown to them as it is written."""
    visitor, operator, guest = await three(chat, history=history)
    await jots(operator, visitor, MARKER)
    await story.settle()
    with pytest.raises(NotAllowed):
        await reads(guest, visitor)
    with pytest.raises(NotAllowed):
        await jots(guest, visitor, "en gäst")
    assert not guest.ear.confided
    assert not any(MARKER in repr(notice) for notice in guest.ear.notices + visitor.ear.notices)
    assert len(shown(operator)) == 1


async def test_next_one_reads_after_a_rescue(story: Story, chat: Process) -> None:
    """The one who was lost reads no more; whoever takes her next finds it all, and goes on in the numbers."""
    visitor, operator = await chat.talk()
    await jots(operator, visitor, MARKER)
    await operator.vanishes()
    await story.let_pass(90)
    back = await operator.comes_back()
    with pytest.raises(NotAllowed):
        await reads(back, visitor)
    other = await story.open_process()
    following = await other.operator_on_duty("linden", alias="Bodil")
    with pytest.raises(NotAllowed):
        await reads(following, visitor)
    await following.accepts(visitor)
    await story.settle()
    assert await reads(following, visitor) == [MARKER]
    await jots(following, visitor, "tack")
    read = following.ear.confided[-1]
    await reads(following, visitor)
    everything = following.ear.confided[-1]
    assert isinstance(everything, NotesRead)
    assert [(one.staff_seq, one.alias) for one in everything.entries] == [(1, "Alva"), (2, "Bodil")]
    assert read is not everything
    assert len(back.ear.confided) == 0


async def test_console_that_heard_nothing_reads_and_writes_no_more(
    story: Story, chat: Process, other: Process
) -> None:
    """The conversation is another's by now, and every doorbell about it was lost: the store is asked."""
    operator = await other.operator_on_duty("linden")
    visitor = await chat.visitor_starts("linden")
    await story.settle()
    await operator.accepts(visitor)
    await story.settle()
    await jots(operator, visitor, "innan")
    following = await chat.operator_on_duty("linden", alias="Bodil")
    with deaf(other):
        await chat.chat.operators.revoke(operator.id)
        await following.accepts(visitor)
        await jots(following, visitor, MARKER)
        heard = len(operator.ear.confided)
        for attempt in (reads(operator, visitor), jots(operator, visitor, "efter")):
            with pytest.raises(NotAllowed):
                await attempt
        assert len(operator.ear.confided) == heard
    assert await reads(following, visitor) == ["innan", MARKER]


@pytest.mark.usefixtures("colleagues_read")
@pytest.mark.parametrize("apart", [False, True])
async def test_colleague_who_is_there_is_shown_it_at_once(
    story: Story, chat: Process, *, apart: bool
) -> None:
    """In this process or in another one; whoever has gone meanwhile is shown nothing more."""
    beside = await story.open_process() if apart else None
    visitor, operator, colleague = await three(chat, beside=beside)
    await jots(operator, visitor, "ser du det här?")
    await story.settle()
    await jots(colleague, visitor, "ja", kind=StaffKind.WHISPER)
    await story.settle()
    assert shown(operator) == shown(colleague)
    assert [(one.alias, one.text) for one in shown(operator)] == [("Alva", "ser du det här?"), ("Gry", "ja")]
    await colleague.process.chat.operators.leave(colleague.desk, visitor.id)
    await story.settle()
    await jots(operator, visitor, "är du kvar?")
    await story.settle()
    assert len(shown(colleague)) == 2
    assert not visitor.ear.confided


@pytest.mark.usefixtures("colleagues_read")
async def test_doorbell_carries_no_content(story: Story, chat: Process) -> None:
    """It names the conversation and a number."""
    await story.open_process()
    rung: list[str] = []
    story.bus.listen(lambda doorbell: rung.append(repr(doorbell)))
    visitor, operator = await chat.talk()
    await jots(operator, visitor, MARKER)
    await story.settle()
    assert any("noted" in bell for bell in rung)
    assert not any(MARKER in bell or "Alva" in bell for bell in rung)


async def test_it_can_be_written_before_it_can_be_read(story: Story, chat: Process) -> None:
    """While no process at hand holds the key there is nothing to seal with: not now, and nothing is lost."""
    visitor = await chat.visitor_starts("linden")
    await visitor.vanishes()
    operator = await chat.operator_on_duty("linden")
    await operator.accepts(visitor)
    assert not operator.ear.last(ConversationOpened).readable
    with pytest.raises(NotNow):
        await jots(operator, visitor, "hon är borta")
    await visitor.comes_back()
    await story.settle()
    await jots(operator, visitor, "nu är hon här")
    assert await reads(operator, visitor) == ["nu är hon här"]


# --- races ---


async def test_two_at_once_from_two_processes_lose_none(story: Story, chat: Process, other: Process) -> None:
    """The same sign-in on an old connection and on a new one: all are kept, each once, without a gap."""
    visitor, operator = await chat.talk()
    there = await operator.comes_back(to=other)
    await story.settle()
    shared = story.client_id()
    await asyncio.gather(
        *(jots((operator, there)[n % 2], visitor, f"{n}") for n in range(10)),
        jots(operator, visitor, "samma", shared),
        jots(there, visitor, "samma", shared),
    )
    await reads(there, visitor)
    everything = there.ear.confided[-1]
    assert isinstance(everything, NotesRead)
    assert [one.staff_seq for one in everything.entries] == list(range(1, 12))
    assert sorted(one.text for one in everything.entries) == sorted([*map(str, range(10)), "samma"])


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("apart", [False, True])
async def test_note_against_the_end_is_never_half(
    story: Story, chat: Process, *, seed: int, apart: bool
) -> None:
    """Kept before the end, and gone with it, or refused: afterwards nothing of it is anywhere."""
    visitor, operator = await chat.talk()
    if apart:
        beside = await story.open_process()
        await visitor.vanishes()
        visitor = await visitor.comes_back(to=beside)
        await story.settle()
    chance = random.Random(seed)
    works: list[Coroutine[Any, Any, object]] = [jots(operator, visitor, f"{MARKER} {n}") for n in range(3)]
    works.insert(chance.randrange(4), visitor.leaves())
    outcomes = await asyncio.gather(*works, return_exceptions=True)
    await story.settle()
    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert all(isinstance(outcome, (HasEnded, NotAllowed)) for outcome in refused)
    assert len(shown(operator)) == 3 - len(refused)
    assert not await chat.is_live(visitor)
    assert await chat.chat.noting.store.of(visitor.id) == []
    with pytest.raises(NotAllowed):
        await jots(operator, visitor, "efteråt")


# --- what stays ---


async def test_no_word_of_a_note_is_in_any_file(story: Story, chat: Process) -> None:
    """Neither text nor author while it lives; after the end not even what was sealed."""
    visitor, operator = await chat.talk()
    await jots(operator, visitor, MARKER)
    await jots(operator, visitor, f"viskat {MARKER}", kind=StaffKind.WHISPER)
    assert traces(story.directory, [MARKER]) == []
    sealed = [entry.body[:64] for entry in await chat.chat.noting.store.of(visitor.id)]
    assert len(sealed) == 2
    assert all(bytes_in_files(story, sealed))
    await visitor.leaves()
    assert await chat.shredder.run_once(story.clock.now())
    assert not any(bytes_in_files(story, sealed))
    assert traces(story.directory, [MARKER, visitor.id]) == []


async def test_size_and_author_of_a_note_are_not_told_by_its_row(story: Story, chat: Process) -> None:
    """One letter and four hundred are stored in one size, and no column names who wrote it."""
    visitor, operator = await chat.talk()
    await jots(operator, visitor, "a")
    await jots(operator, visitor, "a" * 400)
    one, two = await chat.chat.noting.store.of(visitor.id)
    assert len(one.body) == len(two.body)
    assert operator.id not in {one.client_id, str(one.kind), one.conversation}


async def test_entry_opens_only_at_its_place(
    story: Story, chat: Process, caplog: pytest.LogCaptureFixture
) -> None:
    """Moved to another number it is left out and noted as our fault; the others can be read."""
    visitor, operator = await chat.talk()
    for text in ("ett", "två", "tre"):
        await jots(operator, visitor, text)

    def swap(connection: object) -> None:
        from sqlalchemy import Connection, text

        assert isinstance(connection, Connection)
        for before, after in ((1, 9), (2, 1), (9, 2)):
            connection.execute(
                text("UPDATE staff_entry SET staff_seq = :after WHERE staff_seq = :before"),
                {"after": after, "before": before},
            )

    await chat.database.run_write(swap)
    assert await reads(operator, visitor) == ["tre"]
    assert "tre" not in caplog.text
