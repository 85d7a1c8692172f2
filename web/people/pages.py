# SPDX-License-Identifier: EUPL-1.2
"""The pages where an administrator looks after the people of their organisations: `/staff/people`.

Owns what the forms carry and what is said when something is refused. Decides nothing: `managing.py` and
`scope.py` do. Plain forms without scripts.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from web.accounts.account import Account, StaffRole
from web.accounts.invitation import LONGEST_LABEL, Link
from web.accounts.rights import Deed
from web.errors import outcome
from web.people import managing, scope, shown
from web.people.errors import LastAdministrator, NotYours, Oneself, Refused, Unfit
from web.people.reading import label_in, places_in, role_in, ticked_in
from web.people.shown import DOMAIN
from web.staff_page import AtPage, at_form, at_page, not_yours

PEOPLE: Final = "/staff/people"
_DONE: Final = frozenset({"change", "disable", "enable", "remove_factor", "revoke"})

_Act = Callable[[AtPage, str], Awaitable[None]]
_ACTS: Final[Mapping[str, _Act]] = {
    "disable": lambda at, id_: managing.disable(at.house, at.session, id_),
    "enable": lambda at, id_: managing.enable(at.house, at.session, id_),
    "remove_factor": lambda at, id_: managing.remove_factor(at.house, at.session, id_),
}
"""What is done with one press, without a field of its own."""


async def listed(request: Request) -> Response:
    """Answer `GET /staff/people`: who works here, and the links that are out."""
    at = await at_page(request, Deed.MANAGE_PEOPLE)
    return at if isinstance(at, Response) else await _list(request, at, told=at.told(request, DOMAIN, _DONE))


async def _list(request: Request, at: AtPage, *, told: str = "") -> Response:
    own = managing.mine(at.house, at.session)
    people = await managing.people(at.house, at.session)
    links = await managing.links(at.house, at.session)
    context = {
        "told": told,
        "roles": shown.by_role(at, people, own),
        "links": [shown.link(at, each) for each in links],
    }
    return at.page(request, "people/people.html", context, domain=DOMAIN)


async def invite(request: Request) -> Response:
    """Answer `GET /staff/people/invite`: the form for a new link."""
    at = await at_page(request, Deed.MANAGE_PEOPLE)
    return at if isinstance(at, Response) else _invite_form(request, at)


def _invite_form(request: Request, at: AtPage, mistake: str = "", status: int = 200) -> Response:
    own = managing.mine(at.house, at.session)
    role = role_in(at.fields) or StaffRole.OPERATOR
    ticked = ticked_in(at.fields)
    context = {
        "mistake": mistake,
        "label": at.fields.get("label", ""),
        "longest": LONGEST_LABEL,
        "roles": shown.roles(at, role),
        "groups": shown.choices(at, own, ticked),
    }
    return at.page(request, "people/invite.html", context, domain=DOMAIN, status=status)


async def make_link(request: Request) -> Response:
    """Answer `POST /staff/people/invite`: the link, shown this once; or the form again with what is wrong."""
    at = await at_form(request, Deed.MANAGE_PEOPLE)
    if isinstance(at, Response):
        return at
    label, role = label_in(at.fields), role_in(at.fields)
    if role is None:
        return Response(status_code=400)
    if label is None:
        return _invite_form(request, at, at.say(DOMAIN, "mistake.label", most=LONGEST_LABEL), 422)
    try:
        link = await managing.invite(at.house, at.session, label, role, places_in(at.fields, role))
    except NotYours:
        return not_yours(request, at.house, at.session, at.language)
    except Refused as error:
        return _invite_form(request, at, _said(at, error), outcome(error).status)
    return _link(request, at, link)


def _link(request: Request, at: AtPage, link: Link) -> Response:
    invitation = link.invitation
    context = {
        "address": f"{at.house.settings.public_url}/staff/invitation/{link.token}",
        "label": invitation.label,
        "renews": invitation.account is not None,
        "until": shown.until(invitation.expires_at, at.language),
    }
    return at.page(request, "people/link.html", context, domain=DOMAIN)


async def take_back(request: Request) -> Response:
    """Answer `POST /staff/people/links`: 303 to the list, where the link is no more."""
    at = await at_form(request, Deed.MANAGE_PEOPLE)
    if isinstance(at, Response):
        return at
    try:
        await managing.take_back(at.house, at.session, at.fields.get("id", ""))
    except NotYours:
        return not_yours(request, at.house, at.session, at.language)
    return at.to(PEOPLE, done="revoke")


async def person(request: Request) -> Response:
    """Answer `GET /staff/people/{account}`: one person, and what may be changed."""
    at = await at_page(request, Deed.MANAGE_PEOPLE)
    if isinstance(at, Response):
        return at
    try:
        account = await managing.person(at.house, at.session, request.path_params["account"])
    except NotYours:
        return not_yours(request, at.house, at.session, at.language)
    return await _person(request, at, account, told=at.told(request, DOMAIN, _DONE))


async def _person(
    request: Request, at: AtPage, account: Account, *, told: str = "", mistake: str = "", status: int = 200
) -> Response:
    own = managing.mine(at.house, at.session)
    places = scope.places_of(account)
    whole = scope.is_whole(account, own, at.house.site)
    context = {
        "told": told,
        "mistake": mistake,
        "person": shown.one(at, account, own),
        "roles": shown.roles(at, account.role) if whole else [],
        "role": account.role.value,
        "groups": shown.choices(at, own, places, None if whole else places),
        "left": await shown.left(at, account),
        "path": f"{PEOPLE}/{account.id}",
    }
    return at.page(request, "people/person.html", context, domain=DOMAIN, status=status)


async def act(request: Request) -> Response:
    """Answer `POST /staff/people/{account}`: 303 back to the person, or the page again with what is wrong.

    `do` is change, disable, enable, remove_factor, or reset, which is answered with a link that is shown
    once.
    """
    at = await at_form(request, Deed.MANAGE_PEOPLE)
    if isinstance(at, Response):
        return at
    id_, do = request.path_params["account"], at.fields.get("do", "")
    if do not in {*_ACTS, "change", "reset"}:
        return Response(status_code=400)
    try:
        if do == "reset":
            return _link(request, at, await managing.reset(at.house, at.session, id_))
        if do == "change":
            await _change(at, id_)
        else:
            await _ACTS[do](at, id_)
    except NotYours:
        return not_yours(request, at.house, at.session, at.language)
    except Refused as error:
        account = await managing.person(at.house, at.session, id_)
        return await _person(request, at, account, mistake=_said(at, error), status=outcome(error).status)
    try:
        await managing.person(at.house, at.session, id_)
    except NotYours:
        return at.to(PEOPLE, done=do)  # a shared one that has lost all that was of one's own
    return at.to(f"{PEOPLE}/{id_}", done=do)


async def _change(at: AtPage, id_: str) -> None:
    role = role_in(at.fields)
    if role is None:
        raise NotYours
    await managing.change(at.house, at.session, id_, role, places_in(at.fields, role))


def _said(at: AtPage, error: Refused) -> str:
    match error:
        case Unfit(why=why):
            return at.say(DOMAIN, f"unfit.{why}")
        case Oneself():
            return at.say(DOMAIN, "mistake.oneself")
        case LastAdministrator():
            return at.say(DOMAIN, "mistake.last")
        case _:
            return at.say(DOMAIN, "mistake.other")


routes: Final = [
    Route(PEOPLE, listed, methods=["GET"]),
    Route(f"{PEOPLE}/invite", invite, methods=["GET"]),
    Route(f"{PEOPLE}/invite", make_link, methods=["POST"]),
    Route(f"{PEOPLE}/links", take_back, methods=["POST"]),
    Route(f"{PEOPLE}/{{account}}", person, methods=["GET"]),
    Route(f"{PEOPLE}/{{account}}", act, methods=["POST"]),
]
