# SPDX-License-Identifier: EUPL-1.2
"""One conversation from the start to the end, as both sides see it."""

from __future__ import annotations

import pytest

from chat.conversation import Phase
from chat.entries import EntryKind
from chat.errors import (
    BeyondHead,
    HasEnded,
    IdReused,
    NotAllowed,
    NoticeChanged,
    TextTooLong,
    UnknownToken,
)
from chat.events import EndReason
from chat.ids import Role, ServiceId
from chat.live.notices import (
    ConversationOpened,
    ConversationOver,
    PeerTyping,
    TakenOver,
    VisitorPresence,
    Welcomed,
)
from tests.service.standing import SERVICES
from tests.service.story import Process, Story


async def test_conversation_runs_from_start_to_end(story: Story, chat: Process) -> None:
    """Start, queue, accept, talk both ways, and the visitor ends it."""
    operator = await chat.operator_on_duty("linden", alias="Alva")
    visitor = await chat.visitor_starts("linden", intake={"need": "talk"})
    assert visitor.ear.heard(Welcomed)[0].phase is Phase.WAITING
    await story.settle()
    assert operator.queue == [visitor.id]

    await operator.accepts(visitor)
    opened = operator.ear.last(ConversationOpened)
    assert (opened.readable, opened.intake) == (True, '{"need":"talk"}')
    assert [(entry.seq, entry.kind, entry.alias) for entry in visitor.ear.entries()] == [
        (1, EntryKind.JOINED, "Alva")
    ]

    first = await visitor.says("Hej, är någon där?")
    second = await operator.says(visitor, "Ja, jag är här.")
    assert visitor.ear.acks == [(first, 2)]
    assert operator.ear.acks == [(second, 3)]
    assert visitor.ear.texts() == ["Ja, jag är här."]
    assert operator.ear.texts() == ["Hej, är någon där?"]

    await visitor.leaves()
    for ear in (visitor.ear, operator.ear):
        assert ear.heard(ConversationOver) == [ConversationOver(visitor.id, 4, EndReason.VISITOR)]
    assert not await chat.is_live(visitor)
    assert chat.chat.rooms.all() == []


async def test_operator_ends_conversation(chat: Process) -> None:
    """The operator ends it, both are told, and nothing is accepted afterwards."""
    visitor, operator = await chat.talk()
    await operator.ends(visitor)
    assert visitor.ear.last(ConversationOver).reason is EndReason.OPERATOR
    assert operator.ear.last(ConversationOver).reason is EndReason.OPERATOR
    with pytest.raises(HasEnded):
        await visitor.says("en sak till")
    with pytest.raises(NotAllowed):
        await operator.says(visitor, "en sak till")
    assert isinstance(visitor.ear.notices[-1], ConversationOver)
    assert isinstance(operator.ear.notices[-1], ConversationOver)


async def test_quick_exit_says_so_to_operator(chat: Process) -> None:
    """Whoever left in a hurry must not be written to: the operator is told that she did."""
    visitor, operator = await chat.talk()
    await visitor.leaves(quickly=True)
    assert operator.ear.last(ConversationOver).reason is EndReason.LEFT_QUICKLY


async def test_author_gets_only_the_ack(chat: Process) -> None:
    """Her own words never come back on the connection that said them."""
    visitor, operator = await chat.talk()
    await visitor.says("ett")
    await operator.says(visitor, "två")
    assert "ett" not in visitor.ear.texts()
    assert "två" not in operator.ear.texts()


async def test_visitor_writes_while_she_waits(story: Story, chat: Process) -> None:
    """What she wrote before anybody came is there when somebody comes."""
    visitor = await chat.visitor_starts("linden")
    operator = await chat.operator_on_duty("linden")
    await visitor.says("jag väntar")
    await visitor.says("fortfarande")
    await operator.accepts(visitor)
    assert operator.ear.texts() == ["jag väntar", "fortfarande"]
    assert [entry.seq for entry in operator.ear.entries()] == [1, 2, 3]


