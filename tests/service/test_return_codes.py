# SPDX-License-Identifier: EUPL-1.2
"""Coming back with a code: once, in any process, never past its day, and nothing of it is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from chat import commands
from chat.conversation import Phase
from chat.errors import BeyondHead, HasEnded, NotNow, UnknownToken, WrongCode
from chat.events import EndReason
from chat.live.notices import (
    ConversationLost,
    ConversationOpened,
    ConversationOver,
    QueueMoved,
    ReturnCodeGiven,
    ReturnCodeGone,
    TakenOver,
    VisitorPresence,
    Welcomed,
)
from chat.ports import Stored
from tests.service.story import Process, Story
from tests.service.test_guests import invites, joins
from tests.service.traces import traces

HOUR = 3600.0
DAY = 24 * HOUR


@pytest.mark.parametrize("apart", [False, True])
async def test_code_brings_her_back_to_what_was_said(story: Story, chat: Process, *, apart: bool) -> None:
    """Hours later, from another page: the entries, another token, another code, and her operator is told."""
    visitor, operator = await chat.talk()
    await visitor.says("jag måste gå")
    code = await visitor.takes_a_code()
    await visitor.vanishes()
    await story.let_pass(6 * HOUR)
    beside = await story.open_process() if apart else chat
    back = await beside.visitor_returns(code.upper().replace(" ", ", "))
    await story.settle()
    assert back.ear.texts() == ["jag måste gå"]
    welcomed = back.ear.last(Welcomed)
    assert (welcomed.phase, welcomed.has_code, welcomed.seq) == (Phase.ACTIVE, True, 2)
    assert back.token != visitor.token
    assert back.code != code
    assert operator.ear.last(VisitorPresence) == VisitorPresence(visitor.id, connected=True, returns=1)
    await back.says("nu är jag här")
    await story.settle()
    await operator.says(visitor, "vad bra")
    await story.settle()
    assert "nu är jag här" in operator.ear.texts()
    assert "vad bra" in back.ear.texts()


@pytest.mark.parametrize("apart", [False, True])
async def test_old_code_and_old_token_are_dead_at_once(story: Story, chat: Process, *, apart: bool) -> None:
    """Whoever still has the first page is sent away, and neither of what it had opens anything."""
    visitor, _ = await chat.talk()
    code = await visitor.takes_a_code()
    beside = await story.open_process() if apart else chat
    await beside.visitor_returns(code)
    await story.settle()
    assert visitor.ear.heard(TakenOver)
    with pytest.raises(UnknownToken):
        await visitor.comes_back()
    with pytest.raises(WrongCode):
        await chat.visitor_returns(code)
    with pytest.raises(NotNow):
        await visitor.says("jag är kvar")
    await chat.chat.visitors.leave_by_token(visitor.token)
    assert await chat.is_live(visitor), "a token that is dead ends nothing"


async def test_each_code_counts_until_the_next(story: Story, chat: Process) -> None:
    """A second code makes the first one useless; one that is dropped opens nothing, and she is told."""
    visitor, _ = await chat.talk()
    first = await visitor.takes_a_code()
    second = await visitor.takes_a_code()
    await visitor.vanishes()
    with pytest.raises(WrongCode):
        await chat.visitor_returns(first)
    back = await chat.visitor_returns(second)
    await chat.chat.codes.drop(back.seat)
    assert back.ear.heard(ReturnCodeGone)
    stored = await chat.stored(back)
    assert (stored.return_key, stored.conversation.code_until) == (None, None)
    await back.vanishes()
    with pytest.raises(WrongCode):
        await chat.visitor_returns(back.code)
    await story.let_pass(300)
    assert not await chat.is_live(back), "without a code she is waited for as always"


async def test_without_an_answer_there_is_no_code(chat: Process) -> None:
    """A place in the queue is not kept for a day."""
    visitor = await chat.visitor_starts("linden")
    with pytest.raises(NotNow):
        await chat.chat.codes.give(visitor.seat)
    assert not visitor.ear.heard(ReturnCodeGiven)


@pytest.mark.parametrize("typed", ["", "hus", "x" * 399, "ett två tre fyra fem sex"])
async def test_whatever_opens_nothing_is_refused_alike(story: Story, chat: Process, typed: str) -> None:
    """However it is malformed; and as slowly as a code that could have been one."""
    slow: list[bytes] = []
    stretch = chat.chat.codes.stretching.stretch

    class Counting:
        async def stretch(self, secret: bytes, salt: bytes) -> bytes:
            slow.append(secret)
            return await stretch(secret, salt)

    chat.chat.codes.stretching = Counting()
    with pytest.raises(WrongCode):
        await chat.visitor_returns(typed)
    assert len(slow) == 1
    visitor, _ = await chat.talk()
    code = await visitor.takes_a_code()
    slow.clear()
    swapped = " ".join(reversed(code.split()))
    with pytest.raises(WrongCode):
        await chat.visitor_returns(swapped)
    assert len(slow) == 1


async def test_asking_for_too_much_costs_her_no_code(chat: Process) -> None:
    """What is refused changes nothing: the same code opens it afterwards."""
    visitor, _ = await chat.talk()
    code = await visitor.takes_a_code()
    for after in (-1, 2):
        with pytest.raises(BeyondHead):
            await chat.visitor_returns(code, after)
    back = await chat.visitor_returns(code, 1)
    assert back.ear.entries() == []


# --- how long ---


async def test_she_is_waited_for_a_day_and_no_longer(story: Story, chat: Process) -> None:
    """At the console until when, and at that moment it is over."""
    visitor, operator = await chat.talk()
    await visitor.takes_a_code()
    await visitor.vanishes()
    until = (
        story.clock.now()
        + chat.chat.rooms.services[visitor.seat.room.conversation.service].deadlines.code_parked
    )
    stored = await chat.stored(visitor)
    assert stored.conversation.code_until is not None
    expected = min(until, stored.conversation.code_until)
    assert operator.ear.last(VisitorPresence).until == expected
    await story.let_pass((expected - story.clock.now()).total_seconds() - 1)
    assert await chat.is_live(visitor)
    await story.let_pass(1)
    assert operator.ear.last(ConversationOver).reason is EndReason.EXPIRED
    assert not await chat.is_live(visitor)


async def test_start_of_the_server_gives_no_second_day(story: Story, chat: Process) -> None:
    """Her day goes on from when she left, however often the server is started."""
    visitor, _ = await chat.talk()
    await visitor.takes_a_code()
    await visitor.vanishes()
    away = (await chat.stored(visitor)).conversation.visitor_away_since
    story.clock.advance(HOUR)
    await chat.store.mark_all_away(story.clock.now())
    assert (await chat.stored(visitor)).conversation.visitor_away_since == away


async def test_code_never_outlives_the_key_of_its_day(story: Story, chat: Process) -> None:
    """Connected over two midnights: the token is renewed, the code is not, and she is told so."""
    visitor, _ = await chat.talk()
    code = await visitor.takes_a_code()
    until = (await chat.stored(visitor)).conversation.code_until
    assert until is not None
    while story.clock.now() < until - story.clock.now().resolution:
        await story.let_pass(min(12 * HOUR, (until - story.clock.now()).total_seconds()))
        if story.clock.now() < until:
            assert not visitor.ear.heard(ReturnCodeGone)
    assert visitor.ear.heard(ReturnCodeGone)
    assert (await chat.stored(visitor)).return_key is None
    with pytest.raises(WrongCode):
        await chat.visitor_returns(code)
    await visitor.comes_back()


async def test_code_of_yesterday_works_while_its_key_is_there(story: Story, chat: Process) -> None:
    """After one midnight it opens what was said; the next one is under the new day's key."""
    visitor, _ = await chat.talk()
    await visitor.says("igår")
    code = await visitor.takes_a_code()
    await visitor.vanishes()
    day = (await chat.stored(visitor)).return_key
    await story.let_pass(20 * HOUR)
    back = await chat.visitor_returns(code)
    assert back.ear.texts() == ["igår"]
    now = (await chat.stored(visitor)).return_key
    assert day is not None
    assert now is not None
    assert now.day == day.day + 1


