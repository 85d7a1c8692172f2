# SPDX-License-Identifier: EUPL-1.2
"""What each form of a conversation does, by the rules of her socket: the same limits, judging and order.

Owns the table of them. What a form changes stands in the visit, and the next page shows it: nothing that she
sends is answered with a page, so that no browser keeps it to send it again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import Final

from chat.entries import LONGEST_TEXT
from chat.errors import ChatError, NotNow, Refused, TextTooLong
from chat.ids import ClientId
from chat.live import visiting
from chat.live.saying import QUICK, Words
from chat.live.visitors import VisitorSeat
from config.site import PublicService
from moderation.danger import Level
from moderation.verdict import Kind
from web.errors import ROOTS, outcome
from web.house import House
from web.visitor import returning
from web.visitor.plain import answering
from web.visitor.plain.asks import kinds_in, without
from web.visitor.plain.visit import Screen, Unsent, Visit
from web.visitor.plain.words import PlainWords
from web.visitor.returning_frames import AskReturnCode, ChooseWord, DropReturnCode, TellWord

LONGEST: Final = 8_000
"""Characters that her field takes: more than can be sent, so that a long text is told of and not cut off."""


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody who talks, and the form that she has sent."""

    house: House
    visit: Visit
    service: PublicService
    words: PlainWords
    fields: Mapping[str, str]
    is_limited: bool

    @property
    def seat(self) -> VisitorSeat:
        """Her seat.

        Raises:
            NotNow: another connection has it, or it is over.
        """
        if self.visit.seat is None:
            raise NotNow
        return self.visit.seat


async def act(here: Here) -> None:
    """Do what a form asks for; what is not possible is said on the next page, with her words still there."""
    visit, text = here.visit, text_of(here.fields)
    does = _DOES.get(here.fields.get("do", ""))
    if does is None:
        return
    visit.note = ""
    try:
        await does(here)
    except Exception as error:  # noqa: BLE001 - whatever it is, she has a calm page with her words
        here.house.note_fault(error)
        said = outcome(error)
        here.house.refused[said.code] += 1
        message = said.message if isinstance(error, ROOTS) else "nack.unavailable"
        _unsent(here, error, here.words.page(message), text)


def _unsent(here: Here, error: Exception, note: str, text: str) -> None:
    """Put her words back. Where nobody knows whether they were stored, they keep their id: said once."""
    is_unknown = not isinstance(error, Refused)
    here.visit.tell(note, text, here.fields.get("once", "") if is_unknown else "")


def text_of(fields: Mapping[str, str]) -> str:
    """Return what she wrote, as it is counted: a form sends two characters for each new line.

    Her field takes no more than is kept of it; only what is no form of ours brings more.
    """
    return fields.get("text", "").replace("\r\n", "\n").replace("\0", "").strip()[:LONGEST]


# --- saying something ---------------------------------------------------------------------------------------


async def _say(here: Here) -> None:
    """Send what she wrote, or ask first where it tells who she is."""
    visit, text = here.visit, text_of(here.fields)
    seat = here.seat
    if here.fields.get("how") == "look" or "switch" in here.fields:
        visit.draft = text  # she looks at what is new, or in another language: what she has begun stays
        return
    if not text:
        visit.screen = Screen.TALK
        return
    if not _may_say(here, text):
        return
    async with _turn(here, text):
        kinds = _asked_about(here, text)
    if kinds:
        visit.unsent = Unsent(_once(here), text, kinds)
        visit.screen, visit.draft = Screen.ASKED, ""
        return
    # What she is not asked about again may stay; what nobody has seen is looked at once more, as always.
    await _send(here, seat, Words(ClientId(_once(here)), text, keep=not visit.asks_names))


def _may_say(here: Here, text: str) -> bool:
    """Tell whether she may say it, before anybody looks at it; where it is too often, she is told.

    Raises:
        TextTooLong: it is longer than anything that is sent.
    """
    if len(text) > LONGEST_TEXT:
        raise TextTooLong
    if here.is_limited and not here.house.limits.may_say(here.seat.room.id, len(text)):
        here.visit.tell(here.words.page("nack.rate"), text)
        return False
    return True


def _turn(here: Here, text: str) -> AbstractAsyncContextManager[None]:
    """A long text is looked at when it is its turn."""
    return here.house.chat.rooms.judging if len(text) > QUICK else nullcontext()


def _asked_about(here: Here, text: str) -> tuple[str, ...]:
    """Return what she is asked about."""
    kinds = kinds_in(here.service, text, here.visit.language)
    return tuple(kind for kind in kinds if here.visit.asks_names or kind != Kind.NAME)


