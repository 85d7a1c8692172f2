# SPDX-License-Identifier: EUPL-1.2
"""How her pages speak of services and lines: in one language, at one moment.

Owns the words for what is open and when, and what every page of hers needs. Knows no conversation.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

from chat.ids import Track
from chat.live.lobby import ServiceStatus
from config.site import Channel, Line, Organisation, PublicService
from web.house import House
from web.languages import (
    SOURCE,
    Worded,
    direction,
    in_language,
    isolated,
    language_name,
    tag,
)
from web.opening_words import OpeningWords


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """One language of the switch."""

    code: str
    name: str
    tag: str
    direction: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class ServiceShown:
    """One service in a list."""

    name: Worded
    organisation: str
    """Who runs it, where its name does not say so."""
    partner: str
    """That it works together with the service that she came to, in words; empty where it does not."""
    href: str
    open: bool
    answering: bool
    """Open, and somebody is on duty."""
    state: str
    note: Worded | None = None
    """What its organisation says while it is closed by hand."""


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
class Voice(OpeningWords):
    """Says things about services and lines in one language at one moment."""

    def unspoken(self, status: ServiceStatus, tone: str) -> str:
        """Return that nobody on duty writes the page's language, where that is so: before she has waited."""
        if not status.open or status.understands(self.language):
            return ""
        text = self.languages.texts(self.language, "waiting", tone).pgettext("room", "language")
        return text % {"language": language_name(self.language, self.language)}

    def service(self, service: PublicService, status: ServiceStatus, partner: str = "") -> ServiceShown:
        """Return a service for a list; `partner`: the organisation that it works together with."""
        return ServiceShown(
            name=in_language(service.name, self.language, service.language),
            organisation=self.organisation_of(service),
            partner=self.say("partner", organisation=isolated(partner)) if partner else "",
            href=f"/chat/{service.id}?lang={self.language}",
            open=status.open,
            answering=status.open and status.here,
            state=self.state(status),
            note=self.note(service, status),
        )

    def note(self, service: PublicService, status: ServiceStatus) -> Worded | None:
        """Return what the organisation says while a service is closed by hand, if it says anything."""
        if status.open or not service.closed_words:
            return None
        return in_language(service.closed_words, self.language, service.language)

    def organisation_of(self, service: PublicService) -> str:
        """Return who runs a service, where its name does not say so."""
        name = service.organisation.name
        return "" if name in service.name.values() else name

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
            open=self.hours(line.hours),
            phone=phone,
            outside=not phone,
        )

    def choices(self, path: str, offered: Iterable[str]) -> list[LanguageChoice]:
        """Return the language switch of one page."""
        return [
            LanguageChoice(
                code=code,
                name=self.languages.name(code),
                tag=tag(code),
                direction=direction(code),
                href=f"{path}?lang={code}",
                current=code == self.language,
            )
            for code in self.languages.codes
            if code in offered or code == self.language
        ]


_ORDER: Final = {Channel.CHAT: 0, Channel.WEB: 1, Channel.PHONE: 2}


def voice_of(request: Request, house: House, service: PublicService | None) -> Voice:
    """Return the voice of a page in the language that its address asks for.

    A service's page keeps to the service's languages: what it says of secrecy is in those.
    """
    wish = request.query_params.get("lang")
    if service is None:
        return voice_in(house, wish, SOURCE)
    return voice_in(house, wish, service.language, service.languages)


def voice_in(house: House, wish: str | None, own: str, offered: Collection[str] | None = None) -> Voice:
    """Return a voice in the language `wish`, or `own` where it is none of `offered` (None: of all)."""
    return Voice(house.languages.pick(wish, own, offered), house.languages, house.clock.now())


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


def emergency_call(house: House, voice: Voice) -> dict[str, str] | None:
    """Return the link to the emergency line, as the page has it, for a script."""
    line = next((line for line in house.site.lines if line.emergency), None)
    if line is None:
        return None
    return {
        "text": voice.say("danger.call", number=line.address),
        "href": voice.line(line, SOURCE).href,
    }


def lines_of(
    house: House, voice: Voice, track: Track | None, own: str, more: Iterable[Line] = ()
) -> list[LineShown]:
    """Return the lines of a track: emergencies first; then chats, where speaking is unsafe; then phones.

    `more` are an organisation's own: they follow.
    """
    return [
        voice.line(line, own)
        for lines in (house.site.lines, more)
        for line in sorted(lines, key=lambda line: (not line.emergency, _ORDER[line.channel]))
        if track is None or not line.tracks or track in line.tracks
    ]


def any_organisation(house: House) -> Organisation:
    """Return the organisation whose neutral page stands in where no service is chosen."""
    return next(each for each in house.site.organisations.values() if each.exit_url)
