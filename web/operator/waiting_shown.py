# SPDX-License-Identifier: EUPL-1.2
"""The waiting list as one console is shown it: who waits, who awaits a guest, and what is offered to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from chat.conversation import Conversation, Phase
from chat.ids import DutyId, ServiceId
from chat.live.notices import WaitingListed
from web.operator.waiting_frames import Waiting, WaitingConversation
from web.shown import minute

NameOf = Callable[[ServiceId], str]
"""Names the organisation that runs a service."""


def waiting(listed: WaitingListed, now: datetime, desk: DutyId, name_of: NameOf) -> Waiting:
    """Return the frame of the waiting list as it is at `now` for the operator at `desk`."""
    shown = [_waiting(each, now, desk) for each in listed.conversations]
    shown += [_joins(each, now, name_of) for each in listed.joins]
    shown += [_offered(each, now, desk, name_of) for each in listed.offers]
    return Waiting(shown, listed.more)


def _offered(conversation: Conversation, now: datetime, desk: DutyId, name_of: NameOf) -> WaitingConversation:
    """Return a conversation that is offered to this desk; it takes no place in the queue."""
    transfer = conversation.transfer
    assert transfer is not None  # else it would not be among the offers
    return WaitingConversation(
        conversation=conversation.id,
        service=transfer.service,
        since=minute(transfer.at),
        waited_s=max(0, int((now - transfer.at).total_seconds())),
        acute=conversation.acute,
        language=conversation.language,
        returned=False,
        connected=conversation.visitor_away_since is None,
        mine=False,
        holder=conversation.alias,
        organisation=name_of(conversation.service),
        offered="you" if transfer.duty == desk else "anybody",
        left_s=max(0, int((transfer.until - now).total_seconds())),
        started=minute(conversation.started_at),
    )


def _joins(conversation: Conversation, now: datetime, name_of: NameOf) -> WaitingConversation:
    """Return a conversation that waits for a guest; it takes no place in the queue."""
    invitation = conversation.invitation
    since = invitation.at if invitation is not None else conversation.waiting_since
    return WaitingConversation(
        conversation=conversation.id,
        service=conversation.service,
        since=minute(since),
        waited_s=max(0, int((now - since).total_seconds())),
        acute=conversation.acute,
        language=conversation.language,
        returned=False,
        connected=conversation.visitor_away_since is None,
        mine=False,
        joins=True,
        holder=conversation.alias,
        organisation=name_of(conversation.service),
    )


def _waiting(conversation: Conversation, now: datetime, desk: DutyId) -> WaitingConversation:
    return WaitingConversation(
        conversation=conversation.id,
        service=conversation.service,
        since=minute(conversation.waiting_since),
        waited_s=max(0, int((now - conversation.waiting_since).total_seconds())),
        acute=conversation.acute,
        language=conversation.language,
        returned=conversation.front,
        connected=conversation.visitor_away_since is None,
        mine=conversation.phase is Phase.OFFERED and conversation.operator == desk,
    )
