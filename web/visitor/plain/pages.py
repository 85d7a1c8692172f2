# SPDX-License-Identifier: EUPL-1.2
"""The addresses of the chat without scripts: `/chat/{service}/plain`, its log, and the way out.

Owns which request may do what. Whatever changes something is a form of ours with a CSRF value, answered with
a redirect; to look at a page changes nothing but that she counts as here. No word is ever in an address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from chat.errors import UnknownToken
from chat.ids import ServiceId, random_id
from config.site import PublicService
from web import security
from web.errors import outcome
from web.house import House
from web.visitor.pages import about_service, missing, service_of
from web.visitor.plain import after, beginning, cookie, room
from web.visitor.plain.acting import LONGEST, Here, act, text_of
from web.visitor.plain.after import After
from web.visitor.plain.consent_shown import ConsentShown
from web.visitor.plain.showing import Showing
from web.visitor.plain.starting import Refusal, Starting
from web.visitor.plain.visit import Screen, Visit
from web.visitor.plain.visits import Visits
from web.visitor.plain.words import PlainWords
from web.visitor.voice import Voice, page_context

PATH: Final = "/chat/{service}/plain"
AGAIN_S: Final = 5
CHECKED: Final = "cookie"
"""In the address right after the start. Where the cookie has come it leads on at once, so that no address
tells afterwards that a talk was begun."""

_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self' https:; "
    "frame-src 'self'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
"""No script at all. Chromium tells the way out by a `ping` under `connect-src`, and holds every step of a
form's redirect against `form-action`: whither the neutral site leads on is not ours to know, and a step that
is not allowed would leave her on the page. So it is as wide as `https:`."""
_WHOLE: Final = {"Content-Security-Policy": f"{_POLICY}; frame-ancestors 'none'"}
_LOG: Final = {"Content-Security-Policy": f"{_POLICY}; frame-ancestors 'self'"}


@dataclass(slots=True, eq=False)
class PlainPages:
    """The pages over one house."""

    house: House
    visits: Visits = field(init=False)
    starting: Starting = field(init=False)

    def __post_init__(self) -> None:
        """Begin without anybody."""
        self.visits = Visits(self.house)
        self.starting = Starting(self.house, self.visits)

    @property
    def routes(self) -> list[Route]:
        """Where they are found."""
        return [
            Route(PATH, self.show, methods=["GET"]),
            Route(PATH, self.act, methods=["POST"]),
            Route(f"{PATH}/log", self.log, methods=["GET"]),
            Route(f"{PATH}/leave", self.leave, methods=["POST"]),
        ]

    # --- looking ---

    async def show(self, request: Request) -> Response:
        """Answer the page: what there is to know before the start, or the talk."""
        service = service_of(request, self.house)
        if service is None:
            return missing(request, self.house)
        token = cookie.read(request)
        if request.method == "HEAD":
            return Response(headers={"Cache-Control": "no-store"}, media_type="text/html; charset=utf-8")
        if token is None:
            following = cookie.read_after(request)
            shows = self._after(request, service, following) if following else self._before(request, service)
            return await shows
        try:
            visit = await self.visits.enter(token, security.network_of(request.scope))
        except UnknownToken:
            return await self._over(request, service, self._ended(token))
        except Exception as error:  # noqa: BLE001 - a calm page that asks again by itself
            return self._busy(request, service, error, token, {})
        lang = request.query_params.get("lang", "")
        if visit.service != service.id:
            return self._to(ServiceId(visit.service), lang, "other")
        if CHECKED in request.query_params:
            return self._to(service.id, lang)
        return await self._shown(request, service, visit)

    async def log(self, request: Request) -> Response:
        """Answer the log, which asks for itself again."""
        service = service_of(request, self.house)
        if service is None:
            return missing(request, self.house)
        token = cookie.read(request)
        if request.method == "HEAD":
            return Response(headers={"Cache-Control": "no-store"}, media_type="text/html; charset=utf-8")
        if token is None:
            return self._log_page(request, service, None)
        try:
            visit = await self.visits.enter(token, security.network_of(request.scope))
            return await self._log_of(request, service, visit)
        except UnknownToken:
            return self._log_page(request, service, None)
        except Exception as error:  # noqa: BLE001 - it asks again
            self.house.note_fault(error)
            return self._log_page(request, service, None, "lost")

    # --- doing ---

    async def act(self, request: Request) -> Response:
        """Answer a form: begin a talk, or do something in it."""
        service = service_of(request, self.house)
        if service is None:
            return missing(request, self.house)
        try:
            fields = await security.own_form(request)
        except HTTPException as error:
            return await self._before(request, service, error.status_code)
        fields["lang"] = wish = fields.get("switch") or fields.get("lang", "")
        token = cookie.read(request)
        if fields.get("do") == "asked":
            return await self._asked(request, service, fields, token)
        if token is None:
            if fields.get("do") in {"start", "come_back"}:
                return await self._start(request, service, fields)
            return await self._over(request, service, self._ended("", text_of(fields)), wish)
        try:
            visit = await self.visits.enter(
                token, security.network_of(request.scope), take=self._takes(token, fields)
            )
        except UnknownToken:
            return await self._over(request, service, self._ended(token, text_of(fields)), wish)
        except Exception as error:  # noqa: BLE001 - her words are on the page that says so
            return self._busy(request, service, error, token, fields)
        return await self._act(request, service, visit, fields, token)

    def _takes(self, token: str, fields: Mapping[str, str]) -> bool:
        return fields.get("do") == "here" and cookie.is_own(token, fields.get("csrf", ""))

    async def _act(
        self, request: Request, service: PublicService, visit: Visit, fields: Mapping[str, str], token: str
    ) -> Response:
        wish = fields.get("lang", "")
        if fields.get("do") in {"start", "come_back"} or visit.service != service.id:
            return self._to(ServiceId(visit.service), wish)  # she is in a talk already
        if not cookie.is_own(token, fields.get("csrf", "")):
            words = self._words(request, service, wish)
            visit.tell(words.say("old"), text_of(fields))
            return await self._shown(request, service, visit, 403, wish)
        if visit.over is not None or visit.seat is None:
            visit.draft = text_of(fields) or visit.draft
            return self._to(service.id, wish)
        is_limited = self.house.limits.counts(security.network_of(request.scope))
        words = self._words(request, service, wish)
        await act(Here(self.house, visit, service, words, fields, is_limited))
        return self._to(service.id, wish)

    async def _start(self, request: Request, service: PublicService, fields: Mapping[str, str]) -> Response:
        words = self._words(request, service, fields.get("lang", ""))
        started = await self.starting.start(service, words, fields, security.network_of(request.scope))
        if isinstance(started, Refusal):
            return await self._before(request, service, started.status, started, fields)
        response = self._to(ServiceId(started.service), fields.get("lang", ""), CHECKED)
        cookie.give(response, started.token)
        return response

    async def _asked(
        self, request: Request, service: PublicService, fields: Mapping[str, str], token: str | None
    ) -> Response:
        """Count what she says to a question after the end, and lead to the next."""
        if not self.starting.forms.is_own(fields.get("csrf", "")):
            return await self._before(request, service, 403)
        following = await after.note(self.house, fields)
        response = self._to(service.id, fields.get("lang", ""))
        if following is not None and token is None:  # a talk that she has begun meanwhile keeps its cookie
            cookie.give(response, following.text())
        return response

    async def leave(self, request: Request) -> Response:
        """Answer the quick exit: end the talk, take the cookie, and lead to another site.

        What ends a talk is the cookie, which no other site can make a browser send. A link of ours tells with
        a `ping`, whose answer nobody sees.
        """
        service = service_of(request, self.house)
        if service is None:
            return missing(request, self.house)
        if not security.own_origin(request.scope):
            return await self._before(request, service, 403)
        token = cookie.read(request)
        is_ping = request.headers.get("content-type", "").startswith("text/ping")
        response: Response
        if is_ping:
            response = Response(status_code=204)
        else:
            response = RedirectResponse(service.organisation.exit_url, 303)
        response.headers["Cache-Control"] = "no-store"
        if token is not None:
            cookie.clear(response)
            await self._end(token)
        return response

    async def _end(self, token: str) -> None:
        visit = self.visits.get(token)
        if visit is not None:
            self.visits.forget(visit)
        try:
            await self.house.chat.visitors.leave_by_token(token)
        except Exception as error:  # noqa: BLE001 - the way out is never barred
            self.house.note_fault(error)

    # --- pages ---

    async def _before(
        self,
        request: Request,
        service: PublicService,
        status: int = 200,
        refusal: Refusal | None = None,
        fields: Mapping[str, str] = MappingProxyType({}),
    ) -> Response:
        context = await self._context(request, service, fields.get("lang", "")) | {
            "asked": beginning.asked(self.house, service),
            "said": beginning.said(fields),
            "csrf": self.starting.forms.new(),
            "version": service.chat.notice_version,
            "refusal": refusal,
            "refuses_cookie": request.method == "GET" and CHECKED in request.query_params,
        }
        response = self._page(request, "before.html", context, status)
        if refusal is not None and refusal.wait_s:
            response.headers["Retry-After"] = str(refusal.wait_s)
        return response

    async def _shown(
        self, request: Request, service: PublicService, visit: Visit, status: int = 200, wish: str = ""
    ) -> Response:
        if visit.over is not None:
            return await self._over(request, service, visit, wish)
        context = await self._context(request, service, wish)
        words: PlainWords = context["words"]
        showing = Showing(self.house, visit, service, words)
        context |= {"csrf": cookie.form_value(visit.token), "new_id": random_id(self.house.randomness)}
        if visit.seat is None:
            return self._page(request, "elsewhere.html", context | self._elsewhere(visit), status)
        if visit.screen in {Screen.CODE, Screen.SURE} and (code := showing.code(self._ticket(request))):
            sure = visit.screen is Screen.SURE
            return self._page(request, "code.html", context | {"code": code, "sure": sure}, status)
        if visit.screen is Screen.CONSENT:
            asked = ConsentShown(visit, service, words).screen()
            if asked is not None:
                asked = {"asked": asked, "say": partial(words.consent, track=visit.track)}
                return self._page(request, "consent.html", context | asked, status)
            visit.tell(words.say("asked.gone"))
        note = words.say("other") if "other" in request.query_params else ""
        talk = showing.talk(note) | {"longest": LONGEST}
        return self._page(request, "talk.html", context | talk, status)

    @staticmethod
    def _elsewhere(visit: Visit) -> dict[str, object]:
        return {"draft": visit.draft, "was_sent_away": visit.was_sent_away}

    async def _over(self, request: Request, service: PublicService, visit: Visit, wish: str = "") -> Response:
        """Show that it is over, and take the cookie: the same page again shows nothing of it."""
        context = await self._context(request, service, wish)
        showing, address = Showing(self.house, visit, service, context["words"]), self._ticket(request)
        context |= showing.over(address) | {"code": showing.code(address), "sure": False}
        asked = after.shown(context["words"], after.first(self.house, service.id, visit))
        context |= {"after": asked, "csrf": self.starting.forms.new()}
        response = self._page(request, "over.html", context)
        cookie.clear(response)
        self.visits.forget(visit)
        return response

    async def _after(self, request: Request, service: PublicService, following: After) -> Response:
        """Show the next question, or the thanks, and take the cookie: looked at again it is gone."""
        context = await self._context(request, service)
        context |= {"after": after.shown(context["words"], following), "csrf": self.starting.forms.new()}
        response = self._page(request, "after.html", context)
        cookie.clear(response)
        return response

    def _ended(self, token: str, draft: str = "") -> Visit:
        """Return the visit of somebody whose talk is gone."""
        visit = Visit(token, "", self.house.clock)
        visit.end("gone")
        visit.draft = draft
        return visit

    def _busy(
        self,
        request: Request,
        service: PublicService,
        error: Exception,
        token: str,
        fields: Mapping[str, str],
    ) -> Response:
        """Say that it does not go just now: what she wrote is on the page, to be sent once more."""
        self.house.note_fault(error)
        words = self._words(request, service, fields.get("lang", ""))
        context = self._bare(request, service, words, fields.get("lang", "")) | {
            "csrf": cookie.form_value(token),
            "once": fields.get("once", ""),
            "draft": text_of(fields),
            "longest": LONGEST,
        }
        response = self._page(request, "busy.html", context, max(outcome(error).status, 400))
        response.headers["Retry-After"] = str(AGAIN_S)
        return response

    async def _log_of(self, request: Request, service: PublicService, visit: Visit) -> Response:
        """Show the log to whoever sits here."""
        if visit.seat is None:
            # Never here: its own server has just gone, or her way has changed. Else it was taken, or is over.
            return self._log_page(request, service, None, "kept" if visit.conversation is None else "over")
        words = self._words(request, service)
        opens, others = await room.elsewhere(self.house, words, service, visit)
        calm = request.query_params.get("calm") == "1"
        log = Showing(self.house, visit, service, words).log(calm=calm, opens=opens, others=others)
        return self._log_page(request, service, log)

    def _log_page(
        self, request: Request, service: PublicService, log: dict[str, Any] | None, without: str = "over"
    ) -> Response:
        words = self._words(request, service)
        turn = "0" if request.query_params.get("n") == "1" else "1"
        context = self._bare(request, service, words) | {
            "log": log,
            "without": without,
            "turn": turn,
            "again_s": AGAIN_S,
        }
        response = self.house.page(request, "visitor/plain/log.html", context)
        response.headers.update(_LOG)
        return response

    async def _context(self, request: Request, service: PublicService, wish: str = "") -> dict[str, Any]:
        words = self._words(request, service, wish)
        voice = Voice(words.language, self.house.languages, self.house.clock.now())
        about = await about_service(self.house, voice, service)
        about["others"] = [replace(each, href=each.href.replace("?", "/plain?")) for each in about["others"]]
        return about | self._bare(request, service, words, wish)

    def _bare(
        self, request: Request, service: PublicService, words: PlainWords, wish: str = ""
    ) -> dict[str, Any]:
        """Return what every page needs, without a look in the store."""
        house, path = self.house, f"/chat/{quote(service.id)}/plain"
        voice = Voice(words.language, house.languages, house.clock.now())
        wished = wish or request.query_params.get("lang", "")
        return {
            **page_context(house, voice, service.page_title, exit_url=service.organisation.exit_url),
            "words": words,
            "path": path,
            "lang": wished if wished == words.language else "",
            "service": service.id,
            "languages": voice.choices(path, service.languages),
        }

    def _words(self, request: Request, service: PublicService, wish: str = "") -> PlainWords:
        languages = self.house.languages
        language = languages.pick(
            wish or request.query_params.get("lang"), service.language, service.languages
        )
        return PlainWords(language, languages, service.tone)

    def _page(
        self, request: Request, template: str, context: Mapping[str, Any], status: int = 200
    ) -> Response:
        response = self.house.page(request, f"visitor/plain/{template}", context, status=status)
        response.headers.update(_WHOLE)
        return response

    def _to(self, service: ServiceId, wish: str, why: str = "") -> RedirectResponse:
        asks = [f"lang={wish}"] * (wish in self.house.languages.codes) + [f"{why}=1"] * bool(why)
        path = f"/chat/{quote(service)}/plain{'?' * bool(asks)}{'&'.join(asks)}"
        return RedirectResponse(path, 303, {"Cache-Control": "no-store"})

    def _ticket(self, request: Request) -> str:
        return f"{request.url.netloc}/ticket"
