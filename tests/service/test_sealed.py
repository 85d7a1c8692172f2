# SPDX-License-Identifier: EUPL-1.2
"""What stays on the disk and who can open it: words, keys, midnight, and a store that is away."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from chat.entries import SealedEntry
from chat.errors import Refused, Unavailable, UnknownToken
from chat.ids import ConversationId, Randomness
from chat.live.notices import ConversationOpened, ConversationOver, EntryShown, SignInRevoked
from chat.live.readers import Readers
from chat.live.room import Room
from chat.sealing import ConversationKey, Place
from tests.service.story import Operator, Process, Story, traces

HOUR = 3600.0
DAY = 24 * HOUR
WORDS = ("Blåklocka-7731", "Smultronstigen 12", "zzintagzz")


# --- the disk ---


async def test_no_word_is_ever_on_the_disk(story: Story, chat: Process) -> None:
    """Neither her words nor her answers nor his stand in any file, in any form, at any moment."""
    blue, path, asked = WORDS
    visitor = await chat.visitor_starts("linden", intake=f'{{"municipality":"{asked}"}}')
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
        with pytest.raises(Unavailable):
            await quick.chat.timekeeper.tick()
    await story.tick()
    assert (await quick.stored(visitor)).visitor_key.day == first_day + 1


async def test_token_of_an_older_day_is_dead(story: Story, chat: Process) -> None:
    """Nobody was connected when the days passed: nothing opens it any more, whoever has the files."""
    visitor = await chat.visitor_starts("linden")
    await story.close(chat)
    story.clock.advance(DAY)
    chat = await story.open_process()
    await chat.chat.timekeeper._midnight(story.clock.now())
    await (await visitor.comes_back(to=chat)).says("kvar")
    await story.close(chat)
    story.clock.advance(DAY)
    chat = await story.open_process()
    await chat.chat.timekeeper._midnight(story.clock.now())
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


# --- a store that is away ---


@contextmanager
def held_by_another(story: Story) -> Iterator[None]:
    """Another program holds the write lock."""
    holder = sqlite3.connect(story.file, isolation_level=None)
    try:
        holder.execute("BEGIN IMMEDIATE")
        yield
    finally:
        holder.close()


async def test_say_is_refused_while_the_store_is_locked(story: Story) -> None:
    """Nothing is acknowledged and nobody is shown anything; the same message is taken afterwards, once."""
    chat = await story.open_process(busy_timeout=0.01)
    visitor, operator = await chat.talk()
    again = story.client_id()
    with held_by_another(story):
        for _ in range(2):
            with pytest.raises(Unavailable):
                await visitor.says("hej", again)
        with pytest.raises(Unavailable):
            await visitor.leaves()
    assert visitor.ear.acks == []
    assert operator.ear.texts() == []
    await visitor.says("hej", again)
    assert visitor.ear.acks == [(again, 2)]
    assert operator.ear.texts() == ["hej"]


async def test_start_is_refused_while_the_store_is_locked(story: Story) -> None:
    """She is told, and neither a room nor a row is left."""
    chat = await story.open_process(busy_timeout=0.01)
    with held_by_another(story), pytest.raises(Unavailable):
        await chat.visitor_starts("linden")
    assert chat.chat.rooms.all() == []
    assert await chat.store.waiting(list(story.services)) == []


async def test_end_works_on_a_full_disk(story: Story, chat: Process) -> None:
    """When the database may not grow, what is said is refused, and the conversation can still be ended."""
    visitor, _ = await chat.talk()

    def allow(pages: int | None) -> None:
        driver = chat.database._writer._connection
        assert driver is not None
        (count,) = driver.exec_driver_sql("PRAGMA page_count").one()
        driver.exec_driver_sql(f"PRAGMA max_page_count={count if pages is None else pages}")
        driver.rollback()

    await chat.database._writer.run_bare(lambda _: allow(None))
    refused = None
    for _ in range(40):
        try:
            await visitor.says("å" * 2_000)
        except Unavailable as error:
            refused = error
            break
    assert refused is not None
    acked = len(visitor.ear.acks)
    assert (await chat.stored(visitor)).conversation.seq == acked + 1
    await visitor.leaves()
    assert not await chat.is_live(visitor)
    assert visitor.ear.is_over


async def test_socket_lost_while_the_store_is_locked_leaves_no_ghost(story: Story) -> None:
    """That she is gone is noted as soon as the store takes it."""
    chat = await story.open_process(busy_timeout=0.01)
    visitor = await chat.visitor_starts("linden")
    await story.settle()
    with held_by_another(story):
        going = asyncio.create_task(visitor.vanishes())
        await story.clock.someone_sleeps()
    story.clock.advance(1)
    await going
    assert (await chat.stored(visitor)).conversation.visitor_away_since is not None
    assert chat.chat.rooms.all() == []


async def test_console_lost_while_the_store_is_locked_is_noted_later(story: Story) -> None:
    """The key leaves memory at once, and she is not left with an operator who is not there."""
    chat = await story.open_process(busy_timeout=0.01)
    visitor, operator = await chat.talk()
    with held_by_another(story):
        going = asyncio.create_task(operator.vanishes())
        await story.clock.someone_sleeps()
        assert chat.chat.rooms.readers.private_keys == {}
    story.clock.advance(1)
    await going
    assert (await chat.stored(visitor)).conversation.operator_away_since is not None


async def test_claim_that_failed_can_be_tried_again(story: Story) -> None:
    """A locked store refuses the claim, and the next try wins."""
    chat = await story.open_process(busy_timeout=0.01)
    operator = await chat.operator_on_duty("linden")
    visitor = await chat.visitor_starts("linden")
    await story.settle()
    with held_by_another(story), pytest.raises(Unavailable):
        await operator.accepts(visitor)
    assert operator.ear.heard(ConversationOpened) == []
    await operator.accepts(visitor)
    assert operator.ear.last(ConversationOpened).readable


async def test_resume_that_failed_takes_nobodys_place(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the store does not answer, the first connection keeps its seat."""
    chat = await story.open_process()
    visitor, operator = await chat.talk()
    entries = chat.store.entries

    async def away(conversation: ConversationId, after: int) -> list[SealedEntry]:
        raise Unavailable

    monkeypatch.setattr(chat.store, "entries", away, raising=False)
    with pytest.raises(Unavailable):
        await visitor.comes_back()
    monkeypatch.setattr(chat.store, "entries", entries)
    await operator.says(visitor, "kvar?")
    assert visitor.ear.texts() == ["kvar?"]


