# SPDX-License-Identifier: EUPL-1.2
"""What a frame asks for beyond accepting, saying and ending: each matter registers what answers its frames.

Owns the table from a type of frame to what answers it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from chat import commands
from chat.commands import Command
from chat.ids import ClientId, ConversationId, DutyId
from chat.live import shifts
from chat.live.aftermath import aftermath
from web.accounts.audit import Audited
from web.operator import (
    alerting_frames,
    handing,
    handover_frames,
    note_frames,
    noting,
    returning_frames,
    shift_frames,
    supervision,
    supervision_frames,
    transfer,
    transfer_frames,
    warm,
    warm_frames,
    wrapup_frames,
)
from web.operator.at_desk import AtDesk
from web.shown import minute

Answer = Callable[[AtDesk, Any], Awaitable[None]]
"""Does what a frame of one type asks for. Raises what `web/errors.py` has a row for."""


async def _ask(at: AtDesk, frame: handover_frames.Ask) -> None:
    await handing.ask(at.house, at.desk, at.session, frame, at.asking)


async def _take_back(at: AtDesk, frame: handover_frames.TakeBack) -> None:
    await handing.take_back(at.house, at.desk, frame)


async def _guests(at: AtDesk, frame: warm_frames.Guests) -> None:
    at.answer(await warm.possible(at.house, at.desk, frame.conversation))


async def _invite(at: AtDesk, frame: warm_frames.Invite) -> None:
    await warm.invite(at.house, at.desk, at.session, frame, at.asking)


async def _leave(at: AtDesk, frame: warm_frames.Leave) -> None:
    await at.house.chat.operators.leave(at.desk, ConversationId(frame.conversation))


async def _hand(at: AtDesk, frame: supervision_frames.RaiseHand) -> None:
    at.asking.call(at.desk.id)
    await supervision.raise_hand(at.house, at.desk, at.session, frame)


async def _supervise(at: AtDesk, frame: supervision_frames.Supervise) -> None:
    await supervision.come(at.house, at.desk, at.session, frame)


async def _take_over(at: AtDesk, frame: supervision_frames.TakeOver) -> None:
    await supervision.take_over(at.house, at.desk, at.session, frame)


async def _talk(at: AtDesk, frame: supervision_frames.Talk) -> None:
    at.asking.call(at.desk.id)
    await supervision.talk(at.house, at.desk, frame)


async def _take_talk(at: AtDesk, frame: supervision_frames.TakeTalk) -> None:
    await at.house.chat.alerts.talking.take(at.desk, frame.talk)


async def _wrap_up(at: AtDesk, frame: wrapup_frames.WrapUp) -> None:
    # Neither logged nor recorded: a line with a time would say when which kind of talk was.
    by = at.session.account.encode()
    await at.house.chat.wrap_ups.count(at.desk, ClientId(frame.id), frame.told(), by)
    at.answer(wrapup_frames.WrappedUp(frame.id))


async def _note(at: AtDesk, frame: note_frames.Note) -> None:
    await noting.write(at.house, at.desk, frame)


async def _notes(at: AtDesk, frame: note_frames.ReadNotes) -> None:
    await noting.read(at.house, at.desk, frame)


async def _what_became(at: AtDesk, frame: alerting_frames.WhatBecame) -> None:
    chat = at.house.chat
    told = await aftermath(
        chat.rooms.store, at.desk.id, at.desk.signed_in.services, ConversationId(frame.conversation)
    )
    since = minute(told.since) if told.since is not None else None
    at.answer(alerting_frames.Became(frame.conversation, told.now, since, told.alias))


async def _pause(at: AtDesk, frame: shift_frames.Pause) -> None:
    await shifts.pause(at.house.chat.operators, at.desk, on=frame.on)


async def _hold_at_most(at: AtDesk, frame: shift_frames.HoldAtMost) -> None:
    await shifts.hold_at_most(at.house.chat.operators, at.desk, frame.capacity)


async def _hand_back(at: AtDesk, frame: shift_frames.HandBack) -> None:
    house, name = at.house, ConversationId(frame.conversation)
    async with house.chat.operators.held(at.desk, name) as room:
        service = room.conversation.service
        at.asking.move(name)
        await house.chat.rooms.do(room, commands.HandBack(at.desk.id))
    await house.record(Audited.HANDED_BACK, at.session, service)


def _order(command: Callable[[DutyId], Command]) -> Answer:
    """Return what gives one order in a conversation that this desk holds."""

    async def give(at: AtDesk, frame: Any) -> None:  # noqa: ANN401 - one of several types with a conversation
        async with at.house.chat.operators.held(at.desk, ConversationId(frame.conversation)) as room:
            await at.house.chat.rooms.do(room, command(at.desk.id))

    return give


ANSWERS: Final[Mapping[type, Answer]] = {
    handover_frames.Ask: _ask,
    handover_frames.TakeBack: _take_back,
    warm_frames.Guests: _guests,
    warm_frames.Invite: _invite,
    warm_frames.Leave: _leave,
    note_frames.Note: _note,
    note_frames.ReadNotes: _notes,
    alerting_frames.WhatBecame: _what_became,
    transfer_frames.AskTransfers: transfer.places,
    transfer_frames.GiveTransfer: transfer.give,
    transfer_frames.KeepTransfer: transfer.keep,
    transfer_frames.DeclineTransfer: transfer.decline,
    returning_frames.OfferWord: _order(commands.OfferWord),
    returning_frames.TakeBackWord: _order(commands.TakeBackWord),
    returning_frames.AskWord: _order(commands.AskForWord),
    returning_frames.SetAside: _order(commands.SetAside),
    supervision_frames.RaiseHand: _hand,
    supervision_frames.Supervise: _supervise,
    supervision_frames.TakeOver: _take_over,
    supervision_frames.Talk: _talk,
    supervision_frames.TakeTalk: _take_talk,
    wrapup_frames.WrapUp: _wrap_up,
    shift_frames.Pause: _pause,
    shift_frames.HoldAtMost: _hold_at_most,
    shift_frames.HandBack: _hand_back,
}
"""By type of frame. With what `web/operator/socket.py` does itself these are all that a console may send."""
