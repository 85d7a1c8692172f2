# SPDX-License-Identifier: EUPL-1.2
"""Every frame that a console may send, about what is somebody else's: refused as what does not exist.

Each type of frame has one line in `FRAMES`; a new type fails the test until it has one.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from types import UnionType
from typing import Any, Final, get_args

import msgspec
import pytest
import pytest_asyncio

from moderation.rate import Rate
from tests.outside.connection import Closed, Connection, Frame, new_id
from tests.outside.operator import Operator
from tests.web.personas import NOBODY, STAFF, Present, everybody
from tests.web.running import Running
from web import connection as serving
from web.accounts.account import AT_CONSOLE
from web.operator.frames import FromOperator

UNKNOWN: Final = "A" * 22
DRAFT: Final = {"purpose": "Att få hjälp vidare", "want": "Råd", "receivers": ["mottagningen-vallentuna"]}

Fields = Callable[[str], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Line:
    """One type of frame. `of` is what its object is; `fields` are the frame about one, without its type."""

    fields: Fields
    of: str = "conversation"
    own_service: bool = False
    """Somebody on duty in the conversation's service may send it without holding the conversation."""


def about(**more: Any) -> Fields:
    """Return the fields of a frame about a conversation."""
    return lambda name: {
        "conversation": name,
        **{key: made() if callable(made) else made for key, made in more.items()},
    }


FRAMES: Final = {
    "hello": Line(lambda _: {"csrf": "x"}, of=""),
    "duty": Line(lambda name: {"on": True, "services": [name], "alias": "Alva"}, of="service"),
    "accept": Line(about(), own_service=True),
    "say": Line(about(id=new_id, text="Hej.")),
    "typing": Line(about()),
    "end": Line(about()),
    "resume": Line(about(after=0)),
    "ask": Line(about(id=new_id, draft=DRAFT)),
    "take_back": Line(about()),
    "guests": Line(about()),
    "invite": Line(about(id=new_id, receiver="mottagningen-vallentuna")),
    "leave": Line(about()),
    "offer_word": Line(about()),
    "take_back_word": Line(about()),
    "ask_word": Line(about()),
    "set_aside": Line(about()),
    "hand": Line(about(up=True)),
    "supervise": Line(about()),
    "take_over": Line(about()),
    "talk": Line(lambda _: {"on": False}, of=""),
    "take_talk": Line(lambda name: {"talk": name}, of="talk"),
    "wrap_up": Line(lambda name: {"id": new_id(), "service": name, "channel": "chat"}, of="service"),
    "note": Line(about(id=new_id, text="En anteckning.")),
    "notes": Line(about()),
    "there": Line(lambda _: {"id": 1}, of=""),
    "what_became": Line(about(), own_service=True),
    "transfers": Line(about()),
    "transfer": Line(about(id=new_id, service="eken")),
    "keep_transfer": Line(about()),
    "decline_transfer": Line(about()),
    "pause": Line(lambda _: {"on": False}, of=""),
    "hold_at_most": Line(lambda _: {"capacity": 3}, of=""),
    "hand_back": Line(about()),
}


def types_of(union: Any) -> Iterator[type]:
    """Yield every frame type of a union of unions."""
    for each in get_args(union):
        if isinstance(each, UnionType):
            yield from types_of(each)
        else:
            yield each


NOT_ANSWERS: Final = {"here", "beat", "duty", "waiting", "colleagues", "alerts", "talk"}
"""What comes by itself."""


class Console:
    """Somebody at a console, who can tell what came of one frame."""

    def __init__(self, run: Running, who: Present) -> None:
        self.run, self.who = run, who
        self.connection: Connection
        self._number = 1

    async def sits_down(self) -> None:
        """Connect, and go on duty in the services of the account."""
        assert self.who.session is not None
        assert self.who.persona is not None
        cookie = f"__Host-staff={self.who.cookie}"
        self.connection = await Connection.open(self.run.at.ws_operator, self.run.at.url, cookie)
        await self.connection.send("hello", csrf=self.who.session.csrf)
        await self.connection.expect("ready")
        await self.goes_on_duty()

    async def goes_on_duty(self) -> None:
        """Be on duty in one's own services, whatever was tried."""
        assert self.who.persona is not None
        services = sorted(self.who.persona.services)
        assert await self.tries("duty", {"on": True, "services": services, "alias": "Alva"}) == []

    async def tries(self, kind: str, fields: dict[str, Any]) -> list[Frame]:
        """Send a frame; return what came before the answer to the next one, without what it repeats."""
        self._number += 1
        self.connection.unread.clear()
        await self.connection.send(kind, **fields)
        await self.connection.send("there", id=self._number)
        await self.connection.expect("here", id=self._number)
        told = [frame for frame in self.connection.unread if frame["type"] not in NOT_ANSWERS]
        return [{key: frame[key] for key in frame.keys() - {"conversation", "id"}} for frame in told]


