# SPDX-License-Identifier: EUPL-1.2
"""The console's page: who gets it, and what it carries for its scripts.

Owns `/console`. Knows no conversation: those come over the socket.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from chat.routing import base_language
from config.aliases import alias_names
from config.site import PublicService, Texts
from moderation.verdict import Kind, Verdict
from web.accounts.account import AT_CONSOLE, StaffRole, StaffSession
from web.house import House
from web.languages import in_language
from web.operator import at_hand, receivers, wrapping_up
from web.roster.telling import DOMAIN as ROSTER
from web.roster.telling import about_shifts
from web.security import read_staff_cookie
from web.staff_page import not_yours

MODULES: Final = (
    "operator/alarm_words.js",
    "operator/alarms.js",
    "operator/alerting.js",
    "operator/alerts.js",
    "operator/at_hand.js",
    "operator/contact.js",
    "operator/conversation.js",
    "operator/cover.js",
    "operator/danger.js",
    "operator/degraded.js",
    "operator/desk.js",
    "operator/dom.js",
    "operator/drawer.js",
    "operator/finder.js",
    "operator/focus_kept.js",
    "operator/granting.js",
    "operator/handing.js",
    "operator/handover.js",
    "operator/handover_seen.js",
    "operator/handover_words.js",
    "operator/hands.js",
    "operator/help.js",
    "operator/keys.js",
    "operator/last_seen.js",
    "operator/log_window.js",
    "operator/notes.js",
    "operator/notes_model.js",
    "operator/notifying.js",
    "operator/one_panel.js",
    "operator/one_rings.js",
    "operator/pieces.js",
    "operator/practice.js",
    "operator/practice_script.js",
    "operator/putting_in.js",
    "operator/question.js",
    "operator/received.js",
    "operator/replies.js",
    "operator/reply_search.js",
    "operator/returning.js",
    "operator/ringing.js",
    "operator/room.js",
    "operator/sheet_lines.js",
    "operator/sheet_replies.js",
    "operator/sheet_routine.js",
    "operator/shift.js",
    "operator/shift_end.js",
    "operator/sound.js",
    "operator/state.js",
    "operator/talk.js",
    "operator/theme.js",
    "operator/toolbar.js",
    "operator/transfer.js",
    "operator/transfer_offers.js",
    "operator/transfer_told.js",
    "operator/turn.js",
    "operator/view.js",
    "operator/view_alarm.js",
    "operator/view_chosen.js",
    "operator/view_duty.js",
    "operator/view_end.js",
    "operator/view_handover.js",
    "operator/view_head.js",
    "operator/view_log.js",
    "operator/view_notes.js",
    "operator/view_pane.js",
    "operator/view_panes.js",
    "operator/view_preview.js",
    "operator/view_question.js",
    "operator/view_queue.js",
    "operator/view_receivers.js",
    "operator/view_start.js",
    "operator/warm.js",
    "operator/warm_entries.js",
    "operator/watching.js",
    "operator/while_away.js",
    "operator/words.js",
    "operator/wrapup.js",
    "operator/wrapup_form.js",
    "operator/wrapup_model.js",
    "shared/characters.js",
    "shared/connection.js",
    "shared/identity.js",
)
"""What the console's script imports: named in the page, so that the browser fetches all at once."""

WARM: Final = "warm"
"""The catalogue of what is about a guest in a conversation."""

TRANSFER: Final = "transfer"
"""The catalogue of what is about giving a conversation to somebody else."""

SHIFT: Final = "shift"
"""The catalogue of what is about a shift: its start, its pauses, its end, and the practice."""

RETURNING: Final = "returning"
"""The catalogue of what is about coming back."""

SUPERVISION: Final = "supervision"
"""The catalogue of what is about a supervisor: a raised hand, a wish to talk, and being one."""

NOTES: Final = "notes"
"""The catalogue of what colleagues write for each other."""

ALERTING: Final = "alerting"
"""The catalogue of what makes that nobody is missed."""

HERS: Final = re.compile(r"(item|form|relation|answer|way)\.|message\.(visitor|operator)\b|items\.why$")
"""What of the catalogue `consent` the console shows, so that what she will see is shown in the words that she
reads. Scripts find them under `her.`."""


