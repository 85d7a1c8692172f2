# SPDX-License-Identifier: EUPL-1.2
"""Asking her for a yes, from the operator's frame to the question that she is shown.

Owns which messages a draft may quote, and how often she may be asked. Decides nothing else: `handover` does.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from chat.hours import local_day
from chat.ids import ClientId, ConversationId, DutyId
from chat.live import proposing
from chat.live.seating import Desk
from handover import counted
from handover.errors import TooManyTries
from handover.items import Message
from moderation.rate import Allowances, Rate
from web.accounts.account import StaffSession
from web.accounts.audit import Audited
from web.handing_over import where_of
from web.house import House
from web.operator.handover_frames import Ask, TakeBack
from web.shown import FROM

QUESTIONS: Final = Rate(burst=6, every=timedelta(minutes=1))
"""How often one conversation may be asked, about receivers and guests together. A question that comes again
and again is pressure, and each one takes the place of the last while she is reading it."""

MOVES: Final = Rate(burst=6, every=timedelta(minutes=1))
"""How often one conversation may be offered to a colleague or given back to the queue. Each time rings for
others, and each time she is left or told of somebody new it stands in her talk for good."""

CALLS: Final = Rate(burst=20, every=timedelta(seconds=6))
"""How often one sign-in may call for a supervisor or call it off, by a raised hand or a wish to talk."""


class Asking:
    """What is left of `QUESTIONS` in each conversation, whoever asks and however often they reconnect.

    And of `MOVES` there, and of `CALLS` for each sign-in.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._left = Allowances(QUESTIONS)
        self._moves = Allowances(MOVES)
        self._calls = Allowances(CALLS)

    def take(self, conversation: ConversationId) -> None:
        """Count one question that is about to be asked.

        Raises:
            TooManyTries: she has been asked too often just now.
        """
        if self._left.take(conversation.encode(), self._house.clock.now()) is not None:
            raise TooManyTries

    def move(self, conversation: ConversationId) -> None:
        """Count one time that a held conversation is about to be offered or given back.

        Raises:
            TooManyTries: it has been moved too often just now.
        """
        if self._moves.take(conversation.encode(), self._house.clock.now()) is not None:
            raise TooManyTries

    def call(self, duty: DutyId) -> None:
        """Count one call for a supervisor.

        Raises:
            TooManyTries: there were too many just now.
        """
        if self._calls.take(duty.encode(), self._house.clock.now()) is not None:
            raise TooManyTries


async def ask(house: House, desk: Desk, session: StaffSession, frame: Ask, asking: Asking) -> None:
    """Put a draft to her as a question.

    Raises:
        NotAllowed, NotNow: it is not this desk's, or cannot be read here yet.
        TooManyTries: she has been asked too often. And what else `handover/errors.py` says.
    """
    async with house.chat.operators.proposing(desk, ConversationId(frame.conversation)) as room:
        where = where_of(house.site, room.conversation)
        said = [
            Message(entry.seq, FROM[entry.role], entry.text)
            for entry in await proposing.quoted(house.chat.rooms, room, frame.draft.messages)
        ]
        alias = room.conversation.alias or ""
        question = await house.office.handovers.propose(where, frame.draft, said, alias)
        asking.take(room.id)
        counts = counted.asked(where.service, local_day(house.clock.now()))
        await proposing.ask(house.chat.rooms, room, desk.id, ClientId(frame.id), question, counts=counts)
    await house.record(Audited.PROPOSED, session, where.service)


async def take_back(house: House, desk: Desk, frame: TakeBack) -> None:
    """Take back what she has not answered yet.

    Raises:
        NotAllowed: it is not this desk's. NotNow: nothing is asked.
    """
    async with house.chat.operators.proposing(desk, ConversationId(frame.conversation)) as room:
        await proposing.take_back(house.chat.rooms, room, desk.id)