@dataclass
class Evening:
    """What goes on: conversations by where they are, and everybody at their consoles."""

    run: Running
    conversations: dict[str, tuple[str, str]]
    """By name: the service, and the conversation."""
    there: dict[str, Present]
    consoles: dict[str, Console]
    holder: Operator
    """Whose the one held in linden is."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def evening(shared: Running) -> AsyncGenerator[Evening]:
    """One held and one waiting in each service, with people of their own to hold them."""
    conversations, holders = {}, {}
    for service, name in (("linden", "anna"), ("eken", "sara"), ("bron", "karin"), ("hamnen", "peter")):
        _, holders[service], held = await shared.talk(name, service)
        conversations[f"held in {service}"] = (service, held)
    for service in ("linden", "bron"):
        await shared.visitor(service)
        conversations[f"waiting in {service}"] = (service, await holders[service].sees_waiting())
    there = await everybody(shared)
    consoles: dict[str, Console] = {}
    for persona in STAFF:
        if persona.role in AT_CONSOLE:
            console = Console(shared, there[persona.name])
            await console.sits_down()
            consoles[persona.name] = console
    yield Evening(shared, conversations, there, consoles, holders["linden"])
    for console in consoles.values():
        await console.connection.close()
    await shared.all_leave()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one socket be refused as often as this needs."""
    monkeypatch.setattr(serving, "REFUSALS", Rate(burst=10_000, every=timedelta(seconds=1)))


def test_every_frame_has_its_line() -> None:
    """A new type of frame is a decision about whose it is."""
    tags = {msgspec.inspect.type_info(each).tag for each in types_of(FromOperator)}  # type: ignore[attr-defined]
    assert tags == set(FRAMES)


OF_A_CONVERSATION = [kind for kind, line in FRAMES.items() if line.of == "conversation"]


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("kind", OF_A_CONVERSATION)
async def test_frame_about_anothers_conversation_learns_nothing(evening: Evening, kind: str) -> None:
    """Every persona, every conversation that is not theirs: exactly what an unknown name gets."""
    line = FRAMES[kind]
    for name, console in evening.consoles.items():
        unknown = await console.tries(kind, line.fields(UNKNOWN))
        assert unknown != [], f"{name} {kind}: an unknown one must be answered"
        for which, (service, conversation) in evening.conversations.items():
            assert console.who.persona is not None
            if line.own_service and service in console.who.persona.services:
                continue
            told = await console.tries(kind, line.fields(conversation))
            assert told == unknown, f"{name} {kind} {which}"


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("kind", [kind for kind, line in FRAMES.items() if line.of in {"service", "talk"}])
async def test_frame_about_anothers_service_learns_nothing(evening: Evening, kind: str) -> None:
    """What is another's answers as what is nowhere."""
    line = FRAMES[kind]
    for name, console in evening.consoles.items():
        assert console.who.persona is not None
        others = {"linden", "eken", "bron", "hamnen"} - console.who.persona.services
        unknown = await console.tries(kind, line.fields("nowhere"))
        assert [each["type"] for each in unknown] == ["nack"], f"{name} {kind}"
        for service in sorted(others):
            assert await console.tries(kind, line.fields(service)) == unknown, f"{name} {kind} {service}"
        await console.goes_on_duty()


@pytest.mark.usefixtures("patient")
async def test_frames_are_such_as_work_for_who_holds_the_conversation(evening: Evening) -> None:
    """Else they would be refused for another reason, and the others would prove nothing."""
    _, held = evening.conversations["held in linden"]
    console = Console(evening.run, Present("the holder", ""))
    console.connection = evening.holder.connection
    for kind in (*(each for each in OF_A_CONVERSATION if each not in {"end", "hand_back"}), "hand_back"):
        told = await console.tries(kind, FRAMES[kind].fields(held))
        codes = {each.get("code") for each in told if each["type"] == "nack"}
        assert "bad_frame" not in codes, (kind, told)
        if kind not in {"leave", "supervise", "take_over", "decline_transfer"}:
            assert "not_allowed" not in codes, (kind, told)


@pytest.mark.parametrize("name", [*NOBODY, *(each.name for each in STAFF if each.role not in AT_CONSOLE)])
async def test_who_may_not_sit_at_a_console_is_closed_alike(evening: Evening, name: str) -> None:
    """Accepted, then closed 4001, without a frame: no sign-in, a dead one, and every other role."""
    who = evening.there[name]
    cookie = f"__Host-staff={who.cookie}" if who.cookie else ""
    connection = await Connection.open(evening.run.at.ws_operator, evening.run.at.url, cookie)
    with pytest.raises(Closed) as closed:
        await connection.expect("ready")
    assert closed.value.code == 4001
    assert connection.seen == []
