# SPDX-License-Identifier: EUPL-1.2
"""Asking her whether somebody may come into the conversation, from the operator's frame to the question.

Owns who is shown as possible. Decides nothing: `handover` does.
"""

from __future__ import annotations

from chat.errors import NotNow
from chat.ids import ClientId, ConversationId
from chat.live import proposing
from chat.live.seating import Desk
from handover.inviting import Host
from web.accounts.account import StaffSession
from web.accounts.audit import Audited
from web.handing_over import where_of
from web.house import House
from web.operator.handing import Asking
from web.operator.warm_frames import GuestsShown, Invite, Possible


async def possible(house: House, desk: Desk, conversation: str) -> GuestsShown:
    """Return who could come into a held conversation.

    Raises:
        NotAllowed, NotNow: it is not this desk's, or cannot be read here yet.
    """
    async with house.chat.operators.proposing(desk, ConversationId(conversation)) as room:
        where = where_of(house.site, room.conversation)
    invitations = house.office.invitations
    shown = [
        Possible(
            receiver.id,
            receiver.name_in(where.language),
            invitations.name_of(host),
            await _is_here(house, host),
        )
        for receiver, host in invitations.options(where)
    ]
    return GuestsShown(conversation, tuple(shown))


async def invite(house: House, desk: Desk, session: StaffSession, frame: Invite, asking: Asking) -> None:
    """Ask her.

    Raises:
        NotAllowed: it is not this desk's.
        NotNow: it cannot be read here yet, a guest is here already, or nobody is on duty who could come.
        TooManyTries: she has been asked too often. And what else `handover/errors.py` says.
    """
    async with house.chat.operators.proposing(desk, ConversationId(frame.conversation)) as room:
        where = where_of(house.site, room.conversation)
        host = house.office.invitations.hosts.get(frame.receiver)
        # A yes to somebody who cannot come would be a promise that is not kept.
        if room.conversation.guest is not None or (host is not None and not await _is_here(house, host)):
            raise NotNow
        question = house.office.invitations.ask(where, frame.receiver, room.conversation.alias or "")
        asking.take(room.id)
        await proposing.ask(house.chat.rooms, room, desk.id, ClientId(frame.id), question)
    await house.record(Audited.PROPOSED, session, where.service)


async def _is_here(house: House, host: Host) -> bool:
    status = await house.chat.lobby.status(host.service)
    return status.here
