# SPDX-License-Identifier: EUPL-1.2
"""What a unit answers on a ticket: it writes, takes it, does not take it, comes to a meeting or not.

Owns the forms of an open ticket. What was typed stays on the page until it is sent, and a form that is sent
twice does once.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from chat.errors import TextTooLong
from handover.errors import Incomplete, NewLetters, NoSuchTicket, TooLate, TooManyLetters
from handover.inbox import Opened
from handover.items import LONGEST, LONGEST_SHORT
from handover.letters import LetterKind, Writer
from handover.ports import StoredTicket
from handover.ticket import TicketState
from web.accounts.audit import Audited
from web.errors import outcome
from web.receiver import reading
from web.receiver.desk import Desk, Fields, address_of
from web.receiver.wording import SHORT, decline_text

_NUMBER: Final = re.compile(r"[0-9]{1,6}")


class _Asks(Exception):
    """A no that is put once more before it is carried out."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """One of the forms: what it sends, what it is called on the page and in the trace."""

    form: str
    kind: LetterKind
    text: str
    """The field with the words to her."""
    missing: str
    """The id of what is said when something is missing."""
    recorded: Audited
    done: str


_WRITE: Final = _Answer("write", LetterKind.QUESTION, "text", "write.missing", Audited.WROTE, "wrote")
_ACCEPT: Final = _Answer(
    "accept", LetterKind.ACCEPTED, "accept_text", "accept.missing", Audited.ACCEPTED, "accepted"
)
_DECLINE: Final = _Answer(
    "decline", LetterKind.DECLINED, "reason", "decline.missing", Audited.DECLINED, "declined"
)


async def write(desk: Desk, fields: Fields) -> Response:
    """Answer `POST /tickets/{ticket}/write`."""

    async def step(stored: StoredTicket) -> None:
        await desk.inbox.write(desk.who, stored.ticket.id, words(fields, "text"), seen=number(fields, "seen"))

    return await _answered(desk, fields, _WRITE, step)


async def accept(desk: Desk, fields: Fields) -> Response:
    """Answer `POST /tickets/{ticket}/accept`."""

    async def step(stored: StoredTicket) -> None:
        await desk.inbox.accept(
            desk.who,
            stored.ticket.id,
            words(fields, "reference"),
            words(fields, "accept_text"),
            seen=number(fields, "seen"),
        )

    return await _answered(desk, fields, _ACCEPT, step)


async def decline(desk: Desk, fields: Fields) -> Response:
    """Answer `POST /tickets/{ticket}/decline`.

    The first time it asks whether that is meant, since the content goes at once; `sure` is `yes` the second
    time, or `no` for the way back to the ticket.
    """
    if fields.get("sure") == "no":
        return await _back_from_declining(desk, fields)

    async def step(stored: StoredTicket) -> None:
        reason, seen = words(fields, "reason"), number(fields, "seen")
        if fields.get("sure") == "yes":
            await desk.inbox.decline(desk.who, stored.ticket.id, reason, seen=seen)
            return
        if not stored.ticket.is_live or stored.ticket.state is TicketState.ACCEPTED:
            raise TooLate
        if not reason:
            raise Incomplete
        if len(reason) > LONGEST:
            raise TextTooLong
        if stored.letters != seen:
            raise NewLetters
        raise _Asks

    return await _answered(desk, fields, _DECLINE, step)


async def meeting(desk: Desk, fields: Fields) -> Response:
    """Answer `POST /tickets/{ticket}/comes`: whether the unit comes to the meeting `number`."""
    stored = await desk.ticket()
    desk.units.key(desk.who.id, stored.ticket.receiver)
    said = fields.get("comes", "")
    if said not in {"yes", "no"}:
        raise NoSuchTicket
    if stored.ticket.opened_at is None:
        return desk.to(address_of(stored.ticket.id))
    try:
        await desk.samrad.answer_meeting(
            desk.who, stored.ticket.id, number(fields, "number"), comes=said == "yes"
        )
    except TooLate:
        return await _too_late(desk)
    return desk.to(address_of(stored.ticket.id), done="comes" if said == "yes" else "comes_not", at="letters")


async def _answered(
    desk: Desk, fields: Fields, answer: _Answer, step: Callable[[StoredTicket], Awaitable[None]]
) -> Response:
    stored = await desk.ticket()
    unit = stored.ticket.receiver
    desk.units.key(desk.who.id, unit)  # Locked, if it is: before anything is told of the ticket
    if stored.ticket.opened_at is None:
        # There is no such form on it yet. An answer must never be what opens a ticket.
        return desk.to(address_of(stored.ticket.id))
    try:
        await step(stored)
    except TooLate:
        return await _too_late(desk)
    except NewLetters as error:
        return await _not_seen(desk, fields, answer, error)
    except (Incomplete, TextTooLong, TooManyLetters) as error:
        return await _again(desk, fields, answer, _refused(fields, answer, error), error)
    except _Asks:
        return _asked_once_more(desk, stored, fields)
    await desk.record(answer.recorded, unit)
    return _on(desk, stored, answer)


def _refused(fields: Fields, answer: _Answer, error: Exception) -> str:
    """Return the id of what is said about a form that cannot be sent as it stands."""
    if isinstance(error, TooManyLetters):
        return "write.full"
    if isinstance(error, Incomplete) or len(words(fields, "reference")) > LONGEST_SHORT:
        return answer.missing
    return "write.too_long"


def _asked_once_more(desk: Desk, stored: StoredTicket, fields: Fields) -> Response:
    unit = desk.receiver(stored)
    context = {
        "ticket": {"id": stored.ticket.id, "number": stored.ticket.id[:SHORT]},
        "text": decline_text(unit),
        "reason": words(fields, "reason"),
        "seen": number(fields, "seen"),
    }
    return desk.page("receiver/decline.html", context)


async def _back_from_declining(desk: Desk, fields: Fields) -> Response:
    stored = await desk.ticket()
    if stored.ticket.opened_at is None:
        return desk.to(address_of(stored.ticket.id))
    try:
        opened, _ = await desk.inbox.open(desk.who, stored.ticket.id)
    except TooLate:
        desk.units.key(desk.who.id, stored.ticket.receiver)
        return await reading.closed(desk, await desk.ticket())
    typed = {"reason": words(fields, "reason")}
    return await reading.page(desk, opened, typed=typed, problem=("decline", ""))


def _on(desk: Desk, stored: StoredTicket, answer: _Answer) -> Response:
    return desk.to(address_of(stored.ticket.id), done=answer.done, at="letters")


async def _not_seen(desk: Desk, fields: Fields, answer: _Answer, error: Exception) -> Response:
    """Somebody has written meanwhile: read that first. Was it this very form, sent twice, it is done."""
    stored = await desk.ticket()
    try:
        opened, _ = await desk.inbox.open(desk.who, stored.ticket.id)
    except TooLate:
        return await _too_late(desk)
    if _is_there(opened, fields, answer):
        return _on(desk, stored, answer)
    return await _again(desk, fields, answer, "write.not_seen", error)


def _is_there(opened: Opened, fields: Fields, answer: _Answer) -> bool:
    return any(
        each.letter.by is Writer.RECEIVER
        and each.letter.kind is answer.kind
        and each.letter.text == words(fields, answer.text)
        and each.letter.reference == words(fields, "reference")
        for each in opened.letters[number(fields, "seen") :]
    )


async def _again(desk: Desk, fields: Fields, answer: _Answer, said: str, error: Exception) -> Response:
    """Return the page with what was typed, and what is wrong with it."""
    stored = await desk.ticket()
    try:
        opened, _ = await desk.inbox.open(desk.who, stored.ticket.id)
    except TooLate:
        return await _too_late(desk)
    typed = {name: words(fields, name) for name in reading.ONCE}
    if opened.stored.ticket.state is TicketState.ACCEPTED:
        # A colleague took it meanwhile: those forms are gone, what was typed in them is not.
        typed["text"] = typed["text"] or typed["accept_text"] or typed["reason"]
    return await reading.page(
        desk,
        opened,
        unread=stored.unread,
        typed=typed,
        problem=(answer.form, said),
        status=outcome(error).status,
    )


async def _too_late(desk: Desk) -> Response:
    """Say how the ticket stands now: it is over, or the answer was given already."""
    stored = await desk.ticket()
    if not stored.ticket.is_readable:
        return await reading.closed(desk, stored)
    opened, _ = await desk.inbox.open(desk.who, stored.ticket.id)
    return await reading.page(desk, opened, problem=("late", "write.late"), status=409)


def words(fields: Fields, name: str) -> str:
    """Return a text field as it is kept: lines end in one way, and what no text can hold is left out."""
    text = fields.get(name, "").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return text.encode("utf-8", "ignore").decode().strip()


def is_number(fields: Fields, name: str) -> bool:
    """Tell whether `number` would return one."""
    return _NUMBER.fullmatch(fields.get(name, "")) is not None


def number(fields: Fields, name: str) -> int:
    """Return a number of a form.

    Raises:
        NoSuchTicket: it is none: this is no form of ours.
    """
    if not is_number(fields, name):
        raise NoSuchTicket
    return int(fields[name])
