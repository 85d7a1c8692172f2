# SPDX-License-Identifier: EUPL-1.2
"""Her answer to what she is asked for a yes to, from form to form: the last one goes the way of her socket.

Owns which screen follows which, and the code until she has learnt it. Decides nothing: `handover` does,
through `web/visitor/handing.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import msgspec

from chat.ids import random_id
from chat.live.visitors import VisitorSeat
from config.site import PublicService
from handover.consent import Proposal, Yes
from handover.inviting import Invitation
from handover.moving import MoveQuestion
from web.errors import ROOTS, outcome
from web.house import House
from web.visitor.handing import Answering
from web.visitor.handover_frames import AnswerAsked, Answered, Proposed
from web.visitor.plain import consent
from web.visitor.plain.asks import without
from web.visitor.plain.visit import Code, Screen, Visit
from web.visitor.plain.words import PlainWords

Fields = Mapping[str, str]

_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{22}")

FINAL: Final = ("conflict", "not_now", "not_allowed")
"""Refusals that trying again does not help against."""
_KNOWN: Final = (*FINAL, "bad_frame")


def is_client_id(text: str) -> bool:
    """Tell whether a text has the form of a client id."""
    return _CLIENT_ID.fullmatch(text) is not None


def open_question(visit: Visit) -> Proposed | None:
    """Return the question that lies on the table, as the conversation says."""
    if visit.seat is None:
        return None
    asked = visit.entries.get(visit.seat.room.conversation.proposal or 0)
    return asked if isinstance(asked, Proposed) else None


def look(house: House, visit: Visit, words: PlainWords) -> None:
    """Open the question that lies on the table; what she has chosen for that very one is still there."""
    asked = open_question(visit)
    if asked is None or not isinstance(asked.proposal, Proposal):
        visit.tell(words.say("asked.gone"))
        return
    if visit.asking is None or visit.asking.seq != asked.seq:
        visit.asking = consent.asking(asked.seq, asked.proposal, random_id(house.randomness))
    visit.screen = Screen.CONSENT


def step(visit: Visit, fields: Fields) -> None:
    """Take what one screen sends, and go where its button leads."""
    asking = visit.asking
    if asking is None or fields.get("step") != str(asking.step):
        return  # a page that is not the newest
    way, offer = fields.get("way_on", ""), asking.offer
    asking.lacks, asking.trouble = (), ""
    if asking.step == 0:
        asking.draft = consent.with_items(asking.draft, fields, asking.proposal.content)
    elif offer is not None:
        asking.wishes[offer.receiver] = consent.ticked(fields, goes=way == "yes")
        if way == "no":
            asking.wishes[offer.receiver] = consent.Wish()
        elif way == "yes" and (lacks := asking.lacking(offer)):
            asking.lacks = lacks
            return
    if "switch" in fields:
        return  # the same screen in another language
    if way == "chat":
        visit.screen = Screen.TALK
    elif way == "back":
        asking.step = max(0, asking.step - 1)
    else:
        asking.step = min(asking.step + 1, len(asking.proposal.offers) + 1)


async def answer(
    house: House, visit: Visit, seat: VisitorSeat, service: PublicService, fields: Fields
) -> None:
    """Send her yes to what she has chosen, or her no.

    Raises:
        NotNow, and what `Answering.answer` says, for a no.
    """
    asking, seq = visit.asking, _number(fields)
    if fields.get("yes") != "yes":
        once = fields.get("once", "")
        given = once if is_client_id(once) else random_id(house.randomness)
        await Answering(house).answer(seat, consent.no_to(seq, given))
        visit.asking, visit.screen = None, Screen.TALK
        return
    if asking is None or asking.seq != seq:
        if visit.code is not None:
            visit.screen = Screen.CODE  # the very same answer, sent once more
        return
    if not asking.going():
        return
    await _say_yes(house, visit, seat, service, asking)


def _number(fields: Fields) -> int:
    """Return the number of the question that a form answers; 0 when it is none."""
    number = fields.get("proposal", "")
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 16 else 0


async def _say_yes(
    house: House, visit: Visit, seat: VisitorSeat, service: PublicService, asking: consent.Asking
) -> None:
    """Send a yes. One code belongs to it at every try: what is stored knows only the first."""
    if visit.code is None or visit.code.id != asking.id:
        visit.code = Code(asking.id, house.office.handovers.new_code())
    code = visit.code
    try:
        frame = consent.answer_of(asking, code.words, lambda text: without(service, text, visit.language))
        await Answering(house).answer(seat, frame)
    except msgspec.ValidationError:
        asking.trouble = "bad_frame"
    except Exception as error:  # noqa: BLE001 - whatever it is, what she has chosen stays before her
        house.note_fault(error)
        known = outcome(error).code if isinstance(error, ROOTS) else "later"
        asking.trouble = known if known in _KNOWN else "later"
    sent = next((each for each in visit.in_order() if _is_answer(each, asking.id)), None)
    if isinstance(sent, Answered):
        visit.code = replace(code, receivers=sent.receivers)
        visit.asking, visit.screen = None, Screen.CODE
    elif asking.trouble in FINAL:
        visit.code = None  # it was never anybody's


def _is_answer(entry: object, id_: str) -> bool:
    return isinstance(entry, Answered) and entry.id == id_ and bool(entry.receivers)


async def answer_guest(
    house: House, visit: Visit, seat: VisitorSeat, words: PlainWords, fields: Fields
) -> None:
    """Send her yes or no to a guest.

    Raises:
        What `Answering.answer` says.
    """
    asked = open_question(visit)
    if (
        asked is None
        or str(asked.seq) != fields.get("proposal")
        or not isinstance(asked.proposal, Invitation | MoveQuestion)
    ):
        visit.tell(words.warm("replaced"))
        return
    offer, id_ = asked.proposal.offer, fields.get("once", "")
    given = id_ if is_client_id(id_) else random_id(house.randomness)
    if fields.get("yes") != "yes":
        await Answering(house).answer(seat, AnswerAsked(id=given, proposal=asked.seq))
        return
    secrecy, police = "tick.secrecy" in fields, "tick.police" in fields
    if not secrecy or (offer.police and not police):
        moves = isinstance(asked.proposal, MoveQuestion)
        alias = asked.proposal.asked_by
        visit.tell(words.moving("ask.lacks") if moves else words.warm("ask.lacks", alias=alias))
        return
    yes = Yes(
        receiver=offer.receiver,
        notice=offer.notice_version,
        items=(),
        secrecy=secrecy,
        police=offer.police and police,
    )
    history = "history" in fields
    await Answering(house).answer(
        seat, AnswerAsked(id=given, proposal=asked.seq, yes=(yes,), history=history)
    )
