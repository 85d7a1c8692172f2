# SPDX-License-Identifier: EUPL-1.2
"""What both sides see of moderation on real sockets, and what becomes of an unsafe end."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from moderation.sanctions import BITS
from tests.outside.connection import new_id
from tests.outside.visitor import Visitor
from tests.web.running import Running, running

NUMBER = "070-174 06 05"


async def test_ack_carries_the_text_as_stored(run: Running) -> None:
    """Masked, with its kinds; a retry the same text; the operator never has it."""
    visitor, operator, conversation = await run.talk()
    sent = new_id()
    ack = await visitor.says(f"ring {NUMBER}", sent)
    assert ack == {"type": "ack", "id": sent, "seq": 2, "text": "ring [telefonnummer]", "masked": ["phone"]}
    said = await operator.hears(conversation, "ring [telefonnummer]")
    assert said["seen"] == {"masked": ["phone"]}
    again = await visitor.says(f"ring {NUMBER}", sent)
    assert (again["seq"], again["text"]) == (2, "ring [telefonnummer]")


async def test_keep_keeps(run: Running) -> None:
    """With her yes it is said as it stands, and the ack has no text."""
    visitor, operator, conversation = await run.talk()
    sent = new_id()
    await visitor.connection.send("say", id=sent, text=f"ring {NUMBER}", keep=True)
    assert await visitor.connection.expect("ack") == {"type": "ack", "id": sent, "seq": 2}
    assert "seen" not in await operator.hears(conversation, f"ring {NUMBER}")


async def test_mask_speaks_her_language(run: Running) -> None:
    """Of the conversation, not of the service."""
    visitor = await run.visitor("linden", language="en")
    assert (await visitor.says(f"call {NUMBER}"))["text"] == "call [phone number]"


async def test_lines_pass(run: Running) -> None:
    """The site's own lines are said by both as they stand."""
    visitor, operator, conversation = await run.talk()
    assert "text" not in await visitor.says("jag ringde 020-50 50 50 och 112")
    await operator.says(conversation, "020-50 50 50 är öppet dygnet runt")
    await visitor.hears("020-50 50 50 är öppet dygnet runt")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (NUMBER, "telefonnummer"),
        ("anna@gmail.com", "e-postadress"),
        ("@kim.kim", "användarnamn"),
        ("https://example.org/x", "länk"),
        ("Storgatan 12", "adress"),
    ],
)
async def test_operator_is_refused_identity(run: Running, text: str, kind: str) -> None:
    """`nack identity`, with the id and what was seen; nothing is said, and the socket stays."""
    visitor, operator, conversation = await run.talk()
    sent = new_id()
    await operator.connection.send("say", conversation=conversation, id=sent, text=f"nå mig: {text}")
    nack = await operator.connection.expect("nack")
    assert (nack["code"], nack["id"], nack["conversation"], nack["retry"]) == (
        "identity",
        sent,
        conversation,
        False,
    )
    assert f" {kind}. " in nack["text"]
    await operator.says(conversation, "Hej.")
    await visitor.hears("Hej.")
    assert [frame["text"] for frame in visitor.connection.seen if frame["type"] == "said"] == ["Hej."]


async def test_danger_is_told_to_both_and_puts_her_first(run: Running) -> None:
    """She is asked; only her own `acute` moves her, and the list says so."""
    operator = await run.operator("anna", "linden", alias="Kim")
    first, second = await run.visitor("linden"), await run.visitor("linden")
    await second.says("han står utanför dörren med en kniv")
    assert await second.connection.expect("danger") == {"type": "danger", "subject": "visitor"}
    await second.connection.send("acute")
    await second.connection.expect("queue", ahead=0)
    while not (listed := await operator.connection.expect("waiting"))["conversations"][0]["acute"]:
        pass
    accepted = await operator.accepts(listed["conversations"][0]["conversation"])
    assert accepted["acute"] is True
    (entry,) = [entry for entry in accepted["entries"] if entry["type"] == "said"]
    assert (entry["seen"]["danger"], entry["seen"]["subject"]) == ("acute", "visitor")
    await first.says("hej")


