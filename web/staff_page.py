# SPDX-License-Identifier: EUPL-1.2
"""What every page of the staff begins with: who is there, whether they may, and the way to the other pages.

Owns the answers to somebody without a sign-in or without the right, the check of a form's token, and the
list of pages. Knows no matter of any page.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web.accounts.account import StaffSession
from web.accounts.rights import Deed, home_of, may
from web.house import House
from web.security import own_form, read_staff_cookie

PAGES: Final[tuple[tuple[str, str, Deed | None], ...]] = (
    ("nav.board", "/supervisor", Deed.SEE_BOARD),
    ("nav.console", "/console", Deed.ANSWER),
    ("nav.figures", "/supervisor/statistics", Deed.SEE_FIGURES),
    ("nav.barometer", "/supervisor/barometer", Deed.ANSWER_YEARLY),
    ("nav.roster", "/staff/roster", Deed.SEE_ROSTER),
    ("nav.staffing", "/supervisor/staffing", Deed.PLAN),
    ("nav.replies", "/replies", Deed.EDIT_REPLIES),
    ("nav.site", "/staff/site", Deed.EDIT_SITE),
    ("nav.audit", "/staff/audit", Deed.SEE_AUDIT),
    ("nav.people", "/staff/people", Deed.MANAGE_PEOPLE),
)
"""The key of each page's name, its address, and the deed that it is for; the order is that of the list."""


@dataclass(frozen=True, slots=True)
class AtPage:
    """Somebody signed in at a page that they may see. `fields` are a form's, empty for a page."""

    house: House
    session: StaffSession
    language: str
    query: str
    """`?lang=…` where a language was asked for, else empty: what keeps it from one page to the next."""
    fields: Mapping[str, str]

    def say(self, domain: str, key: str, **values: str | int) -> str:
        """Return a text of one catalogue."""
        text = self.house.languages.texts(self.language, domain).gettext(key)
        return text % values if values else text

    def page(
        self, request: Request, template: str, context: Mapping[str, Any], *, domain: str, status: int = 200
    ) -> Response:
        """Return a page with what all of them have: language, token, account, and the list of pages."""
        here = _place_of(request.url.path)
        whole = {**_about(self.house, self.session, self.language, self.query, here), **context}
        return self.house.page(request, template, whole, domain=domain, status=status)

    def number(self, name: str) -> int:
        """Return the whole number that a form's field carries; -1 for what is none."""
        return whole_number(self.fields.get(name, ""))

    def to(self, path: str, *, at: str = "", **query: str) -> Response:
        """Lead on after a form, in the same language, to the part `at` of a page. `path` holds no query."""
        asked = query | ({"lang": self.language} if self.query else {})
        end = (f"?{urlencode(asked)}" if asked else "") + (f"#{at}" if at else "")
        return RedirectResponse(path + end, 303)

    def told(self, request: Request, domain: str, deeds: Collection[str]) -> str:
        """Return what a form that has led here with `done` says: empty for what is none of `deeds`."""
        done = request.query_params.get("done", "")
        return self.say(domain, f"done.{done}") if done in deeds else ""


def whole_number(text: str) -> int:
    """Return the number that a hidden field or an address carries; -1 for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


async def at_page(request: Request, deed: Deed | None) -> AtPage | Response:
    """Return who is at a page, or the answer to somebody who is not to see it: 303 to the sign-in, or 403.

    `deed` is None for what everybody does who has signed in.
    """
    house: House = request.app.state.house
    session = await house.accounts.session(read_staff_cookie(request))
    query = house.languages.kept_for_staff(request.query_params.get("lang"))
    if session is None:
        return RedirectResponse(f"/staff/sign-in{query}", 303)
    language = house.languages.pick_for_staff(request.query_params.get("lang"))
    if deed is not None and not may(session, deed):
        return not_yours(request, house, session, language)
    return AtPage(house, session, language, query, {})


async def at_form(request: Request, deed: Deed | None) -> AtPage | Response:
    """As `at_page`, for a form: also 403 without this sign-in's own token.

    Raises:
        web.errors: what `own_form` refuses.
    """
    fields = await own_form(request)
    at = await at_page(request, deed)
    if isinstance(at, Response):
        return at
    if not at.session.is_own_csrf(fields.get("csrf", "")):
        return Response(status_code=403)
    return AtPage(at.house, at.session, at.language, at.query, fields)


def not_yours(request: Request, house: House, session: StaffSession, language: str) -> Response:
    """Answer somebody who has signed in and may not see this; what does not exist answers the same."""
    home = home_of(session)
    instead = home if request.url.path != home else None
    query = house.languages.kept_for_staff(request.query_params.get("lang"))
    # It is none of the list's pages, also where its address looks like one's.
    context = {**_about(house, session, language, query, ""), "instead": instead}
    return house.page(request, "staff/not_yours.html", context, status=403, domain="staff")


def _about(house: House, session: StaffSession, language: str, query: str, here: str) -> dict[str, Any]:
    """Return what every page has. `here` is the address on the list that it belongs to, empty for none."""
    texts = house.languages.texts(language, "staff")
    return {
        "language": language,
        "query": query,
        "csrf": session.csrf,
        "account": session.account,
        "sign_out": texts.gettext("sign_out"),
        "nav_label": texts.gettext("nav.label"),
        "nav": [
            {
                "name": texts.gettext(key),
                "href": path + query,
                "current": path == here,
            }
            for key, path, deed in PAGES
            if deed is None or may(session, deed)
        ],
    }


def _place_of(path: str) -> str:
    """Return the address on the list that a page belongs to: the longest that its own begins with."""
    begun = (address for _, address, _ in PAGES if path == address or path.startswith(f"{address}/"))
    return max(begun, key=len, default="")
