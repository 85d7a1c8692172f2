# SPDX-License-Identifier: EUPL-1.2
"""The page of one's own second factor: `/staff/second-factor`.

Owns what its forms carry. It is the only page that also opens to a sign-in that lacks nothing but the second
factor which its role must have. The secret is shown while it is being set up and never again; so are the
codes on paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chat.errors import Unavailable
from web import security
from web.accounts import codes
from web.accounts.account import Account
from web.accounts.audit import Audited
from web.accounts.errors import (
    CodeRefused,
    FactorThere,
    KeyElsewhere,
    NoFactor,
    PhoneUnreadable,
    Refused,
    SignInRefused,
    TooMany,
)
from web.accounts.pages import SECOND_FACTOR
from web.accounts.rights import home_of
from web.accounts.second_factors import Proof
from web.errors import outcome
from web.house import House
from web.people.picture import picture_of
from web.people.shown import DOMAIN
from web.security import own_form, read_staff_cookie
from web.staff_page import AtPage, at_page


async def show(request: Request) -> Response:
    """Answer `GET`: the way to a second factor, or what there is."""
    at = await _at(request, {})
    return at if isinstance(at, Response) else await _page(request, at)


async def act(request: Request) -> Response:
    """Answer `POST`: the codes on paper, shown once; or the page. `do` is set, codes or drop."""
    fields = await own_form(request)
    at = await _at(request, fields)
    if isinstance(at, Response):
        return at
    if not at.session.is_own_csrf(fields.get("csrf", "")):
        return Response(status_code=403)
    acts = {"set": _set, "codes": _new_codes, "drop": _drop}
    chosen = acts.get(fields.get("do", ""))
    if chosen is None:
        return Response(status_code=400)
    account = await at.house.accounts.named(at.session.account)
    try:
        return await chosen(request, at, account)
    except (Refused, Unavailable) as error:
        at.house.note_fault(error)
        if isinstance(error, CodeRefused):
            await at.house.record_own(Audited.CODE_REFUSED, account.name)
        return await _page(request, at, mistake=_said(at, error), status=outcome(error).status)


async def _at(request: Request, fields: Mapping[str, str]) -> AtPage | Response:
    house: House = request.app.state.house
    session = await house.accounts.unfinished(read_staff_cookie(request))
    if session is None:
        at = await at_page(request, None)
        return at if isinstance(at, Response) else AtPage(house, at.session, at.language, at.query, fields)
    language = house.languages.pick_for_staff(request.query_params.get("lang"))
    query = f"?lang={language}" if "lang" in request.query_params else ""
    return AtPage(house, session, language, query, fields)


async def _set(request: Request, at: AtPage, account: Account) -> Response:
    network = security.network_of(request.scope)
    await at.house.accounts.prove(at.session, at.fields.get("password", ""), network=network)
    secret = codes.offered_secret(at.fields.get("secret", ""), at.session.token.text())
    if secret is None:
        raise NoFactor("this secret was not given to this sign-in")
    paper, ended = await at.house.accounts.factors.set_up(
        account.id, secret, at.fields.get("code", ""), keep=at.session.id
    )
    for duty in ended:
        await at.house.revoke(duty)
    await at.house.record_own(Audited.FACTOR_SET, account.name)
    return _paper(request, at, paper)


async def _new_codes(request: Request, at: AtPage, account: Account) -> Response:
    await _prove(at, account)
    return _paper(request, at, await at.house.accounts.factors.new_recovery_codes(account.id))


async def _drop(_: Request, at: AtPage, account: Account) -> Response:
    if at.house.accounts.must_have_factor(account):
        raise FactorThere("this role must have a second factor")
    await _prove(at, account)
    for duty in await at.house.accounts.factors.remove(account.id, keep=at.session.id):
        await at.house.revoke(duty)
    await at.house.record_own(Audited.FACTOR_DROPPED, account.name)
    return at.to(SECOND_FACTOR)


async def _prove(at: AtPage, account: Account) -> None:
    proof = await at.house.accounts.factors.look_at(account.id, at.fields.get("code", ""), limited=True)
    if proof is Proof.PAPER:
        await at.house.record_own(Audited.RECOVERY_USED, account.name)


def _said(at: AtPage, error: Exception) -> str:
    match error:
        case CodeRefused():
            return at.say(DOMAIN, "code.wrong")
        case SignInRefused():
            return at.say(DOMAIN, "mistake.before")
        case TooMany(retry_after=seconds):
            return at.say(DOMAIN, "code.wait", seconds=seconds)
        case PhoneUnreadable():
            return at.say(DOMAIN, "code.unreadable")
        case KeyElsewhere():
            return at.say(DOMAIN, "factor.no_key")
        case FactorThere() | NoFactor():
            return at.say(DOMAIN, "mistake.changed")
        case _:
            return at.say(DOMAIN, "mistake.busy")


# --- what is shown ------------------------------------------------------------------------------------------


async def _page(request: Request, at: AtPage, *, mistake: str = "", status: int = 200) -> Response:
    account = await at.house.accounts.named(at.session.account)
    context: dict[str, Any] = {"mistake": mistake, "must": at.house.accounts.must_have_factor(account)}
    if account.second_factor:
        context |= {"there": True, "left": await at.house.accounts.factors.recovery_codes_left(account.id)}
    else:
        context |= {"there": False, **_offer(at)}
        if context["must"]:
            context["nav"] = []  # nothing else opens before this is done
    return at.page(request, "people/factor.html", context, domain=DOMAIN, status=status)


def _offer(at: AtPage) -> dict[str, Any]:
    """Return a secret to set up; after a mistake the one that the phone has already."""
    token = at.session.token.text()
    kept = codes.offered_secret(at.fields.get("secret", ""), token)
    secret = kept or at.house.accounts.factors.new_secret()
    address = codes.address(secret, at.session.account, at.say(DOMAIN, "factor.issuer"))
    return {
        "secret": codes.signed_secret(secret, token),
        "groups": codes.in_groups(secret),
        "address": address,
        "picture": picture_of(address),
    }


def _paper(request: Request, at: AtPage, paper: list[str]) -> Response:
    context = {"codes": [codes.in_groups(each) for each in paper], "home": home_of(at.session)}
    return at.page(request, "people/paper.html", context, domain=DOMAIN)


routes: Final = [Route(SECOND_FACTOR, show, methods=["GET"]), Route(SECOND_FACTOR, act, methods=["POST"])]