async def test_acute_reaches_the_open_console(run: Running) -> None:
    """Her word, in a conversation that goes on; `acute` before there is one is refused."""
    visitor, operator, conversation = await run.talk()
    await visitor.connection.send("acute")
    assert await operator.connection.expect("acute") == {"type": "acute", "conversation": conversation}
    stranger = Visitor(run.at, "linden")
    await stranger.connect()
    await stranger.connection.send("acute")
    assert (await stranger.connection.expect("nack"))["code"] == "not_now"
    await stranger.connection.close()


async def test_threat_is_marked_for_the_console_alone(run: Running) -> None:
    """She hears an ack like any other."""
    visitor, operator, conversation = await run.talk()
    ack = await visitor.says("jag ska döda dig")
    assert set(ack) == {"type", "id", "seq"}
    said = await operator.hears(conversation, "jag ska döda dig")
    assert said["seen"]["cover"] == "threat"


# --- the unsafe end ---


@pytest_asyncio.fixture(loop_scope="session")
async def limited(place: Path) -> AsyncGenerator[Running]:
    """A server that limits loopback addresses too."""
    async with running(place, limits=True) as run:
        yield run


async def test_unsafe_end_asks_for_work_and_refuses_nobody(limited: Running) -> None:
    """She hears an end like any other; the next start takes work, is let in, and is marked."""
    visitor, operator, conversation = await limited.talk()
    await operator.connection.send("end", conversation=conversation, unsafe="threat")
    assert (await visitor.connection.expect("ended"))["reason"] == "operator"
    (sanction,) = limited.house.limits.sanctions(list(limited.house.site.services))
    assert (sanction.service, sanction.reason, sanction.started_at) == ("linden", "threat", None)
    after = Visitor(limited.at, "linden")
    limited.people.append(after)
    await after.connect()
    start = {"service": "linden", "language": "sv", "notice": await after.notice()}
    nack = await after.asks_to_start(**start)
    assert (nack["code"], nack["bits"], nack["retry"]) == ("work", BITS, True)
    assert (await after.works_and_asks_again(nack, **start))["type"] == "welcome"
    (sanction,) = limited.house.limits.sanctions(list(limited.house.site.services))
    assert sanction.started_at is not None
    assert limited.house.limits.lift(sanction.id, list(limited.house.site.services))
    await limited.visitor("linden")


async def test_usual_end_sanctions_nobody(limited: Running) -> None:
    """Nor does one that is not theirs to end."""
    visitor, operator, conversation = await limited.talk()
    await operator.connection.send("end", conversation="A" * 22, unsafe="spam")
    assert (await operator.connection.expect("nack"))["code"] == "not_allowed"
    await operator.connection.send("end", conversation=conversation)
    await visitor.connection.expect("ended")
    assert limited.house.limits.sanctions(list(limited.house.site.services)) == []


async def test_network_is_forgotten_when_nobody_was_connected(limited: Running) -> None:
    """Her telephone is off when the volunteer ends it: the end forgets, not the socket."""
    visitor, operator, conversation = await limited.talk()
    await visitor.connection.close()
    await operator.connection.expect("presence", connected=False)
    await operator.ends(conversation)
    assert limited.house.limits.network_of(conversation) is None  # type: ignore[arg-type]


async def test_sanction_stays_within_its_organisation(limited: Running) -> None:
    """Whoever starts with another organisation is asked nothing."""
    _, operator, conversation = await limited.talk()
    await operator.connection.send("end", conversation=conversation, unsafe="spam")
    await operator.connection.expect("ended")
    elsewhere = await limited.visitor("bron")
    assert elsewhere.bits == 0
    assert (await limited.visitor("eken")).bits == BITS


@pytest.mark.parametrize("alias", ["Ring 0701740605", "anna@gmail.com", "wa.me/4670174"])
async def test_alias_gives_nothing_away(run: Running, alias: str) -> None:
    """What staff may not write they may not be called either."""
    operator = await run.operator("anna")
    await operator.connection.send("duty", on=True, services=["linden"], alias=alias)
    assert (await operator.connection.expect("nack"))["code"] == "identity"


async def test_network_is_forgotten_with_the_conversation(limited: Running) -> None:
    """What stands for it is held while the conversation lives, and no longer."""
    visitor, operator, conversation = await limited.talk()
    assert limited.house.limits.network_of(conversation) is not None  # type: ignore[arg-type]
    await operator.ends(conversation)
    await visitor.connection.closed()
    await operator.connection.close()
    await limited.quiet()
    assert limited.house.limits.network_of(conversation) is None  # type: ignore[arg-type]
