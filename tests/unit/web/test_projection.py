# SPDX-License-Identifier: EUPL-1.2
"""What each side is shown: every notice is decided, nothing of the staff reaches her, sizes tell nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, get_args

import msgspec
import pytest

from chat.conversation import Conversation, Phase
from chat.duty import Duty
from chat.entries import Entry, EntryKind
from chat.events import EndReason
from chat.ids import ClientId, ConversationId, DutyId, OrganisationId, Role, ServiceId, Track
from chat.live import notices
from chat.live.notices import Notice
from chat.parts import TOLD, Word, WordState
from moderation.danger import Danger, Level, Subject
from web.operator import projection as operators
from web.operator.waiting_shown import waiting
from web.visitor import projection as visitors

NOON = datetime(2026, 2, 16, 12, 0, 41, tzinfo=UTC)
C = ConversationId("conversation-secret")
DUTY = DutyId("duty-secret")
LINDEN = ServiceId("linden")
CONVERSATION = Conversation(
    id=C,
    service=LINDEN,
    organisation=OrganisationId("organisation-secret"),
    track=Track.EXPOSED,
    language="sv",
    started_at=NOON,
    waiting_since=NOON,
    phase=Phase.OFFERED,
    operator=DUTY,
)
ON_DUTY = Duty(
    id=DUTY,
    alias="alias-secret",
    services=frozenset({LINDEN}),
    track=Track.EXPOSED,
    public_key=bytes(32),
    key_day=1,
    since=NOON,
    idle_since=NOON,
)
CLIENT = ClientId("A" * 22)
SAID = Entry(3, EntryKind.SAID, Role.OPERATOR, CLIENT, "hej", NOON)


def name_of(_service: ServiceId) -> str:
    """Return the name of every organisation."""
    return "Kvinnojouren"


def opened_with(*entries: Entry, intake: str | None = None) -> notices.ConversationOpened:
    """Return an opening of these entries, in which nothing was seen."""
    return notices.ConversationOpened(CONVERSATION, entries, readable=True, judgements={}, intake=intake)


EVERY: dict[type[Any], Notice] = {
    type(notice): notice
    for notice in (
        notices.Welcomed("token", LINDEN, Phase.WAITING, 0),
        notices.QueueMoved(2, (5, 20), here=True),
        notices.EntryShown(C, SAID),
        notices.MessageStored(C, CLIENT, 4),
        notices.DangerSeen(Danger(Level.ACUTE, Subject.VISITOR, "weapon")),
        notices.AcuteMarked(C),
        notices.DangerDenied(C),
        notices.PeerTyping(C),
        notices.VisitorPresence(C, connected=True),
        notices.ConversationOver(C, 5, EndReason.VISITOR),
        notices.ConversationLost(C, 5, "Sam"),
        notices.TransferStands(C, None),
        notices.ConversationTaken(C, 6, "alias-secret", "alias-secret"),
        notices.HandStands(C, NOON),
        notices.TalkStands(NOON, "alias-secret"),
        notices.AlertsListed((CONVERSATION,)),
        opened_with(SAID, intake='{"need":"talk"}'),
        notices.DeskReady((CONVERSATION,)),
        notices.DutyNoted(ON_DUTY),
        notices.WaitingListed((CONVERSATION,)),
        notices.ColleaguesListed(
            (notices.AtService(LINDEN, (notices.Colleague("Mira-secret", paused=True),), waits=True),)
        ),
        notices.TakenOver(),
        notices.SignInRevoked(),
        notices.ReturnCodeGiven("ask bok"),
        notices.ReturnCodeGone(),
        notices.WordWanted(new=True),
        notices.WordHeard(),
        notices.WordStands(C, Word(WordState.DIFFERED, 1)),
    )
}
HERS: dict[object, str] = {
    notices.Welcomed: "welcome",
    notices.QueueMoved: "queue",
    notices.EntryShown: "said",
    notices.MessageStored: "ack",
    notices.DangerSeen: "danger",
    notices.PeerTyping: "typing",
    notices.ConversationOver: "ended",
    notices.ReturnCodeGiven: "return_code",
    notices.ReturnCodeGone: "return_code",
    notices.WordWanted: "word",
    notices.WordHeard: "word",
}
THEIRS: dict[object, str] = {
    notices.EntryShown: "said",
    notices.MessageStored: "ack",
    notices.AcuteMarked: "acute",
    notices.DangerDenied: "not_acute",
    notices.PeerTyping: "typing",
    notices.VisitorPresence: "presence",
    notices.ConversationOver: "ended",
    notices.ConversationLost: "lost",
    notices.DeskReady: "ready",
    notices.DutyNoted: "duty",
    notices.ColleaguesListed: "colleagues",
    notices.WordStands: "word",
    notices.ConversationTaken: "yours",
    notices.HandStands: "hand",
    notices.TalkStands: "talk",
}


def test_every_notice_is_tried_here() -> None:
    """A new kind of notice must be added to these tests."""
    assert set(EVERY) == set(get_args(Notice))


@pytest.mark.parametrize("kind", get_args(Notice))
def test_visitor_is_shown_what_is_hers_and_nothing_else(kind: type[Any]) -> None:
    """Eleven kinds of notices are hers; all others give no frame at all."""
    frame = visitors.project(EVERY[kind])
    assert (None if frame is None else msgspec.to_builtins(frame)["type"]) == HERS.get(kind)


@pytest.mark.parametrize("kind", get_args(Notice))
def test_operator_is_shown_what_is_theirs_and_nothing_else(kind: type[Any]) -> None:
    """Her token and her place are never shown to an operator."""
    frame = operators.project(EVERY[kind])
    assert (None if frame is None else msgspec.to_builtins(frame)["type"]) == THEIRS.get(kind)


@pytest.mark.parametrize("kind", get_args(Notice))
def test_nothing_of_the_staff_reaches_the_visitor(kind: type[Any]) -> None:
    """No frame of hers holds a duty, an organisation or the conversation's id."""
    frame = visitors.project(EVERY[kind])
    assert frame is None or b"secret" not in visitors.encoded(frame)


