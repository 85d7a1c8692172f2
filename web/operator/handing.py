# SPDX-License-Identifier: EUPL-1.2
"""Asking her for a yes, from the operator's frame to the question that she is shown.

Owns which messages a draft may quote. Decides nothing: `handover` does.
"""

from __future__ import annotations

from chat.ids import ClientId, ConversationId
from chat.live import proposing
from chat.live.seating import Desk
from handover.items import Message
from web.accounts.account import StaffSession
from web.accounts.audit import Audited
from web.handing_over import where_of
from web.house import House
from web.operator.handover_frames import Ask, TakeBack
from web.shown import FROM


async def ask(house: House, desk: Desk, session: StaffSession, frame: Ask) -> None:
    """Put a draft to her as a question.

    Raises:
        NotAllowed, NotNow: it is not this desk's, or cannot be read here yet. And what `handover/errors.py`
        says.
    """
    async with house.chat.operators.proposing(desk, ConversationId(frame.conversation)) as room:
        where = where_of(house.site, room.conversation)
        said = [
            Message(entry.seq, FROM[entry.role], entry.text)
            for entry in await proposing.quoted(house.chat.rooms, room, frame.draft.messages)
        ]
        alias = room.conversation.alias or ""
        question = await house.office.handovers.propose(where, frame.draft, said, alias)
        await proposing.ask(house.chat.rooms, room, desk.id, ClientId(frame.id), question)
    await house.record(Audited.PROPOSED, session, where.service)


async def take_back(house: House, desk: Desk, frame: TakeBack) -> None:
    """Take back what she has not answered yet.

    Raises:
        NotAllowed: it is not this desk's. NotNow: nothing is asked.
    """
    async with house.chat.operators.proposing(desk, ConversationId(frame.conversation)) as room:
        await proposing.take_back(house.chat.rooms, room, desk.id)