async def test_resume_that_failed_late_leaves_no_ghost(story: Story) -> None:
    """She was seated but could not be noted as back: the seat is emptied again and her time runs on."""
    chat = await story.open_process(busy_timeout=0.01)
    visitor = await chat.visitor_starts("linden")
    await visitor.vanishes()
    with held_by_another(story):
        coming = asyncio.create_task(visitor.comes_back())
        await story.clock.someone_sleeps()
    story.clock.advance(1)
    with pytest.raises(Unavailable):
        await coming
    assert chat.chat.rooms.all() == []
    await story.let_pass(120)
    assert not await chat.is_live(visitor)


async def test_console_that_could_not_be_opened_leaves_nobody_waiting(story: Story) -> None:
    """A connect that failed half-way is undone: her operator counts as away, not as there."""
    chat = await story.open_process(busy_timeout=0.01)
    visitor, operator = await chat.talk()
    await operator.vanishes()
    with held_by_another(story):
        coming = asyncio.create_task(operator.comes_back())
        await story.clock.someone_sleeps()
    story.clock.advance(1)
    with pytest.raises(Unavailable):
        await coming
    assert chat.chat.operators.desks == {}
    await story.let_pass(90)
    assert (await chat.stored(visitor)).conversation.operator is None


# --- authorisation does not rest on sealing ---