# --- no ghosts ---


async def test_parked_one_is_no_ghost_at_the_front(story: Story, chat: Process) -> None:
    """Her operator is gone and she is away: she stands in no list and in nobody's way; back, she is first."""
    visitor, operator = await chat.talk()
    await visitor.says("jag kommer snart")
    code = await visitor.takes_a_code()
    await visitor.vanishes()
    await operator.vanishes()
    await story.let_pass(90)
    later = await chat.operator_on_duty("linden", alias="Bo")
    assert later.queue == [visitor.id], "for a while she may be back at any moment"
    await story.let_pass(210)
    assert later.queue == []
    assert (await chat.stored(visitor)).conversation.phase is Phase.PARKED
    assert await chat.store.wrapped_for(visitor.id) == set(), "nobody may read it meanwhile"
    other = await chat.visitor_starts("linden")
    await story.settle()
    assert other.ear.last(QueueMoved).ahead == 0
    assert (await chat.chat.board.rows([other.seat.room.conversation.service]))[0].waiting == 1
    await story.let_pass(HOUR)
    back = await chat.visitor_returns(code)
    await story.settle()
    assert later.queue == [visitor.id, other.id]
    assert back.ear.last(QueueMoved).ahead == 0
    assert back.ear.last(Welcomed).phase is not Phase.ACTIVE
    await later.accepts(visitor)
    await story.settle()
    opened = later.ear.last(ConversationOpened)
    assert opened.readable
    assert opened.conversation.returns == 1
    assert "jag kommer snart" in later.ear.texts()


