# SPDX-License-Identifier: EUPL-1.2
"""Marked words in what is for staff alone, a whole run of the program, and a search on every way out."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from chat.ids import ServiceId
from tests.outside.handing import asks, says_yes
from tests.outside.operator import Operator
from tests.outside.server import Staff
from tests.service.standing import QuickStretching
from tests.web.net import HerInNet, Net, PlainInNet, sees
from tests.web.running import Running
from tests.web.test_guests import answers, asked, sees_joins
from tests.web.test_notes import notes, reads
from tests.web.test_returning import code_of, returns
from tests.web.ticketing import INTAKE, comes_to_work
from web.accounts.account import StaffRole

NOTE, WHISPER = "Renfana-3381", "Vallmo-9027"
ACCOUNT = "blaklint.5518@exempel.test"
"""What somebody signs in with may be their address."""
STAFFS = (NOTE, WHISPER, ACCOUNT, ACCOUNT.partition("@")[0])
SAID = "Kattfot-6150"
"""Said in the chat and handed over: that it is found on every way shows that every way is searched."""
PASSWORD = "ett lösenord som räcker"

WITH_WORDS = {
    "socket",
    "resumed",
    "came back",
    "guest",
    "plain",
    "ticket page",
    "opened",
    "printed",
    "exported",
}
WITHOUT = {"public", "inbox", "samråd", "log"}


@pytest.fixture(autouse=True)
def quick(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretch nothing: Argon2 has tests of its own."""
    monkeypatch.setattr(run.house.chat.codes, "stretching", QuickStretching())


@pytest_asyncio.fixture(loop_scope="session")
async def marked(run: Running) -> AsyncGenerator[Operator]:
    """An operator whose account has a marked name, on duty under the alias Kim."""
    await run.house.accounts.add(ACCOUNT, PASSWORD, StaffRole.OPERATOR, [ServiceId("linden")], [])
    operator = Operator(run.at, Staff(ACCOUNT, PASSWORD, "operator", ("linden",)))
    await operator.signs_in()
    run.people.append(operator)
    await operator.connects()
    await operator.goes_on_duty("linden", alias="Kim")
    yield operator
    await run.house.accounts.disable(ACCOUNT)


async def marks(operator: Operator, conversation: str) -> None:
    """Write a note and a whisper."""
    assert (await notes(operator, conversation, f"hon sa {NOTE}"))["type"] == "noted"
    assert (await notes(operator, conversation, f"psst {WHISPER}", whisper=True))["type"] == "noted"


async def talks_over_sockets(run: Running, operator: Operator, net: Net) -> str:
    """She writes, a guest comes, she hands it over and comes back twice; return the code of her ticket."""
    visitor = await run.visitor("linden")
    conversation = await operator.sees_waiting()
    await operator.accepts(conversation)
    await marks(operator, conversation)
    said = await visitor.says(SAID)
    await operator.hears(conversation, SAID)
    guest = await run.operator("karin", "bron", alias="Gry")
    await answers(visitor, await asked(visitor, operator, conversation), history=True)
    await sees_joins(guest)
    await guest.accepts(conversation)
    await marks(operator, conversation)
    await operator.says(conversation, f"du sa {SAID}")
    await guest.hears(conversation, f"du sa {SAID}")
    await guest.connection.send("leave", conversation=conversation)
    await guest.connection.expect("lost", conversation=conversation)
    await asks(operator, conversation, INTAKE, messages=[said["seq"]], want=f"Hjälp med {SAID}")
    handed = await says_yes(visitor, coordinates=INTAKE)
    net.keep_frames("socket", visitor.connection)
    await visitor.resumes()
    await visitor.hears(f"du sa {SAID}")
    await marks(operator, conversation)
    code = await code_of(visitor)
    net.keep_frames("resumed", visitor.connection)
    back = await returns(run, code)
    await back.hears(f"du sa {SAID}")
    assert len((await reads(operator, conversation))["entries"]) == 6
    await operator.ends(conversation)
    await back.connection.expect("ended")
    net.keep_frames("came back", back.connection)
    net.keep_frames("guest", guest.connection)
    return handed.code