@pytest.fixture
def sealing_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything opens to everybody: what is still refused is refused by the rules alone."""

    async def any_key(self: Readers, room: Room) -> bool:
        room.learn_key(ConversationKey(bytes(32)))
        return True

    def anything(self: ConversationKey, place: Place, sealed: bytes) -> tuple[str, datetime]:
        return "öppet", datetime.fromisoformat("2026-02-16T20:15Z")

    def sealed(
        self: ConversationKey, place: Place, text: str, at: datetime, randomness: Randomness
    ) -> bytes:
        return b"sealed"

    def unwrapped(*_: object) -> ConversationKey:
        return ConversationKey(bytes(32))

    monkeypatch.setattr(Readers, "find_key", any_key)
    monkeypatch.setattr(ConversationKey, "open_text", anything)
    monkeypatch.setattr(ConversationKey, "seal_text", sealed)
    monkeypatch.setattr(ConversationKey, "unwrap_for_visitor", unwrapped)


@pytest.mark.usefixtures("sealing_out")
async def test_every_stranger_is_refused_without_sealing(story: Story, chat: Process) -> None:
    """Every role, every conversation, every verb: refused, and nothing shown."""
    held, holder = await chat.talk()
    await held.says("hemligt")
    waiting = await chat.visitor_starts("linden")
    perpetrator = await chat.visitor_starts("hamnen")
    ended = await chat.visitor_starts("eken")
    await ended.leaves()
    former = await chat.operator_on_duty("linden", alias="Former")
    lost = await chat.visitor_starts("linden")
    await former.accepts(lost)
    await chat.chat.operators.revoke(former.id)
    colleague = await chat.operator_on_duty("linden", alias="Bodil")
    strangers = {
        "other service": await chat.operator_on_duty("eken"),
        "other track": await chat.operator_on_duty("hamnen"),
        "not on duty": await chat.operator_connects(story.sign_in("linden")),
        "revoked": former,
        "colleague": colleague,
        "visitor's id as operator": await chat.operator_on_duty("alen"),
    }
    before = {name: len(stranger.ear.notices) for name, stranger in strangers.items()}
    for name, stranger in strangers.items():
        for whom in (held.id, waiting.id, perpetrator.id, ended.id, lost.id, ConversationId("?" * 22)):
            own_queue = name == "colleague" and whom in {waiting.id, lost.id}
            other_track = name == "other track" and whom == perpetrator.id
            await refused_everything(stranger, whom, may_accept=own_queue or other_track)
        assert len(stranger.ear.notices) == before[name], name
    assert holder.ear.last(ConversationOpened).conversation.id == held.id
    assert former.ear.heard(SignInRevoked)


async def refused_everything(stranger: Operator, whom: ConversationId, *, may_accept: bool) -> None:
    """Try every verb."""
    verbs = [stranger.says(whom, "hej"), stranger.types(whom), stranger.resumes(whom), stranger.ends(whom)]
    if not may_accept:
        verbs.append(stranger.accepts(whom))
    for verb in verbs:
        with pytest.raises(Refused):
            await verb


@pytest.mark.usefixtures("sealing_out")
async def test_every_false_token_is_refused_without_sealing(story: Story, chat: Process) -> None:
    """A token opens the conversation that it was given for, and no other one."""
    visitor, _ = await chat.talk()
    await visitor.says("hemligt")
    other = await chat.visitor_starts("linden")
    ended = await chat.visitor_starts("linden")
    await ended.leaves()
    for token in (ended.token, visitor.token[::-1], visitor.id, "A" * 46):
        with pytest.raises(UnknownToken):
            await chat.visitor_resumes(token)
    back = await other.comes_back()
    assert back.id == other.id
    assert back.ear.heard(EntryShown) == []
    assert not visitor.ear.heard(ConversationOver)
