# SPDX-License-Identifier: EUPL-1.2
"""What a visit keeps of what it is shown: each entry once and in order, and nothing once it is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from chat.conversation import Phase
from chat.entries import Entry, EntryKind
from chat.events import EndReason
from chat.ids import ClientId, ConversationId, Role, ServiceId
from chat.live.notices import (
    ConversationOver,
    EntryShown,
    MessageStored,
    PeerTyping,
    TakenOver,
    Welcomed,
)
from web.visitor import frames
from web.visitor.plain.visit import MOST_CHARACTERS, Unsent, Visit

EVENING = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
TALK = ConversationId("talk")


class Clock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.moment = EVENING

    def now(self) -> datetime:
        """Return the moment."""
        return self.moment

    def trusted(self) -> bool:
        """Nothing is wrong with it."""
        return True

    async def sleep(self, seconds: float) -> None:
        """Nobody sleeps here."""
        raise NotImplementedError


def visit() -> tuple[Visit, Clock]:
    """Return somebody who has come in, and the clock."""
    clock = Clock()
    here = Visit("", "connection", clock)
    here.deliver(Welcomed("token", ServiceId("linden"), Phase.ACTIVE, 0))
    return here, clock


def said(seq: int, text: str, role: Role = Role.OPERATOR) -> EntryShown:
    """Return something that somebody said."""
    return EntryShown(TALK, Entry(seq, EntryKind.SAID, role, ClientId(f"c{seq}"), text, EVENING))


def texts(here: Visit) -> list[str]:
    """Return what stands in the log."""
    return [entry.text for entry in here.in_order() if isinstance(entry, frames.Said)]


def test_entries_stand_once_and_in_order() -> None:
    """Whatever comes again, or late."""
    here, _ = visit()
    for seq, text in ((2, "två"), (1, "ett"), (2, "två"), (3, "tre")):
        here.deliver(said(seq, text))
    assert texts(here) == ["ett", "två", "tre"]
    assert here.token == "token"


def test_her_own_words_come_from_her_form_or_as_they_were_stored() -> None:
    """An ack carries the text only where something was taken out; one for nobody's words shows none."""
    here, _ = visit()
    here.saying["c1"] = "som jag skrev"
    here.deliver(MessageStored(TALK, ClientId("c1"), 1))
    here.deliver(MessageStored(TALK, ClientId("c1"), 1))
    here.deliver(MessageStored(TALK, ClientId("c2"), 2, "utan [telefonnummer]"))
    here.deliver(MessageStored(TALK, ClientId("c3"), 3))
    assert texts(here) == ["som jag skrev", "utan [telefonnummer]"]
    assert here.seq_of("c1") == 1


def test_nothing_stays_once_it_is_over() -> None:
    """No word that was said, and none that was not sent."""
    here, _ = visit()
    here.deliver(said(1, "hemligt"))
    here.draft, here.unsent = "halvt", Unsent("c9", "hemligt", ("phone",))
    here.deliver(ConversationOver(TALK, 2, EndReason.OPERATOR))
    assert here.over == "operator"
    assert here.seat is None
    assert (here.entries, here.draft) == ({}, "")
    assert "hemligt" not in repr(vars(here))


def test_whoever_is_taken_over_keeps_only_what_was_not_sent() -> None:
    """The other window has the talk; her half message is still hers."""
    here, _ = visit()
    here.deliver(said(1, "hemligt"))
    here.draft = "halvt"
    here.deliver(TakenOver())
    assert (here.entries, here.draft, here.over) == ({}, "halvt", None)


def test_oldest_give_way_in_a_very_long_talk() -> None:
    """What is kept in memory is bounded; the newest is always there."""
    here, _ = visit()
    for seq in range(1, MOST_CHARACTERS // 2_000 + 20):
        here.deliver(said(seq, "x" * 2_000))
    assert sum(map(len, texts(here))) <= MOST_CHARACTERS
    assert max(here.entries) == MOST_CHARACTERS // 2_000 + 19


def test_typing_passes() -> None:
    """It is shown for a few seconds, and not after the message that it was about."""
    here, clock = visit()
    here.deliver(PeerTyping(TALK))
    assert here.typing() == ""
    clock.moment += timedelta(seconds=11)
    assert here.typing() is None
    here.deliver(PeerTyping(TALK))
    here.deliver(said(1, "Hej"))
    assert here.typing() is None
