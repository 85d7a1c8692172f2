# SPDX-License-Identifier: EUPL-1.2
"""The pages of the roster: `/staff/roster` and `/staff/roster/{service}`, plain forms without scripts.

Owns which page is shown, and what is said when something is refused. Decides nothing: `service.py` does.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chat.errors import Stale
from chat.hours import local_day
from chat.ids import ServiceId
from config.site import PublicService
from web.accounts.account import StaffRole
from web.accounts.audit import Audited
from web.accounts.rights import Deed, may
from web.errors import outcome
from web.languages import in_language
from web.roster import forms, said, shown
from web.roster.closing import LONGEST_TEXT, opening_to_close
from web.roster.errors import (
    AlreadyOn,
    MayNot,
    NothingToClose,
    NotOn,
    OtherTrack,
    Overlaps,
    Refused,
    Unfit,
    Unsure,
)
from web.roster.forms import DONE
from web.roster.said import Given
from web.roster.service import Told
from web.roster.shift import Cancel, Plan, Remove, Restore, Shift, ShiftId, Take, id_in, series_of
from web.roster.telling import DOMAIN, moment_in_words, warnings_in_words
from web.staff_page import AtPage, at_form, at_page, not_yours

WEEKS: Final = 4
"""So many weeks one page shows."""


async def rosters(request: Request) -> Response:
    """Answer `GET /staff/roster`: one's own shifts and the services, or the one service there is."""
    at = await at_page(request, Deed.SEE_ROSTER)
    if isinstance(at, Response):
        return at
    services = _services(at)
    if len(services) == 1:
        return at.to(f"/staff/roster/{services[0].id}")
    names = {each.id: _name(at, each) for each in services}
    context = {
        "operator": at.session.role is StaffRole.OPERATOR,
        "mine": shown.mine(await at.house.roster.mine(at.session), names, at.language, at.query),
        "lacks": await _lacks(at, list(names)),
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
    given = await said.after(_showing(at, service), at.house.roster, request.query_params)
    return await _page(request, at, service, given)


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
        came = await _do(at, service, do)
    except MayNot:
        return not_yours(request, at.house, at.session, at.language)
    except (Refused, Stale) as error:
        return await _page(request, at, service, _refused(at, do, error))
    came.setdefault("from", forms.monday_of(at.fields.get("from"), at.house.clock.now()).isoformat())
    of = {"of": at.fields["id"]} if do in _OF_SHIFT and at.fields.get("id") else {}
    # No fragment: with one, a browser does not go to what is told.
    return at.to(f"/staff/roster/{service.id}", **{"done": do, **of, **came})


_OF_SHIFT: Final = DONE - {"make", "withdraw", "close", "reopen"}


async def _do(at: AtPage, service: PublicService, do: str) -> dict[str, str]:
    """Do what a form asks for, and return what the address of the page after it is to carry."""
    house, kind, came = at.house, Audited.PLANNED, {}
    match do:
        case "make":
            came = await _make(at, service)
        case "withdraw":
            id_ = ShiftId(at.fields.get("id", ""))
            came = {"n": str(await house.roster.withdraw(at.session, service, id_))}
        case "close":
            await _close(at, service)
            kind = Audited.CLOSED
        case "reopen":
            if not await house.roster.reopen(at.session, service):
                raise NothingToClose
            kind = Audited.REOPENED
        case _:
            if not await _change(at, service):
                # What people do with shifts of their own is theirs, and in no log.
                await house.site_now.changed()
                return {}
    await house.record(kind, at.session, service.id)
    await house.site_now.changed()
    return came


async def _make(at: AtPage, service: PublicService) -> dict[str, str]:
    new = forms.new_of(at.fields)
    made = await at.house.roster.make(at.session, service, new.spans, new.wanted, new.fewest)
    came = {"of": id_in(made.series, 0), "n": str(made.there)}
    now, first = at.house.clock.now(), local_day(made.first)
    shows = forms.monday_of(at.fields.get("from"), now)
    if not shows <= first < shows + timedelta(weeks=WEEKS):
        came["from"] = forms.monday_of(first.isoformat(), now).isoformat()
    return came


async def _close(at: AtPage, service: PublicService) -> None:
    until = forms.until_of(at.fields, at.house.clock.now())
    sure = at.fields.get("sure") == forms.meant_by(at.fields)
    words = forms.words_of(at.fields, service)
    aliases = {duty.alias for duty in await at.house.chat.rooms.store.duties([service.id])}
    await at.house.roster.close(at.session, service, until, words, sure=sure, aliases=aliases)


async def _change(at: AtPage, service: PublicService) -> bool:
    """Change one shift; tell whether it was the deed of a planner."""
    wanted = forms.change_of(at.fields, at.session.account)
    assert wanted is not None
    tracks = {id_: each.chat.track for id_, each in at.house.site.services.items()}
    await at.house.roster.change(at.session, service, ShiftId(at.fields.get("id", "")), wanted, tracks)
    return isinstance(wanted, Cancel | Restore | Plan | Remove) or (
        isinstance(wanted, Take) and wanted.planned
    )


def _refused(at: AtPage, do: str, error: Refused | Stale) -> Given:
    if isinstance(error, Unsure):
        until = moment_in_words(error.until, at.house.clock.now(), at.language)
        asks = [at.say(DOMAIN, f"sure.{doubt}", until=until) for doubt in error.doubts]
        return Given(wrong=True, status=outcome(error).status, fields=at.fields, form="close", asks=asks)
    key = f"unfit.{error.why}" if isinstance(error, Unfit) else f"refused.{type(error).__name__}"
    if do in forms.OWN and isinstance(error, NotOn | AlreadyOn | Overlaps | OtherTrack):
        key = f"refused.own.{type(error).__name__}"
    open_form = {
        "make": "new",
        "close": "close",
        "save": at.fields.get("id", ""),
        "put": at.fields.get("id", ""),
    }
    return Given(
        told=at.say(DOMAIN, key),
        wrong=True,
        status=outcome(error).status,
        fields=at.fields,
        form=open_form.get(do, ""),
        of=at.fields.get("id", "") if do in _OF_SHIFT and do not in open_form else "",
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


def _showing(at: AtPage, service: PublicService) -> shown.Showing:
    return shown.Showing(at.session, service, at.house.languages, at.language, at.house.clock.now())


async def _lacks(at: AtPage, services: Collection[ServiceId]) -> list[dict[str, Any]]:
    """Return where somebody is missing soon; for those who can do something about it."""
    if not may(at.session, Deed.PLAN):
        return []
    found = await warnings_in_words(at.house, services, at.language)
    return [
        {
            "text": each.text,
            "href": f"/staff/roster/{each.service}{at.query}{f'#shift-{each.shift}' if each.shift else ''}",
            "urgent": each.urgent,
            "shift": each.shift,
        }
        for each in found
    ]


async def _page(request: Request, at: AtPage, service: PublicService, given: Given) -> Response:
    show, now = _showing(at, service), at.house.clock.now()
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
        "staffing": f"/supervisor/staffing/{service.id}{at.query}" if show.plans else "",
        "serves": show.serves,
        "staffed": service.open_when.value == "staffed",
        "told": given.told,
        "told_at": given.of if any(each.id == given.of for each in told.shifts) else "",
        "undo": given.undo,
        "wrong": given.wrong,
        "lacks": [each for each in await _lacks(at, [service.id]) if each["shift"]],
        "mine": shown.mine(await at.house.roster.mine(at.session), names, at.language, at.query),
        "from": first.isoformat(),
        "earlier": (first - timedelta(weeks=WEEKS)).isoformat(),
        "later": (first + timedelta(weeks=WEEKS)).isoformat(),
        "is_now": asked is None or first == forms.monday_of(None, now),
        "weeks": shown.weeks(show, first, WEEKS, told.shifts),
        "bare": not told.shifts,
        "closing": shown.closing(show, told.closing) if told.closing is not None else None,
        "may_close": show.closes,
        "close_form": _close_form(show, given) if show.closes and told.closing is None else None,
        "form": await _form(at, show, told, given) if show.plans else None,
    }
    return at.page(request, "staff/roster.html", context, domain=DOMAIN, status=given.status)


def _close_form(show: shown.Showing, given: Given) -> dict[str, Any]:
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
        # What never closes by itself has no end to fall back on: until midnight, if nothing else is said.
        "time": fields.get("time", "" if end else "00:00"),
        "asks": given.asks,
        "meant": forms.meant_by(fields) if given.asks else "",
        "said": [text for key, text in fields.items() if key.startswith("words.") and text.strip()],
        "words": shown.words_fields(show, fields),
        "longest": LONGEST_TEXT,
    }


async def _form(at: AtPage, show: shown.Showing, told: Told, given: Given) -> dict[str, Any] | None:
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
    coming = [
        each
        for each in await at.house.roster.series(show.service.id, series_of(found.id))
        if each.starts_at > show.now
    ]
    return {
        **shown.shift(show, found),
        "series": show.say("form.series_text", n=str(len(coming))) if len(coming) > 1 else "",
        **({key: given.fields[key] for key in _PLANNED if key in given.fields} if given.wrong else {}),
        "free": await _free(at, show.service, found),
        "closes": await said.closes(show, at.house.roster, found),
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
