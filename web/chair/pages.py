# SPDX-License-Identifier: EUPL-1.2
"""Where an organisation changes what the site says of it: `/staff/site`, plain forms without scripts.

Owns the addresses, what a form asks for and what is answered. Decides nothing: `service.py` does; what the
pages show is made in `shown.py`. What somebody else runs answers as what does not exist.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from web.accounts.audit import Audited
from web.accounts.rights import Deed
from web.chair import lists, shown
from web.chair.draft import Draft, draft_of, given
from web.chair.errors import Changed, NoSuchVersion, Refused, Unfit
from web.chair.matters import Matter, Shape, matter_of
from web.chair.place import Place, place_of, service_path
from web.chair.version import Values, with_values
from web.chair.warning import Thought, of_duty
from web.chair.words import DOMAIN
from web.errors import outcome
from web.staff_page import AtPage, at_form, at_page, not_yours

START: Final = "/staff/site"
_DONE: Final = frozenset({"saved", "back", "later"})


@dataclass(frozen=True, slots=True)
class _Before:
    """Somebody before one matter."""

    place: Place
    matter: Matter


@dataclass(frozen=True, slots=True)
class _Think:
    """What has to be read before a version is brought back."""

    number: int
    found: Sequence[Thought]


async def told(request: Request) -> Response:
    """Answer `GET /staff/help`: what a board without staff of its own for computers needs to know."""
    at = await at_page(request, Deed.EDIT_SITE)
    return at if isinstance(at, Response) else at.page(request, "staff/site_help.html", {}, domain=DOMAIN)


async def overview(request: Request) -> Response:
    """Answer `GET /staff/site`: everything that somebody may change, by organisation and service."""
    at = await at_page(request, Deed.EDIT_SITE)
    if isinstance(at, Response):
        return at
    ids = at.house.may_run(at.session)
    if not ids:
        return not_yours(request, at.house, at.session, at.language)
    context = {
        "organisations": [await lists.organisation(at, id_) for id_ in ids],
        "done": at.told(request, DOMAIN, _DONE),
    }
    return at.page(request, "staff/site.html", context, domain=DOMAIN)


async def service(request: Request) -> Response:
    """Answer `GET /staff/site/{service}`: what may be changed of one service."""
    at = await at_page(request, Deed.EDIT_SITE)
    if isinstance(at, Response):
        return at
    place = await place_of(request, at)
    if place is None or place.service is None:
        return not_yours(request, at.house, at.session, at.language)
    kept = await at.house.chair.history(place.organisation.id)
    context = {"service": lists.service(place, kept), "done": at.told(request, DOMAIN, _DONE)}
    return at.page(request, "staff/site_service.html", context, domain=DOMAIN)


async def matter(request: Request) -> Response:
    """Answer `GET` of one matter: its form; of a list also `?item=…` for the form of one thing."""
    at = await at_page(request, Deed.EDIT_SITE)
    before = at if isinstance(at, Response) else await _before(request, at)
    if isinstance(before, Response):
        return before
    try:
        draft = draft_of(before.place, before.matter, request.query_params.get("item"))
    except NoSuchVersion:
        draft = draft_of(before.place, before.matter, None)
    return _page(request, before, draft)


async def change(request: Request) -> Response:
    """Answer `POST` of one matter: 303 when it is saved, else the form again.

    403 for who may not and for a form of another session, 409 when somebody else was faster, 422 with what is
    wrong; 200 for a preview, and for a change that means something until that has been confirmed.
    """
    at = await at_form(request, Deed.EDIT_SITE)
    before = at if isinstance(at, Response) else await _before(request, at)
    if isinstance(before, Response):
        return before
    do = before.place.at.fields.get("do", "")
    if do not in {"save", "preview", "remove"}:
        return Response(status_code=400)
    try:
        draft, values = given(before.place, before.matter, remove=do == "remove")
    except NoSuchVersion:
        return Response(status_code=404)
    if draft.wrongs:
        return _page(request, before, draft, status=422)
    return await _go_on(request, before, draft, values, do)


async def _go_on(request: Request, before: _Before, draft: Draft, values: Values, do: str) -> Response:
    """Show what a form makes of the site, or save it."""
    place, found = before.place, before.matter
    try:
        wanted = with_values(place.newest.overlay, values)
        site = await place.house.chair.tried(place.organisation.id, wanted)
        draft = draft.with_warnings(place, found, values, site) if do != "remove" else draft
        if do == "preview" or not draft.is_sure:
            frame = await shown.preview(request, place, found, values, site)
            return _page(request, before, draft, frame)
        await place.house.chair.change(place.at.session, place.organisation.id, draft.version, values)
    except Unfit as error:
        return _page(request, before, draft.with_wrongs(error.wrongs), status=422)
    except Changed:
        newest = replace(place, newest=await place.house.chair.now(place.organisation.id))
        return _page(request, _Before(newest, found), draft.against(newest, found), status=409)
    return await _saved(place, "saved")


async def history(request: Request) -> Response:
    """Answer `GET` of an organisation's history: who changed what on which day."""
    at = await at_page(request, Deed.EDIT_SITE)
    if isinstance(at, Response):
        return at
    place = await place_of(request, at)
    if place is None:
        return not_yours(request, at.house, at.session, at.language)
    return await _history(request, place)


