# SPDX-License-Identifier: EUPL-1.2
"""What a one-time link opens: `/staff/invitation/{token}`, for somebody who has no sign-in.

Owns the two answers: a form for a link that is good, and one page for every other, whatever is wrong with it.
Looking does not use a link up. What follows from it is `web/accounts/invitations.py`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chat.errors import TooManyTries, Unavailable
from web import security
from web.accounts.account import LONGEST_NAME, SHORTEST_PASSWORD
from web.accounts.audit import Audited
from web.accounts.errors import Busy, NameTaken, NameUnfit, NoInvitation, PasswordGuessable, PasswordUnfit
from web.accounts.fitting import misfit
from web.accounts.invitation import Invitation
from web.house import House
from web.people import scope
from web.people.shown import DOMAIN

PATH: Final = "/staff/invitation/{token}"
_HEADERS: Final = {
    # The address is a secret: no page that follows is told its path. Not `no-referrer`, because with that a
    # browser sends no Origin of its own with the form, and no form is accepted without one.
    "Referrer-Policy": "strict-origin",
    "X-Robots-Tag": "noindex",
}
_MISTAKES: Final[Mapping[type[Exception], tuple[str, int]]] = {
    NameTaken: ("mistake.name_taken", 409),
    NameUnfit: ("mistake.name", 422),
    PasswordUnfit: ("mistake.password", 422),
    PasswordGuessable: ("mistake.password", 422),
    Busy: ("mistake.busy", 503),
    Unavailable: ("mistake.busy", 503),
}


async def show(request: Request) -> Response:
    """Answer `GET`: the form, and the link stays good; or that it is not."""
    house: House = request.app.state.house
    try:
        async with house.limits.code_turn(security.network_of(request.scope)):
            invitation = await _opened(house, request)
    except (NoInvitation, TooManyTries):
        return _dead(request)
    return _form(request, invitation)


async def use(request: Request) -> Response:
    """Answer `POST`: that the account is there, and where to sign in; or the form again."""
    house: House = request.app.state.house
    fields = await security.own_form(request)
    try:
        async with house.limits.code_turn(security.network_of(request.scope)):
            invitation = await _opened(house, request)
        if not house.accounts.is_own_form(_cookie(request), fields.get("csrf", "")):
            return _form(request, invitation, fields, "mistake.stale", 403)
        if fields.get("password", "") != fields.get("again", ""):
            return _form(request, invitation, fields, "mistake.again", 422)
        name = await _used(house, request, invitation, fields)
    except (NoInvitation, TooManyTries):
        return _dead(request)
    except tuple(_MISTAKES) as error:
        house.note_fault(error)
        key, status = _MISTAKES[type(error)]
        if isinstance(error, PasswordGuessable):
            key = f"mistake.guessable.{error.why}"
        return _form(request, invitation, fields, key, status)
    return _page(request, "people/joined.html", {"name": name})


async def _opened(house: House, request: Request) -> Invitation:
    """Return what a link is for, if that can still be: the site may have changed since.

    Raises:
        NoInvitation: it is not good.
    """
    found = await house.accounts.invitations.opened(request.path_params["token"])
    if misfit(found.role, found.services, found.units, found.organisations, house.site) is not None:
        raise NoInvitation("such an account cannot be any more")
    return found


async def _used(house: House, request: Request, invitation: Invitation, fields: Mapping[str, str]) -> str:
    token, invitations = request.path_params["token"], house.accounts.invitations
    if invitation.account is not None:
        for duty in await invitations.choose(token, fields.get("password", "")):
            await house.revoke(duty)
        return invitation.label
    account = await invitations.join(token, fields.get("name", ""), fields.get("password", ""))
    await house.record_own(Audited.JOINED_STAFF, account.name)
    return account.name


# --- what is shown ------------------------------------------------------------------------------------------


def _form(
    request: Request,
    invitation: Invitation,
    fields: Mapping[str, str] | None = None,
    mistake: str = "",
    status: int = 200,
) -> Response:
    house: House = request.app.state.house
    form = house.accounts.sign_in_form(_cookie(request))
    organisations = scope.organisations_of(invitation, house.site)
    context = {
        "csrf": form.csrf,
        "renews": invitation.account is not None,
        "label": invitation.label,
        "role": invitation.role.value,
        "organisations": [house.site.organisations[each].name for each in organisations],
        "name": (fields or {}).get("name", ""),
        "mistake": mistake,
        "shortest": SHORTEST_PASSWORD,
        "longest_name": LONGEST_NAME,
    }
    response = _page(request, "people/joining.html", context, status)
    security.set_sign_in_cookie(response, form.cookie)
    return response


def _dead(request: Request) -> Response:
    return _page(request, "people/dead_link.html", {}, 404)


def _page(request: Request, template: str, context: Mapping[str, Any], status: int = 200) -> Response:
    house: House = request.app.state.house
    language = house.languages.pick_for_staff(request.query_params.get("lang"))
    response = house.page(request, template, {"language": language, **context}, status=status, domain=DOMAIN)
    response.headers.update(_HEADERS)
    return response


def _cookie(request: Request) -> str | None:
    return security.read_cookie(request, security.SIGN_IN_COOKIE)


routes: Final = [Route(PATH, show, methods=["GET"]), Route(PATH, use, methods=["POST"])]
