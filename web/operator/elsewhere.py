# SPDX-License-Identifier: EUPL-1.2
"""Where else somebody can turn, as whoever answers her reads it, with the sentence to say it in her language.

Owns which lines, chats and referrals of a service are listed and in which order: emergencies, then what is
written, then what is spoken. The two tracks are never shown to each other. Knows no conversation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from chat.hours import OpeningHours, local_day
from config.site import Channel, Line, PublicService, Referral
from web.house import House
from web.languages import in_language
from web.opening_words import OpeningWords

ORDER: Final = {Channel.CHAT: 0, Channel.WEB: 1, Channel.PHONE: 2}
"""Chats come first: speaking is often what is unsafe."""


class Elsewhere:
    """The list of one service, in the words of one staff language."""

    def __init__(self, house: House, service: PublicService, language: str) -> None:
        self._house = house
        self._service = service
        self._language = language
        self._now = house.clock.now()

    async def listed(self) -> list[dict[str, Any]]:
        """Return everything, best first.

        Each: `{"kind": "emergency" | "chat" | "phone" | "web" | "service" | "referral", "name", "address",
        "number" (digits, of a telephone), "note", "open" (null: not known), "when", "checked" (ISO, null:
        never), "say": {code: sentence}}`.
        """
        lines = list(self._house.site.lines_for(self._service))
        lines.sort(key=lambda line: (not line.emergency, ORDER[line.channel]))
        written = [line for line in lines if line.emergency or line.channel is not Channel.PHONE]
        spoken = [line for line in lines if line not in written]
        return [
            *map(self._line, written),
            *await self._services(),
            *map(self._line, spoken),
            *map(self._referral, self._service.organisation.referrals),
        ]

    async def _services(self) -> list[dict[str, Any]]:
        """Return the other chats of the installation where somebody answers the same people now.

        As on her page: the same organisation's first, then those it has an agreement with, then the others.
        """
        house, own = self._house, self._service.organisation
        today = local_day(self._now)
        found = []
        for other in house.site.services.values():
            if other.id == self._service.id or other.chat.track is not self._service.chat.track:
                continue
            status = await house.chat.lobby.status(other.id)
            if not (status.open and status.here):
                continue
            works_with = house.site.works_with(own.id, other.organisation.id, today)
            near = 0 if other.organisation.id == own.id else 1 if works_with else 2
            said = {
                code: f"{self._in(other.name, code, other.language)}: {self._words(code).state(status)}"
                for code in self._service.languages
            }
            name = self._in(other.name, self._language, other.language)
            organisation = "" if own.id == other.organisation.id else other.organisation.name
            shown = self._shown("service", name, "", organisation if organisation != name else "")
            when = self._words(self._language).state(status)
            found.append((near, {**shown, "open": True, "when": when, "say": said}))
        return [shown for _, shown in sorted(found, key=lambda each: each[0])]

    def _line(self, line: Line) -> dict[str, Any]:
        own = self._service.language
        name, note = self._in(line.name, self._language, own), self._in(line.note, self._language, own)
        kind = "emergency" if line.emergency else line.channel.value
        shown = self._shown(kind, name, line.address, note)
        checked = line.verified_at.isoformat() if line.verified_at else None
        phone = line.channel is Channel.PHONE
        said = {
            code: self._urgent(code)
            if line.emergency
            else self._said(code, self._in(line.name, code, own), line.address, line.hours, phone=phone)
            for code in self._service.languages
        }
        return {**shown, **self._opening(line.hours), "checked": checked, "say": said}

    def _referral(self, referral: Referral) -> dict[str, Any]:
        own = self._service.language
        name, what, note = (
            self._in(texts, self._language, own) for texts in (referral.name, referral.what, referral.note)
        )
        address = ", ".join(filter(None, (referral.phone, referral.web)))
        shown = self._shown("referral", name, address, " ".join(filter(None, (what, note))))
        checked = referral.verified_at.isoformat() if referral.verified_at else None
        said = {
            code: self._said(
                code, self._in(referral.name, code, own), address, referral.hours, phone=bool(referral.phone)
            )
            for code in self._service.languages
        }
        return {**shown, **self._opening(referral.hours), "checked": checked, "say": said}

    def _urgent(self, code: str) -> str:
        """Return what her own page says beside the emergency number: that is tried and short."""
        words = self._words(code)
        texts = self._house.languages.texts(words.language, "visitor", self._service.tone)
        return f"{words.say('danger')} {texts.pgettext('asking', 'danger.cannot')}"

    def _said(self, code: str, name: str, address: str, hours: str, *, phone: bool) -> str:
        """Return a sentence as it can be sent: its name, how it is reached, when, what may be seen."""
        words = self._words(code)
        named = address if name == address else f"{name}: {address}"
        parts = [f"{named}.", words.hours(hours) if hours else ""]
        return " ".join(filter(None, [*parts, words.say("lines.log") if phone else ""]))

    def _opening(self, hours: str) -> dict[str, Any]:
        if not hours:
            return {"open": None, "when": ""}
        is_open = OpeningHours.parse(hours).is_open(self._now)
        return {"open": is_open, "when": self._words(self._language).hours(hours)}

    def _words(self, language: str) -> OpeningWords:
        known = self._house.languages.pick(language, self._service.language)
        return OpeningWords(known, self._house.languages, self._now)

    def _in(self, texts: Mapping[str, str], language: str, own: str) -> str:
        return in_language(texts, language, own).text

    def _shown(self, kind: str, name: str, address: str, note: str) -> dict[str, Any]:
        number = "".join(sign for sign in address.partition(",")[0] if sign.isdigit())
        return {
            "kind": kind,
            "name": name,
            "address": address,
            "number": "" if kind in {"chat", "web"} else number,
            "note": note,
            "checked": None,
        }
