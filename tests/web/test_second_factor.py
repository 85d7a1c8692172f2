# SPDX-License-Identifier: EUPL-1.2
"""The code at the sign-in over HTTP: two forms, each code once, no way round it where a role needs it."""

from __future__ import annotations

import asyncio
import re
from html import unescape

import httpx
import pyotp
import pytest

from tests.outside.connection import Connection
from tests.web.peopling import PASSWORD, Person, account, hidden, joins, seated, shows, wanting
from tests.web.running import Running
from tests.web.scanning import scanned
from web.accounts import codes
from web.accounts.agreed_key import KeyState
from web.accounts.audit import Audited
from web.bootstrap import factors_locked

PAGE = "/staff/second-factor"


async def sets_up(run: Running, somebody: Person, **wrong: str) -> tuple[str, httpx.Response]:
    """Scan the picture and do what the page says; return the secret and the answer. It remembers the code."""
    page = await somebody.request("GET", PAGE)
    phone = pyotp.parse_uri(scanned(page.text))
    secret = phone.secret
    assert phone.name == somebody.staff.name
    assert f'data-part="secret">{codes.in_groups(secret)}<' in page.text
    form = {"secret": hidden(page, "secret"), "password": somebody.staff.password, "code": shows(run, secret)}
    somebody.used = form["code"]
    return secret, await somebody.does(PAGE, do="set", **{**form, **wrong})


def paper_in(answer: httpx.Response) -> list[str]:
    """Return the recovery codes that a page shows."""
    return re.findall(r"<li><code>([A-Z2-7 ]{19})</code></li>", answer.text)


async def audited(run: Running, kind: Audited, name: str) -> int:
    """Return how often this was recorded of somebody."""
    return sum(
        each.times or 0
        for each in await run.house.audit.entries()
        if (each.kind, each.account) == (kind, name)
    )


@pytest.mark.usefixtures("_unwatched")
async def test_second_factor_is_set_up_asked_for_and_removed_by_an_administrator(run: Running) -> None:
    """One life: set up, a sign-in in two steps, on paper, used up, lost, removed; each recorded by day."""
    eva = await seated(run, "eva")
    lisa = await joins(run, "lisa-kod")
    elsewhere = Person(run, "lisa-kod")
    await elsewhere.enters()
    for wrong in ({"code": "000000"}, {"password": "fel lösenord"}):
        _, answer = await sets_up(run, lisa, **wrong)
        assert answer.status_code == 403
    _, answer = await sets_up(run, lisa, secret=codes.signed_secret("A" * 32, "x" * 46))
    assert answer.status_code == 409
    secret, answer = await sets_up(run, lisa)
    paper = paper_in(answer)
    assert len(set(paper)) == 10
    assert secret not in answer.text
    assert secret not in (await lisa.request("GET", PAGE)).text
    assert (await lisa.request("GET", "/console")).status_code == 200
    assert (await elsewhere.request("GET", "/console")).status_code == 303

    first = await Person(run, "lisa-kod").enters()
    assert first.status_code == 403
    assert "Kod från telefonen" in first.text
    assert PASSWORD not in first.text
    assert "__Host-staff" not in first.headers.get("set-cookie", "")
    again = Person(run, "lisa-kod")
    assert (await again.enters(lisa.used)).status_code == 403
    assert (await again.enters(paper[0])).headers["location"] == "/console"
    assert (await Person(run, "lisa-kod").enters(paper[0])).status_code == 403
    assert "9 reservkoder kvar" in (await again.request("GET", PAGE)).text
    assert await audited(run, Audited.RECOVERY_USED, "lisa-kod") == 1
    # Whoever has used a code of paper twice, or one of the phone, may have the password from somebody else.
    assert await audited(run, Audited.CODE_REFUSED, "lisa-kod") >= 2

    new = await again.does(PAGE, do="codes", code=paper[1])
    assert len(set(paper_in(new)) - set(paper)) == 10
    assert (await again.does(PAGE, do="codes", code="000000")).status_code == 403
    assert (await again.does(PAGE, do="drop", code=paper[2])).status_code == 403

    session = await run.session_of(again)
    assert session is not None
    again.csrf = session.csrf
    await again.connects()
    path = await eva.finds("lisa-kod")
    assert "frågas efter lösenordet" in (await eva.request("GET", path)).text
    assert (await eva.does(path, do="remove_factor")).status_code == 303
    assert await again.connection.closed() == 4001
    assert (await again.enters()).status_code == 303
    assert await audited(run, Audited.FACTOR_REMOVED, "eva") == 1


async def test_own_factor_is_turned_off_with_a_code(run: Running) -> None:
    """And then the password is enough."""
    mia = await joins(run, "mia-kod")
    _, answer = await sets_up(run, mia)
    assert (await mia.does(PAGE, do="drop", code="123456")).status_code == 403
    answer = await mia.does(PAGE, do="drop", code=paper_in(answer)[0])
    assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
    assert (await Person(run, "mia-kod").enters()).status_code == 303
    assert (await mia.does(PAGE, do="drop", code="123456")).status_code == 403
    assert (await mia.does(PAGE, do="explode")).status_code == 400


