# SPDX-License-Identifier: EUPL-1.2
"""The supervisor's board: figures of each service now and today, never anything about one visitor.

Owns `/supervisor`, the figures that keep it fresh and the form that lifts a sanction. Knows no conversation
and no account of another.
"""

from __future__ import annotations

import gettext
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from chat.hours import STOCKHOLM
from chat.ids import ServiceId
from chat.live.lobby import BoardRow, Serving
from moderation.sanctions import Unsafe
from web.accounts.account import StaffRole, StaffSession
from web.house import House
from web.languages import clock_time, in_language, isolated
from web.roster.telling import closed_by_hand
from web.security import own_form, read_staff_cookie
from web.supervisor import alerts, handovers, unsafe
from web.supervisor.partnerships import partnerships

MAY_LOOK: Final = frozenset({StaffRole.SUPERVISOR, StaffRole.ADMINISTRATOR})


async def supervisor(request: Request) -> Response:
    """Answer `GET /supervisor`: the board, 303 to the sign-in, or 403 for an account of another role."""
    house: House = request.app.state.house
    session = await _session(request)
    if session is None:
        return RedirectResponse("/staff/sign-in", 303)
    language = _language(request)
    context = {"language": language, "csrf": session.csrf, "account": session.account}
    if session.role not in MAY_LOOK:
        elsewhere = {**context, "instead": "/console" if session.role is StaffRole.OPERATOR else None}
        return house.page(request, "staff/not_yours.html", elsewhere, status=403, domain="staff")
    shown = {
        **context,
        "names": _names(house, house.may_serve(session), language),
        "board": await _board(house, session, language),
        "headings": handovers.headings(house, language) | alerts.headings(house, language),
        "answers": session.role is StaffRole.SUPERVISOR,
        "agreements": await partnerships(house, session, language),
        "query": _query(request),
        "lifted": _lifted(house, session, request),
        "replies": house.languages.texts(language, "replies").gettext,
    }
    return house.page(request, "staff/supervisor.html", shown, domain="staff")


async def board(request: Request) -> Response:
    """Answer `GET /supervisor/board`: the figures as JSON, 401 without a session, 403 for another role."""
    session = await _session(request)
    if session is None or session.role not in MAY_LOOK:
        return Response(status_code=401 if session is None else 403)
    return JSONResponse(await _board(request.app.state.house, session, _language(request)))


async def lift(request: Request) -> Response:
    """Answer `POST /supervisor/sanctions/lift`: 303 to a board that tells what was lifted, if any.

    403 for another role and for a form of another session.
    """
    fields = await own_form(request)
    session = await _session(request)
    if session is None:
        return RedirectResponse("/staff/sign-in", 303)
    if session.role not in MAY_LOOK or not session.is_own_csrf(fields.get("csrf", "")):
        return Response(status_code=403)
    service = await unsafe.lift(request.app.state.house, session, fields.get("id", ""))
    kept = {"lang": _language(request)} if "lang" in request.query_params else {}
    told = {"lifted": service} if service is not None else {}
    query = urlencode({**kept, **told})
    return RedirectResponse(f"/supervisor?{query}" if query else "/supervisor", 303)


async def _session(request: Request) -> StaffSession | None:
    house: House = request.app.state.house
    return await house.accounts.session(read_staff_cookie(request))


def _language(request: Request) -> str:
    house: House = request.app.state.house
    return house.languages.pick_for_staff(request.query_params.get("lang"))


def _query(request: Request) -> str:
    """Return what keeps a language that was asked for, from one page to the next."""
    return f"?lang={_language(request)}" if "lang" in request.query_params else ""


def _lifted(house: House, session: StaffSession, request: Request) -> str:
    """Return the words about what a press has just lifted for one of the session's services, if anything."""
    service = ServiceId(request.query_params.get("lifted", ""))
    if service not in house.may_serve(session):
        return ""
    language = _language(request)
    texts = house.languages.texts(language, "staff")
    return texts.gettext("board.lifted") % {"service": _names(house, [service], language)[service]}


def _names(house: House, services: Collection[ServiceId], language: str) -> dict[ServiceId, str]:
    found = ((id_, house.site.services[id_]) for id_ in services)
    return {id_: in_language(each.name, language, each.language).text for id_, each in found}


async def _board(house: House, session: StaffSession, language: str) -> dict[str, Any]:
    """Return the board in words: `rows`, `alerts`, `sanctions`, `handed`, and `at`, the local time of day."""
    services = house.may_serve(session)
    names = _names(house, services, language)
    rows = await house.chat.lobby.board(services)
    counts = await unsafe.counted_today(house, services)
    texts = house.languages.texts(language, "staff")
    now = house.clock.now().astimezone(STOCKHOLM)
    return {
        "rows": [
            _row(row, counts.get(row.service, {}), texts, closed_by_hand(house, row.service, language))
            for row in rows
        ],
        "alerts": await alerts.in_words(house, services, names, language),
        "sanctions": unsafe.sanctions_in_words(house, services, names, language),
        "handed": await handovers.handed(house, session, language),
        "at": clock_time(now, language),
    }


def _row(
    row: BoardRow,
    counts: Mapping[Unsafe, int],
    texts: gettext.NullTranslations,
    by_hand: str = "",
) -> dict[str, Any]:
    _ = texts.gettext
    alone = row.waiting > 0 and all(each.paused for each in row.on_duty)
    state = _("board.open") if row.open else _("board.closed")
    state = by_hand or state
    if row.cannot_open is not None:
        state = _("board.cannot_open") % {"reason": row.cannot_open}
    cells = {
        "state": state,
        "alert": _("board.all_paused" if row.on_duty else "board.alone") if alone else "",
        "waiting": str(row.waiting),
        "longest": _wait(row.longest_wait_s, texts),
        "on_duty": _people(row.on_duty, texts),
        "active": str(row.active),
        "answered": str(row.answered),
        "abandoned": str(row.abandoned),
        "unsafe": unsafe.counts_in_words(counts, texts),
    }
    return {"service": row.service, "cells": cells, "alert": alone, "shut": row.cannot_open is not None}


def _wait(seconds: int | None, texts: gettext.NullTranslations) -> str:
    if seconds is None:
        return "–"
    if seconds < 60:
        return texts.gettext("board.seconds")
    hours, minutes = divmod(seconds // 60, 60)
    if hours == 0:
        return texts.gettext("board.minutes") % {"n": minutes}
    return texts.gettext("board.hours") % {"hours": hours, "minutes": minutes}


def _people(on_duty: Sequence[Serving], texts: gettext.NullTranslations) -> str:
    """Return each alias with its load, isolated, so that none can turn the order of the others."""
    if not on_duty:
        return texts.gettext("board.nobody")
    one, paused = texts.gettext("board.one"), texts.gettext("board.one_paused")
    return ", ".join(
        (paused if each.paused else one)
        % {"alias": isolated(each.alias), "active": each.active, "capacity": each.capacity}
        for each in on_duty
    )


routes: Final = [
    Route("/supervisor", supervisor, methods=["GET"]),
    Route("/supervisor/board", board, methods=["GET"]),
    Route("/supervisor/sanctions/lift", lift, methods=["POST"]),
]
