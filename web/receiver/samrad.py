# SPDX-License-Identifier: EUPL-1.2
"""Samråd, for the unit that the person lets coordinate: who else got something, contacts, meetings.

Owns `/tickets/{ticket}/samrad` and its forms. Of the others it shows how they stand and whether they come;
never a word of what was sent to them or written there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from chat.errors import TextTooLong
from handover.errors import Incomplete, Locked, Moved, NewLetters, NoSuchTicket, TooLate, TooManyLetters
from handover.items import LONGEST, LONGEST_SHORT
from handover.letters import MOST_CONTACTS, ContactList, ContactStatus, LetterKind
from handover.ports import StoredTicket
from handover.samrad import HAVE_IT, Standing
from handover.ticket import TicketState
from web.accounts.audit import Audited
from web.errors import outcome
from web.receiver import contact_list
from web.receiver.answering import is_number, number, words
from web.receiver.contact_list import LONGEST_NAME, LONGEST_NOTE, CannotChange, Unfit
from web.receiver.desk import Desk, Fields, address_of
from web.receiver.wording import SHORT, amount, comes, sender_of

DONE: Final = frozenset({"saved", "invited"})
_PLACE: Final = "/samrad"
_REFUSED: Final = {
    Incomplete: "meeting.missing",
    TextTooLong: "meeting.too_long",
    TooManyLetters: "write.full",
}
"""What is said about a meeting that cannot be proposed so."""


async def show(desk: Desk) -> Response:
    """Answer `GET /tickets/{ticket}/samrad`; 303 to the ticket when it coordinates nothing now."""
    stored = await _coordinated(desk)
    if isinstance(stored, Response):
        return stored
    done = desk.request.query_params.get("done", "")
    return await _page(desk, stored, {"done": done if done in DONE else ""})


async def contacts(desk: Desk, fields: Fields) -> Response:
    """Answer `POST /tickets/{ticket}/contacts`: one change of the list, decided on its version."""
    stored = await _coordinated(desk)
    if isinstance(stored, Response):
        return stored
    known = await desk.samrad.contacts(desk.who, stored.ticket.id)
    if known is None:
        raise NoSuchTicket
    try:
        after = _changed(known[0], fields)
        # The version of the form, not of the list that was just read: the store compares the two.
        await desk.samrad.put_contacts(desk.who, stored.ticket.id, after, number(fields, "version"))
    except CannotChange as error:
        return await _page(desk, stored, _typed(fields, error.why.value), status=400)
    except (Moved, Incomplete):
        if await _is_there(desk, stored, fields):
            return _back(desk, stored, "saved", "contacts")
        return await _page(desk, stored, _typed(fields, "contacts.moved"), status=409)
    except TooLate:
        return desk.to(address_of(stored.ticket.id))
    await desk.record(Audited.LISTED, stored.ticket.receiver)
    return _back(desk, stored, "saved", "contacts")


async def meeting(desk: Desk, fields: Fields) -> Response:
    """Answer `POST /tickets/{ticket}/meeting`: propose one to the person and to everybody who has opened."""
    stored = await _coordinated(desk)
    if isinstance(stored, Response):
        return stored
    typed = {name: words(fields, name) for name in ("place", "time", "text")}
    try:
        await desk.samrad.propose_meeting(
            desk.who,
            stored.ticket.id,
            typed["place"],
            typed["time"],
            typed["text"],
            seen=number(fields, "seen"),
        )
    except NewLetters:
        if await _was_proposed(desk, stored, typed, number(fields, "seen")):
            return _back(desk, stored, "invited", "meeting")
        return await _page(desk, stored, {"plan": typed, "meeting_problem": "write.not_seen"}, status=409)
    except (Incomplete, TextTooLong, TooManyLetters) as error:
        context = {"plan": typed, "meeting_problem": _REFUSED[type(error)]}
        return await _page(desk, stored, context, status=outcome(error).status)
    except TooLate:
        return desk.to(address_of(stored.ticket.id))
    await desk.record(Audited.LISTED, stored.ticket.receiver)
    return _back(desk, stored, "invited", "meeting")


# --- the list


def _changed(contact: ContactList, fields: Fields) -> ContactList:
    """Return the list that a form asks for.

    Raises:
        CannotChange, Incomplete: as `contact_list`; also for a form that is none of ours.
    """
    match fields.get("do", ""):
        case "add":
            return contact_list.added(contact, words(fields, "names").split("\n"))
        case "save":
            line = number(fields, "line")
            name, note = words(fields, "name"), words(fields, "note").replace("\n", " ")
            after = contact_list.changed(contact, line, name, fields.get("status", ""), note)
            if fields.get("place") and not is_number(fields, "place"):
                raise CannotChange(Unfit.PLACE)
            place = number(fields, "place") - 1 if fields.get("place") else line
            return contact_list.moved(after, line, place) if place != line else after
        case "up":
            return contact_list.moved(contact, number(fields, "line"), number(fields, "line") - 1)
        case "down":
            return contact_list.moved(contact, number(fields, "line"), number(fields, "line") + 1)
        case "remove":
            return contact_list.without(contact, number(fields, "line"))
        case _:
            raise Incomplete


def _typed(fields: Fields, said: str) -> dict[str, Any]:
    """Return what was typed into the list's forms, so that it stands there again."""
    kept = {name: words(fields, name) for name in ("names", "name", "note", "status")}
    line = number(fields, "line") if is_number(fields, "line") else 0
    return {"typed": {**kept, "do": fields.get("do", ""), "line": line}, "contacts_problem": said}


