# SPDX-License-Identifier: EUPL-1.2
"""What is said is judged before it is sealed: what is taken out is nowhere, and danger goes first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from chat.errors import HasEnded, IdReused, TellsWho
from chat.ids import ServiceId
from chat.live import visiting
from chat.live.notices import (
    AcuteMarked,
    ConversationOpened,
    DangerDenied,
    DangerSeen,
    EntryShown,
    MessageStored,
)
from chat.live.saying import Words
from moderation.danger import Level, Subject
from moderation.sanctions import Unsafe
from moderation.verdict import Judgement, Kind
from tests.service.standing import SERVICES, Ear
from tests.service.story import Operator, Process, Story, Visitor, told
from tests.service.traces import traces
from tests.unit.moderation.judges import a_judge

NUMBER = "070-174 06 05"
JUDGED = {id_: replace(service, judge=a_judge(harms=id_ == "hamnen")) for id_, service in SERVICES.items()}


@pytest.fixture
async def story(tmp_path: Path, empty_database: Path) -> AsyncGenerator[Story]:
    """A world in which every service has a judge."""
    async with told(tmp_path, empty_database, JUDGED) as story:
        yield story


async def says(visitor: Visitor, words: Words) -> None:
    """Let her say something as her page would."""
    (error,) = await visitor.process.chat.visitors.say(visitor.seat, [words])
    if error is not None:
        raise error


def judged(ear: Ear) -> list[Judgement | None]:
    """Return what an operator was told was seen in each message."""
    return [shown.judgement for shown in ear.heard(EntryShown)]


async def test_service_that_only_another_process_knows_is_judged_all_the_same(
    story: Story, chat: Process
) -> None:
    """Its site file is an older one: what she writes is masked by the rules that all share."""
    visitor, _ = await chat.talk("eken")
    chat.chat.renew({id_: each for id_, each in chat.chat.rooms.services.items() if id_ != "eken"})
    await visitor.says(f"ring {NUMBER} ikväll")
    assert NUMBER not in (visitor.ear.last(MessageStored).text or NUMBER)


async def test_number_is_taken_out_before_it_is_stored(story: Story, chat: Process) -> None:
    """Neither the operator nor any file ever has it; she hears what is stored instead."""
    visitor, operator = await chat.talk()
    await visitor.says(f"ring {NUMBER} ikväll")
    stored = visitor.ear.last(MessageStored)
    assert (stored.text, stored.masked) == ("ring [telefonnummer] ikväll", (Kind.PHONE,))
    assert operator.ear.texts() == ["ring [telefonnummer] ikväll"]
    assert traces(story.directory, [NUMBER]) == []
    back = await visitor.comes_back()
    assert back.ear.texts() == ["ring [telefonnummer] ikväll"]


async def test_what_she_keeps_is_kept_sealed(story: Story, chat: Process) -> None:
    """With her yes it is said as it stands, and still no file has it in readable form."""
    visitor, operator = await chat.talk()
    await says(visitor, Words(story.client_id(), f"ring {NUMBER}", keep=True))
    stored = visitor.ear.last(MessageStored)
    assert (stored.text, stored.masked) == (None, ())
    assert operator.ear.texts() == [f"ring {NUMBER}"]
    assert traces(story.directory, [NUMBER]) == []


async def test_retry_is_compared_by_what_is_stored(story: Story, chat: Process) -> None:
    """The same id and words get the first acknowledgement and text; with another answer it is refused."""
    visitor, _ = await chat.talk()
    words = Words(story.client_id(), f"ring {NUMBER}")
    await says(visitor, words)
    await says(visitor, words)
    first, again = visitor.ear.heard(MessageStored)
    assert (again.seq, again.text) == (first.seq, first.text)
    with pytest.raises(IdReused):
        await says(visitor, replace_keep(words))


def replace_keep(words: Words) -> Words:
    """Return the same words, to be kept as they stand."""
    return Words(words.client_id, words.text, keep=True)


async def test_answers_before_the_start_are_judged_too(story: Story, chat: Process) -> None:
    """A number in an answer is taken out; the answers stay answers."""
    operator = await chat.operator_on_duty("linden")
    visitor = await chat.visitor_starts(
        "linden", intake={"need": f"ring {NUMBER}", "age_band": "18-25", "acute": True}
    )
    await story.settle()
    await operator.accepts(visitor)
    intake = operator.ear.last(ConversationOpened).intake
    assert intake == '{"need":"ring [telefonnummer]","age_band":"18-25","acute":true}'


@pytest.mark.parametrize(
    "text", [NUMBER, "jag bor på Storgatan 12", "skriv till mig: anna@gmail.com", "https://example.org"]
)
async def test_operator_gives_nothing_of_their_own(chat: Process, text: str) -> None:
    """It is refused and nothing is stored or shown; a line passes."""
    visitor, operator = await chat.talk()
    with pytest.raises(TellsWho):
        await operator.says(visitor, text)
    await operator.says(visitor, "ring 020-50 50 50 när du vill")
    assert visitor.ear.texts() == ["ring 020-50 50 50 när du vill"]


async def test_acute_words_are_told_to_both(chat: Process) -> None:
    """The operator sees what was heard in them; her page may ask whether she is in danger now."""
    visitor, operator = await chat.talk()
    await visitor.says("han står utanför dörren med en kniv, Storgatan 12")
    (seen,) = judged(operator.ear)
    assert seen is not None
    assert seen.danger is not None
    assert (seen.danger.level, seen.masked) == (Level.ACUTE, (Kind.ADDRESS,))
    assert visitor.ear.last(DangerSeen).danger.subject is Subject.VISITOR


async def test_concern_is_told_to_the_operator_only(chat: Process) -> None:
    """Her page is not alarmed by what is not now."""
    visitor, operator = await chat.talk()
    await visitor.says("han tog strypgrepp på mig förra veckan")
    (seen,) = judged(operator.ear)
    assert seen is not None
    assert seen.danger is not None
    assert seen.danger.level is Level.CONCERN
    assert visitor.ear.heard(DangerSeen) == []


async def test_whoever_opens_later_sees_the_same(story: Story, chat: Process) -> None:
    """Nothing of it is stored: it is seen anew in what can be read."""
    visitor = await chat.visitor_starts("linden")
    await visitor.says("han står utanför dörren med en kniv")
    operator = await chat.operator_on_duty("linden")
    await operator.accepts(visitor)
    opened = operator.ear.last(ConversationOpened)
    (entry,) = [entry for entry in opened.entries if entry.text]
    danger = opened.judgements[entry.seq].danger
    assert danger is not None
    assert danger.level is Level.ACUTE
    assert opened.conversation.acute is False


async def test_who_is_in_danger_now_waits_before_the_others(story: Story, chat: Process) -> None:
    """By her own word only, at once, and once."""
    operator = await chat.operator_on_duty("linden")
    first, second = await chat.visitor_starts("linden"), await chat.visitor_starts("linden")
    await second.says("han står utanför dörren med en kniv")
    await story.settle()
    assert operator.queue == [first.id, second.id]
    await chat.chat.visitors.mark_acute(second.seat)
    await chat.chat.visitors.mark_acute(second.seat)
    await story.settle()
    assert operator.queue == [second.id, first.id]
    assert (await chat.stored(second)).conversation.acute


async def test_operator_hears_that_she_is_in_danger(story: Story, chat: Process, other: Process) -> None:
    """In this process or another, also when the doorbell alone brings it."""
    visitor, operator = await chat.talk()
    await chat.chat.visitors.mark_acute(visitor.seat)
    assert len(operator.ear.heard(AcuteMarked)) == 1
    elsewhere = await other.operator_on_duty("linden", alias="Bo")
    second = await chat.visitor_starts("linden")
    await story.settle()
    await elsewhere.accepts(second)
    await story.settle()
    await chat.chat.visitors.mark_acute(second.seat)
    await story.settle()
    assert len(elsewhere.ear.heard(AcuteMarked)) == 1


async def test_operator_hears_that_she_says_no_to_danger(story: Story, chat: Process, other: Process) -> None:
    """In this process or another; asked again and again she is passed on once."""
    visitor, operator = await chat.talk()
    await visiting.deny_danger(chat.chat.visitors, visitor.seat)
    await visiting.deny_danger(chat.chat.visitors, visitor.seat)
    assert len(operator.ear.heard(DangerDenied)) == 1
    assert (await chat.stored(visitor)).conversation.denials == 1
    elsewhere = await other.operator_on_duty("linden", alias="Bo")
    second = await chat.visitor_starts("linden")
    await story.settle()
    await elsewhere.accepts(second)
    await story.settle()
    await visiting.deny_danger(chat.chat.visitors, second.seat)
    await story.settle()
    assert len(elsewhere.ear.heard(DangerDenied)) == 1


async def test_acute_after_the_end_is_refused(chat: Process) -> None:
    """Nothing follows the end."""
    visitor, operator = await chat.talk()
    await operator.ends(visitor)
    with pytest.raises(HasEnded):
        await chat.chat.visitors.mark_acute(visitor.seat)


async def test_threat_at_the_volunteer_is_covered(chat: Process) -> None:
    """It is stored and shown, with the reason to cover it; she hears nothing of that."""
    visitor, operator = await chat.talk()
    await visitor.says("jag ska döda dig din jävla hora")
    (seen,) = judged(operator.ear)
    assert seen is not None
    assert seen.cover == "threat"
    assert operator.ear.texts() == ["jag ska döda dig din jävla hora"]
    assert visitor.ear.last(MessageStored).text is None


async def test_same_long_text_is_covered_the_fourth_time(chat: Process) -> None:
    """A cry for help may come as often as it will."""
    visitor, operator = await chat.talk()
    for _ in range(6):
        await visitor.says("hjälp mig snälla")
    for _ in range(5):
        await visitor.says("köp billiga klockor på torget idag")
    covers = [seen.cover if seen is not None else None for seen in judged(operator.ear)]
    assert covers == [None] * 9 + ["repeated"] * 2


async def test_long_texts_leave_others_their_turn(story: Story, chat: Process) -> None:
    """Somebody who sends thirty long ones at once keeps nobody waiting until they are all judged."""
    busy, other = await chat.visitor_starts("linden"), await chat.visitor_starts("linden")
    long = [Words(story.client_id(), f"{number} " + "0 1.a@b " * 240) for number in range(30)]
    sending = asyncio.ensure_future(chat.chat.visitors.say(busy.seat, long))
    await asyncio.sleep(0)
    await other.says("hej")
    assert len(other.ear.acks) == 1
    assert busy.ear.acks == []
    assert await sending == [None] * 30


async def test_address_taken_out_while_she_waits_is_named_at_the_opening(story: Story, chat: Process) -> None:
    """Whoever opens it later is told that a place is missing, as whoever was there."""
    visitor = await chat.visitor_starts("linden")
    await visitor.says("han slår in dörren nu, Storgatan 12")
    operator = await chat.operator_on_duty("linden")
    await operator.accepts(visitor)
    opened = operator.ear.last(ConversationOpened)
    assert [seen.masked for seen in opened.judgements.values()] == [(Kind.ADDRESS,)]


async def test_mask_that_her_page_put_there_is_named_too(chat: Process) -> None:
    """What she took out herself is missing as well; she is not told of it again."""
    visitor, operator = await chat.talk()
    await visitor.says("han slår in dörren nu, jag bor på [adress]")
    (seen,) = judged(operator.ear)
    assert seen is not None
    assert seen.masked == (Kind.ADDRESS,)
    assert visitor.ear.last(MessageStored).masked == ()


async def test_masks_may_make_a_message_longer_than_it_was(chat: Process) -> None:
    """Two thousand characters are two thousand, whatever becomes of them."""
    visitor, operator = await chat.talk()
    text = "a" * 1984 + f" {NUMBER}"
    assert len(text) <= 2_000
    await visitor.says(text)
    assert operator.ear.texts() == ["a" * 1984 + " [telefonnummer]"]


@pytest.mark.parametrize("reason", Unsafe)
async def test_unsafe_end_is_counted_with_its_reason(chat: Process, reason: Unsafe) -> None:
    """She is told what she is always told; the counter has no conversation."""
    visitor, operator = await chat.talk()
    service = await chat.chat.operators.end(operator.desk, visitor.id, reason)
    assert service == ServiceId("linden")
    assert visitor.ear.is_over
    counted = await chat.counted()
    assert (counted["ended"], counted[f"unsafe_{reason}"]) == (1, 1)


async def test_harm_to_another_is_named_on_its_track_only(chat: Process) -> None:
    """Where people come because they harm; elsewhere it is danger, and whose it is is left open."""
    for service, subject in (("hamnen", Subject.OTHER), ("linden", Subject.VISITOR)):
        visitor, operator = await chat.talk(service)
        await visitor.says("jag kommer slå ihjäl henne ikväll")
        (seen,) = judged(operator.ear)
        assert seen is not None
        assert seen.danger is not None
        assert seen.danger.subject is subject
        await operator.ends(visitor)
        await signed_out(operator)


async def signed_out(operator: Operator) -> None:
    """Let an operator go off duty."""
    await operator.goes_off_duty()
    await operator.vanishes()
