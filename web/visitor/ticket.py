# SPDX-License-Identifier: EUPL-1.2
"""Her page for a pick-up code: `/ticket`.

Owns the forms of that page and what each does. Nothing is ever in the address: all of them are posted to the
same one, and what names a visit travels in a hidden field. Until a code has opened something the page says
nothing of what it is for. Works without scripts; with them it leaves more quickly, and what is posted is sent
without leaving the page, so that no browser keeps it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from chat.code import WORDS_IN_CODE
from chat.errors import TextTooLong
from chat.errors import TooManyTries as TooManyCodes
from chat.ids import random_id
from handover.errors import Incomplete, NoSuchTicket, TooLate, TooManyLetters, TooManyTries, WrongCode
from handover.ids import TicketId
from handover.items import LONGEST
from handover.pickup import Visit
from handover.ticket import TicketEvent
from web import security
from web.errors import outcome
from web.house import House
from web.languages import SOURCE
from web.visitor.ticket_form import TicketForms
from web.visitor.ticket_shown import Showing
from web.visitor.ticket_words import DOMAIN, TicketWords, words_typed
from web.visitor.voice import Voice, any_organisation, lines_of, page_context

PATH: Final = "/ticket"
LEAVE: Final = "/ticket/leave"
RETRY_AFTER_S: Final = 5
"""The whole queue of Argon2id, and so a network's lane, is done sooner on any machine that fits the job."""

