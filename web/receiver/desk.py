# SPDX-License-Identifier: EUPL-1.2
"""Who sits at a receiving unit's page: the sign-in, what it reaches, and its language.

Owns the way to every page of this side: who is let in, whose form it is, and what is said when a step is
refused. No page answers differently for a ticket that is foreign and one that never was.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from chat.errors import Fault as ChatFault
from chat.hours import local_day
from handover.errors import Fault, Locked, NoSuchTicket, TooManyTries, TracksMeet, WrongPassphrase
from handover.ids import ReceiverId, TicketId
from handover.inbox import Inbox, SignIn
from handover.ports import StoredTicket
from handover.receivers import Reach, Receiver
from handover.samrad import Samrad
from handover.units import Units
from web.accounts.account import StaffRole, StaffSession
from web.accounts.audit import Audited
from web.accounts.errors import Busy
from web.accounts.pages import SIGN_IN, TICKETS
from web.errors import outcome
from web.house import House
from web.security import own_form, read_staff_cookie
from web.staff_page import not_yours

DOMAIN: Final = "receiver"
MAY_READ: Final = frozenset({StaffRole.RECEIVER, StaffRole.COORDINATOR})

_TICKET: Final = re.compile(r"[A-Za-z0-9_-]{22}")
_NOT_CARRIED: Final = frozenset({"csrf", "passphrase"})

Fields = Mapping[str, str]


class NoPassphrase(Exception):
    """The form came without a passphrase. It never leaves this side."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One request of somebody who works at a receiving unit."""

    house: House
    request: Request
    session: StaffSession
    who: SignIn
    language: str

    @property
    def inbox(self) -> Inbox:
        """What receivers do."""
        return self.house.office.inbox

    @property
    def samrad(self) -> Samrad:
        """What receivers do together."""
        return self.house.office.samrad

    @property
    def units(self) -> Units:
        """The keys of the units."""
        return self.house.office.units

    @property
    def texts(self) -> gettext.NullTranslations:
        """The words of this side."""
        return self.house.languages.texts(self.language, DOMAIN)

    @property
    def now(self) -> datetime:
        """The moment, as the deadlines of tickets know it."""
        return self.inbox.stepping.clock.now()

    @property
    def query(self) -> str:
        """What keeps a language that was asked for, from one page to the next."""
        return f"?lang={self.language}" if "lang" in self.request.query_params else ""

    def receivers(self) -> list[Receiver]:
        """Return the units that this sign-in acts for, by name."""
        mine = (self.house.site.receivers[unit] for unit in self.who.reach.units)
        return sorted(mine, key=lambda each: each.name_in(self.language))

    def receiver(self, stored: StoredTicket) -> Receiver:
        """Return the unit that a ticket is for."""
        return self.house.site.receivers[stored.ticket.receiver]

    def name_of(self, unit: ReceiverId) -> str:
        """Return the name of any unit; its id when it has left the site."""
        known = self.house.site.receivers.get(unit)
        return unit if known is None else known.name_in(self.language)

    async def ticket(self) -> StoredTicket:
        """Return the ticket of the address, as it stands.

        Raises:
            NoSuchTicket: unknown, foreign, or no name of a ticket at all.
        """
        name = self.request.path_params["ticket"]
        if not _TICKET.fullmatch(name):
            raise NoSuchTicket
        return await self.inbox.ticket(self.who, TicketId(name))

    async def record(self, kind: Audited, unit: ReceiverId) -> None:
        """Record what was done for a unit."""
        await self.house.record(kind, self.session, unit)

    def page(self, template: str, context: Mapping[str, Any], *, status: int = 200) -> Response:
        """Return a page of this side."""
        shown = {
            "language": self.language,
            "query": self.query,
            "csrf": self.session.csrf,
            "account": self.session.account,
            "any_open": any(self.units.is_unlocked(self.who.id, unit) for unit in self.who.reach.units),
            **context,
        }
        return self.house.page(self.request, template, shown, status=status, domain=DOMAIN)

    def to(self, path: str, *, done: str = "", at: str = "") -> Response:
        """Lead to a page of this side; `done` names what it says there, `at` the place on it."""
        said = f"{'&' if self.query else '?'}done={done}" if done else ""
        return RedirectResponse(f"{path}{self.query}{said}{f'#{at}' if at else ''}", 303)

    async def unlock(self, unit: ReceiverId, passphrase: str) -> None:
        """Hold a unit's key from now on, and record it.

        Raises:
            NoSuchTicket: it is not one of the sign-in's units. NoPassphrase, WrongPassphrase, TooManyTries.
        """
        if unit not in self.who.reach.units:
            raise NoSuchTicket
        if not passphrase.strip():
            raise NoPassphrase  # an empty field is a slip, not a guess: it costs no try
        try:
            await self.units.unlock(self.who.id, unit, passphrase, self.session.account)
        except WrongPassphrase:
            await self.record(Audited.NOT_UNLOCKED, unit)
            raise
        await self.record(Audited.UNLOCKED, unit)