async def test_nobody_is_rung_for_a_parked_one(story: Story, chat: Process) -> None:
    """Where the server rings: not for somebody who is not there, and at once when she is."""
    operator = await chat.operator_on_duty("aspen")
    visitor = await chat.visitor_starts("aspen")
    await story.settle()
    await operator.accepts(visitor)
    code = await visitor.takes_a_code()
    await visitor.vanishes()
    await chat.chat.operators.revoke(operator.id)
    await story.let_pass(301)
    again = await chat.operator_on_duty("aspen", alias="Bo")
    await story.let_pass(HOUR)
    assert again.queue == []
    await chat.visitor_returns(code)
    await story.settle()
    assert again.queue == [visitor.id]


async def test_operator_lets_go_of_somebody_who_is_away(story: Story, chat: Process) -> None:
    """Put aside it takes no place of theirs, and waits for her; somebody who is here cannot be put aside."""
    visitor, operator = await chat.talk()
    code = await visitor.takes_a_code()

    async def set_aside() -> None:
        async with chat.chat.operators.held(operator.desk, visitor.id) as room:
            await chat.chat.rooms.do(room, commands.SetAside(operator.id))

    with pytest.raises(NotNow):
        await set_aside()
    await visitor.vanishes()
    await set_aside()
    await story.settle()
    assert operator.ear.last(ConversationLost).conversation == visitor.id
    assert await chat.store.loads([visitor.seat.room.conversation.service]) == {operator.id: 0}
    assert operator.queue == []
    await chat.visitor_returns(code)
    await story.settle()
    assert operator.queue == [visitor.id]


async def test_parked_one_comes_back_by_her_open_page_too(story: Story, chat: Process) -> None:
    """Her phone lay in a tunnel: the token of a page that is still open opens it as always."""
    visitor, operator = await chat.talk()
    await visitor.takes_a_code()
    await visitor.vanishes()
    await chat.chat.operators.revoke(operator.id)
    await story.let_pass(HOUR)
    assert (await chat.stored(visitor)).conversation.phase is Phase.PARKED
    back = await visitor.comes_back()
    await story.settle()
    state = (await chat.stored(back)).conversation
    assert (state.phase, state.front, state.returns) == (Phase.WAITING, True, 0)


