# SPDX-License-Identifier: EUPL-1.2
"""The sign-in page: what each form answers, which cookies it leaves, and what it does not take."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chat.errors import Unavailable
from chat.ids import DutyId
from tests.service.accounts_house import PASSWORD, AccountsHouse, opened
from tests.texts import LANGUAGES
from web.accounts import pages
from web.accounts.account import StaffRole
from web.accounts.service import Accounts
from web.languages import Languages
from web.security import FORM_LIMIT, SIGN_IN_COOKIE, STAFF_COOKIE, OwnOrigins, Perimeter

OURS = "https://chat.example"


@dataclass
class PagesHouse:
    """What the pages find at `app.state.house`; a page shows its context."""

    accounts: Accounts
    languages: Languages = LANGUAGES
    faults: list[Exception] = field(default_factory=list)
    revoked: list[DutyId] = field(default_factory=list)

    def note_fault(self, error: Exception) -> str | None:
        """Keep it."""
        self.faults.append(error)
        return None

    async def revoke(self, duty: DutyId) -> None:
        """Keep it."""
        self.revoked.append(duty)

    def page(
        self, request: Request, template: str, context: Mapping[str, Any], *, status: int, domain: str
    ) -> Response:
        """Return the context instead of a page."""
        return JSONResponse({**context, "template": template, "domain": domain}, status)


@dataclass
class Browser:
    """A browser that keeps cookies and sends forms from our own page."""

    web: httpx.AsyncClient
    house: AccountsHouse
    pages: PagesHouse

    async def form(self, path: str, fields: Mapping[str, str], origin: str | None = OURS) -> httpx.Response:
        """Send a form."""
        headers = {"Origin": origin} if origin is not None else {}
        return await self.web.post(path, data=dict(fields), headers=headers)

    async def sign_in(self, name: str, password: str = PASSWORD, **fields: str) -> httpx.Response:
        """Open the page and send its form."""
        page = await self.web.get("/staff/sign-in")
        csrf = page.json()["csrf"] if page.status_code == 200 else ""
        return await self.form("/staff/sign-in", {"name": name, "password": password, "csrf": csrf} | fields)


@asynccontextmanager
async def browsing(house: AccountsHouse, address: str = "192.0.2.7") -> AsyncGenerator[Browser]:
    """Open a browser on the sign-in pages of this house."""
    app = Starlette(routes=pages.routes)
    app.state.house = PagesHouse(house.accounts)
    transport = httpx.ASGITransport(Perimeter(app, own=OwnOrigins.from_urls([OURS])), client=(address, 1))
    async with httpx.AsyncClient(transport=transport, base_url=OURS) as web:
        yield Browser(web, house, app.state.house)


@pytest.fixture
async def browser(tmp_path: Path) -> AsyncGenerator[Browser]:
    """A browser, and one account of every role."""
    async with opened(tmp_path) as house:
        for role in StaffRole:
            await house.add(role.value, role)
        async with browsing(house) as browser:
            yield browser


def cookie(response: httpx.Response, name: str) -> str:
    """Return how a cookie was set."""
    return next(line for line in response.headers.get_list("set-cookie") if line.startswith(name + "="))


class TestSignIn:
    async def test_page_shows_a_form(self, browser: Browser) -> None:
        """The form carries a CSRF token, scripts cannot reach its cookie, and no cache keeps the page."""
        page = await browser.web.get("/staff/sign-in")
        assert page.status_code == 200
        assert page.json() | {"csrf": ""} == {
            "template": "staff/sign_in.html",
            "domain": "staff",
            "csrf": "",
            "error": None,
            "name": "",
            "language": "sv",
        }
        assert page.headers["cache-control"] == "no-store"
        morsel = SimpleCookie(cookie(page, SIGN_IN_COOKIE))[SIGN_IN_COOKIE]
        assert (
            morsel["httponly"],
            morsel["secure"],
            morsel["samesite"],
            morsel["path"],
            morsel["domain"],
        ) == (
            True,
            True,
            "strict",
            "/",
            "",
        )

    async def test_page_speaks_the_language_asked_for(self, browser: Browser) -> None:
        """An unknown language falls back to Swedish."""
        for asked, shown in (("en", "en"), ("xx", "sv"), ("", "sv")):
            page = await browser.web.get("/staff/sign-in", params={"lang": asked})
            assert page.json()["language"] == shown

    @pytest.mark.parametrize(
        ("role", "home"),
        [
            (StaffRole.OPERATOR, "/console"),
            (StaffRole.SUPERVISOR, "/supervisor"),
            (StaffRole.RECEIVER, "/tickets"),
            (StaffRole.COORDINATOR, "/staff/roster"),
            (StaffRole.ADMINISTRATOR, "/supervisor"),
        ],
    )
    async def test_sign_in_leads_to_where_the_role_works(
        self, browser: Browser, role: StaffRole, home: str
    ) -> None:
        """303, with the staff cookie, and the sign-in page leads there too from then on."""
        answer = await browser.sign_in(role.value)
        assert (answer.status_code, answer.headers["location"]) == (303, home)
        set_as = cookie(answer, STAFF_COOKIE).split("; ")[1:]
        assert sorted(part.lower() for part in set_as) == ["httponly", "path=/", "samesite=strict", "secure"]
        assert SIGN_IN_COOKIE not in browser.web.cookies
        again = await browser.web.get("/staff/sign-in")
        assert (again.status_code, again.headers["location"]) == (303, home)

    async def test_refusals_are_one_answer(self, browser: Browser) -> None:
        """An unknown name, a wrong password and a disabled account give the same page, byte for byte."""
        await browser.house.accounts.disable("receiver")
        bodies = set()
        for name, password in (("nobody", PASSWORD), ("operator", "wrong"), ("receiver", PASSWORD)):
            answer = await browser.sign_in(name, password)
            assert answer.status_code == 403
            assert STAFF_COOKIE not in answer.headers.get("set-cookie", "")
            assert password not in answer.text
            bodies.add(answer.text.replace(name, ""))
        assert len(bodies) == 1
        assert '"error":"error.sign_in"' in bodies.pop()

    async def test_wait_is_told(self, browser: Browser) -> None:
        """Too many failures answer 403 with the seconds to wait."""
        for _ in range(3):
            await browser.sign_in("operator", "wrong")
        answer = await browser.sign_in("operator")
        assert (answer.status_code, answer.headers["retry-after"]) == (403, "1")
        assert answer.json()["error"] == "error.too_many"

    async def test_full_queue_is_503(self, browser: Browser) -> None:
        """When the server checks as many as it can, it says when to come back."""
        browser.house.passwords.full = True
        answer = await browser.sign_in("operator")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert answer.json()["error"] == "nack.unavailable"

    async def test_store_that_is_away_is_503(self, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
        """The form comes again, and the fault is noted."""

        async def away(*_: object, **__: object) -> None:
            raise Unavailable

        monkeypatch.setattr(browser.house.accounts, "sign_in", away)
        answer = await browser.sign_in("operator")
        assert answer.status_code == 503
        assert answer.json()["error"] == "error.away"
        assert [type(fault) for fault in browser.pages.faults] == [Unavailable]


class TestForgery:
    @pytest.mark.parametrize("path", ["/staff/sign-in", "/staff/sign-out"])
    @pytest.mark.parametrize(
        "origin",
        [
            None,
            "null",
            "",
            "https://evil.example",
            "http://chat.example",
            "https://chat.example.evil.example",
            "https://chat.example:8443",
            "https://chat.example/",
            "https://chat.example@evil.example",
        ],
    )
    async def test_foreign_origin_is_refused(self, browser: Browser, path: str, origin: str | None) -> None:
        """403 before anything of the form is looked at."""
        page = await browser.web.get("/staff/sign-in")
        fields = {"name": "operator", "password": PASSWORD, "csrf": page.json()["csrf"]}
        answer = await browser.form(path, fields, origin)
        assert answer.status_code == 403
        assert browser.house.passwords.checked == []

    async def test_form_of_another_page_is_refused(self, browser: Browser) -> None:
        """No CSRF token, a wrong one and another browser's: 403, and no password is checked."""
        async with browsing(browser.house) as other:
            foreign = (await other.web.get("/staff/sign-in")).json()["csrf"]
        for csrf in ("", "wrong", foreign, "å"):
            answer = await browser.sign_in("operator", csrf=csrf)
            assert (answer.status_code, answer.json()["error"]) == (403, "error.stale_form")
        browser.web.cookies.clear()
        answer = await browser.form(
            "/staff/sign-in", {"name": "operator", "password": PASSWORD, "csrf": foreign}
        )
        assert answer.status_code == 403
        assert browser.house.passwords.checked == []

    async def test_refused_form_can_be_sent_again(self, browser: Browser) -> None:
        """The page that says no carries a form that works."""
        page = await browser.sign_in("operator", "wrong")
        fields = {"name": "operator", "password": PASSWORD, "csrf": page.json()["csrf"]}
        assert (await browser.form("/staff/sign-in", fields)).status_code == 303

    async def test_preset_session_is_useless(self, browser: Browser) -> None:
        """A cookie that somebody planted is replaced at the sign-in, and dead if it was ever alive."""
        await browser.sign_in("operator")
        planted = browser.web.cookies[STAFF_COOKIE]
        csrf = earlier_form(browser)
        fields = {"name": "supervisor", "password": PASSWORD, "csrf": csrf}
        answer = await browser.form("/staff/sign-in", fields)
        assert answer.headers["location"] == "/supervisor"
        assert browser.web.cookies[STAFF_COOKIE] != planted
        assert await browser.house.accounts.session(planted) is None

    async def test_form_of_ten_megabytes_is_refused(self, browser: Browser) -> None:
        """413, and nothing is checked."""
        answer = await browser.sign_in("operator", "x" * FORM_LIMIT)
        assert answer.status_code == 413
        assert browser.house.passwords.checked == []

    @pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
    async def test_wrong_method_is_405(self, browser: Browser, method: str) -> None:
        """Forms are posted."""
        assert (await browser.web.request(method, "/staff/sign-in")).status_code == 405
        assert (await browser.web.get("/staff/sign-out")).status_code == 405


