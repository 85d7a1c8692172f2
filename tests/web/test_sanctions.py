# SPDX-License-Identifier: EUPL-1.2
"""An unsafe end over the wire, what the supervisor sees of it, and who may lift it."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from tests.outside.operator import Operator
from tests.web.running import PASSWORDS, Running
from web.accounts.audit import Audited

LIFT = "/supervisor/sanctions/lift"


class Supervisor(Operator):
    """Somebody at the board."""

    async def sits_down(self) -> None:
        """Sign in; the token of the forms stands on the page."""
        page = await self.request("GET", "/staff/sign-in")
        name = self.staff.name
        form = {"name": name, "password": PASSWORDS[name], "csrf": _value(page.text, "csrf")}
        assert (await self.request("POST", "/staff/sign-in", form)).status_code == 303
        self.csrf = _value((await self.request("GET", "/supervisor")).text, "csrf")

    async def board(self) -> dict[str, Any]:
        """Return the board as the page's script gets it."""
        found: dict[str, Any] = (await self.request("GET", "/supervisor/board")).json()
        return found

    async def lifts(self, id_: str, csrf: str | None = None, query: str = "") -> tuple[int, str]:
        """Press the button; return status and where it leads."""
        form = {"id": id_, "csrf": self.csrf if csrf is None else csrf}
        answer = await self.request("POST", LIFT + query, form)
        return answer.status_code, answer.headers.get("location", "")


def _value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return unescape(found[1])


async def supervisor(run: Running, name: str = "birgitta") -> Supervisor:
    """Return a supervisor at the board."""
    made = Supervisor(run.at, run.staff(name))
    await made.sits_down()
    return made


async def unsafe_end(run: Running, reason: str = "threat") -> str:
    """Let a volunteer of linden end a conversation to protect themselves; return the sanction's id."""
    visitor, operator, conversation = await run.talk()
    await operator.connection.send("end", conversation=conversation, unsafe=reason)
    await operator.connection.expect("ended", conversation=conversation)
    ended = await visitor.connection.expect("ended")
    assert ended["reason"] == "operator"
    return run.house.limits.sanctions(list(run.house.site.services))[0].id


async def test_unsafe_end_stands_on_the_board_and_is_lifted(run: Running) -> None:
    """The next start is marked; a press takes it away, and it is recorded who pressed."""
    boss = await supervisor(run)
    id_ = await unsafe_end(run)
    shown = (await boss.board())["sanctions"]
    assert [each["id"] for each in shown] == [id_]
    assert shown[0]["cells"]["started"] == "Ingen har startat sedan dess."
    await run.visitor("linden")
    shown = (await boss.board())["sanctions"]
    assert shown[0]["cells"]["started"].startswith("Nästa start kom ")
    assert id_ in (await boss.request("GET", "/supervisor")).text
    assert await boss.lifts(id_) == (303, "/supervisor?lifted=linden")
    assert (await boss.board())["sanctions"] == []
    deeds = [each for each in await run.house.audit.entries() if each.account == "birgitta"]
    lifted = [each for each in deeds if each.kind is Audited.LIFTED]
    assert [(each.place, each.times) for each in lifted] == [("linden", None)]


async def test_unsafe_end_is_counted_today(run: Running) -> None:
    """The reason is in the row of its service, as a sentence; of another service nothing is said."""
    boss = await supervisor(run)
    await boss.lifts(await unsafe_end(run, "sexual"))
    rows = {row["service"]: row["cells"] for row in (await boss.board())["rows"]}
    assert "sexuella närmanden (" in rows["linden"]["unsafe"]
    assert rows["eken"]["unsafe"] == ""


async def test_gone_sanction_is_just_gone(run: Running) -> None:
    """Twice, made up, or nothing at all: 303 back to the board, in the language that was asked for."""
    boss = await supervisor(run)
    id_ = await unsafe_end(run)
    assert await boss.lifts(id_) == (303, "/supervisor?lifted=linden")
    answers = [await boss.lifts(each) for each in (id_, "x", "")]
    assert set(answers) == {(303, "/supervisor")}
    assert await boss.lifts(id_, query="?lang=en") == (303, "/supervisor?lang=en")


async def test_board_says_what_was_lifted(run: Running) -> None:
    """In the language asked for, with the focus on it; of another's service, or of none, it says nothing."""
    boss = await supervisor(run)
    where = await boss.lifts(await unsafe_end(run), query="?lang=en")
    assert where == (303, "/supervisor?lang=en&lifted=linden")
    page = (await boss.request("GET", where[1])).text
    assert re.search(r'role="status" tabindex="-1" autofocus>Lifted for [^<]*Vallentuna', page)
    assert 'content="15; url=/supervisor?lang=en"' in page
    other = await supervisor(run, "mats")
    for query in ("linden", "x", ""):
        assert "autofocus" not in (await other.request("GET", f"/supervisor?lifted={query}")).text


async def test_supervisor_of_another_service_sees_and_lifts_nothing(run: Running) -> None:
    """The answer is that of a sanction that is gone, and it stays in force."""
    id_ = await unsafe_end(run)
    other = await supervisor(run, "mats")
    assert (await other.board())["sanctions"] == []
    assert id_ not in (await other.request("GET", "/supervisor")).text
    assert await other.lifts(id_) == (303, "/supervisor")
    boss = await supervisor(run)
    assert [each["id"] for each in (await boss.board())["sanctions"]] == [id_]
    await boss.lifts(id_)


async def test_lifting_needs_the_sessions_own_form_and_the_role(run: Running) -> None:
    """A wrong, missing or another's token, another role, a foreign origin: 403; no session: the sign-in."""
    boss, other = await supervisor(run), await supervisor(run, "mats")
    id_ = await unsafe_end(run)
    for csrf in ("", "wrong", other.csrf):
        assert await boss.lifts(id_, csrf) == (403, "")
    volunteer = run.sign_ins["anna"]
    answer = await volunteer.request("POST", LIFT, {"id": id_, "csrf": volunteer.csrf})
    assert answer.status_code == 403
    form = f"id={id_}&csrf={boss.csrf}".encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": boss.cookie_header}
    foreign = await run.ask("POST", LIFT, headers={**headers, "Origin": "https://evil.example"}, content=form)
    assert foreign.status_code == 403
    nobody = Operator(run.at, boss.staff)
    answer = await nobody.request("POST", LIFT, {"id": id_, "csrf": boss.csrf})
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/sign-in")
    assert [each["id"] for each in (await boss.board())["sanctions"]] == [id_]
    assert (await boss.request("GET", LIFT)).status_code == 405
    await boss.lifts(id_)


async def test_board_never_says_that_somebody_misbehaved(run: Running) -> None:
    """It says that it may be somebody else on the same network, and names no network and no visitor."""
    boss = await supervisor(run)
    id_ = await unsafe_end(run, "harassment")
    await run.visitor("linden")
    page = (await boss.request("GET", "/supervisor")).text
    assert "Det kan vara någon annan på samma nät" in page
    assert "127.0.0" not in page
    await boss.lifts(id_)
