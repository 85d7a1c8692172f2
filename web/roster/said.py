# SPDX-License-Identifier: EUPL-1.2
"""What is said after a form of the roster: what came of it, where on the page, and how to take it back.

Owns the sentences and what an address carries for them: ids and numbers alone, no name and nothing typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from chat.hours import STOCKHOLM
from web.languages import day_and_month, isolated, listed, weekday
from web.roster.forms import DONE
from web.roster.service import Roster
from web.roster.shift import Hold, Shift, ShiftId, series_of
from web.roster.shown import Showing
from web.staff_page import whole_number

_CALL: Final = timedelta(hours=12)
"""From so long before a shift on, a page that somebody may look at is not enough."""


@dataclass(frozen=True, slots=True)
class Undo:
    """A button that takes back what was just done: the `do` of its form, the id of the shift, its words."""

    do: str
    id: str
    words: str


@dataclass(frozen=True, slots=True)
class Given:
    """What a page is to show beside the roster: what was told, and the fields of a form that was refused."""

    told: str = ""
    wrong: bool = False
    status: int = 200
    fields: Mapping[str, str] = field(default_factory=dict)
    form: str = ""
    """`new`, the id of a shift, or `close`: which form is open."""
    of: str = ""
    """The id of the shift that it is about; it is told there, where whoever pressed looks."""
    undo: Undo | None = None
    """How it is taken back, while it can be."""
    asks: Sequence[str] = ()
    """What is doubtful about a closing, before it is done."""


async def after(show: Showing, roster: Roster, query: Mapping[str, str]) -> Given:
    """Return what the address of a page says was done, as far as what is stored bears it out."""
    done, of = query.get("done", ""), query.get("of", "")
    if done not in DONE:
        return Given(form=query.get("shift", ""))
    if done == "make":
        return await _made(show, roster, ShiftId(of), max(0, whole_number(query.get("n", ""))))
    if done == "withdraw":
        return Given(told=show.count("done.withdraw", max(0, whole_number(query.get("n", "")))))
    shift = await roster.shift(show.service.id, ShiftId(of)) if of else None
    told = [_told(show, done, shift)]
    if shift is not None and (done == "leave" or (done == "cancel" and shift.cancelled)):
        told.append(await closes(show, roster, shift) if done == "cancel" else _lacks(show, shift))
    if shift is not None and done == "restore" and not shift.cancelled and show.plans:
        told.append(_on(show, shift))
    undo = None if shift is None else _undo(show, done, shift)
    return Given(told=" ".join(filter(None, told)), of=of, undo=undo)


async def closes(show: Showing, roster: Roster, shift: Shift) -> str:
    """Return what becomes of the chat without a shift; nothing where that changes nothing for it."""
    if not show.opens_by_shift or show.is_shut(shift) or not await roster.opens(shift):
        return ""
    return show.say("cancel.closes_now" if shift.starts_at <= show.now else "cancel.closes")


def _lacks(show: Showing, shift: Shift) -> str:
    """Return that the chat will not open, where somebody who gave a place back leaves too few behind."""
    hangs = show.opens_by_shift and shift.is_short and not show.is_shut(shift)
    return show.say("absent.closes") if hangs and shift.starts_at > show.now else ""


def _undo(show: Showing, done: str, shift: Shift) -> Undo | None:
    """Return how one deed is taken back by who did it, as far as that is still possible."""
    if done == "cancel" and show.plans and shift.cancelled and shift.ends_at > show.now:
        return Undo("restore", shift.id, show.say("undo.restore"))
    away = show.session.account not in shift.on and not shift.cancelled
    if done == "leave" and show.serves and away and shift.places > 0 and shift.starts_at > show.now:
        return Undo("take", shift.id, show.say("undo.take"))
    return None


async def _made(show: Showing, roster: Roster, of: ShiftId, there: int) -> Given:
    made = await roster.series(show.service.id, series_of(of)) if show.plans else []
    if not made:
        return Given()
    days = [each.starts_at.astimezone(STOCKHOLM).date() for each in (made[0], made[-1])]
    first, last = (f"{weekday(day, show.language)} {day_and_month(day, show.language)}" for day in days)
    told = [
        show.say("done.made_one", day=first)
        if len(made) == 1
        else show.say("done.made", n=str(len(made)), first=first, last=last)
    ]
    if there:
        told.append(show.count("done.there", there))
    fresh = all(not each.held and each.starts_at > show.now for each in made)
    undo = Undo("withdraw", of, show.say("form.withdraw_again")) if fresh else None
    return Given(told=" ".join(told), undo=undo)


def _told(show: Showing, done: str, shift: Shift | None) -> str:
    if shift is not None and done in {"put", "remove"} and show.plans:
        return _on(show, shift)
    if shift is not None and done == "leave" and shift.held.get(show.session.account) is Hold.ABSENT:
        soon = shift.starts_at - show.now < _CALL
        return f"{show.say('done.absent')} {show.say('done.call')}" if soon else show.say("done.absent")
    return show.say(f"done.{done}")


def _on(show: Showing, shift: Shift) -> str:
    names = listed([isolated(name) for name in shift.on], show.language)
    return show.say("done.on", names=names) if names else show.say("done.nobody_on")
