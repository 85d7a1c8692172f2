# SPDX-License-Identifier: EUPL-1.2
"""From a visit to what its pages show: nothing reaches a template that is not named here.

Owns the values that the templates of `visitor/plain/` know. Decides nothing, and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Final

from config.site import PublicService
from handover.inviting import Invitation
from handover.moving import MoveQuestion
from web.house import House
from web.languages import in_language
from web.visitor import reading as to_read
from web.visitor.plain import answering, room
from web.visitor.plain.acting import is_urgent
from web.visitor.plain.asks import without
from web.visitor.plain.consent_shown import worded
from web.visitor.plain.log import Reading, asked_text, read
from web.visitor.plain.visit import Screen, Visit
from web.visitor.plain.words import PlainWords
from web.visitor.voice import ServiceShown

SOON_S: Final = 4
LATER_S: Final = 10
CALM_S: Final = 30
"""Her log asks again after so many seconds: soon while something happens, and slowly while she reads back."""
QUIET: Final = timedelta(minutes=1)

_KINDS_OF_END = frozenset({"visitor", "operator", "expired", "closed", "gone", "elsewhere"})


@dataclass(frozen=True, slots=True)
class Showing:
    """Shows one visit in one language."""

    house: House
    visit: Visit
    service: PublicService
    words: PlainWords

    # --- the log ---

    def log(self, *, calm: bool, opens: str, others: list[ServiceShown]) -> dict[str, Any]:
        """Return what the log shows. `calm`: she is reading back; the others as `room.elsewhere` says.

        No link of it leads out of the log: it may load itself again under a click.
        """
        visit, words = self.visit, self.words
        reading = self._reading()
        now = self.house.clock.now()
        pause = SOON_S if now - visit.moved_at < QUIET or visit.typing() is not None else LATER_S
        typing = visit.typing() if visit.phase == "active" else None
        return {
            "refresh": CALM_S if calm else pause,
            "calm": calm,
            "standing": self._standing(reading, opens, others),
            "older": words.say("older") if visit.is_cut else "",
            "lines": [reading.lines[seq] for seq in sorted(reading.lines)],
            "asked": words.say("asked.go", newer=words.say("newer")) if self._is_asked(reading) else "",
            "typing": "" if typing is None else words.script("typing", alias=typing or reading.alias),
        }

    def _is_asked(self, reading: Reading) -> bool:
        """Whether something waits for her answer on the page around the log."""
        visit = self.visit
        return (reading.asked is not None or bool(visit.word)) and visit.screen is not Screen.CONSENT

    def _standing(self, reading: Reading, opens: str, others: list[ServiceShown]) -> list[str]:
        visit, words = self.visit, self.words
        if visit.phase == "active":
            return [words.script("with", alias=reading.alias or self._name())]
        if visit.place is None:
            place = [words.script("waiting")]
        else:
            place = words.about_place(visit.place, lost=reading.is_lost)
        place += room.about(words, visit, lost=reading.is_lost)
        if opens:
            place.append(opens)
        if others:
            place.append(f"{words.room('others')}: {words.listed(each.name.text for each in others)}")
        return [*place, words.script("waiting.lost" if reading.is_lost else "waiting.write")]

    def _reading(self) -> Reading:
        visit = self.visit
        return read(visit.in_order(), visit.masked, self.words, self._name(), visit.track)

    def _name(self) -> str:
        return in_language(self.service.name, self.words.language, self.service.language).text

    # --- what stands beside it ---

    def talk(self, note: str = "") -> dict[str, Any]:
        """Return what the page around the log shows. `note`: said where there is nothing else to say."""
        visit = self.visit
        reading = self._reading()
        return {
            "screen": visit.screen,
            "pieces": self._pieces(),
            "wants_others": room.wants_others(visit),
            "note": visit.note or note,
            "draft": visit.draft,
            "once": visit.once,
            "is_acute": visit.is_acute,
            "told": self._told(reading),
            "danger_seen": self._danger(),
            "near": self.words.asking(f"near.{visit.danger or 'visitor'}"),
            "question": self._question(),
            "question_open": self._open(reading),
            "guest": self._guest(reading),
            "word": visit.word,
            "may_return": visit.phase == "active" or reading.is_lost,
            "has_return_code": visit.has_return_code,
            "return_code": visit.return_code.split(" ") if visit.return_code else [],
            "has_code": visit.code is not None and bool(visit.code.receivers),
        }

    def _pieces(self) -> list[dict[str, object]]:
        """Return what there is to read while she waits."""
        if self.visit.phase != "waiting":
            return []
        return to_read.pieces_of(self.service, self.words.language)

    def _told(self, reading: Reading) -> str:
        if not self.visit.is_acute:
            return ""
        if self.visit.phase == "active":
            return self.words.asking("told.active", alias=reading.alias)
        place = self.visit.place
        return self.words.asking("told.nobody" if place is not None and not place.here else "told.waiting")

    def _danger(self) -> dict[str, str] | None:
        subject = self.visit.danger
        if subject is None or self.visit.is_acute:
            return None
        yes = "danger.yes" if subject == "visitor" else f"danger.yes.{subject}"
        return {
            "warm": self.words.asking("danger.self.warm") if subject == "self" else "",
            "ask": self.words.asking(f"danger.{subject}"),
            "yes": self.words.asking(yes),
        }

    def _question(self) -> dict[str, Any] | None:
        unsent = self.visit.unsent
        if self.visit.screen is not Screen.ASKED or unsent is None:
            return None
        urgent = is_urgent(self.service, unsent, self.visit)
        return {
            "seen": self.words.seen(unsent.kinds),
            "more": self.words.asking("seen.acute" if urgent else "seen.more"),
            "text": unsent.text,
            "left": without(self.service, unsent.text, self.visit.language),
            "once": unsent.id,
            "urgent": urgent,
            "names": "name" in unsent.kinds,
        }

    def _open(self, reading: Reading) -> dict[str, Any] | None:
        """Return the question on the table: one about a handover leads on, one about a guest is put here."""
        asked = answering.open_question(self.visit)
        if asked is None:
            return None
        words, question = self.words, asked.proposal
        shown: dict[str, Any] = {
            "seq": asked.seq,
            "text": asked_text(words, asked, self.visit.track, more=bool(reading.sent_to)),
            "guest": None,
        }
        if isinstance(question, Invitation | MoveQuestion):
            offer, alias = question.offer, question.asked_by
            moves = isinstance(question, MoveQuestion)
            say = words.moving if moves else words.warm
            shown["guest"] = {
                "by": say("ask.by", alias=alias),
                "differs": say("ask.differs") if moves else "",
                "notice": worded(offer),
                "secrecy": say("ask.secrecy", alias=alias, organisation=offer.organisation),
                "police": words.warm("ask.police") if offer.police else "",
                "history": say("ask.history"),
                "history_more": say("ask.history.more"),
                "yes": say("ask.yes"),
                "no": say("ask.no"),
            }
        return shown

    def _guest(self, reading: Reading) -> dict[str, str] | None:
        words = self.words
        if reading.guest is not None:
            alias, organisation = reading.guest
            if reading.is_supervisor:
                text = words.warm("strip.supervisor", alias=alias, organisation=organisation)
                return {"text": text, "button": ""}
            return {
                "text": words.warm("strip.here", alias=alias, organisation=organisation),
                "button": words.warm("strip.leave", alias=alias),
            }
        if reading.invited:
            return {
                "text": words.warm("strip.invited", organisation=reading.invited),
                "button": words.warm("strip.undo"),
            }
        return None

    # --- the code, and the end ---

    def code(self, address: str) -> dict[str, Any] | None:
        """Return the code that she has not learnt yet. `address`: where it is used."""
        code = self.visit.code
        if code is None:
            return None
        say = partial(self.words.consent, track=self.visit.track)
        return {
            "heading": say("code.heading" if code.receivers else "code.unsure.heading"),
            "unsure": "" if code.receivers else say("code.unsure"),
            "words": code.words.split(" "),
            "use": say("code.use", address=address),
            "to": say("code.to", receivers=self.words.listed(code.receivers)) if code.receivers else "",
        }

    def over(self, address: str) -> dict[str, Any]:
        """Return what is said when it is over."""
        visit, words = self.visit, self.words
        kind = visit.over if visit.over in _KINDS_OF_END else "gone"
        sent = words.listed(visit.sent_to)
        return {
            "heading": words.script(f"over.{kind}"),
            "text": words.script(f"over.{kind}.text"),
            "left": words.consent("left", visit.track, receivers=sent, address=address) if sent else "",
            "draft": visit.draft,
        }
