# SPDX-License-Identifier: EUPL-1.2
"""What stories about giving a conversation away do and look at."""

from __future__ import annotations

from chat.commands import Moves, Target
from chat.entries import EntryKind
from chat.ids import OrganisationId, ServiceId, Track
from chat.live import proposing
from chat.live.notices import TransferStands, WaitingListed
from chat.parts import TransferEnd
from tests.service.story import Operator, Story, Visitor

LINDEN, BJORKEN, EKEN = ServiceId("linden"), ServiceId("bjorken"), ServiceId("eken")
JOUR, TJEJJOUR = OrganisationId("jour"), OrganisationId("tjejjour")


async def offers(
    holder: Operator, visitor: Visitor, to: Operator | None = None, service: str = "linden"
) -> None:
    """Offer it to a colleague, or to whoever accepts first."""
    duty = to.id if to is not None else None
    transfers = holder.process.chat.transfers
    await transfers.offer(holder.desk, visitor.id, ServiceId(service), duty, "Björken")
    await holder.process.story.settle()


async def says_yes(visitor: Visitor, holder: Operator, *, history: bool = False) -> None:
    """She is asked whether she wants to go on with the tjejjour, and says yes."""
    rooms, story = visitor.process.chat.rooms, visitor.process.story
    async with holder.process.chat.operators.proposing(holder.desk, visitor.id) as room:
        await proposing.ask(holder.process.chat.rooms, room, holder.id, story.client_id(), "vill du byta?")
    await story.settle()
    asked = visitor.seat.room.conversation.proposal
    assert asked is not None
    moves = Moves(Target(EKEN, TJEJJOUR, Track.EXPOSED, "Tjejjouren"), history)
    yes = proposing.Answered("ja", moves=moves)
    await proposing.answer(rooms, visitor.seat.room, story.client_id(), asked, lambda _: yes)
    await story.settle()


def offered_to(operator: Operator) -> list[str]:
    """Return what this console is shown as offered to it."""
    return [conversation.id for conversation in operator.ear.last(WaitingListed).offers]


def came_of_it(operator: Operator) -> TransferEnd | None:
    """Return what whoever holds it was told last of the offer."""
    transfer = operator.ear.last(TransferStands).transfer
    return transfer.ended if transfer is not None else None


def kinds(one: Visitor | Operator) -> list[EntryKind]:
    """Return the kinds of what somebody was shown."""
    return [entry.kind for entry in one.ear.entries()]


async def declines(operator: Operator, visitor: Visitor) -> None:
    """Say no to an offer."""
    await operator.process.chat.transfers.decline(operator.desk, visitor.id)
    await operator.process.story.settle()


def work_together(story: Story) -> None:
    """There is an agreement between the jour and the tjejjour."""
    story.border.open.add(frozenset({JOUR, TJEJJOUR}))