def test_visitor_sees_who_comes_and_goes_by_alias() -> None:
    """Somebody joined under an alias, and left."""
    joined = visitors.project(notices.EntryShown(C, Entry(1, EntryKind.JOINED, Role.SERVICE, alias="Alva")))
    left = visitors.project(notices.EntryShown(C, Entry(2, EntryKind.LEFT, Role.SERVICE, alias="Alva")))
    assert msgspec.to_builtins(joined) == {"type": "joined", "seq": 1, "alias": "Alva"}
    assert msgspec.to_builtins(left) == {"type": "left", "seq": 2}


def test_visitor_sees_who_takes_over_and_where_they_work_when_that_is_new() -> None:
    """Who has handed over, who has come, and a move that did not come about."""
    told = [
        visitors.project(notices.EntryShown(C, entry))
        for entry in (
            Entry(1, EntryKind.HANDED, Role.SERVICE, alias="Alva"),
            Entry(2, EntryKind.JOINED, Role.SERVICE, alias="Gry", organisation="Bron"),
            Entry(3, EntryKind.STAYED, Role.SERVICE, organisation="Bron"),
        )
    ]
    assert [msgspec.to_builtins(frame) for frame in told] == [
        {"type": "handed", "seq": 1, "alias": "Alva"},
        {"type": "joined", "seq": 2, "alias": "Gry", "organisation": "Bron"},
        {"type": "stayed", "seq": 3, "organisation": "Bron"},
    ]
    assert operators.project(notices.EntryShown(C, Entry(1, EntryKind.HANDED, Role.SERVICE))) is None


def test_offered_looks_like_waiting_to_her() -> None:
    """That a console rings is not hers to know."""
    frame = visitors.project(notices.Welcomed("token", LINDEN, Phase.OFFERED, 0))
    assert msgspec.to_builtins(frame)["phase"] == "waiting"


