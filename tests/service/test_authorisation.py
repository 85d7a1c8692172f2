# SPDX-License-Identifier: EUPL-1.2
"""Who may do what is decided before anything is opened."""

from __future__ import annotations

from datetime import datetime

import pytest

from chat.errors import Refused, UnknownToken
from chat.ids import ConversationId, Randomness
from chat.live.notices import ConversationOpened, ConversationOver, EntryShown, SignInRevoked
from chat.live.readers import Readers
from chat.live.room import Room
from chat.sealing import ConversationKey, Place
from tests.service.story import Operator, Process, Story


@pytest.fixture
def sealing_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything opens to everybody: what is still refused is refused by the rules alone."""

    async def any_key(self: Readers, room: Room) -> bool:
        room.learn_key(ConversationKey(bytes(32)))
        return True

    def anything(self: ConversationKey, place: Place, sealed: bytes) -> tuple[str, datetime]:
        return "öppet", datetime.fromisoformat("2026-02-16T20:15Z")

    def sealed(self: ConversationKey, place: Place, text: str, at: datetime, randomness: Randomness) -> bytes:
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
        "supervisor without a hand": await chat.operator_on_duty(
            "linden", "eken", alias="Siv", supervises=True
        ),
        "supervisor of another service": await chat.operator_on_duty("eken", alias="Siv", supervises=True),
        "supervisor of another track": await chat.operator_on_duty("hamnen", alias="Siv", supervises=True),
        "supervisor not on duty": await chat.operator_connects(story.sign_in("linden", supervises=True)),
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
    verbs += [stranger.raises(whom), stranger.raises(whom, up=False), stranger.supervises(whom)]
    verbs += [stranger.takes_over(whom), stranger.leaves(whom)]
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