async def test_missing_key_is_told_as_that_and_paper_opens(run: Running) -> None:
    """Nobody tries for ever: the step stays, what helps is named, and `check` tells who runs the server."""
    iris = await joins(run, "iris-kod")
    secret, answer = await sets_up(run, iris)
    paper = paper_in(answer)
    one = Person(run, "iris-kod")
    asked = await one.enters()
    form = {"step": hidden(asked, "step"), "csrf": hidden(asked, "csrf")}
    settings = run.house.settings
    key, away = settings.keys / "second-factors.key", settings.keys / "away"
    locked, _ = factors_locked(settings)  # what other tests have left under keys of their own
    await asyncio.to_thread(key.rename, away)
    try:
        code = shows(run, secret, 1)
        told = await one.request("POST", "/staff/sign-in", {**form, "code": code})
        assert told.status_code == 503
        assert "Skriv en av dina reservkoder" in told.text
        assert hidden(told, "step") == form["step"]
        of_own = await iris.does(PAGE, do="codes", code=shows(run, secret, 1))
        assert "Skriv en av dina reservkoder" in of_own.text
        now, state = factors_locked(settings)
        assert now > locked
        assert state is KeyState.MISSING
        _, refused = await sets_up(run, await joins(run, "idun-kod"))
        assert refused.status_code == 503
        assert "en fil saknas på servern" in refused.text
        assert not await asyncio.to_thread(key.exists)
        on_paper = await one.request("POST", "/staff/sign-in", {**form, "code": paper[0]})
        assert on_paper.status_code == 303
    finally:
        await asyncio.to_thread(away.rename, key)
    again = Person(run, "iris-kod")
    assert (await again.enters(shows(run, secret, 1))).status_code == 303


async def test_step_of_another_browser_or_form_is_told_like_a_stale_page(run: Running) -> None:
    """And a name that is put into the second form makes no entry about anybody."""
    ida = await joins(run, "ida-kod")
    secret, _ = await sets_up(run, ida)
    one, other = Person(run, "ida-kod"), Person(run, "ida-kod")
    asked, page = await one.enters(), await other.request("GET", "/staff/sign-in")
    step = hidden(asked, "step")
    before = await audited(run, Audited.CODE_REFUSED, "anna")
    stolen = {"step": step, "code": shows(run, secret, 1), "csrf": hidden(page, "csrf"), "name": "anna"}
    answer = await other.request("POST", "/staff/sign-in", stolen)
    assert answer.status_code == 403
    assert "legat öppen för länge" in answer.text
    for wrong in ("x", "", step + "0"):
        own = {"step": wrong, "code": "000000", "csrf": hidden(asked, "csrf"), "name": "anna"}
        assert (await one.request("POST", "/staff/sign-in", own)).status_code == 403
    own = {"step": step, "code": "000000", "csrf": hidden(asked, "csrf"), "name": "anna"}
    assert "Koden stämmer inte" in (await one.request("POST", "/staff/sign-in", own)).text
    assert await audited(run, Audited.CODE_REFUSED, "anna") == before
    own["code"] = shows(run, secret, 1)
    assert (await one.request("POST", "/staff/sign-in", own)).status_code == 303


async def test_role_that_needs_a_factor_reaches_nothing_before(run: Running) -> None:
    """Also one who is signed in already: every page leads to setting it up, no console opens."""
    eva = await seated(run, "eva")
    lea = await joins(run, "lea-kod")
    async with wanting(run, "operator"):
        for path in ("/console", "/staff/me", "/supervisor", "/staff/people"):
            answer = await lea.request("GET", path)
            assert (answer.status_code, answer.headers["location"]) == (303, "/staff/sign-in")
        answer = await lea.request("GET", "/staff/sign-in")
        assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
        assert (await lea.does("/staff/me", do="others")).status_code == 303
        await lea_connects(lea)
        assert await lea.connection.closed() == 4001
        page = await lea.request("GET", PAGE)
        assert "Din roll kräver en kod" in page.text
        assert "staff-nav" not in page.text
        path = await eva.finds("lea-kod")
        assert "kommer inte in förrän" in (await eva.request("GET", path)).text
        fresh = Person(run, "lea-kod")
        assert (await fresh.enters()).headers["location"] == PAGE
        _, answer = await sets_up(run, fresh)
        assert answer.status_code == 200
        assert (await fresh.request("GET", "/console")).status_code == 200
        answer = await fresh.does(PAGE, do="drop", code=paper_in(answer)[0])
        assert answer.status_code == 409
        assert (await account(run, "lea-kod")).second_factor
        assert (await fresh.request("GET", "/console")).status_code == 200


async def lea_connects(somebody: Person) -> None:
    """Open the console's socket without a word."""
    somebody.connection = await Connection.open(
        somebody.at.ws_operator, somebody.at.url, somebody.cookie_header
    )


async def test_unfinished_sign_in_can_sign_out(run: Running) -> None:
    """Its session ends, and the page leads to the sign-in again."""
    ulf = await joins(run, "ulf-kod")
    async with wanting(run, "operator"):
        token = ulf.cookies["__Host-staff"]
        assert (await ulf.does("/staff/sign-out")).status_code == 303
        assert await run.house.accounts.unfinished(token) is None


async def test_names_in_the_app_are_neutral(run: Running) -> None:
    """What stands in somebody's telephone tells nothing of what the chat is about."""
    eva = await seated(run, "eva")
    page = unescape((await eva.request("GET", PAGE)).text)
    assert re.search(r'href="otpauth://totp/Konsol:eva\?secret=[A-Z2-7]{32}&issuer=Konsol"', page)