async def console(request: Request) -> Response:
    """Answer `GET /console`: the shell, 303 to the sign-in, or 403 for an account of another role."""
    house: House = request.app.state.house
    session = await house.accounts.session(read_staff_cookie(request))
    query = house.languages.kept_for_staff(request.query_params.get("lang"))
    if session is None:
        return RedirectResponse(f"/staff/sign-in{query}", 303)
    language = house.languages.pick_for_staff(request.query_params.get("lang"))
    common = {"language": language, "csrf": session.csrf, "account": session.account}
    if session.role not in AT_CONSOLE:
        return not_yours(request, house, session, language)
    services = [_shown(house.site.services[id_], language) for id_ in house.may_serve(session)]
    context = {
        **common,
        "services": services,
        "ticked": _ticked(services, all_at_once=session.role is StaffRole.SUPERVISOR),
        "modules": MODULES,
        "page": await _for_scripts(house, session, services, language),
        "handover": house.languages.texts(language, receivers.DOMAIN).gettext,
        "warm": house.languages.texts(language, WARM).gettext,
        "returning": house.languages.texts(language, RETURNING).gettext,
        "supervision": house.languages.texts(language, SUPERVISION).gettext,
        "supervises": session.role is StaffRole.SUPERVISOR,
        "query": query,
        "other_languages": house.languages.others_for_staff(language),
        **_wrapping_up(house, services, language),
        "notes": house.languages.texts(language, NOTES).gettext,
        "replies": house.languages.texts(language, at_hand.DOMAIN).gettext,
        "alerting": house.languages.texts(language, ALERTING).gettext,
        "transfer": house.languages.texts(language, TRANSFER).gettext,
        "shift": house.languages.texts(language, SHIFT).gettext,
        "roster": house.languages.texts(language, ROSTER).gettext,
        "on_roster": await about_shifts(house, session, language),
    }
    return house.page(request, "staff/console.html", context, domain="staff")


def _ticked(services: list[dict[str, Any]], *, all_at_once: bool) -> set[str]:
    """Return what is ticked from the start: the only service, or all of one track where they go together."""
    open_ = [service for service in services if not service["cannot_open"]]
    if not all_at_once and len(open_) != 1:
        return set()
    return {service["id"] for service in open_ if service["track"] == open_[0]["track"]}


def _wrapping_up(house: House, services: Iterable[dict[str, Any]], language: str) -> dict[str, Any]:
    """Return what the templates of the form need."""
    texts = house.languages.texts(language, wrapping_up.DOMAIN)
    return {
        "wrapup": texts.gettext,
        "wrapup_forms": wrapping_up.forms({service["track"] for service in services}, texts),
        "wrapup_channels": wrapping_up.channels(texts),
    }


def _shown(service: PublicService, language: str) -> dict[str, Any]:
    """Return a service as the duty form shows it."""
    return {
        "id": service.id,
        "name": in_language(service.name, language, service.language).text,
        "track": service.chat.track.value,
        "masked": [kind for kind in Kind if service.chat.judge.policy.of_visitor(kind) is Verdict.MASK],
        "cannot_open": service.chat.cannot_open,
        "capacity": service.chat.capacity,
        "speaks": _spoken(service),
        "tonight": _told(service.tonight, service, language),
        "alone": _told(service.alone, service, language),
        "routine": {
            alarm.value: in_language(texts, language, service.language)._asdict()
            for alarm, texts in service.routine.items()
        },
    }


def _told(texts: Texts, service: PublicService, language: str) -> dict[str, str] | None:
    return in_language(texts, language, service.language)._asdict() if texts else None


def _spoken(service: PublicService) -> list[str]:
    """Return in which languages one may write there, without that of the service: everybody speaks it."""
    own = base_language(service.language)
    return sorted({base_language(each) for each in service.languages} - {own})


async def _for_scripts(
    house: House, session: StaffSession, services: list[dict[str, Any]], language: str
) -> dict[str, Any]:
    """Return what stands in the page as JSON: names and texts, nothing about any visitor."""
    own = ("id", "name", "track", "masked", "routine", "capacity", "speaks", "alone")
    domains = (
        "staff",
        receivers.DOMAIN,
        WARM,
        RETURNING,
        SUPERVISION,
        wrapping_up.DOMAIN,
        NOTES,
        at_hand.DOMAIN,
        ALERTING,
        TRANSFER,
        SHIFT,
    )
    hers = house.languages.script_texts(language, "consent").items()
    return {
        "language": language,
        "account": session.account,
        "supervises": session.role is StaffRole.SUPERVISOR,
        "aliases": alias_names(),
        "services": [{key: service[key] for key in own} for service in services],
        "texts": {
            name: text
            for domain in domains
            for name, text in house.languages.script_texts(language, domain).items()
        }
        | {f"her.{name}": text for name, text in hers if HERS.match(name)},
        "receivers": {
            service["id"]: await receivers.of_service(house, house.site.services[service["id"]], language)
            for service in services
        },
        "masks": sorted(_masks(house.site.services[service["id"]] for service in services)),
    }


def _masks(services: Iterable[PublicService]) -> set[str]:
    """Return the words that stand in messages in the place of what was taken out, without their brackets."""
    return {
        word for service in services for words in service.chat.judge.masks.values() for word in words.values()
    }


routes: Final = [Route("/console", console, methods=["GET"]), *receivers.routes, *at_hand.routes]
