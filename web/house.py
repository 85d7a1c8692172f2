# SPDX-License-Identifier: EUPL-1.2
"""The house: what every page and socket of one running server works with.

Owns the one value that routes find at `app.state.house`, and rendering a page. Builds nothing: `bootstrap.py`
does.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from jinja2 import BaseLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from chat.errors import Fault
from chat.grid import Week
from chat.hours import local_day
from chat.ids import DutyId, OrganisationId, Randomness, ServiceId
from chat.live.chat import Chat
from chat.ports import Alongside, Bell, Clock, DailyKeys, Doorbell
from chat.statistics_ports import PublishedFigures
from config.settings import Settings
from config.site import Site
from handover.ids import ReceiverId, TicketId
from handover.office import Office
from moderation.rate import Bucket, Rate
from web.accounts.account import StaffSession
from web.accounts.audit import SORTS, Audited, AuditLog, AuditPlace, Where
from web.accounts.errors import Busy, NoSuchAccount
from web.accounts.service import Accounts
from web.barometer.service import Barometer
from web.chair.service import Chair
from web.errors import outcome
from web.exit_questions import ExitQuestions
from web.languages import Languages
from web.limits import Limits
from web.people.scope import organisations_of
from web.replies.service import Replies
from web.roster.service import Roster
from web.security import framed_headers
from web.site_now import SiteNow
from web.socket import UNKNOWN_TOKEN, Hub, Socket
from web.watched import Watched

_log = logging.getLogger(__name__)

FAULTS = Rate(burst=50, every=timedelta(seconds=2))
"""How many faults are logged: a disk that is full for an hour must not fill another one."""


@dataclass(slots=True, eq=False, kw_only=True)
class House:
    """Everything that one running server has."""

    settings: Settings
    site: Site
    chat: Chat
    office: Office
    accounts: Accounts
    audit: AuditLog
    replies: Replies
    roster: Roster
    figures: PublishedFigures
    barometer: Barometer
    chair: Chair
    watched: Watched
    clock: Clock
    randomness: Randomness
    daily_keys: DailyKeys
    languages: Languages
    limits: Limits
    templates: BaseLoader
    demo: bool = False
    site_now: SiteNow = field(init=False)
    """What keeps `site` as it is now; whoever changes anything about it tells it so."""
    exit_questions: ExitQuestions = field(default_factory=ExitQuestions)
    visitor_hub: Hub = field(default_factory=Hub)
    operator_hub: Hub = field(default_factory=Hub)
    consoles: dict[Socket, DutyId] = field(default_factory=dict)
    """Every operator's socket, by its sign-in: also those that have not taken a desk yet."""
    looked_at: dict[TicketId, datetime] = field(default_factory=dict)
    """Withdrawn tickets that their unit has looked at since, with when they were withdrawn: it need not be
    told again. Kept by this process alone: after a new start it is told once more."""
    draining: bool = False
    """The server is about to stop: it is not ready for anything new."""
    refused: Counter[str] = field(default_factory=Counter)
    """How often each code of a refusal was said, since the start."""
    faults: int = 0
    """How often something of ours failed before somebody who asked for it, logged or left out."""
    _faults: Bucket | None = None
    _faults_left_out: int = 0

    def page(
        self,
        request: Request,
        template: str,
        context: Mapping[str, Any],
        *,
        status: int = 200,
        domain: str = "visitor",
        frame_ancestors: Sequence[str] = (),
    ) -> Response:
        """Return a page in the context's `language` and `tone`; only `frame_ancestors` may frame it."""
        language, tone = context["language"], context.get("tone", "")
        environment = self.languages.environment(self.templates, language, domain, tone)
        text = environment.get_template(template).render(context, request=request)
        headers = framed_headers(frame_ancestors) if frame_ancestors else {}
        return HTMLResponse(text, status, headers)

    def note_fault(self, error: Exception) -> str | None:
        """Log what is ours to mend, under an id that may be shown; refusals are not logged and have none.

        While a full disk refuses every message, one in a while is logged, with how many were left out.
        """
        if outcome(error).status < HTTPStatus.INTERNAL_SERVER_ERROR or isinstance(error, Busy):
            return None
        self.faults += 1
        now = self.clock.now()
        self._faults, too_many = (self._faults or Bucket(FAULTS, now)).take(now)
        if too_many is not None:
            self._faults_left_out += 1
            return None
        fault = self.randomness.bytes(4).hex()
        left_out, self._faults_left_out = self._faults_left_out, 0
        extra = {"fault": fault, "count": left_out} if left_out else {"fault": fault}
        _log.error("fault", exc_info=error, extra=extra)
        return fault

    async def revoke(self, duty: DutyId) -> None:
        """A sign-in has ended: close its consoles here and elsewhere, and hand on what it held."""
        for socket, sign_in in list(self.consoles.items()):
            if sign_in == duty:
                socket.close(UNKNOWN_TOKEN)
        self.office.units.lock(duty)
        self.chat.bus.ring(Doorbell(bell=Bell.REVOKED, duty=duty, origin=self.chat.rooms.origin))
        await self.chat.operators.revoke(duty)

    async def told_until(self) -> Week:
        """Return the last week that statistics may be shown of: over by the clock, and closed in the books.

        Raises:
            chat.errors.Unavailable: it cannot be read now.
        """
        return await self.chat.closing.over()

    async def record(self, kind: Audited, session: StaffSession, place: AuditPlace) -> None:
        """Record what somebody did in a place today; not in which conversation or ticket.

        What the place is, a service, a unit or an organisation, the kind tells.
        """
        whose, day = self.whose(kind, place), local_day(self.clock.now())
        try:
            await self.audit.record(kind, session.account, whose, place, day)
        except Fault as error:
            self.note_fault(error)

    def recorded(self, kind: Audited, session: StaffSession, place: AuditPlace) -> Alongside:
        """Return what records the same in the transaction of a step: neither stands without the other."""
        return self.audit.recorded(
            kind, session.account, self.whose(kind, place), place, local_day(self.clock.now())
        )

    def whose(self, kind: Audited, place: AuditPlace) -> OrganisationId:
        """Return whose place it is; nobody's when it has left the site meanwhile."""
        match SORTS[kind].where:
            case Where.SERVICE:
                service = self.site.services.get(ServiceId(place))
                return service.organisation.id if service is not None else OrganisationId("")
            case Where.UNIT:
                unit = self.site.receivers.get(ReceiverId(place))
                return unit.organisation if unit is not None else OrganisationId("")
            case Where.ORGANISATION:
                return OrganisationId(place)

    async def record_own(self, kind: Audited, account: str) -> None:
        """Record what was done with somebody's own account today, in each of its organisations."""
        try:
            known = await self.accounts.named(account)
            for organisation in organisations_of(known, self.site):
                day = local_day(self.clock.now())
                await self.audit.record(kind, account, organisation, organisation, day)
        except (Fault, NoSuchAccount) as error:
            self.note_fault(error)

    def name_of(self, service: ServiceId) -> str:
        """Return the name of the organisation that runs a service; empty when it has left the site file."""
        known = self.site.services.get(service)
        return known.organisation.name if known is not None else ""

    def may_serve(self, session: StaffSession) -> Collection[ServiceId]:
        """Return the services of this installation that somebody serves, looks after or runs."""
        return [
            id_
            for id_, each in self.site.services.items()
            if id_ in session.services or each.organisation.id in session.organisations
        ]

    def may_run(self, session: StaffSession) -> Collection[OrganisationId]:
        """Return the organisations of this installation that somebody runs."""
        return [id_ for id_ in self.site.organisations if id_ in session.organisations]
