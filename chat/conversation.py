# SPDX-License-Identifier: EUPL-1.2
"""The state of one conversation. What may be done with it, and what then happens, is in `transitions.py`.

Knows no text, no key, no store and no clock.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct, field

from chat.errors import NotAllowed
from chat.events import Event
from chat.ids import ConversationId, DutyId, OrganisationId, ServiceId, Track
from chat.parts import Crossing, Guest, Invitation, Transfer, Word
from chat.phase import Phase

__all__ = ["Conversation", "Moved", "Phase"]


class Conversation(Struct, frozen=True, kw_only=True):
    """The state of one conversation: frozen, moved on only by `transitions.receive`.

    `seq` is the number of the newest entry that she can see; entries are numbered from 1 without gaps.
    `operator` is who holds it (active) or whose console rings (offered).
    """

    id: ConversationId
    service: ServiceId
    organisation: OrganisationId
    track: Track
    language: str
    started_at: datetime
    waiting_since: datetime
    phase: Phase = Phase.WAITING
    acute: bool = False
    front: bool = False
    """She has been in a conversation already and lost her operator: nobody is before her but the acute."""
    answered_at: datetime | None = None
    """When somebody answered her for the first time; None before, and where that was not kept yet."""
    seq: int = 0
    operator: DutyId | None = None
    alias: str | None = None
    offered_until: datetime | None = None
    passed_by: frozenset[DutyId] = field(default_factory=frozenset)
    """Those whose console rang in vain, so that the next offer goes to somebody else."""
    visitor_away_since: datetime | None = None
    operator_away_since: datetime | None = None
    proposal: int | None = None
    """The seq of what she is asked for a yes to, while she has not answered."""
    invitation: Invitation | None = None
    """Whom she has let in beside her operator, until they have left again."""
    guest: Guest | None = None
    """Who came. Only while it is active."""
    transfer: Transfer | None = None
    """To whom it is offered, or what came of the last offer. Only while it is active."""
    reads_after: int = 0
    """Whoever holds it may read what comes after this entry; 0: everything, her answers too."""
    crossed: tuple[Crossing, ...] = ()
    """The borders between organisations that it has crossed, in order."""
    hand_since: datetime | None = None
    """Since when whoever holds it asks for a supervisor. Only while the guest's seat is free."""
    code_until: datetime | None = None
    """Until when the code opens it that she has to come back with; None when she has none."""
    returns: int = 0
    """How often somebody has come in with her code."""
    word: Word | None = None
    """The word that she and her operator have agreed on, if one was ever asked for."""
    seat: str | None = None
    """Which of her connections counts, where there are several processes: any other one is to go."""
    denials: int = 0
    """How often she has said that she is not in danger."""

    @property
    def holder(self) -> DutyId | None:
        """Who holds it, while it is active."""
        return self.operator if self.phase is Phase.ACTIVE else None

    @property
    def readers(self) -> tuple[DutyId, ...]:
        """Who of the staff may read it, while it is active."""
        if self.holder is None:
            return ()
        return (self.holder,) if self.guest is None else (self.holder, self.guest.duty)

    @property
    def has_begun(self) -> bool:
        """Whether somebody has answered her, ever."""
        return self.phase is Phase.ACTIVE or self.front

    def check_held_by(self, duty: DutyId) -> None:
        """Return when this duty holds it or is rung for it.

        Raises:
            NotAllowed: it is another's, or nobody's.
        """
        if self.operator != duty:
            raise NotAllowed


Moved = tuple[Conversation, tuple[Event, ...]]
"""The next state, and what happened on the way to it."""