async def talks_without_scripts(run: Running, operator: Operator, net: Net) -> None:
    """The same on paper: pages, the log's frame, a question and her no."""
    her = PlainInNet(run.at.url)
    her.net = net
    await her.starts()
    conversation = await operator.sees_waiting()
    await operator.accepts(conversation)
    await marks(operator, conversation)
    await her.says(SAID)
    await operator.says(conversation, f"du sa {SAID}")
    await her.looks()
    await asks(operator, conversation, INTAKE, want=f"Hjälp med {SAID}")
    await marks(operator, conversation)
    await her.looks()
    await her.opens()
    await her.presses("Titta på det")
    await her.presses("Tillbaka till chatten")
    await her.presses("Nej tack")
    await operator.ends(conversation)
    await her.looks()
    await her.opens()


def listed(inbox: str) -> set[str]:
    """Return the tickets in an inbox."""
    return set(re.findall(r'href="/tickets/([\w-]{22})"', inbox))


async def is_received(run: Running, net: Net, known: set[str]) -> None:
    """A unit reads the one ticket that is not `known` on every way that it can."""
    worker = await comes_to_work(run, "ingrid", INTAKE)
    net.keep_answer("inbox", inbox := await worker.sees("/tickets"))
    (ticket,) = listed(inbox.text) - known
    await worker.sends(f"/tickets/{ticket}/open")
    await sees(net, "opened", worker, f"/tickets/{ticket}")
    await sees(net, "printed", worker, f"/tickets/{ticket}/print")
    await sees(net, "exported", worker, f"/tickets/{ticket}/ticket.json")
    await sees(net, "samråd", worker, f"/tickets/{ticket}/samrad")
    await worker.sends(f"/tickets/{ticket}/write", text="Vi har läst det.", seen=0)


async def test_nothing_for_staff_alone_goes_to_anybody_else(
    run: Running, marked: Operator, written: io.StringIO
) -> None:
    """No frame, page, ticket, print, file or log holds a note, a whisper or what somebody signs in with."""
    worker = await comes_to_work(run, "ingrid", INTAKE)
    known = listed((await worker.sees("/tickets")).text)
    net, before = Net(), len(written.getvalue())
    code = await talks_over_sockets(run, marked, net)
    await talks_without_scripts(run, marked, net)
    await is_received(run, net, known)
    her = HerInNet(run.at.url)
    her.net = net
    await her.enters(code)
    await net.keep_pages(
        "public", run, "/", "/chat/linden", "/chat/linden/plain", "/status/linden", "/widget.js", "/readyz"
    )
    net.keep("log", written.getvalue()[before:])
    assert net.finds(*STAFFS) == []

    assert set(net.caught) == WITH_WORDS | WITHOUT
    assert net.ways_with(SAID) == WITH_WORDS, "each of these ways was really searched"
    net.keep_frames("console", marked.connection)
    net.keep_answer("console", await marked.request("GET", "/console"))
    found = {f"{word} in console" for word in (NOTE, WHISPER, ACCOUNT, STAFFS[-1])}
    assert set(net.finds(*STAFFS)) == found, "and what is planted is found"


async def test_search_finds_a_note_in_any_form() -> None:
    """As it is, in base64, hexadecimal or another case: else nothing that it does not find would count."""
    import base64

    for form in (
        NOTE,
        NOTE.upper(),
        NOTE.encode().hex(),
        base64.b64encode(b"x" + NOTE.encode() + b"yz").decode(),
    ):
        net = Net()
        net.keep("somewhere", "before " + form + " after")
        assert net.finds(*STAFFS) == [f"{NOTE} in somewhere"], form
