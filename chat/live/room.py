# SPDX-License-Identifier: EUPL-1.2
"""One conversation in the memory of one process: its state, its key, and who sits in it.

Owns `Room` and `Seat`. A room exists only while a party is connected to this process (or a deadline is being
carried out); when the last one leaves, the key leaves memory with it. Knows no store and no bus.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime

from msgspec import Struct

from chat.conversation import Conversation
from chat.ids import ClientId, ConversationId, DutyId, Role
from chat.live.notices import Notice, Party, QueueMoved
from chat.moves.transferring import organisation_at
from chat.ports import Clock, Stored
from chat.sealing import ConversationKey, Place, Token
from moderation.conduct import Repeats

_STAFF = (Role.OPERATOR, Role.GUEST)


@dataclass(slots=True, eq=False)
class Seat:
    """One party's place in a room. `ready` is false until it has been given the entries after `after`."""

    party: Party
    connection: str
    ready: bool = False
    after: int = 0
    typed_at: datetime | None = None
    """When it was last passed on that this party writes."""
    denied_at: datetime | None = None
    """When it was last passed on that she is not in danger."""
    noted: bool = False
    """Whether it is stored that she sits here: until then nobody who sits elsewhere is newer."""


class Known(Struct, frozen=True):
    """A message that is stored. `digest` is None where the text has not been read in this process."""

    role: Role
    """Under which it is stored."""
    seq: int
    digest: bytes | None


class Room:
    """See the module. Every change happens under `lock`, so what the seats are given is in order."""

    __slots__ = (
        "_known",
        "conversation",
        "guest",
        "hold",
        "key",
        "key_came",
        "known_complete",
        "lock",
        "noted",
        "operator",
        "queue_told",
        "repeats",
        "return_key",
        "token",
        "version",
        "visitor",
        "visitor_key",
        "word",
        "wrapped",
    )

    def __init__(self, stored: Stored, *, fresh: bool = False) -> None:
        self.conversation: Conversation = stored.conversation
        self.version = stored.version
        self.visitor_key = stored.visitor_key
        self.return_key = stored.return_key
        self.word = stored.word
        """The word that they have agreed on, sealed."""
        self.key: ConversationKey | None = None
        self.token: Token | None = None
        """Her token while she sits here: what the daily wraps are renewed with."""
        self.visitor: Seat | None = None
        self.operator: Seat | None = None
        self.guest: Seat | None = None
        self.lock = asyncio.Lock()
        self.hold = 0
        """How many are at work here without a seat; the room stays until they are done."""
        self.wrapped: set[DutyId] | None = set() if fresh else None
        """For whom the key is wrapped, once it has been asked."""
        self.known_complete = fresh
        self.queue_told: QueueMoved | None = None
        self.key_came: asyncio.Event | None = None
        self.noted = 0
        """The newest staff entry that the consoles here have been shown."""
        self.repeats = Repeats()
        """What she has said lately, as digests."""
        self._known: dict[tuple[Role, ClientId], Known] = {}

    @property
    def id(self) -> ConversationId:
        """The conversation's id."""
        return self.conversation.id

    @property
    def is_whole(self) -> bool:
        """Whether everybody who takes part is connected here: what is said then concerns no other process.

        An old connection may stand here for somebody who is at another one by now: then they are shown it
        when that one looks, as when a doorbell is lost.
        """
        state = self.conversation
        return (
            self.visitor is not None
            and (state.operator is None or self.operator is not None)
            and (state.guest is None or self.guest is not None)
        )

    @property
    def is_empty(self) -> bool:
        """Whether nobody is connected here or at work here."""
        return self.visitor is None and self.operator is None and self.guest is None and self.hold == 0

    @property
    def hand_is_up(self) -> bool:
        """Whether its operator has raised a hand, and is connected here."""
        return self.operator is not None and self.conversation.hand_since is not None

    def take(self, stored: Stored) -> None:
        """Accept the stored state as the truth."""
        self.conversation = stored.conversation
        self.version = stored.version
        self.visitor_key = stored.visitor_key
        self.return_key = stored.return_key
        self.word = stored.word

    def learn_key(self, key: ConversationKey) -> None:
        """Hold the conversation's key from now on."""
        if self.key is None:
            self.key = key
            if self.key_came is not None:
                self.key_came.set()

    async def key_within(self, seconds: float, clock: Clock) -> bool:
        """Wait for the key for up to `seconds`; True when it is here."""
        if self.key_came is None:
            self.key_came = asyncio.Event()
        waits = {asyncio.ensure_future(self.key_came.wait()), asyncio.ensure_future(clock.sleep(seconds))}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        return self.key is not None

    def place(self, seq: int, role: Role | str, client_id: str) -> Place:
        """Return where an entry stands, for its seal."""
        organisation = organisation_at(self.conversation, seq)
        return Place(organisation, self.conversation.id, seq, role, client_id)

    def staff_place(self, staff_seq: int, kind: str, client_id: str) -> Place:
        """Return where a note stands, for its seal: none crosses a border, so it is always that of today."""
        return Place(self.conversation.organisation, self.conversation.id, staff_seq, kind, client_id)

    def seat(self, role: Role) -> Seat | None:
        """Return the seat of `role`, if somebody sits there."""
        if role is Role.VISITOR:
            return self.visitor
        return self.operator if role is Role.OPERATOR else self.guest

    def sit(self, role: Role, seat: Seat | None) -> None:
        """Give one of the staff a seat, or none."""
        if role is Role.GUEST:
            self.guest = seat
        else:
            self.operator = seat

    def tell(self, role: Role, notice: Notice) -> None:
        """Give a notice to the seat of `role`, if somebody sits there and has caught up."""
        seat = self.seat(role)
        if seat is not None and seat.ready:
            seat.party.deliver(notice)

    def remember(self, role: Role, client_id: ClientId, seq: int, digest: bytes | None) -> None:
        """Note that a message is stored under this client id."""
        self._known[role, client_id] = Known(role, seq, digest)

    def known(self, role: Role, client_id: ClientId) -> Known | None:
        """Return what is stored under this client id, if anything is.

        A supervisor who takes it over says things as its operator from then on: what they said before is
        looked up over both, or a retry of that would be new.
        """
        roles = (role,) if role is Role.VISITOR else (role, *(each for each in _STAFF if each is not role))
        return next((known for each in roles if (known := self._known.get((each, client_id)))), None)


def text_digest(text: str) -> bytes:
    """Return what two texts are compared by. It stays in memory."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
