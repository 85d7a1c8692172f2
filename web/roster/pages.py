# SPDX-License-Identifier: EUPL-1.2
"""The pages of the roster: `/staff/roster` and `/staff/roster/{service}`, plain forms without scripts.

Owns which page is shown, and what is said when something is refused. Decides nothing: `service.py` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chat.errors import Stale
from chat.ids import ServiceId
from config.site import PublicService
from web.accounts.account import StaffRole
from web.accounts.audit import Audited
from web.accounts.rights import Deed
from web.errors import outcome
from web.languages import in_language
from web.roster import forms, shown
from web.roster.closing import LONGEST_TEXT, opening_to_close
from web.roster.errors import MayNot, NothingToClose, Refused, Unfit
from web.roster.forms import DONE
from web.roster.service import Told
from web.roster.shift import Cancel, Plan, Remove, Shift, ShiftId, Take
from web.roster.telling import DOMAIN, moment_in_words, span_in_words
from web.staff_page import AtPage, at_form, at_page, not_yours

WEEKS: Final = 4
"""So many weeks one page shows."""


@dataclass(frozen=True, slots=True)
class _Given:
    """What a page is to show beside the roster: what was told, and the fields of a form that was refused."""

    told: str = ""
    wrong: bool = False
    status: int = 200
    fields: Mapping[str, str] = field(default_factory=dict)
    form: str = ""
    """`new`, the id of a shift, or `close`: which form is open."""


async def rosters(request: Request) -> Response:
    """Answer `GET /staff/roster`: one's own shifts and the services, or the one service there is."""
    at = await at_page(request, Deed.SEE_ROSTER)
    if isinstance(at, Response):
        return at
    services = _services(at)
    if len(services) == 1:
        return at.to(f"/staff/roster/{services[0].id}")
    now = at.house.clock.now()
    names = {each.id: _name(at, each) for each in services}
    mine = [each for each in await at.house.roster.mine(at.session) if each.service in names]
    context = {
        "operator": at.session.role is StaffRole.OPERATOR,
        "mine": [
            {
                "service": names[each.service],
                "when": span_in_words(each.starts_at, each.ends_at, now, at.language),
                "cancelled": each.cancelled,
                "href": f"/staff/roster/{each.service}{at.query}#shift-{each.id}",
            }
            for each in mine
        ],
        "services": [
            {"name": names[each.id], "href": f"/staff/roster/{each.id}{at.query}"} for each in services
        ],
    }
    return at.page(request, "staff/rosters.html", context, domain=DOMAIN)


async def roster(request: Request) -> Response:
    """Answer `GET /staff/roster/{service}`: its weeks; with `?shift=ID`, `new` or `close` also that form."""
    at = await at_page(request, Deed.SEE_ROSTER)
    if isinstance(at, Response):
        return at
    service = _service(request, at)
    if service is None:
        return not_yours(request, at.house, at.session, at.language)
    told = at.told(request, DOMAIN, DONE)
    return await _page(request, at, service, _Given(told=told, form=request.query_params.get("shift", "")))


async def change(request: Request) -> Response:
    """Answer `POST /staff/roster/{service}`: 303 to the roster, or the page again with what is wrong.

    403 for who may not and for a form of another session, 404, 409 or 422 as `web/errors.py` says.
    """
    at = await at_form(request, Deed.SEE_ROSTER)
    if isinstance(at, Response):
        return at
    service = _service(request, at)
    if service is None:
        return not_yours(request, at.house, at.session, at.language)
    do = at.fields.get("do", "")
    if do not in DONE:
        return Response(status_code=400)
    try:
        await _do(at, service, do)
    except MayNot:
        return not_yours(request, at.house, at.session, at.language)
    except (Refused, Stale) as error:
        return await _page(request, at, service, _refused(at, do, error))
    since = forms.monday_of(at.fields.get("from"), at.house.clock.now()).isoformat()
    place = f"shift-{at.fields['id']}" if do in _OF_SHIFT and at.fields.get("id") else ""
    return at.to(f"/staff/roster/{service.id}", at=place, **{"done": do, "from": since})


_OF_SHIFT: Final = DONE - {"make", "close", "reopen"}


async def _do(at: AtPage, service: PublicService, do: str) -> None:
    house, kind = at.house, Audited.PLANNED
    match do:
        case "make":
            new = forms.new_of(at.fields)
            await house.roster.make(at.session, service, new.spans, new.wanted, new.fewest)
        case "close":
            until = forms.until_of(at.fields, house.clock.now())
            await house.roster.close(at.session, service, until, forms.words_of(at.fields, service))
            kind = Audited.CLOSED
        case "reopen":
            if not await house.roster.reopen(at.session, service):
                raise NothingToClose
            kind = Audited.REOPENED
        case _:
            wanted = forms.change_of(at.fields, at.session.account)
            assert wanted is not None
            tracks = {id_: each.chat.track for id_, each in house.site.services.items()}
            id_ = ShiftId(at.fields.get("id", ""))
            await house.roster.change(at.session, service, id_, wanted, tracks)
            if not isinstance(wanted, Cancel | Plan | Remove | Take) or (
                isinstance(wanted, Take) and not wanted.planned
            ):
                # What people do with shifts of their own is theirs, and in no log.
                await house.site_now.changed()
                return
    await house.record(kind, at.session, service.id)
    await house.site_now.changed()