async def bring_back(request: Request) -> Response:
    """Answer `POST` of an organisation's history: everything as it was in an earlier version.

    303 when it is so; 200 with what it means for her until that has been confirmed; 409 and 422 as `change`.
    """
    at = await at_form(request, Deed.EDIT_SITE)
    if isinstance(at, Response):
        return at
    place = await place_of(request, at)
    if place is None:
        return not_yours(request, at.house, at.session, at.language)
    version, number = at.number("version"), at.number("number")
    try:
        thoughts = await _thoughts_of(place, number)
        if not {each.about for each in thoughts} <= set(at.fields.get("sure", "").split()):
            return await _history(request, place, think=_Think(number, thoughts))
        await at.house.chair.bring_back(at.session, place.organisation.id, version, number)
    except Unfit as error:
        told = [at.say(DOMAIN, "back.broken"), *(wrong.what for wrong in error.wrongs)]
        return await _history(request, place, " ".join(told), 422)
    except Refused as error:
        status = outcome(error).status
        return await _history(request, place, at.say(DOMAIN, "back.changed"), status)
    return await _saved(place, "back")


async def _thoughts_of(place: Place, number: int) -> list[Thought]:
    """Return what bringing a version back means; only what is lost before her first word is asked about."""
    house, id_ = place.house, place.organisation.id
    site = await house.chair.tried(id_, await house.chair.set_in(id_, number))
    return [*of_duty(house.site.services, [site.services[each.id] for each in place.services])]


async def _before(request: Request, at: AtPage) -> _Before | Response:
    place = await place_of(request, at)
    found = matter_of(place.kind, request.path_params["matter"]) if place is not None else None
    if place is None or found is None:
        return not_yours(request, at.house, at.session, at.language)
    return _Before(place, found)


async def _saved(place: Place, done: str) -> Response:
    at = place.at
    await at.house.record(Audited.SITE_CHANGED, at.session, place.organisation.id)
    if not await at.house.site_now.changed():
        done = "later"
    path = START if place.service is None else service_path(place.name)
    return at.to(path, done=done)


def _page(
    request: Request, before: _Before, draft: Draft, preview: shown.Preview | None = None, status: int = 200
) -> Response:
    place, found = before.place, before.matter
    listed = found.shape is Shape.ITEMS and draft.item is None
    template = "staff/site_items.html" if listed else "staff/site_matter.html"
    context = lists.items(place, found) if listed else shown.form(place, found, draft, preview)
    return place.at.page(request, template, context, domain=DOMAIN, status=status)


async def _history(
    request: Request, place: Place, told: str = "", status: int = 200, think: _Think | None = None
) -> Response:
    context = await lists.history(place) | {"told": told, "warnings": ()}
    if think is not None:
        context |= {
            "number": think.number,
            "warnings": shown.thoughts(place.at, think.found),
            "sure": shown.sure_of(think.found),
        }
    return place.at.page(request, "staff/site_history.html", context, domain=DOMAIN, status=status)


_ORGANISATION: Final = "/staff/site/organisations/{organisation}"

routes: Final = [
    Route("/staff/help", told, methods=["GET"]),
    Route(START, overview, methods=["GET"]),
    Route(f"{_ORGANISATION}/history", history, methods=["GET"]),
    Route(f"{_ORGANISATION}/history", bring_back, methods=["POST"]),
    Route(f"{_ORGANISATION}/{{matter}}", matter, methods=["GET"]),
    Route(f"{_ORGANISATION}/{{matter}}", change, methods=["POST"]),
    Route("/staff/site/{service}", service, methods=["GET"]),
    Route("/staff/site/{service}/{matter}", matter, methods=["GET"]),
    Route("/staff/site/{service}/{matter}", change, methods=["POST"]),
]