async def _is_there(desk: Desk, stored: StoredTicket, fields: Fields) -> bool:
    """Tell whether the list is already as an added line or a changed one asks for: the form came twice."""
    known = await desk.samrad.contacts(desk.who, stored.ticket.id)
    if known is None:
        return False
    names = [line.name for line in known[0].lines]
    if fields.get("do") == "add":
        wished = [name.strip() for name in words(fields, "names").split("\n") if name.strip()]
        return bool(wished) and names[-len(wished) :] == wished
    if fields.get("do") == "save":
        wished_line = (words(fields, "name"), fields.get("status"), words(fields, "note"))
        return wished_line in [(line.name, line.status.value, line.note) for line in known[0].lines]
    return False


async def _was_proposed(desk: Desk, stored: StoredTicket, typed: Mapping[str, str], seen: int) -> bool:
    opened, _ = await desk.inbox.open(desk.who, stored.ticket.id)
    wished = (LetterKind.MEETING, typed["place"], typed["time"], typed["text"])
    since = [each.letter for each in opened.letters[seen:]]
    return wished in [(each.kind, each.place, each.time, each.text) for each in since]


# --- the page


async def _coordinated(desk: Desk) -> StoredTicket | Response:
    stored = await desk.ticket()
    if not desk.units.is_unlocked(desk.who.id, stored.ticket.receiver):
        raise Locked
    if not stored.ticket.coordinates:
        raise NoSuchTicket
    if stored.ticket.state is not TicketState.ACCEPTED:
        return desk.to(address_of(stored.ticket.id))
    return stored


def _back(desk: Desk, stored: StoredTicket, done: str, at: str) -> Response:
    return desk.to(address_of(stored.ticket.id, _PLACE), done=done, at=at)


async def _page(
    desk: Desk, stored: StoredTicket, context: Mapping[str, Any], *, status: int = 200
) -> Response:
    ticket = stored.ticket.id
    known = await desk.samrad.contacts(desk.who, ticket)
    contact, version = known or (ContactList(), 0)
    standings = await desk.samrad.standings(desk.who, ticket)
    now = await desk.ticket()
    shown = {
        "ticket": {"id": ticket, "number": ticket[:SHORT]},
        "sender": sender_of(stored.ticket, desk.house.site.organisations),
        "standings": [_standing(desk, each) for each in standings],
        "lines": [
            {"at": at, "name": line.name, "status": line.status.value, "note": line.note}
            for at, line in enumerate(contact.lines)
        ],
        "version": version,
        "seen": now.letters,
        "statuses": [each.value for each in ContactStatus],
        "most": MOST_CONTACTS,
        "bounds": {
            "name": amount(LONGEST_NAME, desk.language),
            "note": amount(LONGEST_NOTE, desk.language),
            "longest": amount(LONGEST, desk.language),
            "place": amount(LONGEST_SHORT, desk.language),
            "most": MOST_CONTACTS,
        },
        "told": [desk.name_of(each.receiver) for each in standings if each.state in HAVE_IT],
        "done": "",
        "typed": {"names": "", "name": "", "note": "", "status": "", "do": "", "line": 0},
        "contacts_problem": "",
        "plan": {"place": "", "time": "", "text": ""},
        "meeting_problem": "",
    }
    return desk.page("receiver/samrad.html", {**shown, **context}, status=status)


def _standing(desk: Desk, standing: Standing) -> dict[str, str]:
    return {
        "name": desk.name_of(standing.receiver),
        "state": f"other.{standing.state.value}",
        "comes": "" if standing.comes is None else comes(standing.comes),
    }