def _refused(at: AtPage, do: str, error: Refused | Stale) -> _Given:
    key = f"unfit.{error.why}" if isinstance(error, Unfit) else f"refused.{type(error).__name__}"
    open_form = {
        "make": "new",
        "close": "close",
        "save": at.fields.get("id", ""),
        "put": at.fields.get("id", ""),
    }
    return _Given(
        told=at.say(DOMAIN, key),
        wrong=True,
        status=outcome(error).status,
        fields=at.fields,
        form=open_form.get(do, ""),
    )


def _services(at: AtPage) -> list[PublicService]:
    return [at.house.site.services[id_] for id_ in at.house.may_serve(at.session)]


def _service(request: Request, at: AtPage) -> PublicService | None:
    """Return the service of the path; one that is unknown and one that is somebody else's are both none."""
    id_ = ServiceId(request.path_params["service"])
    return at.house.site.services[id_] if id_ in at.house.may_serve(at.session) else None


def _name(at: AtPage, service: PublicService) -> str:
    return in_language(service.name, at.language, service.language).text


# --- what the page shows ------------------------------------------------------------------------------------


async def _page(request: Request, at: AtPage, service: PublicService, given: _Given) -> Response:
    now = at.house.clock.now()
    show = shown.Showing(at.session, service, at.house.languages, at.language, now)
    asked = at.fields.get("from") or request.query_params.get("from")
    first = forms.monday_of(asked, now)
    told = await at.house.roster.of(service.id, first, timedelta(weeks=WEEKS))
    names = {each.id: _name(at, each) for each in _services(at)}
    context = {
        "name": names[service.id],
        "path": f"/staff/roster/{service.id}",
        "others": shown.others(names, service.id, at.query, list(names)) if len(names) > 1 else [],
        "operator": at.session.role is StaffRole.OPERATOR,
        "plans": show.plans,
        "serves": show.serves,
        "staffed": service.open_when.value == "staffed",
        "told": given.told,
        "wrong": given.wrong,
        "from": first.isoformat(),
        "earlier": (first - timedelta(weeks=WEEKS)).isoformat(),
        "later": (first + timedelta(weeks=WEEKS)).isoformat(),
        "is_now": asked is None or first == forms.monday_of(None, now),
        "weeks": shown.weeks(show, first, WEEKS, told.shifts),
        "closing": shown.closing(show, told.closing) if told.closing is not None else None,
        "may_close": show.closes,
        "close_form": _close_form(show, given) if show.closes and told.closing is None else None,
        "form": await _form(at, show, told, given) if show.plans else None,
    }
    return at.page(request, "staff/roster.html", context, domain=DOMAIN, status=given.status)


def _close_form(show: shown.Showing, given: _Given) -> dict[str, Any]:
    """Return the form that closes before time: what is closed if nothing else is chosen."""
    is_open = given.form == "close"
    try:
        opens_at, closes_at = opening_to_close(show.service.chat.hours, show.now)
    except NothingToClose:
        opens_at, closes_at = show.now, None
    end = moment_in_words(closes_at, show.now, show.language) if closes_at is not None else ""
    key = "close.running" if opens_at <= show.now else "close.coming"
    start = moment_in_words(opens_at, show.now, show.language)
    fields = given.fields if is_open else {}
    return {
        "open": is_open,
        "ends": show.say(key, start=start, end=end) if end else "",
        "by_time": fields.get("until", "" if end else "time") == "time",
        "time": fields.get("time", ""),
        "words": shown.words_fields(show, fields),
        "longest": LONGEST_TEXT,
    }


async def _form(at: AtPage, show: shown.Showing, told: Told, given: _Given) -> dict[str, Any] | None:
    """Return the form of a new shift or of one that is there, as it was sent or as it begins."""
    if given.form == "new":
        begun = {
            "day": shown.local_iso(show.now),
            "begins": "18:00",
            "ends": "21:00",
            "wanted": str(max(2, show.service.fewest_on_shift)),
            "fewest": str(show.service.fewest_on_shift),
            "until": "",
            "skips_red_days": "",
        }
        sent = dict(given.fields) if given.wrong else begun
        days = [
            {"number": day, "name": name, "chosen": bool(sent.get(f"weekday.{day}"))}
            for day, name in enumerate(shown.weekday_names(show.language))
        ]
        return {"id": "", "weekdays": days, **begun, **sent}
    found = next((each for each in told.shifts if each.id == given.form), None)
    if found is None or found.cancelled or found.ends_at <= show.now:
        return None
    return {
        **shown.shift(show, found),
        **({key: given.fields[key] for key in _PLANNED if key in given.fields} if given.wrong else {}),
        "free": await _free(at, show.service, found),
    }


_PLANNED: Final = ("day", "begins", "ends", "wanted", "fewest")


async def _free(at: AtPage, service: PublicService, shift: Shift) -> list[str]:
    """Return who may be put on a shift, by name."""
    return [name for name in await at.house.roster.people_of(service.id) if name not in shift.on]


routes: Final = [
    Route("/staff/roster", rosters, methods=["GET"]),
    Route("/staff/roster/{service}", roster, methods=["GET"]),
    Route("/staff/roster/{service}", change, methods=["POST"]),
]
