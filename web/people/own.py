# SPDX-License-Identifier: EUPL-1.2
"""One's own account: `/staff/me`, with the password, and the sign-ins elsewhere.

Owns what its forms carry. Everybody reaches it who has signed in, and only for themselves. The second factor
has a page of its own: `factor.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chat.errors import Unavailable
from web import security
from web.accounts.account import SHORTEST_PASSWORD
from web.accounts.errors import PasswordGuessable, PasswordUnfit, Refused, SignInRefused
from web.accounts.rights import home_of
from web.errors import outcome
from web.people import scope, shown
from web.people.shown import DOMAIN
from web.staff_page import AtPage, at_form, at_page

ME: Final = "/staff/me"
_DONE: Final = frozenset({"password", "others"})


async def show(request: Request) -> Response:
    """Answer `GET /staff/me`."""
    at = await at_page(request, None)
    if isinstance(at, Response):
        return at
    return await _page(request, at, told=at.told(request, DOMAIN, _DONE))


async def act(request: Request) -> Response:
    """Answer `POST /staff/me`: 303 back, or the page again with what is wrong. `do` is password or others."""
    at = await at_form(request, None)
    if isinstance(at, Response):
        return at
    do = at.fields.get("do", "")
    if do == "password":
        return await _change_password(request, at)
    if do != "others":
        return Response(status_code=400)
    for duty in await at.house.accounts.end_others(at.session):
        await at.house.revoke(duty)
    return at.to(ME, done=do)


async def _change_password(request: Request, at: AtPage) -> Response:
    before, after = at.fields.get("before", ""), at.fields.get("after", "")
    if after != at.fields.get("again", ""):
        return await _page(request, at, mistake=at.say(DOMAIN, "mistake.again"), status=422)
    network = security.network_of(request.scope)
    try:
        ended = await at.house.accounts.change_password(at.session, before, after, network=network)
    except (Refused, Unavailable) as error:
        at.house.note_fault(error)
        return await _page(request, at, mistake=_said(at, error), status=outcome(error).status)
    for duty in ended:
        await at.house.revoke(duty)
    return at.to(ME, done="password")


def _said(at: AtPage, error: Exception) -> str:
    match error:
        case PasswordGuessable(why=why):
            return at.say(DOMAIN, f"mistake.guessable.{why}")
        case PasswordUnfit():
            return at.say(DOMAIN, "mistake.password", least=SHORTEST_PASSWORD)
        case SignInRefused():
            return at.say(DOMAIN, "mistake.before")
        case _:
            return at.say(DOMAIN, "mistake.busy")


async def _page(
    request: Request, at: AtPage, *, told: str = "", mistake: str = "", status: int = 200
) -> Response:
    account = await at.house.accounts.named(at.session.account)
    context: Mapping[str, Any] = {
        "told": told,
        "mistake": mistake,
        "role": at.say(DOMAIN, f"role.{account.role}"),
        "places": shown.names(at, scope.places_of(account)),
        "second_factor": account.second_factor,
        "shortest": SHORTEST_PASSWORD,
        "home": home_of(at.session),
    }
    return at.page(request, "people/me.html", context, domain=DOMAIN, status=status)


routes: Final = [Route(ME, show, methods=["GET"]), Route(ME, act, methods=["POST"])]
