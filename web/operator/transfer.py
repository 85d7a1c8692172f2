# SPDX-License-Identifier: EUPL-1.2
"""Giving a conversation to somebody else, from the console's frames to the chat and to the question to her.

Owns how colleagues are named on the wire: by a word that holds in one conversation only. Decides nothing:
`chat/moves/transferring.py` and `handover/moving.py` do.
"""

from __future__ import annotations

import base64
import hashlib

from chat.errors import NotNow
from chat.ids import ClientId, ConversationId, DutyId, ServiceId
from chat.live import proposing
from chat.live.notices import TransferStands
from chat.live.transfers import Place
from chat.moves.transferring import check_free
from config.site import PublicService
from web.accounts.audit import Audited
from web.handing_over import where_of
from web.house import House
from web.languages import in_language
from web.operator.at_desk import AtDesk
from web.operator.transfer_frames import (
    AskTransfers,
    DeclineTransfer,
    GiveTransfer,
    KeepTransfer,
    Person,
    TransferPlace,
    Transfers,
    TransferShown,
)
from web.operator.transfer_frames import TransferStands as TransferFrame


async def places(at: AtDesk, frame: AskTransfers) -> None:
    """Answer where a held conversation could go.

    Raises:
        NotAllowed: it is not this desk's.
    """
    name = ConversationId(frame.conversation)
    found = await at.house.chat.transfers.places(at.desk, name)
    async with at.house.chat.operators.held(at.desk, name) as room:
        own = room.conversation.service
    at.answer(Transfers(frame.conversation, tuple(_shown(at.house, place, name, own) for place in found)))


def _shown(house: House, place: Place, conversation: ConversationId, own: ServiceId) -> TransferPlace:
    service = house.site.services[place.service.id]
    return TransferPlace(
        service=service.id,
        name=_name(service),
        organisation=service.organisation.name,
        here=place.here,
        own=place.service.id == own,
        crosses=place.crosses,
        people=tuple(
            Person(_word_for(conversation, one.duty), one.alias, one.free) for one in place.colleagues
        ),
    )


async def give(at: AtDesk, frame: GiveTransfer) -> None:
    """Offer it, or ask her first where it would leave the organisation.

    Raises:
        NotAllowed: it is not this desk's, or may not go there.
        NotNow: nobody is there, a guest is here or awaited, she is asked something, or it is offered.
        TooManyTries: she has been asked, or it has been moved, too often. And what `handover/errors.py` says.
    """
    house, service, name = at.house, ServiceId(frame.service), ConversationId(frame.conversation)
    async with house.chat.operators.held(at.desk, name) as room:
        leaving = room.conversation.service
        known = house.site.services.get(service)
        crosses = known is not None and known.organisation.id != room.conversation.organisation
    if crosses:
        await _ask(at, frame)
        return
    at.asking.move(name)
    to = await _named(at, name, frame.to) if frame.to is not None else None
    shown = "" if known is None else in_language(known.name, room.conversation.language, known.language).text
    await house.chat.transfers.offer(at.desk, name, service, to, shown)
    await house.record(Audited.OFFERED, at.session, leaving)


async def _ask(at: AtDesk, frame: GiveTransfer) -> None:
    house, service = at.house, ServiceId(frame.service)
    async with house.chat.operators.proposing(at.desk, ConversationId(frame.conversation)) as room:
        check_free(room.conversation)
        # A yes to somewhere where nobody is would be a promise that is not kept.
        if room.conversation.proposal is not None or not await house.chat.transfers.is_here(at.desk, service):
            raise NotNow
        where = where_of(house.site, room.conversation)
        question = house.office.moves.ask(where, service, room.conversation.alias or "")
        at.asking.take(room.id)
        await proposing.ask(house.chat.rooms, room, at.desk.id, ClientId(frame.id), question)
    await house.record(Audited.PROPOSED, at.session, where.service)


async def _named(at: AtDesk, conversation: ConversationId, word: str) -> DutyId:
    """Return the colleague whom a word names.

    Raises:
        NotNow: nobody who is there now has that name.
    """
    found = await at.house.chat.transfers.places(at.desk, conversation)
    for duty in (one.duty for place in found for one in place.colleagues):
        if _word_for(conversation, duty) == word:
            return duty
    raise NotNow


async def keep(at: AtDesk, frame: KeepTransfer) -> None:
    """Keep it after all.

    Raises:
        NotAllowed: it is not this desk's. NotNow: it is not offered any more.
    """
    await at.house.chat.transfers.take_back(at.desk, ConversationId(frame.conversation))


async def decline(at: AtDesk, frame: DeclineTransfer) -> None:
    """Say no to what is offered to this desk.

    Raises:
        NotAllowed: it is not. NotNow: not any more.
    """
    await at.house.chat.transfers.decline(at.desk, ConversationId(frame.conversation))


def _word_for(conversation: ConversationId, duty: DutyId) -> str:
    """Return what names a sign-in in one conversation: nobody can tell from it that two are the same."""
    digest = hashlib.blake2b(duty.encode(), key=conversation.encode(), digest_size=16).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _name(service: PublicService) -> str:
    return in_language(service.name, service.language, service.language).text


def stands(house: House, notice: TransferStands) -> TransferFrame:
    """Return how a console is shown to whom it is offered, or what came of that."""
    transfer = notice.transfer
    if transfer is None:
        return TransferFrame(notice.conversation)
    ended = transfer.ended
    left = (transfer.until - house.clock.now()).total_seconds() if ended is None else 0
    known = house.site.services.get(transfer.service)
    name = transfer.name if notice.crosses or known is None else _name(known)
    why = ended.value if ended is not None else None
    shown = TransferShown(name, transfer.alias, notice.crosses, max(0, int(left)), why)
    return TransferFrame(notice.conversation, shown)