Handler = Callable[[Desk], Awaitable[Response]]
FormHandler = Callable[[Desk, Fields], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


def address_of(ticket: TicketId, rest: str = "") -> str:
    """Return the address of a ticket's page."""
    return f"{TICKETS}/{ticket}{rest}"


def shown(handler: Handler) -> Endpoint:
    """Return what answers a `GET`: the page, 303 to the sign-in, 403 for another role, 404 for no ticket."""

    async def answer(request: Request) -> Response:
        try:
            desk = await _sits_down(request)
        except Exception as error:  # noqa: BLE001 - a page in one's own language, whatever it is
            return _out_of_order(request, error, None)
        if isinstance(desk, Response):
            return desk
        try:
            return await handler(desk)
        except NoSuchTicket:
            return desk.page("receiver/missing.html", {}, status=404)
        except Locked:
            return await _locked_or_trouble(desk)
        except HTTPException:
            raise
        except Exception as error:  # noqa: BLE001 - a page in one's own language, whatever it is
            return _trouble(desk, error, None)

    return answer


def sent(handler: FormHandler) -> Endpoint:
    """Return what answers a form: as `shown`, and 403 for a form of another session or another site.

    Nothing that somebody has typed is lost: when the key was locked meanwhile, or the house cannot do it now,
    the answer is a page that sends the same fields again.
    """

    async def answer(request: Request) -> Response:
        fields = await own_form(request)
        try:
            desk = await _sits_down(request)
        except Exception as error:  # noqa: BLE001 - what was typed goes on, whatever it is
            return _out_of_order(request, error, fields)
        if isinstance(desk, Response):
            return desk
        if not desk.session.is_own_csrf(fields.get("csrf", "")):
            return Response(status_code=403)
        try:
            if "passphrase" in fields and "ticket" in request.path_params:
                await desk.unlock((await desk.ticket()).ticket.receiver, fields["passphrase"])
            return await handler(desk, fields)
        except NoSuchTicket:
            return desk.page("receiver/missing.html", {}, status=404)
        except (Locked, NoPassphrase, WrongPassphrase, TooManyTries) as error:
            return await _locked_or_trouble(desk, fields, error)
        except HTTPException:
            raise
        except Exception as error:  # noqa: BLE001 - what was typed goes on, whatever it is
            return _trouble(desk, error, fields)

    return answer


async def locked(desk: Desk, fields: Fields | None = None, error: Exception | None = None) -> Response:
    """Return the page that asks for the passphrase of a ticket's unit; `fields` go on with it."""
    stored = await desk.ticket()
    unit = desk.receiver(stored)
    context = {
        "name": unit.name_in(desk.language),
        "carried": _carried(fields),
        "action": desk.request.url.path if fields is not None else address_of(stored.ticket.id, "/unlock"),
        "problem": passphrase_problem(error),
    }
    return desk.page("receiver/locked.html", context, status=passphrase_status(error))


async def _locked_or_trouble(
    desk: Desk, fields: Fields | None = None, error: Exception | None = None
) -> Response:
    try:
        return await locked(desk, fields, error)
    except NoSuchTicket:
        return desk.page("receiver/missing.html", {}, status=404)
    except Exception as fault:  # noqa: BLE001 - as for every other page
        return _trouble(desk, fault, fields)


def passphrase_problem(error: Exception | None) -> str:
    """Return the id of what is said about a passphrase that did not open; nothing for another error."""
    if isinstance(error, WrongPassphrase):
        return "unlock.wrong"
    if isinstance(error, NoPassphrase):
        return "unlock.missing"
    return "unlock.too_many" if isinstance(error, TooManyTries) else ""


def passphrase_status(error: Exception | None) -> int:
    """Return the status of a page that asks for a passphrase again."""
    if error is None:
        return 200
    return 400 if isinstance(error, NoPassphrase) else outcome(error).status


def _trouble(desk: Desk, error: Exception, fields: Fields | None) -> Response:
    """Say that it does not work now, and keep what was typed."""
    context = _trouble_context(desk.house, desk.request, error, fields)
    return desk.page("receiver/trouble.html", context, status=outcome(error).status)


def _out_of_order(request: Request, error: Exception, fields: Fields | None) -> Response:
    """Say the same when it is not even known who asks."""
    house: House = request.app.state.house
    language = house.languages.pick_for_staff(request.query_params.get("lang"))
    context = {
        "language": language,
        "query": f"?lang={language}" if "lang" in request.query_params else "",
        "csrf": (fields or {}).get("csrf", ""),
        **_trouble_context(house, request, error, fields),
    }
    status = outcome(error).status
    return house.page(request, "receiver/out_of_order.html", context, status=status, domain=DOMAIN)


def _trouble_context(
    house: House, request: Request, error: Exception, fields: Fields | None
) -> dict[str, Any]:
    # Only of an error that the domain knows is it sure that nothing was stored.
    known = isinstance(error, (Fault, ChatFault, Busy))
    return {
        "fault": house.note_fault(error) or "",
        "what": "trouble.text" if known or fields is None else "trouble.unsure",
        "carried": _carried(fields),
        "action": request.url.path,
        "is_form": fields is not None,
    }


def _carried(fields: Fields | None) -> dict[str, str]:
    return {name: text for name, text in (fields or {}).items() if name not in _NOT_CARRIED}


async def _sits_down(request: Request) -> Desk | Response:
    house: House = request.app.state.house
    session = await house.accounts.session(read_staff_cookie(request))
    if session is None:
        return RedirectResponse(SIGN_IN, 303)
    language = house.languages.pick_for_staff(request.query_params.get("lang"))
    context = {"language": language, "csrf": session.csrf, "account": session.account}
    if session.role not in MAY_READ:
        return not_yours(request, house, session, language)
    known = house.site.receivers
    try:
        reach = Reach.of(known[unit] for unit in session.units if unit in known)
    except TracksMeet:
        return house.page(request, "receiver/two_tracks.html", context, status=403, domain=DOMAIN)
    return Desk(house, request, session, SignIn(session.id, reach), language)


def today(desk: Desk) -> str:
    """Return the local day as it is written on paper."""
    return local_day(desk.house.clock.now()).isoformat()
