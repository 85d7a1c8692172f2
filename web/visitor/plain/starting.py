# SPDX-License-Identifier: EUPL-1.2
"""Beginning a talk with a form: the same checks as at her socket, and waiting in the place of work.

Owns that one page begins one talk, however often its button is pressed, and none once that talk is over.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from weakref import WeakValueDictionary

from chat.errors import NoticeChanged, ServiceClosed, WrongCode
from config.site import PublicService
from moderation.admission import Admitted, Busy
from web.errors import outcome
from web.house import House
from web.limits import WAITED_S, Task
from web.visitor.plain.beginning import opening_of
from web.visitor.plain.visit import Visit
from web.visitor.plain.visits import Visits
from web.visitor.plain.words import PlainWords
from web.visitor.ticket_form import TicketForms

FULL_S: Final = 60
"""When to try again while no more can be here without scripts."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why she is not let in now. `ticket`: what she brings when she tries again after `wait_s` seconds."""

    text: str
    status: int
    wait_s: int = 0
    ticket: str = ""
    came_back: bool = False
    """It is about a code."""


class Starting:
    """See the module."""

    def __init__(self, house: House, visits: Visits) -> None:
        self.forms = TicketForms(house.clock, house.randomness)
        self._house = house
        self._visits = visits
        self._pressing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        """Forms that are being answered: pressed twice, the second waits for what the first has begun."""

    async def start(
        self, service: PublicService, words: PlainWords, fields: Mapping[str, str], network: bytes
    ) -> Visit | Refusal:
        """Begin a talk, come back to one with a code, or return the one that this very page has opened."""
        csrf = fields.get("csrf", "")
        if not self.forms.is_own(csrf):
            return Refusal(words.say("old.start"), 403)
        async with self._pressing.setdefault(csrf, asyncio.Lock()):
            earlier = self.forms.opened(csrf)
            if earlier is not None:
                visit = self._visits.named(earlier)
                return visit if visit and visit.token else Refusal(words.say("old.start"), 409)
            try:
                if fields.get("do") == "come_back":
                    started: Visit | Refusal = await self._come_back(fields, network)
                else:
                    started = await self._start(service, words, fields, network)
            except Exception as error:  # noqa: BLE001 - whatever it is, she reads what to do
                self._house.note_fault(error)
                return _refused(words, error)
            if isinstance(started, Visit):
                self.forms.note_opened(csrf, started.connection)
            return started

    async def _come_back(self, fields: Mapping[str, str], network: bytes) -> Visit:
        async with self._house.limits.code_turn(network):
            return await self._visits.come_back(fields.get("code", ""), network)

    async def _start(
        self, service: PublicService, words: PlainWords, fields: Mapping[str, str], network: bytes
    ) -> Visit | Refusal:
        house, ticket = self._house, fields.get("ticket", "")
        opening = opening_of(service, house.languages, fields, words.language)
        try:
            house.chat.visitors.check_open(opening)
        except ServiceClosed:
            if house.limits.is_counted(network):
                await house.chat.visitors.count_closed(opening.service)
            raise
        if not self._visits.has_room(network):
            return _wait(words, FULL_S, ticket)
        if left := house.limits.left_to_wait(network, ticket):
            return _wait(words, left, ticket)
        organisation = service.organisation.id
        verdict = house.limits.start(
            network, house.chat.lobby.waiting, ticket, organisation=organisation, waits=True
        )
        match verdict:
            case Admitted():
                house.limits.note_start(network, organisation, service.chat.id)
                visit = await self._visits.start(opening, network)
                if opening.acute:
                    visit.tell(words.asking("danger.cannot"))
                return visit
            case Task(challenge=challenge):
                return _wait(words, WAITED_S, challenge)
            case Busy(wait=wait):
                return _wait(words, math.ceil(wait.total_seconds()), ticket)


def _refused(words: PlainWords, error: Exception) -> Refusal:
    status = max(outcome(error).status, 400)
    if isinstance(error, WrongCode):
        return Refusal(words.returning("back.wrong"), status, came_back=True)
    if isinstance(error, NoticeChanged):
        return Refusal(words.say("notice.changed"), status)
    key = "refused.closed" if isinstance(error, ServiceClosed) else "refused.later"
    return Refusal(words.script(key), status)


def _wait(words: PlainWords, seconds: int, ticket: str) -> Refusal:
    return Refusal(words.say("wait.start", seconds=str(seconds)), 503, seconds, ticket)