async def test_nobody_comes_as_a_guest_to_a_room_without_her(story: Story, chat: Process) -> None:
    """An invitation that nobody has taken goes when she has been away for long; the talk itself stays."""
    visitor, operator = await chat.talk()
    guest = await chat.operator_on_duty("eken", alias="Gry")
    await invites(visitor, operator)
    await visitor.takes_a_code()
    await visitor.vanishes()
    await story.let_pass(299)
    assert joins(guest) == [visitor.id]
    await story.let_pass(1)
    assert joins(guest) == []
    state = (await chat.stored(visitor)).conversation
    assert (state.phase, state.operator, state.invitation) == (Phase.ACTIVE, operator.id, None)


# --- what is kept ---


async def test_no_word_of_a_code_is_in_any_file(story: Story, chat: Process, tmp_path: Path) -> None:
    """Neither the first one nor the next: not raw, not in base64, hex or UTF-16."""
    visitor, _ = await chat.talk()
    code = await visitor.takes_a_code()
    await visitor.vanishes()
    back = await chat.visitor_returns(code)
    words = [code, code.replace(" ", ""), back.code, back.code.replace(" ", ""), visitor.token, back.token]
    assert traces(tmp_path, words) == []
    assert traces(tmp_path, [visitor.id]) != [], "a search that finds nothing shows nothing"


async def test_code_ends_with_the_conversation(story: Story, chat: Process) -> None:
    """Quick exit, her own end, or the operator's: afterwards it opens nothing."""
    for end in ("quickly", "visitor", "operator"):
        visitor, operator = await chat.talk()
        code = await visitor.takes_a_code()
        if end == "operator":
            await operator.ends(visitor)
        else:
            await visitor.leaves(quickly=end == "quickly")
        await story.settle()
        with pytest.raises(WrongCode):
            await chat.visitor_returns(code)
        with pytest.raises(HasEnded):
            await chat.chat.codes.give(visitor.seat)
        await operator.vanishes()


async def test_wrap_of_another_conversation_opens_nothing(
    chat: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who can write to the database cannot move what a code opens to another conversation."""
    visitor, _ = await chat.talk()
    code = await visitor.takes_a_code()
    stored = await chat.stored(visitor)
    assert stored.return_key is not None
    damaged = replace(stored.return_key, wrap=stored.return_key.wrap[:-1] + b"\0")
    monkeypatch.setattr(chat.store, "find_return", _finding(replace(stored, return_key=damaged)))
    with pytest.raises(WrongCode):
        await chat.visitor_returns(code)


def _finding(stored: Stored) -> Callable[[Sequence[bytes]], Awaitable[Stored]]:
    async def find(_lookups: Sequence[bytes]) -> Stored:
        return stored

    return find


async def test_code_that_was_used_meanwhile_opens_nothing_for_a_moment(
    story: Story, chat: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found just before somebody else came in with it: its seal would still fit, and is not even tried."""
    visitor, _ = await chat.talk()
    code = await visitor.takes_a_code()
    found = await chat.stored(visitor)
    back = await chat.visitor_returns(code)
    await back.vanishes()
    beside = await story.open_process()
    monkeypatch.setattr(beside.store, "find_return", _finding(found))
    with pytest.raises(WrongCode):
        await beside.visitor_returns(code, after=99)


async def test_code_is_over_at_its_time_even_where_its_key_is_left(story: Story, chat: Process) -> None:
    """Keys stay where the clock is not trusted: the time of a code does not hang on them."""
    visitor, _ = await chat.talk()
    code = await visitor.takes_a_code()
    until = (await chat.stored(visitor)).conversation.code_until
    assert until is not None
    story.clock.advance((until - story.clock.now()).total_seconds())
    with pytest.raises(WrongCode):
        await chat.visitor_returns(code)
