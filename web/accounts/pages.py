# SPDX-License-Identifier: EUPL-1.2
"""The sign-in page and what its forms answer.

Owns `/staff/sign-in`, in its two steps where a code is asked for, and `/staff/sign-out`. Knows no hash and no
store: `web/accounts/service.py` decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, Protocol

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from chat.errors import Unavailable
from chat.ids import DutyId
from web import security
from web.accounts.account import SignedIn
from web.accounts.audit import Audited
from web.accounts.errors import CodeNeeded, CodeRefused, PhoneUnreadable, Refused, StepOver, TooMany
from web.accounts.form_token import SignInForm
from web.accounts.rights import home_of
from web.accounts.service import Accounts
from web.errors import Outcome, outcome
from web.languages import Languages

SIGN_IN: Final = "/staff/sign-in"
SIGN_OUT: Final = "/staff/sign-out"
TICKETS: Final = "/tickets"
SECOND_FACTOR: Final = "/staff/second-factor"

# The form came from another page than the one this browser was given last: nothing was tried.
_STALE_FORM = Outcome("not_allowed", 403, retry=True, message="error.stale_form")


class House(Protocol):
    """What these pages need of `request.app.state.house`."""

    @property
    def accounts(self) -> Accounts:
        """The accounts."""

    @property
    def languages(self) -> Languages:
        """The interface's languages."""

    def note_fault(self, error: Exception) -> str | None:
        """Log what is ours to mend; return the id under which it was."""

    async def revoke(self, duty: DutyId) -> None:
        """A sign-in has ended: close and hand on what it held."""

    async def record_own(self, kind: Audited, account: str) -> None:
        """Record what was done with somebody's own account, in each of its organisations."""

    def page(
        self, request: Request, template: str, context: Mapping[str, Any], *, status: int, domain: str
    ) -> Response:
        """Render a template with the texts of a domain."""


async def show(request: Request) -> Response:
    """Answer `GET /staff/sign-in`: the form, or the way on for who is signed in already."""
    house = _house(request)
    session = await house.accounts.session(security.read_staff_cookie(request))
    if session is not None:
        return RedirectResponse(home_of(session) + _query(request), 303)
    if await house.accounts.unfinished(security.read_staff_cookie(request)) is not None:
        return RedirectResponse(SECOND_FACTOR + _query(request), 303)
    form = house.accounts.sign_in_form(_form_cookie(request))
    return _page(request, form)


async def sign_in(request: Request) -> Response:
    """Answer `POST /staff/sign-in`: 303 to where the role works, or 403 with this form or the next."""
    house = _house(request)
    fields = await security.own_form(request)
    name, cookie = fields.get("name", ""), _form_cookie(request)
    form = house.accounts.sign_in_form(cookie)
    if not house.accounts.is_own_form(cookie, fields.get("csrf", "")):
        return _page(request, form, _STALE_FORM, name)
    try:
        signed_in = await _checked(request, fields, form)
    except CodeNeeded as error:
        return _code_page(request, form, error.step)
    except StepOver:
        return _page(request, form, _STALE_FORM, name)
    except Unavailable as error:
        house.note_fault(error)
        if isinstance(error, PhoneUnreadable) and fields.get("step"):
            return _code_page(request, form, fields["step"], error)
        return _page(request, form, replace(outcome(error), message="error.away"), name)
    except Refused as error:
        if isinstance(error, CodeRefused):
            await house.record_own(Audited.CODE_REFUSED, error.account)
        if fields.get("step"):
            return _waiting(_code_page(request, form, fields["step"], error), error)
        return _waiting(_page(request, form, outcome(error), name), error)
    return await _let_in(request, signed_in)


async def _checked(request: Request, fields: Mapping[str, str], form: SignInForm) -> SignedIn:
    accounts, network = _house(request).accounts, security.network_of(request.scope)
    code = fields.get("code", "")
    if step := fields.get("step", ""):
        return await accounts.sign_in_with_code(step, code, network=network, cookie=form.cookie)
    return await accounts.sign_in(
        fields.get("name", ""), fields.get("password", ""), network=network, code=code, cookie=form.cookie
    )