def earlier_form(browser: Browser) -> str:
    """Return the CSRF token of a form that was opened before there was a session."""
    form = browser.house.accounts.sign_in_form(None)
    browser.web.cookies.set(SIGN_IN_COOKIE, form.cookie, domain="chat.example")
    return form.csrf


class TestSignOut:
    async def test_sign_out_ends_the_session(self, browser: Browser) -> None:
        """303 to the sign-in page, the cookie is taken back, and the token is dead."""
        await browser.sign_in("operator")
        token = browser.web.cookies[STAFF_COOKIE]
        session = await browser.house.accounts.session(token)
        assert session is not None
        answer = await browser.form("/staff/sign-out", {"csrf": session.csrf})
        assert (answer.status_code, answer.headers["location"]) == (303, "/staff/sign-in")
        assert STAFF_COOKIE not in browser.web.cookies
        assert await browser.house.accounts.session(token) is None

    async def test_sign_out_needs_the_sessions_own_token(self, browser: Browser) -> None:
        """Nobody signs somebody else out."""
        await browser.sign_in("operator")
        for csrf in ("", "wrong"):
            assert (await browser.form("/staff/sign-out", {"csrf": csrf})).status_code == 403
        assert await browser.house.accounts.session(browser.web.cookies[STAFF_COOKIE]) is not None

    async def test_sign_out_without_a_session_is_harmless(self, browser: Browser) -> None:
        """It leads to the sign-in page."""
        assert (await browser.form("/staff/sign-out", {"csrf": ""})).status_code == 303
