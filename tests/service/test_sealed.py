# SPDX-License-Identifier: EUPL-1.2
"""What stays on the disk and who can open it: words, keys, midnight, and a store that is away."""

from __future__ import annotations

from pathlib import Path

import pytest

from chat.errors import UnknownToken
from chat.live.notices import ConversationOpened
from tests.service.held import held_by_another
from tests.service.story import Process, Story
from tests.service.traces import traces

HOUR = 3600.0
DAY = 24 * HOUR
WORDS = ("Blåklocka-7731", "Smultronstigen 12", "zzintagzz")


# --- the disk ---


async def test_no_word_is_ever_on_the_disk(story: Story, chat: Process) -> None:
    """Neither her words nor her answers nor his stand in any file, in any form, at any moment."""
    blue, path, asked = WORDS
    visitor = await chat.visitor_starts("linden", intake={"municipality": asked})
    await visitor.says(f"jag heter {blue}")
    assert traces(story.directory, WORDS) == []
    operator = await chat.operator_on_duty("linden")
    await operator.accepts(visitor)
    await operator.says(visitor, f"bor du på {path}?")
    assert operator.ear.last(ConversationOpened).intake == f'{{"municipality":"{asked}"}}'
    assert traces(story.directory, [*WORDS, visitor.token]) == []
    await visitor.vanishes()
    visitor = await visitor.comes_back()
    await visitor.leaves()
    assert traces(story.directory, WORDS) == []
    assert await chat.shredder.run_once(story.clock.now())
    assert traces(story.directory, [*WORDS, visitor.token]) == []


def test_traces_are_found(tmp_path: Path) -> None:
    """The search itself finds a word in each of its forms, else it would prove nothing."""
    import base64

    for number, content in enumerate(
        [
            WORDS[0].encode(),
            WORDS[0].encode("utf-16-le"),
            WORDS[0].encode().hex().encode(),
            base64.b64encode(b"x" + WORDS[0].encode() + b"yz"),
            base64.b64encode(b"xy" + WORDS[0].encode()),
            base64.urlsafe_b64encode(b"xyz" + WORDS[0].encode()),
        ]
    ):
        file = tmp_path / f"{number}"
        file.write_bytes(b"before " + content + b" after")
        assert traces(tmp_path, WORDS) == [f"{WORDS[0]} in {number}"]
        file.unlink()


async def test_end_clears_the_ciphertexts_too(story: Story, chat: Process) -> None:
    """After the end and the clearing not even the sealed bytes, wraps or lookup are left in a file."""
    visitor, operator = await chat.talk()
    await visitor.says("ett")
    await operator.says(visitor, "två")
    sealed = [entry.body for entry in await chat.store.entries(visitor.id, 0) if entry.body is not None]
    wrap = await chat.store.wrap_for(visitor.id, operator.id)
    assert wrap is not None
    key = (await chat.stored(visitor)).visitor_key
    gone = [*(body[:64] for body in sealed), wrap, key.wrap, key.lookup, visitor.id.encode()]
    assert all(bytes_in_files(story, gone))
    await visitor.leaves()
    assert await chat.shredder.run_once(story.clock.now())
    assert not any(bytes_in_files(story, gone))
    assert chat.shredder.report().unfinished_since is None


def bytes_in_files(story: Story, wanted: list[bytes]) -> list[bool]:
    """Tell of each whether it stands in any file."""
    files = [path.read_bytes() for path in story.directory.rglob("*") if path.is_file()]
    return [any(one in content for content in files) for one in wanted]


async def test_stored_size_tells_nothing(chat: Process) -> None:
    """One character and four hundred are stored in the same number of bytes."""
    visitor, _ = await chat.talk()
    await visitor.says("a")
    await visitor.says("ö" * 400)
    sizes = {len(entry.body) for entry in await chat.store.entries(visitor.id, 1) if entry.body is not None}
    assert len(sizes) == 1


# --- midnight ---


async def test_midnight_passes_without_a_break(story: Story, chat: Process) -> None:
    """Two midnights: the talk goes on, her token still opens it, and the first day's key is gone."""
    visitor, operator = await chat.talk()
    await story.tick()
    first_day = (await chat.stored(visitor)).visitor_key.day
    for _ in range(2):
        await visitor.says("kvar")
        await story.let_pass(DAY)
        await operator.says(visitor, "också")
    assert chat.chat.timekeeper.keys.for_day(first_day) is None
    assert (await chat.stored(visitor)).visitor_key.day == first_day + 2
    back = await visitor.comes_back(after=1)
    assert [entry.text for entry in back.ear.entries()] == ["kvar", "också", "kvar", "också"]
    await back.vanishes()
    await operator.vanishes()
    again = await operator.comes_back()
    await again.resumes(visitor)
    assert again.ear.last(ConversationOpened).readable


async def test_renewal_that_failed_is_made_up_for(story: Story, chat: Process) -> None:
    """A store that is away at midnight delays the renewal and does not lose it."""
    quick = await story.open_process(busy_timeout=0.01)
    visitor = await quick.visitor_starts("linden")
    await story.tick()
    first_day = (await quick.stored(visitor)).visitor_key.day
    with held_by_another(story):
        story.clock.advance(DAY)
        await quick.chat.timekeeper.tick()
    assert (await quick.stored(visitor)).visitor_key.day == first_day
    await story.tick()
    assert (await quick.stored(visitor)).visitor_key.day == first_day + 1


async def test_token_of_an_older_day_is_dead(story: Story, chat: Process) -> None:
    """Nobody was connected when the days passed: nothing opens it any more, whoever has the files."""
    visitor = await chat.visitor_starts("linden")
    await story.close(chat)
    story.clock.advance(DAY)
    chat = await story.open_process()
    await chat.chat.timekeeper._forget_keys(story.clock.now())
    await (await visitor.comes_back(to=chat)).says("kvar")
    await story.close(chat)
    story.clock.advance(DAY)
    chat = await story.open_process()
    await chat.chat.timekeeper._forget_keys(story.clock.now())
    with pytest.raises(UnknownToken):
        await visitor.comes_back(to=chat)


async def test_clock_that_is_not_trusted_burns_no_key(story: Story, chat: Process) -> None:
    """Keys are unlinked only when the time is sure, and then at once."""
    visitor = await chat.visitor_starts("linden")
    await story.tick()
    day = (await chat.stored(visitor)).visitor_key.day
    story.clock.is_trusted = False
    await story.let_pass(3 * DAY)
    assert chat.chat.timekeeper.keys.for_day(day) is not None
    story.clock.is_trusted = True
    await story.tick()
    assert chat.chat.timekeeper.keys.for_day(day) is None
    await visitor.comes_back()
