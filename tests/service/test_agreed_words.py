# SPDX-License-Identifier: EUPL-1.2
"""The agreed word: chosen by her, sealed, told by whoever comes back, and known to nobody afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import Struct

from chat import commands
from chat.commands import Command
from chat.errors import NotAllowed, NotNow, NoWord
from chat.live import agreeing
from chat.live.notices import ConversationOpened, WordHeard, WordStands, WordWanted
from chat.parts import Word, WordState
from tests.service.story import Operator, Process, Story, Visitor
from tests.service.test_guests import three
from tests.service.traces import traces


async def orders(operator: Operator, visitor: Visitor, command: Command) -> None:
    """The operator asks for something in a conversation of theirs."""
    chat = operator.process.chat
    async with chat.operators.held(operator.desk, visitor.id) as room:
        await chat.rooms.do(room, command)
    await operator.process.story.settle()


async def chooses(visitor: Visitor, word: str | None) -> None:
    """She chooses a word, or none."""
    await agreeing.choose(visitor.process.chat.visitors, visitor.seat, word)
    await visitor.process.story.settle()


async def tells(visitor: Visitor, word: str | None) -> None:
    """Whoever is there tells a word, or none."""
    await agreeing.tell(visitor.process.chat.visitors, visitor.seat, word)
    await visitor.process.story.settle()


async def agreed(chat: Process, word: str = "Blåbär") -> tuple[Visitor, Operator]:
    """She and her operator have agreed on a word."""
    visitor, operator = await chat.talk()
    await orders(operator, visitor, commands.OfferWord(operator.id))
    await chooses(visitor, word)
    return visitor, operator


@pytest.mark.parametrize(
    ("told", "came_of_it"),
    [
        ("blåbär", WordState.MATCHED),
        (" BLÅ BÄR\u00a0", WordState.MATCHED),
        ("lingon", WordState.DIFFERED),
        ("blåbär" + "x" * 60, WordState.DIFFERED),
        (None, WordState.SKIPPED),
        ("   ", WordState.SKIPPED),
    ],
)
@pytest.mark.parametrize("apart", [False, True])
async def test_word_tells_the_operator_whether_it_is_she(
    story: Story, chat: Process, told: str | None, came_of_it: WordState, *, apart: bool
) -> None:
    """After a return with a code the operator asks; her page hears the same whatever was told."""
    visitor, operator = await agreed(chat)
    code = await visitor.takes_a_code()
    await visitor.vanishes()
    beside = await story.open_process() if apart else chat
    back = await beside.visitor_returns(code)
    await story.settle()
    assert operator.ear.last(WordStands).word == Word(WordState.AGREED)
    await orders(operator, back, commands.AskForWord(operator.id))
    assert back.ear.last(WordWanted) == WordWanted(new=False)
    await tells(back, told)
    assert back.ear.heard(WordHeard) == [WordHeard()]
    wrong = int(came_of_it is WordState.DIFFERED)
    assert operator.ear.last(WordStands).word == Word(came_of_it, wrong)
    assert not back.ear.heard(WordStands)


async def test_word_is_asked_again_after_a_lost_network(story: Story, chat: Process) -> None:
    """What she has not answered is asked on her next connection; an operator who reloads sees where it is."""
    visitor, operator = await chat.talk()
    await orders(operator, visitor, commands.OfferWord(operator.id))
    await visitor.vanishes()
    back = await visitor.comes_back()
    assert back.ear.last(WordWanted) == WordWanted(new=True)
    await chooses(back, "hus")
    again = await operator.comes_back()
    await again.resumes(visitor)
    assert again.ear.last(ConversationOpened).conversation.word == Word(WordState.AGREED)
    assert (await back.comes_back()).ear.heard(WordWanted) == []


async def test_somebody_who_comes_in_with_a_code_chooses_no_word(chat: Process) -> None:
    """An offer that she has not taken is not theirs to take, and a word that stands is not replaced."""
    visitor, operator = await chat.talk()
    await orders(operator, visitor, commands.OfferWord(operator.id))
    back = await chat.visitor_returns(await visitor.takes_a_code())
    with pytest.raises(NotNow):
        await chooses(back, "min")
    await orders(operator, visitor, commands.OfferWord(operator.id))
    await chooses(back, "vår")
    with pytest.raises(NotNow):
        await orders(operator, visitor, commands.OfferWord(operator.id))


@pytest.mark.parametrize("word", ["", "  \n", "x" * 65])
async def test_what_is_no_word_is_refused(chat: Process, word: str) -> None:
    """And she may choose another one at once, or none."""
    visitor, operator = await chat.talk()
    await orders(operator, visitor, commands.OfferWord(operator.id))
    with pytest.raises(NoWord):
        await chooses(visitor, word)
    await chooses(visitor, None)
    assert operator.ear.last(WordStands).word == Word(WordState.DECLINED)
    with pytest.raises(NotNow):
        await orders(operator, visitor, commands.AskForWord(operator.id))


async def test_nobody_but_the_holder_asks_or_learns(chat: Process) -> None:
    """A guest can neither offer nor ask, and is told nothing of it."""
    visitor, operator, guest = await three(chat)
    for command in (commands.OfferWord, commands.AskForWord):
        with pytest.raises(NotAllowed):
            await orders(guest, visitor, command(guest.id))
    await orders(operator, visitor, commands.OfferWord(operator.id))
    await chooses(visitor, "hus")
    assert not guest.ear.heard(WordStands)


async def test_word_is_in_no_file_and_in_no_notice(story: Story, chat: Process, tmp_path: Path) -> None:
    """Sealed in the store, told to nobody, not among the entries, and no entry's number is used up."""
    visitor, operator = await agreed(chat, "krusbärsbusken")
    await orders(operator, visitor, commands.AskForWord(operator.id))
    await tells(visitor, "krusbärsbusken")
    assert traces(tmp_path, ["krusbärsbusken"]) == []
    told = [repr(notice) for ear in (visitor.ear, operator.ear) for notice in ear.notices]
    assert all(isinstance(notice, Struct) for notice in operator.ear.notices)
    assert not [notice for notice in told if "krusbärs" in notice]
    stored = await chat.stored(visitor)
    assert stored.conversation.seq == 1
    assert stored.word is not None
    await visitor.leaves()
    assert not await chat.is_live(visitor)
