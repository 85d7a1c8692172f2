# SPDX-License-Identifier: EUPL-1.2
"""Signing in over HTTP: one answer for every wrong try, forms of our own only, and what a session opens."""

from __future__ import annotations

import contextlib
import re
from http.cookies import SimpleCookie

import httpx
import pytest

from tests.outside.connection import Connection
from tests.outside.operator import Operator
from tests.web.running import PASSWORDS, Running
from web.accounts.account import StaffRole
from web.accounts.errors import NameTaken

PATH = "/staff/sign-in"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Person(Operator):
    """Somebody at a sign-in page."""

    async def opens(self) -> str:
        """Open the page and return the form's token."""
        page = await self.request("GET", PATH)
        found = re.search(r'name="csrf" value="([^"]+)"', page.text)
        assert found is not None
        return found[1]

    async def tries(self, name: str, password: str, csrf: str | None = None) -> httpx.Response:
        """Fill in the form and send it."""
        own = await self.opens()
        form = {"name": name, "password": password, "csrf": own if csrf is None else csrf}
        return await self.request("POST", PATH, form)


def person(run: Running, name: str = "anna") -> Person:
    """Return somebody with a browser of their own."""
    made = Person(run.at, run.staff(name))
    run.people.append(made)
    return made


def comparable(answer: httpx.Response, name: str) -> tuple[object, ...]:
    """Return what an answer tells, without what differs each time and the name that comes back."""
    text = re.sub(r'name="csrf" value="[^"]+"', "", answer.text).replace(f'value="{name}"', "")
    headers = {key: value for key, value in answer.headers.items() if key not in {"date", "content-length"}}
    headers["set-cookie"] = re.sub("=[^;]+", "=", headers.get("set-cookie", ""), count=1)
    return answer.status_code, headers, text


async def test_wrong_answers_are_all_alike(run: Running) -> None:
    """A wrong password, an unknown name, a disabled account and a name that nobody can have."""
    accounts = run.house.accounts
    with contextlib.suppress(NameTaken):
        await accounts.add("borta", PASSWORDS["anna"], StaffRole.OPERATOR, [])
    await accounts.disable("borta")
    tries = {
        "anna": "fel-lösenord",
        "finns-inte": PASSWORDS["anna"],
        "borta": PASSWORDS["anna"],
        "a" * 500: PASSWORDS["anna"],
        "maria": "",
    }
    answers = [comparable(await person(run).tries(name, password), name) for name, password in tries.items()]
    assert answers[0][0] == 403
    assert [answer for answer in answers if answer != answers[0]] == []


@pytest.mark.parametrize(
    ("name", "home"), [("anna", "/console"), ("birgitta", "/supervisor"), ("ingrid", "/tickets")]
)
async def test_sign_in_leads_to_where_the_role_works(run: Running, name: str, home: str) -> None:
    """303, with a cookie that no script reads and no other site sends."""
    answer = await person(run, name).tries(name, PASSWORDS[name])
    assert (answer.status_code, answer.headers["location"]) == (303, home)
    cookies = {
        key: morsel
        for line in answer.headers.get_list("set-cookie")
        for key, morsel in SimpleCookie(line).items()
    }
    assert set(cookies) == {"__Host-staff", "__Host-sign-in"}
    staff = cookies["__Host-staff"]
    assert (staff["path"], staff["domain"], staff["max-age"], staff["expires"]) == ("/", "", "", "")
    assert (staff["secure"], staff["httponly"], staff["samesite"]) == (True, True, "strict")
    assert cookies["__Host-sign-in"].value == ""


async def test_name_is_found_however_it_is_typed(run: Running) -> None:
    """Capitals and spaces around it do not matter."""
    assert (await person(run).tries(" ANNA ", PASSWORDS["anna"])).status_code == 303


async def test_preset_session_cookie_is_not_kept(run: Running) -> None:
    """A planted token, dead or somebody's own, is not the one that the sign-in gives."""
    planted = person(run)
    await planted.signs_in()
    token = planted.cookies["__Host-staff"]
    victim = person(run, "maria")
    csrf = await victim.opens()
    victim.cookies["__Host-staff"] = token
    form = {"name": "maria", "password": PASSWORDS["maria"], "csrf": csrf}
    assert (await victim.request("POST", PATH, form)).status_code == 303
    assert victim.cookies["__Host-staff"] != token
    assert (await planted.request("GET", "/console")).status_code == 303


ROOMS = (
    ("anna", "/console", 200),
    ("anna", "/supervisor", 403),
    ("anna", "/supervisor/board", 403),
    ("birgitta", "/console", 200),
    ("birgitta", "/supervisor", 200),
    ("birgitta", "/supervisor/board", 200),
    ("ingrid", "/console", 403),
    ("ingrid", "/supervisor", 403),
)


@pytest.mark.parametrize(("name", "path", "status"), ROOMS)
async def test_room_opens_to_its_role(run: Running, name: str, path: str, status: int) -> None:
    """Others who are signed in get 403, and no cache keeps any of it."""
    somebody = person(run, name)
    await somebody.tries(name, PASSWORDS[name])
    answer = await somebody.request("GET", path)
    assert answer.status_code == status
    if answer.content:
        assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-frame-options"] == "DENY"