async def test_typing_is_shown_to_the_other(chat: Process) -> None:
    """Each sees that the other writes, and not their own writing."""
    visitor, operator = await chat.talk()
    chat.chat.visitors.typing(visitor.seat)
    assert operator.ear.heard(PeerTyping)
    assert not visitor.ear.heard(PeerTyping)
    await operator.types(visitor)
    assert visitor.ear.heard(PeerTyping)


async def test_text_too_long_is_refused(chat: Process) -> None:
    """2,000 code points are taken, 2,001 are not, on both sides."""
    visitor, operator = await chat.talk()
    await visitor.says("å" * 2_000)
    with pytest.raises(TextTooLong):
        await visitor.says("å" * 2_001)
    with pytest.raises(TextTooLong):
        await operator.says(visitor, "å" * 2_001)
    assert (await chat.stored(visitor)).conversation.seq == 2


@pytest.mark.parametrize(
    "text", ["\u202eomvänt", "<b>&amp;{{7*7}}", "e\u0301" * 900, "👩\u200d👩\u200d👧" * 200, "\n" * 1999]
)
async def test_text_arrives_as_it_was(chat: Process, text: str) -> None:
    """Whatever is written arrives byte for byte."""
    visitor, operator = await chat.talk()
    await visitor.says(text)
    assert operator.ear.texts() == [text]


async def test_start_needs_the_current_notice(chat: Process) -> None:
    """Whoever was shown an older notice is refused, and nothing is stored."""
    with pytest.raises(NoticeChanged):
        await chat.visitor_starts("linden", notice="0")
    with pytest.raises(NotAllowed):
        await chat.visitor_starts("nowhere")
    assert chat.chat.rooms.all() == []
    assert await chat.store.waiting(list(SERVICES)) == []


# --- coming back ---


async def test_resume_gives_every_entry_after(chat: Process) -> None:
    """She gets all that came after, her own words included, and nothing from before."""
    visitor, operator = await chat.talk()
    await visitor.says("ett")
    await operator.says(visitor, "två")
    await visitor.says("tre")
    back = await visitor.comes_back(after=2)
    assert back.ear.last(Welcomed) == Welcomed(visitor.token, ServiceId("linden"), Phase.ACTIVE, 4)
    assert [(entry.seq, entry.role, entry.text) for entry in back.ear.entries()] == [
        (3, Role.OPERATOR, "två"),
        (4, Role.VISITOR, "tre"),
    ]
    everything = await back.comes_back()
    assert [entry.seq for entry in everything.ear.entries()] == [1, 2, 3, 4]
    assert isinstance(everything.ear.notices[0], Welcomed)


async def test_retry_gets_the_same_seq(chat: Process) -> None:
    """The same client id with the same text is acknowledged again and stored once."""
    visitor, operator = await chat.talk()
    again = await visitor.says("ett")
    await visitor.says("ett", again)
    assert visitor.ear.acks == [(again, 2), (again, 2)]
    assert operator.ear.texts() == ["ett"]


async def test_client_id_with_other_text_is_refused(chat: Process) -> None:
    """The same client id with another text is refused, and the first text stands."""
    visitor, operator = await chat.talk()
    again = await visitor.says("ett")
    with pytest.raises(IdReused):
        await visitor.says("två", again)
    assert operator.ear.texts() == ["ett"]


async def test_client_ids_of_the_two_sides_are_apart(story: Story, chat: Process) -> None:
    """An operator's client id may be equal to one of hers."""
    visitor, operator = await chat.talk()
    same = await visitor.says("ett")
    await operator.says(visitor, "två", same)
    assert operator.ear.acks == [(same, 3)]


