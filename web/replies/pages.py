# SPDX-License-Identifier: EUPL-1.2
"""The page where ready replies are changed: `/replies` and `/replies/{service}`, plain forms without scripts.

Owns what the forms carry and what is said when a change is refused. Decides nothing: `service.py` does.
Supervisors reach it from the board, operators whom the site file allows from the console.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from chat.ids import ServiceId
from config.replies import LONGEST_TEXT, LONGEST_TITLE, placeholders
from config.site import PublicService
from web.accounts.account import StaffRole, StaffSession
from web.accounts.audit import Audited
from web.errors import outcome
from web.house import House
from web.languages import direction, in_language, language_name, tag
from web.replies.errors import Changed, Full, NoSuchReply, Refused, Unfit
from web.replies.filling import filled, filling
from web.replies.reply import Change, Hide, Move, Remove, Reply, Undo, Wording, Write
from web.replies.service import may_edit
from web.staff_page import AtPage, at_form, at_page, not_yours

DOMAIN: Final = "replies"
_DONE: Final = frozenset({"save", "hide", "show", "undo", "remove", "up", "down"})


@dataclass(frozen=True, slots=True)
class _At:
    """Who is at which page."""

    at: AtPage
    service: PublicService

    @property
    def house(self) -> House:
        return self.at.house

    @property
    def session(self) -> StaffSession:
        return self.at.session

    @property
    def language(self) -> str:
        return self.at.language

    @property
    def path(self) -> str:
        return f"/replies/{self.service.id}"

    def say(self, key: str, **values: str | int) -> str:
        return self.at.say(DOMAIN, key, **values)


@dataclass(frozen=True, slots=True)
class _Form:
    """One reply as it stands in the form; `id` empty for a new one."""

    id: str
    version: int
    words: dict[str, Wording]
    mistake: str = ""
    preview: bool = False
    theirs: Reply | None = None
    """What somebody else has made of it meanwhile."""


async def services(request: Request) -> Response:
    """Answer `GET /replies`: the one service there is to change, a list of several, or 403."""
    at = await at_page(request, None)
    if isinstance(at, Response):
        return at
    house, session, language = at.house, at.session, at.language
    found = [each for each in house.site.services.values() if may_edit(session, each)]
    if not found:
        return not_yours(request, house, session, language)
    if len(found) == 1:
        return RedirectResponse(f"/replies/{found[0].id}?lang={language}", 303)
    names = {each.id: in_language(each.name, language, each.language).text for each in found}
    return at.page(request, "staff/replies_services.html", {"services": names}, domain=DOMAIN)


async def replies(request: Request) -> Response:
    """Answer `GET /replies/{service}`: the list, with `?reply=ID` or `?reply=new` also its form."""
    at = _at(request, await at_page(request, None))
    if isinstance(at, Response):
        return at
    wanted = request.query_params.get("reply")
    form = None
    if wanted == "new":
        form = _Form("", 0, {})
    elif wanted is not None:
        found = next((each for each in await at.house.replies.of(at.service) if each.id == wanted), None)
        form = _Form(found.id, found.version, dict(found.words)) if found is not None else None
    return await _page(request, at, form, told=at.at.told(request, DOMAIN, _DONE))


async def change(request: Request) -> Response:
    """Answer `POST /replies/{service}`: 303 to the list, or the page again with what is wrong.

    403 for who may not and for a form of another session, 409 when somebody else was faster, 422 for words
    that cannot be a reply.
    """
    at = _at(request, await at_form(request, None))
    if isinstance(at, Response):
        return at
    fields = at.at.fields
    form = await _read(fields, at)
    if fields.get("do") == "preview":
        return await _page(request, at, _Form(form.id, form.version, form.words, preview=True))
    wanted = _wanted(fields.get("do", ""), form)
    if wanted is None:
        return Response(status_code=400)
    try:
        await at.house.replies.change(at.session, at.service, wanted)
    except Refused as error:
        return await _refused(request, at, form if isinstance(wanted, Write) else None, error)
    await at.house.record(Audited.REPLIES_CHANGED, at.session, at.service.id)
    query = urlencode({"lang": at.language, "done": fields["do"]})
    return RedirectResponse(f"{at.path}?{query}" + (f"#reply-{form.id}" if form.id else ""), 303)


def _at(request: Request, at: AtPage | Response) -> _At | Response:
    if isinstance(at, Response):
        return at
    service = at.house.site.services.get(ServiceId(request.path_params["service"]))
    # A service that is unknown and one that is somebody else's look the same.
    if service is None or not may_edit(at.session, service):
        return not_yours(request, at.house, at.session, at.language)
    return _At(at, service)


async def _read(fields: Mapping[str, str], at: _At) -> _Form:
    """Return what a form carries, in the languages of the service and those that the reply is in already."""
    id_ = fields.get("id", "")
    found = next((each for each in await at.house.replies.of(at.service) if each.id == id_), None)
    codes = dict.fromkeys((*at.service.languages, *(found.words if found is not None else ())))
    words = {code: Wording(fields.get("title." + code, ""), fields.get("text." + code, "")) for code in codes}
    return _Form(id_, at.at.number("version"), words)


def _wanted(do: str, form: _Form) -> Change | None:
    match do:
        case "save":
            return Write(form.id or None, form.version, form.words)
        case "hide" | "show":
            return Hide(form.id, form.version, hidden=do == "hide")
        case "undo":
            return Undo(form.id, form.version)
        case "remove":
            return Remove(form.id, form.version)
        case "up" | "down":
            return Move(form.id, do)
        case _:
            return None


async def _refused(request: Request, at: _At, form: _Form | None, error: Refused) -> Response:
    """Say why, with everything that was written still in the fields."""
    said = _mistake(at, error)
    status = outcome(error).status
    if form is None:
        return await _page(request, at, None, told=said, status=status)
    theirs = None
    if isinstance(error, Changed):
        found = next((each for each in await at.house.replies.of(at.service) if each.id == form.id), None)
        theirs = found
    version = theirs.version if theirs is not None else form.version
    kept = _Form(form.id, version, form.words, mistake=said, theirs=theirs)
    return await _page(request, at, kept, status=status)


def _mistake(at: _At, error: Refused) -> str:
    match error:
        case Unfit(language=code, why=why, what=what):
            values = {"language": language_name(code, at.language), "what": what}
            values |= {"title": str(LONGEST_TITLE), "text": str(LONGEST_TEXT)}
            return at.say(f"unfit.{why}", **values)
        case Changed():
            return at.say("changed.told")
        case Full():
            return at.say("full")
        case NoSuchReply():
            return at.say("gone")
        case _:
            return at.say("may_not")


# --- what the page shows ------------------------------------------------------------------------------------


async def _page(
    request: Request, at: _At, form: _Form | None, *, told: str = "", status: int = 200
) -> Response:
    found = await at.house.replies.of(at.service)
    shown = [_shown(at, reply) for reply in found]
    context = {
        "name": in_language(at.service.name, at.language, at.service.language).text,
        "operator": at.session.role is StaffRole.OPERATOR,
        "path": at.path,
        "told": told,
        "wrong": status != 200,
        "replies": shown,
        "form": _form(at, form) if form is not None else None,
        "placeholders": placeholders(at.service.chat.hours),
        "longest_title": LONGEST_TITLE,
        "longest_text": LONGEST_TEXT,
    }
    return at.at.page(request, "staff/replies.html", context, status=status, domain=DOMAIN)


def _shown(at: _At, reply: Reply) -> dict[str, Any]:
    code = at.service.language if at.service.language in reply.words else next(iter(reply.words))
    return {
        "id": reply.id,
        "version": reply.version,
        "hidden": reply.hidden,
        "own": reply.own,
        "changed": reply.changed,
        "undo": reply.before is not None,
        "remove": reply.own and reply.hidden,
        "words": _wording(at, code, reply.words[code]),
        "languages": [language_name(each, at.language) for each in reply.words if "-" not in each],
    }


def _form(at: _At, form: _Form) -> dict[str, Any]:
    own = at.service.language
    codes = dict.fromkeys((own, *at.service.languages, *form.words))
    empty = Wording("", "")
    return {
        "id": form.id,
        "version": form.version,
        "mistake": form.mistake,
        "preview": form.preview,
        "theirs": [_wording(at, code, each) for code, each in form.theirs.words.items()]
        if form.theirs
        else [],
        "theirs_hidden": form.theirs is not None and form.theirs.hidden,
        "languages": [
            {
                **_wording(at, code, form.words.get(code, empty)),
                "own": code == own,
                "open": form.words.get(code, empty) != empty,
            }
            for code in codes
        ],
    }


def _wording(at: _At, code: str, wording: Wording) -> dict[str, Any]:
    """Return one language of a reply, as it is written and as it reads when it is used."""
    values = {"alias": at.say("example.alias"), **filling(at.house, at.service, code)}
    name = language_name(code, at.language)
    return {
        "code": code,
        "name": at.say("language.easy", language=name) if code.endswith("-easy") else name,
        "tag": tag(code),
        "direction": direction(code),
        "title": wording.title,
        "text": wording.text,
        "reads": filled(wording.text, values),
    }


routes: Final = [
    Route("/replies", services, methods=["GET"]),
    Route("/replies/{service}", replies, methods=["GET"]),
    Route("/replies/{service}", change, methods=["POST"]),
]