def test_time_goes_out_to_the_minute() -> None:
    """Seconds would tell more than is needed."""
    frame = visitors.project(notices.EntryShown(C, SAID))
    assert msgspec.to_builtins(frame)["at"] == "2026-02-16T12:00Z"


def test_ringing_console_is_marked() -> None:
    """The console at which it rings is told so, another one is not."""
    for desk, mine in ((DUTY, True), (DutyId("other"), False)):
        frame = waiting(notices.WaitingListed((CONVERSATION,)), NOON, desk, name_of)
        assert msgspec.to_builtins(frame)["conversations"][0]["mine"] is mine


def test_list_tells_how_many_more_wait() -> None:
    """A long list is cut by the chat; nothing is said where nobody is left out."""
    for more, told in ((7, 7), (0, None)):
        frame = waiting(notices.WaitingListed((CONVERSATION,), more), NOON, DUTY, name_of)
        assert msgspec.json.decode(operators.encoded(frame)).get("more") == told


@pytest.mark.parametrize("text", ["a", "\U0001f980" * 2_000, '"\\\n' * 600])
def test_long_conversation_opens_in_parts(text: str) -> None:
    """Whatever its texts weigh: each part within the limit, all entries once and in order."""
    entries = tuple(Entry(seq, EntryKind.SAID, Role.VISITOR, CLIENT, text, NOON) for seq in range(1, 151))
    long = msgspec.structs.replace(CONVERSATION, seq=150)
    parts = list(
        operators.accepted(msgspec.structs.replace(opened_with(*entries), conversation=long), name_of)
    )
    assert max(len(operators.encoded(part)) for part in parts) <= 32 * 1024
    assert [entry.seq for part in parts for entry in part.entries] == list(range(1, 151))
    assert [part.seq for part in parts] == [part.entries[-1].seq for part in parts]


def shown(text: str) -> Notice:
    """Return a notice that carries a text."""
    return notices.EntryShown(C, Entry(3, EntryKind.SAID, Role.VISITOR, CLIENT, text, NOON))


def opened(text: str) -> Notice:
    """Return an opening that carries a text."""
    entry = Entry(3, EntryKind.SAID, Role.VISITOR, CLIENT, text, NOON)
    return opened_with(entry)


@pytest.mark.parametrize("carrying", [shown, opened])
def test_size_of_a_frame_tells_nothing_of_its_text(carrying: Any) -> None:
    """One character and four hundred make frames of one size, on both sides, and stay JSON."""
    sizes = set()
    for text in ("a", "a" * 400):
        notice = carrying(text)
        theirs = operators.project(notice)
        if isinstance(notice, notices.ConversationOpened):
            (theirs,) = operators.accepted(notice, name_of)
        assert theirs is not None
        raw = operators.encoded(theirs)
        msgspec.json.decode(raw)
        sizes.add(len(raw))
        hers = visitors.project(notice)
        if hers is not None:
            sizes.add(len(visitors.encoded(hers)))
    assert sizes == {1024}


def test_what_came_of_a_word_is_told_to_the_operator_alone() -> None:
    """To her every answer looks the same; to the operator there is where it stands, never what it is."""
    told = {state: notices.WordStands(C, Word(state, 1)) for state in TOLD}
    theirs = {state: msgspec.to_builtins(operators.project(notice)) for state, notice in told.items()}
    assert {state: shown["word"] for state, shown in theirs.items()} == {
        state: {"state": state.value, "left": 2} for state in TOLD
    }
    assert {visitors.project(notice) for notice in told.values()} == {None}
    frame = visitors.project(notices.WordHeard())
    assert msgspec.to_builtins(frame) == {"type": "word", "step": "heard"}
    frame = visitors.project(notices.WordHeard(taken_back=True))
    assert msgspec.to_builtins(frame) == {"type": "word", "step": "no_more"}


def test_size_of_an_ack_tells_nothing() -> None:
    """Her ack may carry the text as stored, so it is padded too."""
    frame = visitors.project(notices.MessageStored(C, CLIENT, 4))
    assert frame is not None
    assert len(visitors.encoded(frame)) == 1024
