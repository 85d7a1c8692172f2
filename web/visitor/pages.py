# SPDX-License-Identifier: EUPL-1.2
"""The visitor's pages: find a chat, the chat itself, the public status, and the loader for other sites.

Owns what these pages say about services and lines. Everything is readable before any script runs. Knows no
conversation: the chat's frames go over the visitor's socket.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from chat.hours import STOCKHOLM, OpeningHours
from chat.ids import ServiceId, Track
from chat.live.lobby import ServiceStatus
from config.site import Channel, Line, Organisation, PublicService, Tone
from web.files import compressed, files, send
from web.house import House
from web.languages import (
    SOURCE,
    Languages,
    Worded,
    clock_time,
    day_and_month,
    direction,
    in_language,
    tag,
    weekday,
)

_MINUTES_KEPT = 5

MODULES = (
    "shared/connection.js",
    "shared/frames.js",
    "visitor/cover.js",
    "visitor/embedded.js",
    "visitor/entries.js",
    "visitor/exit.js",
    "visitor/log.js",
    "visitor/state.js",
    "visitor/texts.js",
    "visitor/view.js",
    "visitor/writing.js",
)
"""What `visitor/chat.js` imports, asked for at once: on a slow network each further round trip is felt."""


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """One language of the switch."""

    name: str
    tag: str
    direction: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class ServiceShown:
    """One service in a list."""

    name: Worded
    href: str
    open: bool
    answering: bool
    """Open, and somebody is on duty."""
    state: str


@dataclass(frozen=True, slots=True)
class LineShown:
    """One other way to get help."""

    name: Worded
    note: Worded
    address: str
    label: str
    href: str
    open: str
    phone: bool
    outside: bool


@dataclass(frozen=True, slots=True)
class Voice:
    """Says things about services and lines in one language at one moment."""

    language: str
    languages: Languages
    now: datetime

    def say(self, key: str, **values: str) -> str:
        """Return a text of the catalogue with its values."""
        return self.languages.texts(self.language, "visitor").gettext(key) % values

    def when(self, moment: datetime) -> str:
        """Return when something happens, by the clock in Sweden: `i morgon klockan 18:00`."""
        local, today = moment.astimezone(STOCKHOLM), self.now.astimezone(STOCKHOLM).date()
        time = clock_time(local, self.language)
        match (local.date() - today).days:
            case 0:
                return self.say("when.today", time=time)
            case 1:
                return self.say("when.tomorrow", time=time)
            case days if days < 7:
                return self.say("when.weekday", weekday=weekday(local.date(), self.language), time=time)
            case _:
                return self.say("when.date", date=day_and_month(local.date(), self.language), time=time)

    def state(self, status: ServiceStatus) -> str:
        """Return `Öppet till 21:00, kort kö` or when it opens."""
        if not status.open:
            if status.opens_at is None:
                return self.say("closed.state")
            return self.say("closed.opens", when=self.when(status.opens_at))
        queue = self.say(f"open.{status.waiting}" if status.here else "open.nobody")
        return f"{self._until(status.closes_at)}, {queue}"

    def _until(self, closes_at: datetime | None) -> str:
        if closes_at is None:
            return self.say("open.always")
        if closes_at - self.now >= timedelta(days=1):
            return self.say("open")
        return self.say("open.until", when=clock_time(closes_at.astimezone(STOCKHOLM), self.language))

    def service(self, service: PublicService, status: ServiceStatus) -> ServiceShown:
        """Return a service for a list."""
        return ServiceShown(
            name=in_language(service.name, self.language, service.language),
            href=f"/chat/{service.id}?lang={self.language}",
            open=status.open,
            answering=status.open and status.here,
            state=self.state(status),
        )

    def line(self, line: Line, own: str) -> LineShown:
        """Return a line; `own` is the language that its texts always have."""
        phone = line.channel is Channel.PHONE
        digits = "".join(character for character in line.address if character.isdigit() or character == "+")
        return LineShown(
            name=in_language(line.name, self.language, own),
            note=in_language(line.note, self.language, own),
            address=line.address,
            label=line.address if phone else line.address.removeprefix("https://").rstrip("/"),
            href=f"tel:{digits}" if phone else line.address,
            open=self._line_open(line.hours),
            phone=phone,
            outside=not phone,
        )

    def _line_open(self, expression: str) -> str:
        hours = OpeningHours.parse(expression)
        if hours.is_open(self.now):
            return self.say("line.open" if hours.closes_at(self.now) else "line.always")
        opens = hours.opens_at(self.now)
        return self.say("line.closed") if opens is None else self.say("line.opens", when=self.when(opens))

    def choices(self, path: str, offered: Iterable[str]) -> list[LanguageChoice]:
        """Return the language switch of one page."""
        return [
            LanguageChoice(
                name=self.languages.name(code),
                tag=tag(code),
                direction=direction(code),
                href=f"{path}?lang={code}",
                current=code == self.language,
            )
            for code in self.languages.codes
            if code in offered or code == self.language
        ]


async def find(request: Request) -> Response:
    """Show every service with its state, and every line."""
    house: House = request.app.state.house
    voice = _voice(request, house, SOURCE)
    by_track: dict[Track, list[ServiceShown]] = {track: [] for track in Track}
    for service in house.site.services.values():
        by_track[service.chat.track].append(voice.service(service, await _status(house, service)))
    for shown in by_track.values():
        shown.sort(key=lambda service: (not service.answering, not service.open))
    context = page_context(
        house, voice, voice.say("find.title"), exit_url=any_organisation(house).exit_url
    ) | {
        "languages": voice.choices("/", house.languages.codes),
        "exposed": by_track[Track.EXPOSED],
        "perpetrator": by_track[Track.PERPETRATOR],
        "lines": lines_of(house, voice, None, SOURCE),
    }
    return house.page(request, "visitor/find.html", context)


async def chat(request: Request) -> Response:
    """Show the chat of one service: who answers, whether it is open, and where else to turn."""
    house: House = request.app.state.house
    service = service_of(request, house)
    if service is None:
        return missing(request, house)
    voice = _voice(request, house, service.language)
    context = await about_service(house, voice, service) | {
        "languages": voice.choices(f"/chat/{service.id}", service.languages),
        "modules": MODULES,
        "given": _given(house, service, voice.language),
    }
    ancestors = service.organisation.host_origins
    return compressed(request, house.page(request, "visitor/chat.html", context, frame_ancestors=ancestors))


async def about_service(house: House, voice: Voice, service: PublicService) -> dict[str, object]:
    """Return what she is told before the start: who answers, whether it is open, where else to turn."""
    status = await _status(house, service)
    return page_context(house, voice, service.page_title, exit_url=service.organisation.exit_url) | {
        "name": in_language(service.name, voice.language, service.language),
        "informal": service.tone is Tone.INFORMAL,
        "open": status.open,
        "answering": status.open and status.here,
        "state": voice.state(status),
        "notice": in_language(service.notice, voice.language, service.language),
        "kept": in_language(service.kept, voice.language, service.language),
        "others": await _answering_others(house, voice, service),
        "lines": lines_of(house, voice, service.chat.track, service.language),
    }


async def status(request: Request) -> Response:
    """Answer what anybody may know about a service: the same for all, so it may be cached."""
    house: House = request.app.state.house
    service = service_of(request, house)
    anywhere = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
    if service is None:
        return JSONResponse({"error": "unknown service"}, 404, anywhere)
    now = await _status(house, service)
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
    Route("/", find),
    Route("/chat/{service}", chat),
    Route("/status/{service}", status),
    Route("/widget.js", loader),
]


def missing(request: Request, house: House) -> Response:
    """Answer an address that leads nowhere."""
    voice = _voice(request, house, SOURCE)
    context = page_context(
        house, voice, voice.say("missing.title"), exit_url=any_organisation(house).exit_url
    ) | {"home": f"/?lang={voice.language}"}
    return house.page(request, "visitor/missing.html", context, status=404)


def _voice(request: Request, house: House, own: str) -> Voice:
    language = house.languages.pick(request.query_params.get("lang"), own)
    return Voice(language, house.languages, house.clock.now())


def page_context(house: House, voice: Voice, title: str, *, exit_url: str) -> dict[str, object]:
    """Return what every page of hers needs."""
    emergency = next((line for line in house.site.lines if line.emergency), None)
    return {
        "language": voice.language,
        "tag": tag(voice.language),
        "direction": direction(voice.language),
        "title": title,
        "exit_url": exit_url,
        "emergency": voice.line(emergency, SOURCE) if emergency is not None else None,
    }


def _given(house: House, service: PublicService, language: str) -> dict[str, object]:
    """Return what the page hands to its scripts; nothing in it is about her."""
    return {
        "service": service.id,
        "language": language,
        "notice": service.chat.notice_version,
        "name": in_language(service.name, language, service.language).text,
        "exit": service.organisation.exit_url,
        "origins": service.organisation.host_origins,
        "texts": house.languages.script_texts(language, "visitor"),
    }


async def _answering_others(house: House, voice: Voice, service: PublicService) -> list[ServiceShown]:
    """Return where somebody answers the same people now; the two tracks are never shown to each other."""
    others = [
        (other, await _status(house, other))
        for other in house.site.services.values()
        if other.id != service.id and other.chat.track is service.chat.track
    ]
    return [voice.service(other, now) for other, now in others if now.open and now.here]


def lines_of(house: House, voice: Voice, track: Track | None, own: str) -> list[LineShown]:
    """Return the lines of a track: chats first, where speaking is unsafe; then phones, emergencies last."""
    order = {Channel.CHAT: 0, Channel.WEB: 1, Channel.PHONE: 2}
    fitting = [line for line in house.site.lines if track is None or not line.tracks or track in line.tracks]
    fitting.sort(key=lambda line: (line.emergency, order[line.channel]))
    return [voice.line(line, own) for line in fitting]


async def _status(house: House, service: PublicService) -> ServiceStatus:
    return await house.chat.lobby.status(service.id)


def service_of(request: Request, house: House) -> PublicService | None:
    """Return the service that the path names, if there is one."""
    return house.site.services.get(ServiceId(request.path_params["service"]))


def any_organisation(house: House) -> Organisation:
    """Return the organisation whose neutral page stands in where no service is chosen."""
    return next(each for each in house.site.organisations.values() if each.exit_url)


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