async def _decide(here: Here) -> None:
    """Send what she was asked about: without it, as it stands, or not yet."""
    visit, text, how, once = here.visit, text_of(here.fields), here.fields.get("how", ""), _once(here)
    seat = here.seat
    if how not in {"keep", "names", "mask"}:
        visit.unsent = None
        visit.tell("", text)
    elif not _may_say(here, text):
        return
    elif how in {"keep", "names"}:
        visit.asks_names = visit.asks_names and how != "names"
        await _send(here, seat, Words(ClientId(once), text, keep=True))
    else:
        async with _turn(here, text):
            kinds, rest = (
                kinds_in(here.service, text, visit.language),
                without(here.service, text, visit.language),
            )
        await _send(here, seat, Words(ClientId(once), rest))
        if visit.unsent is None and (said := visit.seq_of(once)) is not None:
            visit.masked[said] = kinds


async def _send(here: Here, seat: VisitorSeat, words: Words) -> None:
    visit = here.visit
    visit.saying[words.client_id] = words.text
    try:
        (refused,) = await here.house.chat.visitors.say(seat, [words])
    finally:
        visit.saying.pop(words.client_id, None)
    if isinstance(refused, ChatError):
        here.house.note_fault(refused)
        _unsent(here, refused, here.words.page(outcome(refused).message), words.text)
        return
    visit.screen, visit.draft, visit.once, visit.unsent = Screen.TALK, "", "", None


def _once(here: Here) -> str:
    """Return the client id that the form carries: pressed twice, it is said once.

    Raises:
        NotNow: it is not one that we gave out.
    """
    once = here.fields.get("once", "")
    if not answering.is_client_id(once):
        raise NotNow
    return once


# --- danger, and the end ------------------------------------------------------------------------------------


async def _acute(here: Here) -> None:
    """She says that she is in danger now."""
    here.visit.danger = None
    await here.house.chat.visitors.mark_acute(here.seat)


async def _safe(here: Here) -> None:
    here.visit.danger = None


async def _ask_end(here: Here) -> None:
    here.visit.screen = Screen.ENDING


async def _end(here: Here) -> None:
    await here.house.chat.visitors.leave(here.seat, quickly=False)


async def _uninvite(here: Here) -> None:
    await visiting.withdraw(here.house.chat.visitors, here.seat)


async def _talk(here: Here) -> None:
    """Back to the talk, from wherever she is."""
    here.visit.screen = Screen.TALK


# --- what she is asked for a yes to -------------------------------------------------------------------------


async def _look(here: Here) -> None:
    answering.look(here.house, here.visit, here.words)


async def _step(here: Here) -> None:
    answering.step(here.visit, here.fields)


async def _answer(here: Here) -> None:
    await answering.answer(here.house, here.visit, here.seat, here.service, here.fields)


async def _guest(here: Here) -> None:
    await answering.answer_guest(here.house, here.visit, here.seat, here.words, here.fields)


async def _code(here: Here) -> None:
    """Show the code, ask whether she knows it, or let it go."""
    visit, how = here.visit, here.fields.get("how", "")
    if how == "gone" or visit.code is None:
        visit.code, visit.screen = None, Screen.TALK
    else:
        visit.screen = Screen.SURE if how == "sure" else Screen.CODE


async def _return_code(here: Here) -> None:
    """Give her a code to come back with, take it away, or let it go from her screen."""
    how = here.fields.get("how", "")
    if how == "hide":
        here.visit.return_code = ""
    elif how in {"ask", "drop"}:
        asked = AskReturnCode() if how == "ask" else DropReturnCode()
        await returning.answer(here.house, here.seat, asked)
        if how == "drop":
            here.visit.tell(here.words.returning("code.none"))


async def _word(here: Here) -> None:
    """Take the word that she chooses, or tells; what came of it is not hers to know."""
    typed = here.fields.get("word", "").strip()
    word = typed if typed and here.fields.get("how") == "yes" else None
    if here.fields.get("how") == "yes" and word is None:
        return
    step = here.fields.get("step")
    if step != here.visit.word:
        return  # an old page: what it asked for is not what she is asked now
    is_new = step == "choose"
    await returning.answer(here.house, here.seat, ChooseWord(word) if is_new else TellWord(word))
    here.visit.tell(here.words.returning("word.heard"))


def is_urgent(service: PublicService, unsent: Unsent, visit: Visit) -> bool:
    """Tell whether what she is asked about may be what somebody needs to see now."""
    danger = service.chat.judge.of_visitor(unsent.text, language=visit.language).danger
    return visit.is_acute or (danger is not None and danger.level is Level.ACUTE)


_Does = Callable[[Here], Awaitable[None]]

_DOES: Final[Mapping[str, _Does]] = {
    "say": _say,
    "decide": _decide,
    "acute": _acute,
    "safe": _safe,
    "ask_end": _ask_end,
    "end": _end,
    "talk": _talk,
    "look": _look,
    "step": _step,
    "answer": _answer,
    "guest": _guest,
    "uninvite": _uninvite,
    "code": _code,
    "return_code": _return_code,
    "word": _word,
}
