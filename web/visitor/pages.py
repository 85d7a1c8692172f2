# SPDX-License-Identifier: EUPL-1.2
"""The visitor's pages: the chat itself, the public status, and the loader for other sites.

Everything on them is readable before any script runs. Knows no conversation: the chat's frames go over the
visitor's socket.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from chat.ids import ServiceId
from chat.live.lobby import CLOSES_SOON, ServiceStatus
from config.site import PublicService
from web.files import compressed, files, send
from web.house import House
from web.languages import in_language
from web.visitor.elsewhere import answering_others
from web.visitor.page_texts import split_texts
from web.visitor.voice import Voice, any_organisation, lines_of, page_context, voice_of

TEMPLATE = "visitor/chat.html"

_MINUTES_KEPT = 5

MODULES = (
    "shared/characters.js",
    "shared/connection.js",
    "visitor/exit.js",
    "visitor/log.js",
    "visitor/out.js",
    "visitor/state.js",
    "visitor/texts.js",
    "visitor/view.js",
    "visitor/writing.js",
)
"""What `visitor/chat.js` imports, asked for at once: on a slow network each further round trip is felt."""


async def chat(request: Request) -> Response:
    """Show the chat of one service: who answers, whether it is open, and where else to turn."""
    house: House = request.app.state.house
    service = service_of(request, house)
    if service is None:
        return missing(request, house)
    ancestors = service.organisation.host_origins
    context = await chat_context(request, house, service)
    return compressed(request, house.page(request, TEMPLATE, context, frame_ancestors=ancestors))


async def chat_context(
    request: Request, house: House, service: PublicService, status: ServiceStatus | None = None
) -> dict[str, Any]:
    """Return all that the page of a service shows, in the language that the request asks for.

    `status`: as `about_service`.
    """
    voice = voice_of(request, house, service)
    return await about_service(house, voice, service, status) | {
        "languages": voice.choices(f"/chat/{service.id}", service.languages),
        "modules": MODULES,
        "given": _given(house, service, voice.language),
    }


async def about_service(
    house: House, voice: Voice, service: PublicService, status: ServiceStatus | None = None
) -> dict[str, Any]:
    """Return what she is told before the start: who answers, whether it is open, where else to turn.

    `status`: how the service is to be shown, where that is not as it is now.
    """
    status = status or await house.chat.lobby.status(service.id)
    others = await answering_others(house, voice, service)
    return page_context(house, voice, service.page_title, exit_url=service.organisation.exit_url) | {
        "by": voice.organisation_of(service),
        "name": in_language(service.name, voice.language, service.language),
        "tone": service.tone,
        "open": status.open,
        "answering": status.open and status.here,
        "state": voice.state(status),
        "note": voice.note(service, status),
        "last": status.last,
        "unspoken": voice.unspoken(status, service.tone),
        "notice": in_language(service.notice, voice.language, service.language),
        "kept": in_language(service.kept, voice.language, service.language),
        "others": others,
        "closes_soon": status.closes_at is not None and status.closes_at - voice.now <= CLOSES_SOON,
        "instead": voice.say(f"instead.{_trouble(status)}") if others and _trouble(status) else "",
        "lines": lines_of(house, voice, service.chat.track, service.language, service.organisation.lines),
    }


async def status(request: Request) -> Response:
    """Answer what anybody may know about a service: the same for all, so it may be cached."""
    house: House = request.app.state.house
    service = service_of(request, house)
    anywhere = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
    if service is None:
        return JSONResponse({"error": "unknown service"}, 404, anywhere)
    now = await house.chat.lobby.status(service.id)
    answer = {
        "open": now.open,
        "closes_at": _iso(now.closes_at),
        "opens_at": _iso(now.opens_at),
        "waiting": now.waiting,
        "notice": service.chat.notice_version,
    }
    return JSONResponse(answer, headers={**anywhere, "Cache-Control": "public, max-age=10"})


async def loader(request: Request) -> Response:
    """Hand out the script for other sites: the only thing of ours that any site may include."""
    anywhere = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
    kept = f"public, max-age={_MINUTES_KEPT * 60}"
    return send(request, files()["embed/widget.js"], kept, anywhere)


routes = [
    Route("/chat/{service}", chat),
    Route("/status/{service}", status),
    Route("/widget.js", loader),
]


def missing(request: Request, house: House) -> Response:
    """Answer an address that leads nowhere."""
    voice = voice_of(request, house, None)
    context = page_context(
        house, voice, voice.say("missing.title"), exit_url=any_organisation(house).exit_url
    ) | {"home": f"/?lang={voice.language}"}
    return house.page(request, "visitor/missing.html", context, status=404)


def _trouble(status: ServiceStatus) -> str:
    """Return why she may not be answered here soon, or nothing: then others are shown before all else."""
    if not status.open:
        return "closed"
    if not status.here:
        return "nobody"
    return "long" if status.waiting == "long" else ""


def _given(house: House, service: PublicService, language: str) -> dict[str, object]:
    """Return what the page hands to its scripts; nothing in it is about her."""
    return {
        "service": service.id,
        "language": language,
        "notice": service.chat.notice_version,
        "name": in_language(service.name, language, service.language).text,
        "exit": service.organisation.exit_url,
        "origins": service.organisation.host_origins,
        "texts": split_texts(house, service, language)[0],
    }


def service_of(request: Request, house: House) -> PublicService | None:
    """Return the service that the path names, if there is one."""
    return house.site.services.get(ServiceId(request.path_params["service"]))


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
