# SPDX-License-Identifier: EUPL-1.2
"""Find a chat: what is open, when the rest opens, and a suggestion for whoever wants one.

Owns the page `/` and its form. Her answers come in the body of a form and go into the page that is answered:
they are in no address, nothing keeps them, and no cache may. She chooses; nothing moves her.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chat.ids import ServiceId, Track
from chat.routing import Answers, Suggestion, suggest
from config.site import PublicService
from config.suiting import LONGEST_PLACE
from web import security
from web.house import House
from web.languages import SOURCE
from web.visitor import questions
from web.visitor.form_token import is_own, new_token
from web.visitor.voice import ServiceShown, Voice, any_organisation, lines_of, page_context, voice_in

_NOT_KEPT = {"Cache-Control": "no-store"}


async def find(request: Request) -> Response:
    """Show every service with its state, every line, and the questions."""
    house: House = request.app.state.house
    voice = voice_in(house, request.query_params.get("lang"), SOURCE)
    return await _listing(request, house, voice)


async def suggestion(request: Request) -> Response:
    """Answer her answers with the services that suit them; without any, everything is shown as before."""
    house: House = request.app.state.house
    fields = await security.own_form(request)
    voice = voice_in(house, fields.get("lang"), SOURCE)
    if not is_own(fields.get("csrf", ""), house.daily_keys):
        return await _listing(request, house, voice, status=403)
    answers = _answers(fields)
    if answers == Answers():
        return await _listing(request, house, voice)
    services = house.site.services
    found = suggest((each.facts for each in services.values()), answers, voice.now)
    track = Track.PERPETRATOR if answers.role == "perpetrator" else Track.EXPOSED
    groups = await _groups(house, voice, found)
    context = _context(house, voice) | {
        "groups": groups,
        "is_found": any(shown for _, shown in groups),
        "lines_first": found.lines_first,
        "lines": lines_of(house, voice, track, SOURCE),
        "again": f"/?lang={voice.language}",
    }
    return _page(request, house, "visitor/found.html", context)


async def _listing(request: Request, house: House, voice: Voice, *, status: int = 200) -> Response:
    by_track: dict[Track, list[ServiceShown]] = {track: [] for track in Track}
    for service in house.site.services.values():
        by_track[service.chat.track].append(await _shown(house, voice, service))
    for listed in by_track.values():
        listed.sort(key=lambda service: (not service.answering, not service.open))
    exposed = lines_of(house, voice, Track.EXPOSED, SOURCE)
    context = _context(house, voice) | {
        "exposed": by_track[Track.EXPOSED],
        "perpetrator": by_track[Track.PERPETRATOR],
        "lines": exposed,
        "lines_apart": [
            line for line in lines_of(house, voice, Track.PERPETRATOR, SOURCE) if line not in exposed
        ],
        "is_old": status != 200,
        "questions": _questions(house),
        "csrf": new_token(house.daily_keys, voice.now),
    }
    return _page(request, house, "visitor/find.html", context, status=status)


def _context(house: House, voice: Voice) -> dict[str, Any]:
    title = voice.say("find.title")
    return page_context(house, voice, title, exit_url=any_organisation(house).exit_url) | {
        "languages": voice.choices("/", house.languages.codes),
        "words": house.languages.texts(voice.language, questions.DOMAIN),
    }


def _page(
    request: Request, house: House, template: str, context: Mapping[str, Any], *, status: int = 200
) -> Response:
    response = house.page(request, template, context, status=status)
    response.headers.update(_NOT_KEPT)
    return response


def _questions(house: House) -> dict[str, Any]:
    services = house.site.services.values()
    return {
        "role": questions.roles(),
        "need": questions.needs_of(Track.EXPOSED),
        "age_band": questions.age_bands(),
        "municipalities": questions.municipalities_of(services),
        "languages": questions.languages_of(services, house.languages),
        "longest": LONGEST_PLACE,
    }


def _answers(fields: Mapping[str, str]) -> Answers:
    """Return what she chose to say; `suggest` takes an unknown word for a skipped one."""

    def said(name: str) -> str | None:
        return fields.get(name, "").strip()[:LONGEST_PLACE] or None

    return Answers(
        need=said("need"),
        age_band=said("age_band"),
        role=said("role"),
        municipality=(said("municipality") or "").removesuffix(" kommun") or None,
        language=said("language"),
        acute=said("acute") == "yes",
    )


async def _groups(house: House, voice: Voice, found: Suggestion) -> list[tuple[str, list[ServiceShown]]]:
    """Return what to show under which heading, the best first: where nobody answers is not "open now"."""
    groups: list[tuple[str, list[ServiceShown]]] = []
    for name, ids in (
        ("open", found.open),
        ("soon", [id_ for id_, _ in found.soon]),
        ("others", found.others),
    ):
        shown = [await _shown(house, voice, each) for each in _of(house, ids)]
        if name == "open":
            groups.append((name, [service for service in shown if service.answering]))
            groups.append(("empty", [service for service in shown if not service.answering]))
        else:
            groups.append((name, sorted(shown, key=lambda service: not service.answering)))
    return groups


def _of(house: House, ids: Iterable[ServiceId]) -> list[PublicService]:
    return [house.site.services[id_] for id_ in ids]


async def _shown(house: House, voice: Voice, service: PublicService) -> ServiceShown:
    return voice.service(service, await house.chat.lobby.status(service.id))


routes = [
    Route("/", find, methods=["GET"]),
    Route("/", suggestion, methods=["POST"]),
]
