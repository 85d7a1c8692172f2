# SPDX-License-Identifier: EUPL-1.2
"""What she is asked after the end: `POST /asked`, and the words of it, `GET /asked/{service}`.

Owns counting one answer, straight to the service's counters; nothing else of it is kept, and nothing tells
whether it was counted. What a handle is stands in `web/exit_questions.py`. Knows no conversation.
"""

from __future__ import annotations

from typing import Final

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from chat.events import EndReason
from chat.ids import ServiceId
from chat.statistics import EXIT_ANSWERS, EXIT_QUESTIONS
from config.site import Tone
from web import security
from web.house import House
from web.languages import ScriptText

DOMAIN: Final = "waiting"
CONTEXT: Final = "asked"
"""The message context of the questions and answers, in the catalogue of what comes later."""
LONGEST: Final = 256
"""Bytes of an answer: no more of a body is read."""
ASKED_AFTER: Final = frozenset({EndReason.VISITOR, EndReason.OPERATOR})
"""How it ended for somebody who may be asked how it was: nobody who left quickly, or whom we lost, is."""
KEPT_S: Final = 3600
"""So long caches on the way may keep the words, in seconds."""


class Answer(msgspec.Struct, frozen=True):
    """The body: which question, and what she says to it."""

    handle: str
    question: str
    answer: str


_decoder = msgspec.json.Decoder(Answer)


async def answer(request: Request) -> Response:
    """Count an answer from one of our own pages: 204, whether or not it counts."""
    if not security.own_origin(request.scope):
        return Response(status_code=403, headers={"Cache-Control": "no-store"})
    said = _read(await _body(request))
    if said is not None:
        await note(request.app.state.house, said.handle, said.question, said.answer)
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


def new_handle(house: House, service: ServiceId) -> str:
    """Return what goes with the end of a conversation that was answered: with it she can answer."""
    return house.exit_questions.new(service, house.clock.now(), house.randomness)


async def note(house: House, handle: str, question: str, answer: str) -> None:
    """Count one answer, if the handle is ours and the question not answered; otherwise do nothing."""
    count = house.exit_questions.take(handle, question, answer, house.clock.now())
    if count is None:
        return
    try:
        await house.chat.lobby.store.count([count])
    except Exception as error:  # noqa: BLE001 - she has had her say, and a counter is not worth a word to her
        house.note_fault(error)


async def texts_of(request: Request) -> Response:
    """Answer the questions and answers, in order, and the words around them."""
    house: House = request.app.state.house
    service = house.site.services.get(ServiceId(request.path_params["service"]))
    if service is None:
        return JSONResponse({"error": "unknown service"}, 404)
    language = house.languages.pick(request.query_params.get("lang"), service.language, service.languages)
    texts = words(house, language, service.tone)
    answer = {"questions": EXIT_QUESTIONS, "answers": EXIT_ANSWERS, "texts": texts}
    headers = {"Cache-Control": f"public, max-age={KEPT_S}"}
    return Response(msgspec.json.encode(answer), headers=headers, media_type="application/json")


def words(house: House, language: str, tone: Tone) -> dict[str, ScriptText]:
    """Return the words of the questions: `felt`, `helped`, `again`, `yes`, `some`, `no`, `skip`, `thanks`."""
    return house.languages.script_texts(language, DOMAIN, CONTEXT, tone)


async def _body(request: Request) -> bytes:
    """Return the body; nothing when there is more than an answer has."""
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LONGEST:
                return b""
    except ClientDisconnect:
        return b""
    return body


def _read(body: bytes) -> Answer | None:
    try:
        return _decoder.decode(body)
    except msgspec.MsgspecError:
        return None


routes = [Route("/asked", answer, methods=["POST"]), Route("/asked/{service}", texts_of)]
