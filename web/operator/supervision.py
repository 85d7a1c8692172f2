# SPDX-License-Identifier: EUPL-1.2
"""Asking for a supervisor, and being one: what the frames about it do, and what a supervisor is shown.

Owns what of it is recorded: who raised a hand, came and took over in which service, never in which
conversation. Decides nothing: `chat/moves/hands.py` does.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from chat import commands
from chat.ids import ConversationId
from chat.live.notices import AlertsListed
from chat.live.seating import Desk
from web.accounts.account import StaffSession
from web.accounts.audit import Audited
from web.house import House
from web.operator import supervision_frames as frames
from web.shown import minute


async def raise_hand(house: House, desk: Desk, session: StaffSession, frame: frames.RaiseHand) -> None:
    """Raise or lower a hand.

    Raises:
        NotAllowed: the conversation is not this desk's. SeatTaken: a guest is here or invited.
    """
    command = commands.RaiseHand(desk.id) if frame.up else commands.LowerHand(desk.id)
    async with house.chat.operators.held(desk, ConversationId(frame.conversation)) as room:
        happened = await house.chat.rooms.do(room, command)
        service = room.conversation.service
    if happened and frame.up:
        await house.record(Audited.RAISED, session, service)


async def come(house: House, desk: Desk, session: StaffSession, frame: frames.Supervise) -> None:
    """Come to a raised hand.

    Raises:
        NotAllowed, LostClaim, AtCapacity: as `Supervising.come`.
    """
    recorded = partial(house.recorded, Audited.JOINED, session)
    await house.chat.supervising.come(desk, ConversationId(frame.conversation), house.name_of, recorded)


async def take_over(house: House, desk: Desk, session: StaffSession, frame: frames.TakeOver) -> None:
    """Take a conversation over.

    Raises:
        NotAllowed, NotNow, AtCapacity: as `Supervising.take_over`.
    """
    recorded = partial(house.recorded, Audited.TOOK_OVER, session)
    await house.chat.supervising.take_over(desk, ConversationId(frame.conversation), recorded)


async def talk(house: House, desk: Desk, frame: frames.Talk) -> None:
    """Want to talk to a supervisor, or no longer.

    Raises:
        NotAllowed, NotNow, Unavailable: as `Talking.ask`.
    """
    if frame.on:
        await house.chat.alerts.talking.ask(desk)
    else:
        await house.chat.alerts.talking.take_back(desk)


def alerts(listed: AlertsListed, now: datetime) -> frames.Alerts:
    """Return the frame of what calls for a supervisor, as it is at `now`."""

    def since(at: datetime) -> tuple[str, int]:
        return minute(at), max(0, int((now - at).total_seconds()))

    return frames.Alerts(
        hands=[
            frames.HandRaised(
                hand.id,
                hand.service,
                hand.alias or "",
                *since(hand.hand_since or now),
                hand.acute,
                hand.language,
                hand.visitor_away_since is None,
            )
            for hand in listed.hands
        ],
        talks=[
            frames.TalkWanted(each.id, sorted(each.services), each.alias, *since(each.at), each.taken_by)
            for each in listed.talks
        ],
        returned=[
            frames.ReturnedToQueue(each.service, *since(each.since), each.acute) for each in listed.returned
        ],
        unattended=[
            frames.Unattended(each.service, each.waiting, *since(each.since)) for each in listed.unattended
        ],
    )