async def test_board_shows_own_services_only(run: Running) -> None:
    """The supervisor of one track sees no figure of the other."""
    somebody = person(run, "mats")
    await somebody.tries("mats", PASSWORDS["mats"])
    board = (await somebody.request("GET", "/supervisor/board")).json()
    assert [row["service"] for row in board["rows"]] == ["hamnen"]


async def test_signed_in_person_is_led_on(run: Running) -> None:
    """The form is for who is not signed in."""
    anna = person(run)
    await anna.signs_in()
    answer = await anna.request("GET", PATH)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")


async def test_sign_out_ends_the_session(run: Running) -> None:
    """The cookie is taken back, and its token opens nothing any more."""
    anna = person(run)
    await anna.signs_in()
    kept = anna.cookie_header
    answer = await anna.request("POST", "/staff/sign-out", {"csrf": anna.csrf})
    assert (answer.status_code, answer.headers["location"]) == (303, PATH)
    assert (await run.get("/console", {"Cookie": kept})).status_code == 303


async def test_language_is_chosen_on_the_page_and_kept_all_the_way(run: Running) -> None:
    """From the link on the sign-in through the form to the console, and out; one step back to Swedish."""
    anna = person(run)
    away = await anna.request("GET", "/console?lang=en")
    assert away.headers["location"] == f"{PATH}?lang=en"
    assert '<a href="?lang=en" hreflang="en" lang="en">English</a>' in (await anna.request("GET", PATH)).text
    page = (await anna.request("GET", f"{PATH}?lang=en")).text
    form = re.search(r'action="([^"]+)"[^@]*?name="csrf" value="([^"]+)"', page)
    assert form is not None
    fields = {"name": "anna", "password": PASSWORDS["anna"], "csrf": form[2]}
    wrong = await anna.request("POST", form[1], fields | {"password": "wrong"})
    assert 'action="/staff/sign-in?lang=en"' in wrong.text
    answer = await anna.request("POST", form[1], fields)
    assert answer.headers["location"] == "/console?lang=en"
    console = (await anna.request("GET", answer.headers["location"])).text
    assert "Welcome to the shift" in console
    assert 'href="?lang=sv" hreflang="sv"' in console
    token = re.search(r'action="/staff/sign-out\?lang=en"[^@]*?name="csrf" value="([^"]+)"', console)
    assert token is not None
    out = await anna.request("POST", "/staff/sign-out?lang=en", {"csrf": token[1]})
    assert out.headers["location"] == f"{PATH}?lang=en"


async def test_name_comes_back_inert(run: Running) -> None:
    """What was typed stands in the form again as text."""
    answer = await person(run).tries('"><script>alert(1)</script>{{ 7 * 7 }}', "fel-lösenord")
    assert "<script>alert" not in answer.text
    assert "{{ 7 * 7 }}" in answer.text


async def test_guessing_waits_only_where_limits_count(run: Running) -> None:
    """Without limits loopback is not slowed down, however often it is wrong."""
    for _ in range(5):
        assert (await person(run).tries("lena", "fel-lösenord")).status_code == 403
    assert (await person(run).tries("lena", PASSWORDS["lena"])).status_code == 303


# --- the console's socket ------------------------------------------------------------------------------


async def test_console_without_a_session_is_closed_4001(run: Running) -> None:
    """It is accepted first, so that a script learns the reason."""
    anna = person(run)
    for cookies in ({}, {"__Host-staff": "x"}, {"__Host-staff": "A" * 46}):
        anna.cookies = cookies
        await anna_connects(anna)
        assert await anna.connection.closed() == 4001
        assert anna.connection.seen == []
    anna.cookies = {"__Host-staff": "x"}


async def anna_connects(anna: Operator) -> None:
    """Open the console's socket without a word."""
    anna.connection = await Connection.open(anna.at.ws_operator, anna.at.url, anna.cookie_header)


async def test_console_of_another_role_is_closed_4001(run: Running) -> None:
    """A receiver has no desk."""
    somebody = person(run, "ingrid")
    await somebody.tries("ingrid", PASSWORDS["ingrid"])
    await anna_connects(somebody)
    assert await somebody.connection.closed() == 4001


@pytest.mark.parametrize("how", ["disable", "reset", "sign_out"])
async def test_revoked_sign_in_loses_its_console_at_once(run: Running, how: str) -> None:
    """The socket is closed 4001 when the watch looks next, and the visitor is back at the front."""
    visitor, operator, _ = await run.talk("lena", "hamnen")
    accounts = run.house.accounts
    if how == "disable":
        await accounts.disable("lena")
    elif how == "reset":
        await accounts.reset("lena", PASSWORDS["lena"])
    else:
        await operator.request("POST", "/staff/sign-out", {"csrf": operator.csrf})
    assert await operator.connection.closed() == 4001
    await visitor.connection.expect("left")
    assert (await visitor.connection.expect("queue"))["ahead"] == 0
    await accounts.reset("lena", PASSWORDS["lena"])