async def _let_in(request: Request, signed_in: SignedIn) -> Response:
    house = _house(request)
    await _leave_earlier(house, request, signed_in)
    if signed_in.by_recovery_code:
        await house.record_own(Audited.RECOVERY_USED, signed_in.session.account)
    is_whole = await house.accounts.unfinished(signed_in.token) is None
    onward = home_of(signed_in.session) if is_whole else SECOND_FACTOR
    response = RedirectResponse(onward + _query(request), 303)
    security.set_staff_cookie(response, signed_in.token)
    security.clear_sign_in_cookie(response)
    return response


def _waiting(response: Response, error: Refused) -> Response:
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


async def sign_out(request: Request) -> Response:
    """Answer `POST /staff/sign-out`: 303 to the sign-in page; 403 for a form of another session."""
    house = _house(request)
    fields = await security.own_form(request)
    token = security.read_staff_cookie(request)
    session = await house.accounts.session(token) or await house.accounts.unfinished(token)
    if session is not None and token is not None:
        if not session.is_own_csrf(fields.get("csrf", "")):
            return Response(status_code=403)
        await house.accounts.sign_out(token)
        await house.revoke(session.id)
    response = RedirectResponse(SIGN_IN + _query(request), 303)
    security.clear_staff_cookie(response)
    return response


async def _leave_earlier(house: House, request: Request, signed_in: SignedIn) -> None:
    """End the session that this browser held before: its token is about to be lost."""
    earlier = security.read_staff_cookie(request)
    session = await house.accounts.session(earlier) or await house.accounts.unfinished(earlier)
    if earlier is not None and session is not None and earlier != signed_in.token:
        await house.accounts.sign_out(earlier)
        await house.revoke(session.id)


def _page(request: Request, form: SignInForm, problem: Outcome | None = None, name: str = "") -> Response:
    house = _house(request)
    context = {
        "csrf": form.csrf,
        "error": problem.message if problem else None,
        "name": name,
        **_in_language(request),
    }
    status = problem.status if problem else 200
    response = house.page(request, "staff/sign_in.html", context, status=status, domain="staff")
    security.set_sign_in_cookie(response, form.cookie)
    return response


def _code_page(
    request: Request, form: SignInForm, step: str, problem: Refused | PhoneUnreadable | None = None
) -> Response:
    """Ask for the code. `step` is what stands for the password, which is in no page."""
    house = _house(request)
    context = {
        "csrf": form.csrf,
        "step": step,
        "wrong": problem is not None,
        "unreadable": isinstance(problem, PhoneUnreadable),
        "wait": problem.retry_after if isinstance(problem, TooMany) else 0,
        **_in_language(request),
    }
    status = outcome(problem).status if isinstance(problem, PhoneUnreadable) else 403
    response = house.page(request, "people/code.html", context, status=status, domain="people")
    security.set_sign_in_cookie(response, form.cookie)
    return response


def _query(request: Request) -> str:
    return _house(request).languages.kept_for_staff(request.query_params.get("lang"))


def _in_language(request: Request) -> dict[str, Any]:
    """Return what a page says of its language: which, how it is kept, and which others there are."""
    languages = _house(request).languages
    language = languages.pick_for_staff(request.query_params.get("lang"))
    others = languages.others_for_staff(language)
    return {"language": language, "query": _query(request), "other_languages": others}


def _form_cookie(request: Request) -> str | None:
    return security.read_cookie(request, security.SIGN_IN_COOKIE)


def _house(request: Request) -> House:
    house: House = request.app.state.house
    return house


async def to_sign_in(_: Request) -> Response:
    """Answer `GET /staff`, which people type: 303 to the sign-in, which leads on whoever has signed in."""
    return RedirectResponse(SIGN_IN, 303)


routes: Final = [
    Route("/staff", to_sign_in, methods=["GET"]),
    Route(SIGN_IN, show, methods=["GET"]),
    Route(SIGN_IN, sign_in, methods=["POST"]),
    Route(SIGN_OUT, sign_out, methods=["POST"]),
]