@pytest.mark.parametrize("restarts", [False, True])
async def test_retry_after_resume_gets_the_same_seq(story: Story, chat: Process, restarts: bool) -> None:
    """A retry is recognised on a new connection too, and in a process that has just begun."""
    visitor = await chat.visitor_starts("linden")
    again = await visitor.says("ett")
    if restarts:
        await story.close(chat)
        chat = await story.open_process()
        await chat.store.mark_all_away(story.clock.now())
    else:
        await visitor.vanishes()
    back = await visitor.comes_back(after=1, to=chat)
    await back.says("ett", again)
    assert back.ear.acks == [(again, 1)]
    with pytest.raises(IdReused):
        await back.says("två", again)
    await back.says("tre")
    assert back.ear.acks[-1][1] == 2
    assert back.ear.texts() == []


async def test_second_connection_takes_over(story: Story, chat: Process) -> None:
    """The first is told, and when its socket closes she is not marked away."""
    visitor, operator = await chat.talk()
    second = await visitor.comes_back()
    assert isinstance(visitor.ear.notices[-1], TakenOver)
    await visitor.vanishes()
    assert (await chat.stored(visitor)).conversation.visitor_away_since is None
    await operator.says(visitor, "hör du mig?")
    assert second.ear.texts() == ["hör du mig?"]
    assert visitor.ear.texts() == []
    assert VisitorPresence(visitor.id, connected=False) not in operator.ear.notices


async def test_takeover_reaches_other_processes(story: Story, chat: Process, other: Process) -> None:
    """The first connection may be in another process; its later end does not mark her away."""
    visitor, _ = await chat.talk()
    second = await visitor.comes_back(to=other)
    await story.settle()
    assert isinstance(visitor.ear.notices[-1], TakenOver)
    await visitor.vanishes()
    await story.settle()
    assert (await chat.stored(visitor)).conversation.visitor_away_since is None
    await second.says("här är jag")
    assert second.ear.acks


async def test_tokens_that_are_not_live_look_the_same(story: Story, chat: Process) -> None:
    """Unknown, foreign, flipped, cut, huge, ended: one and the same answer."""
    visitor = await chat.visitor_starts("linden")
    good = visitor.token
    ended = await chat.visitor_starts("linden")
    await ended.leaves()
    flipped = [good[:place] + ("A" if good[place] != "A" else "B") + good[place + 1 :] for place in range(46)]
    for token in ["", "x", good[:-1], good + "A", "A" * 46, good * 20_000, "å" * 46, ended.token, *flipped]:
        with pytest.raises(UnknownToken):
            await chat.visitor_resumes(token)
    assert not visitor.ear.heard(TakenOver)
    await visitor.comes_back()


async def test_resume_beyond_the_head_is_refused(chat: Process) -> None:
    """Neither a negative `after` nor one beyond the newest entry is taken, and she keeps her seat."""
    visitor, operator = await chat.talk()
    for after in (-1, 2, 2**53):
        with pytest.raises(BeyondHead):
            await visitor.comes_back(after)
        with pytest.raises(BeyondHead):
            await operator.resumes(visitor, after)
    assert not visitor.ear.heard(TakenOver)
    await operator.says(visitor, "kvar?")
    assert visitor.ear.texts() == ["kvar?"]


async def test_operator_comes_back_and_reads_on(story: Story, chat: Process) -> None:
    """After a new connection the console reads what it missed and hears what follows."""
    visitor, operator = await chat.talk()
    await operator.vanishes()
    await visitor.says("hallå?")
    back = await operator.comes_back()
    await back.resumes(visitor, after=1)
    await visitor.says("där är du")
    assert back.ear.texts() == ["hallå?", "där är du"]
    assert operator.ear.texts() == []


async def test_second_console_takes_over(story: Story, chat: Process) -> None:
    """The first console is told; when its socket closes the operator is not marked away."""
    visitor, operator = await chat.talk()
    second = await operator.comes_back()
    assert isinstance(operator.ear.notices[-1], TakenOver)
    await operator.vanishes()
    await second.resumes(visitor)
    await visitor.says("hej")
    assert second.ear.texts() == ["hej"]
    assert (await chat.stored(visitor)).conversation.operator_away_since is None