_POLICY: Final = {"Content-Security-Policy": security.content_security_policy((), leads_out=True)}

Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """What the page says first about what she has just done.

    `text` are words of hers that it is about; `draft` are those that go back into their field.
    """

    said: tuple[str, ...]
    text: str = ""
    draft: str = ""
    wrong: bool = False
    status: int = 200


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody with a code, and what she has sent with it."""

    visit: Visit
    name: str
    """What names the visit."""
    wish: str
    """The language that she chose on a page of ours, or nothing."""
    fields: Fields
    words: TicketWords


@dataclass(slots=True, eq=False)
class TicketPages:
    """The pages over one house."""

    house: House
    forms: TicketForms = field(init=False)

    def __post_init__(self) -> None:
        """Take a key for the forms of this process."""
        self.forms = TicketForms(self.house.clock, self.house.randomness)

    @property
    def routes(self) -> list[Route]:
        """Where they are found."""
        return [
            Route(PATH, self.show, methods=["GET"]),
            Route(PATH, self.act, methods=["POST"]),
            Route(LEAVE, self.leave, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """Answer `GET /ticket`: a field and a button, the same for everybody."""
        return self._code_page(request, request.query_params.get("lang", ""))

    async def act(self, request: Request) -> Response:
        """Answer `POST /ticket`: a code, or what she does on the page that it opened."""
        wish = ""
        try:
            fields = await security.own_form(request)
            wish = fields.get("lang", "")
            if "visit" not in fields:
                return await self._enter(request, fields, wish)
            name = fields["visit"]
            visit = self.house.office.pickup.visit(name)
            if visit is None or not self.forms.is_own(fields.get("csrf", ""), name):
                return self._code_page(request, wish, "over")
            return await self._visited(request, visit, name, fields, wish)
        except HTTPException as error:
            return self._code_page(request, wish, "over", status=error.status_code)
        except Exception as error:  # noqa: BLE001 - whatever it is, she has a calm page and the way out
            return self._failed(request, wish, error)

    async def leave(self, request: Request) -> Response:
        """Answer `POST /ticket/leave`: the visit is over, and the next page is another site's.

        The way out is never barred: whatever the form says, it leads out. What ends a visit is its name.
        """
        try:
            fields = await security.own_form(request)
        except HTTPException as error:
            return self._code_page(request, "", "over", status=error.status_code)
        pickup, name = self.house.office.pickup, fields.get("visit", "")
        visit = pickup.visit(name)
        pickup.leave(name)
        headers = {"Cache-Control": "no-store"}
        if "beacon" in fields:
            return Response(status_code=204, headers=headers)
        return RedirectResponse(self._way_out(visit), 303, headers)

    # --- the code ---

    async def _enter(self, request: Request, fields: Fields, wish: str) -> Response:
        pickup, token = self.house.office.pickup, fields.get("csrf", "")
        earlier = self.forms.opened(token)
        if not self.forms.is_own(token) or (earlier is not None and pickup.visit(earlier) is None):
            return self._code_page(request, wish, "over")
        code = fields.get("code", "")
        try:
            async with self.house.limits.code_turn(security.network_of(request.scope)):
                name = await pickup.enter(code)
        except TooManyCodes:
            return self._code_page(request, wish, "slow", status=429)
        except WrongCode:
            n = words_typed(code, self.house.office.handovers.words)
            is_count = n not in {None, WORDS_IN_CODE}
            return self._code_page(request, wish, "count" if is_count else "wrong", status=403, n=str(n))
        self.forms.note_opened(token, name)
        visit = pickup.visit(name)
        if visit is None:
            return self._code_page(request, wish, "over")
        return await self._visited(request, visit, name, {}, wish)

    def _failed(self, request: Request, wish: str, error: Exception) -> Response:
        """Show the empty page with a calm sentence; what is ours is logged."""
        self.house.note_fault(error)
        if isinstance(error, WrongCode):
            return self._code_page(request, wish, "over")
        return self._code_page(request, wish, "busy", status=outcome(error).status)

    def _code_page(
        self, request: Request, wish: str, problem: str = "", *, status: int = 200, **values: str
    ) -> Response:
        language = self.house.languages.pick(wish, SOURCE)
        words = TicketWords(language, self.house.languages)
        voice = Voice(language, self.house.languages, self.house.clock.now())
        context = page_context(self.house, voice, words.say("title"), exit_url=self._way_out(None)) | {
            "languages": voice.choices(PATH, self.house.languages.codes),
            "problem": words.say(f"code.{problem}", **values) if problem else "",
            "is_wrong": problem in {"wrong", "count"},
            "is_again": problem in {"wrong", "count", "slow", "busy"},
            "csrf": self.forms.new(),
            "wish": wish if wish == language else "",
        }
        response = self.house.page(request, "visitor/ticket/code.html", context, status=status, domain=DOMAIN)
        return _come_back_later(response)

    # --- the visit ---

    async def _visited(
        self, request: Request, visit: Visit, name: str, fields: Fields, wish: str
    ) -> Response:
        language = self.house.languages.pick(wish, visit.handover.language)
        here = Here(visit, name, wish, fields, TicketWords(language, self.house.languages))
        match fields.get("do", ""):
            case "close":
                self.house.office.pickup.leave(name)
                return self._code_page(request, wish, "closed")
            case "withdraw":
                return await self._ask_about_withdrawal(request, here)
            case do:
                return await self._acted(request, here, do)

    async def _acted(self, request: Request, here: Here, do: str) -> Response:
        told = None
        try:
            told = await self._do(do, here) if do in _DOES else None
            return await self._ticket_page(request, here, told)
        except Exception as error:
            is_sent = told is not None and not told.wrong
            if do != "add" or is_sent or isinstance(error, WrongCode) or not _text_of(here.fields):
                raise
            return self._unsent_page(request, here, error)

    def _unsent_page(self, request: Request, here: Here, error: Exception) -> Response:
        """Show her what she wrote and could not be sent, in a field to send it from: all else failed too."""
        self.house.note_fault(error)
        context = self._context(here) | {
            "ticket": _ticket(here),
            "once": here.fields.get("once", ""),
            "draft": _text_of(here.fields),
            "keep": here.fields.get("keep") == "yes",
            "longest": LONGEST,
        }
        return _come_back_later(self._page(request, "unsent.html", context, outcome(error).status))

    async def _do(self, do: str, here: Here) -> Told:
        once = here.fields.get("once", "")
        try:
            done = await self.house.office.pickup.once(here.visit, once, partial(_DOES[do], self, here))
        except (TextTooLong, Incomplete, NoSuchTicket, TooLate, TooManyLetters, TooManyTries) as error:
            return _refused(here, error)
        return self._told(do, here, done)

    def _told(self, do: str, here: Here, done: str) -> Told:
        say = here.words.say
        match do:
            case "add" if done != _text_of(here.fields):
                return Told((say("done.added"), say("done.masked")), done)
            case "add":
                return Told((say("done.added"),))
            case "take_back":
                too_late = here.fields.get("recalls") == "yes" and done != TicketEvent.RECALLED
                return Told((say("done.too_late" if too_late else f"done.{done}"),))
            case _:
                return Told((say(f"done.{done}"),))

    async def _add(self, here: Here) -> str:
        keep = here.fields.get("keep") == "yes"
        return await self.house.office.pickup.add(here.visit, _ticket(here), _text_of(here.fields), keep=keep)

    async def _take_back(self, here: Here) -> str:
        event = await self.house.office.pickup.withdraw(here.visit, _ticket(here))
        return TicketEvent.WITHDRAWN if event is None else event

    async def _renew(self, here: Here) -> str:
        await self.house.office.pickup.renew(here.visit, _ticket(here))
        return TicketEvent.RENEWED

    async def _meet(self, here: Here) -> str:
        """Answer one meeting on every ticket that it was proposed on and that is not over."""
        pickup = self.house.office.pickup
        comes = here.fields.get("comes") == "yes"
        answered = False
        for sent in (await pickup.view(here.visit)).sent:
            for read in sent.letters:
                if read.meeting and read.meeting == here.fields.get("meeting") and sent.stored.ticket.is_live:
                    with contextlib.suppress(TooLate):  # it has ended meanwhile; the others have not
                        await pickup.answer_meeting(
                            here.visit, sent.stored.ticket.id, read.number, comes=comes
                        )
                        answered = True
        if not answered:
            raise TooLate
        return "comes" if comes else "stays_away"

    async def _ask_about_withdrawal(self, request: Request, here: Here) -> Response:
        """Show what taking back does and cannot do: nothing is done yet."""
        sent = next(
            (
                each
                for each in (await self.house.office.pickup.view(here.visit)).sent
                if each.stored.ticket.id == _ticket(here) and each.stored.ticket.is_live
            ),
            None,
        )
        if sent is None:
            told = Told((here.words.say("failed.moved"),), wrong=True, status=409)
            return await self._ticket_page(request, here, told)
        ticket = sent.stored.ticket
        showing = Showing(here.words, self.house.site.receivers)
        context = self._context(here) | {
            "ticket": ticket.id,
            "receiver": showing.name(sent.document.consent.offer),
            "said": here.words.before_withdrawal(ticket),
            "recalls": ticket.can_be_recalled,
            "once": random_id(self.house.randomness),
        }
        return self._page(request, "withdraw.html", context)

    async def _ticket_page(self, request: Request, here: Here, told: Told | None) -> Response:
        view = await self.house.office.pickup.view(here.visit)
        shown = Showing(here.words, self.house.site.receivers).page(view)
        context = self._context(here) | {
            "shown": shown,
            "told": told,
            "about": here.fields.get("ticket", "") if told is not None else "",
            "new_id": partial(random_id, self.house.randomness),
            "longest": LONGEST,
        }
        context |= await self._elsewhere(here) if shown.help else {"service": None, "lines": []}
        return self._page(request, "page.html", context, 200 if told is None else told.status)

    async def _elsewhere(self, here: Here) -> dict[str, Any]:
        """Return what she can do when something went no further: the chat, and the lines of her track."""
        handover, house = here.visit.handover, self.house
        voice = Voice(here.words.language, house.languages, house.clock.now())
        service = house.site.services.get(handover.service)
        own = SOURCE if service is None else service.language
        return {
            "service": None
            if service is None
            else voice.service(service, await house.chat.lobby.status(service.id)),
            "lines": lines_of(house, voice, handover.track, own),
        }

    def _context(self, here: Here) -> dict[str, Any]:
        """Return what every page of a visit needs."""
        house, language = self.house, here.words.language
        codes = house.languages.codes
        voice = Voice(language, house.languages, house.clock.now())
        title = here.words.say("title")
        return page_context(house, voice, title, exit_url=self._way_out(here.visit)) | {
            "visit": here.name,
            "csrf": self.forms.new(here.name),
            "wish": here.wish if here.wish == language else "",
            "languages": list(zip(codes, voice.choices(PATH, codes), strict=True)),
        }

    def _page(
        self, request: Request, template: str, context: Mapping[str, Any], status: int = 200
    ) -> Response:
        response = self.house.page(
            request, f"visitor/ticket/{template}", context, status=status, domain=DOMAIN
        )
        response.headers.update(_POLICY)
        return response

    def _way_out(self, visit: Visit | None) -> str:
        """Return the neutral page of the organisation that she talked to, or of any."""
        own = None if visit is None else self.house.site.organisations.get(visit.handover.sender)
        return own.exit_url if own is not None and own.exit_url else any_organisation(self.house).exit_url


def _come_back_later(response: Response) -> Response:
    """Say when, on a page that says that it goes better later."""
    if (
        response.status_code == HTTPStatus.TOO_MANY_REQUESTS
        or response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
    ):
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return response


def _refused(here: Here, error: Exception) -> Told:
    say, text, status = here.words.say, _text_of(here.fields), outcome(error).status
    if isinstance(error, TextTooLong):
        return Told((say("failed.long"),), draft=text, wrong=True, status=status)
    if isinstance(error, TooManyTries):
        return Told((say("failed.often"),), draft=text, wrong=True, status=status)
    if isinstance(error, TooManyLetters):
        return Told((say("failed.full"), say("failed.yours")), text, wrong=True, status=status)
    if isinstance(error, Incomplete):
        return Told((say("failed.empty"),), wrong=True, status=status)
    said = (say("failed.moved"), say("failed.yours")) if text else (say("failed.moved"),)
    return Told(said, text, wrong=True, status=status)


def _ticket(here: Here) -> TicketId:
    return TicketId(here.fields.get("ticket", ""))


def _text_of(fields: Fields) -> str:
    """Return what she wrote, as her own field counts it: a form sends two characters for each new line."""
    return fields.get("text", "").replace("\r\n", "\n").replace("\0", "").strip()


_Does = Callable[[TicketPages, Here], Awaitable[str]]

_DOES: Final[Mapping[str, _Does]] = {
    "add": TicketPages._add,  # noqa: SLF001 - the table of what the class does
    "take_back": TicketPages._take_back,  # noqa: SLF001
    "renew": TicketPages._renew,  # noqa: SLF001
    "meet": TicketPages._meet,  # noqa: SLF001
}
