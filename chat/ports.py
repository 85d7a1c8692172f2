# SPDX-License-Identifier: EUPL-1.2
"""What the chat needs from the world outside: a store, a bus, a clock, daily keys.

Owns the protocols and the values that pass through them. An adapter implements one of them; only the
composition root names an adapter.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from msgspec import Struct

from chat.conversation import Conversation
from chat.counted import Count
from chat.duty import Duty
from chat.entries import SealedEntry
from chat.ids import ClientId, ConversationId, DutyId, OrganisationId, Role, ServiceId
from chat.told import AllTold

# --- time and keys ----------------------------------------------------------------------------------------


class Clock(Protocol):
    """The one source of time. `now` never jumps, whatever is done to the wall clock meanwhile."""

    def now(self) -> datetime:
        """Return the time as an aware UTC datetime."""

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds` of this clock."""

    def trusted(self) -> bool:
        """Tell whether the wall clock still agrees. While it does not, nothing is unlinked by its date."""


class DailyKeys(Protocol):
    """The daily keys E_d: 32 random bytes for each UTC day, kept apart from the data and never backed up.

    Every method raises `Unavailable` when the keys cannot be reached now.
    """

    def today(self, now: datetime) -> tuple[int, bytes]:
        """Return the current day number and its key, making the key if it is the day's first use.

        A day number counts days since 1970-01-01 and fits in two bytes.
        """

    def for_day(self, day: int) -> bytes | None:
        """Return the key of `day`, or None when it never was or is gone."""

    def forget_old(self, now: datetime) -> list[int]:
        """Unlink every key of a day two or more days before `now`; return those days."""


class Stretching(Protocol):
    """Makes guessing slow: Argon2id, in a small pool of its own."""

    async def stretch(self, secret: bytes, salt: bytes) -> bytes:
        """Return 32 bytes that only these two give.

        Raises:
            chat.errors.Unavailable: too many wait for it already.
        """


# --- the store --------------------------------------------------------------------------------------------


class VisitorKey(Struct, frozen=True):
    """What lets her token back in: what it is found by, and K_c wrapped under what only the token gives."""

    day: int
    lookup: bytes
    wrap: bytes


class ReturnKey(Struct, frozen=True):
    """What lets her code in: what it is found by, and K_c wrapped under what only the code gives."""

    day: int
    lookup: bytes
    wrap: bytes


class Stored(Struct, frozen=True):
    """A conversation as the store holds it. `version` grows by one with every commit."""

    conversation: Conversation
    version: int
    visitor_key: VisitorKey
    return_key: ReturnKey | None = None
    word: bytes | None = None
    """The word that she and her operator have agreed on, sealed."""


class Rekeyed(Struct, frozen=True):
    """What opens a conversation from now on. `visitor_key` None: her token still does."""

    return_key: ReturnKey | None
    visitor_key: VisitorKey | None = None


class Alongside(Protocol):
    """What another room stores in the very transaction of a step, so that either both stand or neither does.

    Made by an adapter of that room over the same database; it knows what `connection` is. Called on the
    thread that writes, after the step itself; when it raises, nothing of the step is stored.
    """

    def write(self, connection: Any) -> None:  # noqa: ANN401 - each adapter has its own kind
        """Store it."""


class Change(Struct, frozen=True, kw_only=True):
    """One decided step of one conversation, to be stored whole or not at all.

    `conversation` is the state after the step; an ended one removes the conversation, its entries and its
    wraps. `expected` is the version that was decided on. `claimed_by` makes the store check, in the same
    transaction, that this duty still exists, serves the service, has not paused and takes part in fewer
    conversations than `capacity` and its own one; `joined_by` makes it check the same for a guest and the
    invited service, `supervised_by` for whoever supervises its service, as they come and take it over. When
    another duty holds it than before, every wrap but theirs is deleted with the step. `drop_wraps`
    deletes all reader wraps (the conversation goes back to the queue); the wrap of a guest who is no longer
    there goes with the step.
    """

    conversation: Conversation
    expected: int
    deadline: datetime | None
    entries: tuple[SealedEntry, ...] = ()
    counts: tuple[Count, ...] = ()
    claimed_by: DutyId | None = None
    joined_by: DutyId | None = None
    supervised_by: DutyId | None = None
    capacity: int = 0
    drop_wraps: bool = False
    freed: tuple[tuple[DutyId, datetime], ...] = ()
    """Duties that no longer take part in the conversation, and since when: they may be idle from then on."""
    alongside: tuple[Alongside, ...] = ()
    """What else is stored with it."""
    rekeyed: Rekeyed | None = None
    """With it the keys change: the old ones open nothing from that commit on."""
    word: bytes | None = None
    """The agreed word, sealed, where the step brings one."""
    drops_notes: bool = False
    """Delete what staff have written for each other: where it goes, others work who must not read that."""


class Store(Protocol):
    """The truth. Every method raises `Unavailable` when the store cannot be reached or written now."""

    async def create(
        self,
        conversation: Conversation,
        visitor_key: VisitorKey,
        *,
        deadline: datetime | None,
        wraps: Mapping[DutyId, bytes],
        intake: SealedEntry | None,
        counts: Sequence[Count],
    ) -> None:
        """Store a new conversation at version 0. Returns after the commit."""

    async def commit(self, change: Change) -> None:
        """Store one step. Concurrent calls share one transaction and one commit to disk; returns after it.

        Raises:
            Stale: the stored version is not `expected`, or the conversation is gone. Nothing was stored.
            NotAllowed: `claimed_by` is not on duty in this service.
            NotNow: `claimed_by` has paused.
            AtCapacity: `claimed_by` holds `capacity` conversations already, or as many as it wants to.
        """

    async def append(self, entries: Sequence[SealedEntry], expected: int) -> None:
        """Store what one party said: one or more entries of one conversation, their seqs following its own.

        Each takes the version one further; nothing else changes. This is `commit` for the one step that is
        taken a thousand times as often as all others.

        Raises:
            Stale: the stored version is not `expected`, or the conversation is gone. Nothing was stored.
        """

    async def load(self, conversation: ConversationId) -> Stored | None:
        """Return a live conversation, or None."""

    async def find(self, lookups: Sequence[bytes]) -> Stored | None:
        """Return the live conversation that one of these token lookups names, or None."""

    async def find_return(self, lookups: Sequence[bytes]) -> Stored | None:
        """Return the live conversation that one of these lookups of a code names, or None."""

    async def return_salt(self, fresh: bytes) -> bytes:
        """Return what codes are stretched with here; `fresh` becomes it when there is nothing yet."""

    async def entries(self, conversation: ConversationId, after: int) -> list[SealedEntry]:
        """Return the entries with a seq beyond `after`, in order. The intake (seq 0) is not among them."""

    async def said_after(
        self, seqs: Mapping[ConversationId, int]
    ) -> Mapping[ConversationId, tuple[int, list[SealedEntry]]]:
        """Return of each conversation that has entries beyond a seq its version and these, in order.

        All of one moment in each. What did not say anything, or has ended, is left out.
        """

    async def intake(self, conversation: ConversationId) -> SealedEntry | None:
        """Return the sealed answers that she gave before the start, if any."""

    async def said_as(
        self, conversation: ConversationId, role: Role, client_id: ClientId
    ) -> SealedEntry | None:
        """Return the entry that this role stored under this client id, if any."""

    async def said(self, conversation: ConversationId) -> list[tuple[int, Role, ClientId]]:
        """Return the seq, role and client id of everything that was said, in order, without the texts."""

    async def waiting(self, services: Collection[ServiceId]) -> list[Conversation]:
        """Return the waiting and offered conversations of these services, in no particular order."""

    async def invited(self, services: Collection[ServiceId]) -> list[Conversation]:
        """Return the conversations that wait for a guest of one of these services, in no particular order."""

    async def offered(self, services: Collection[ServiceId]) -> list[Conversation]:
        """Return the conversations that are offered to one of these services, in no particular order."""

    async def hands(self, services: Collection[ServiceId]) -> list[Conversation]:
        """Return the conversations of these services in which a hand is up, in no particular order."""

    async def held_by(self, duty: DutyId) -> list[ConversationId]:
        """Return the conversations that this duty holds, that ring at it, or in which it is a guest."""

    async def loads(self, services: Collection[ServiceId]) -> dict[DutyId, int]:
        """Return in how many active conversations each duty that serves one of these services takes part."""

    async def active_count(self, services: Collection[ServiceId]) -> dict[ServiceId, int]:
        """Return how many conversations are active in each of these services."""

    async def due(self, now: datetime) -> list[ConversationId]:
        """Return the conversations whose stored deadline is at or before `now`."""

    async def mark_all_away(self, now: datetime) -> None:
        """After a start of the only process: nobody has a socket, and every patience begins anew at `now`.

        Sets the away times of both parties and of every duty that has none, and recomputes nothing else;
        deadlines are set to `now` so that they are looked at.
        """

    # wraps

    async def wrap_for(self, conversation: ConversationId, duty: DutyId) -> bytes | None:
        """Return K_c wrapped for this duty, if it has been."""

    async def wrapped_for(self, conversation: ConversationId) -> set[DutyId]:
        """Return the duties that K_c is wrapped for."""

    async def add_wraps(self, conversation: ConversationId, wraps: Mapping[DutyId, bytes]) -> None:
        """Add or replace wraps; those for a duty that is gone, or of an ended conversation, are dropped.

        While a conversation is active only its operator's and its guest's wrap is taken.
        """

    async def renew(
        self, conversation: ConversationId, visitor_key: VisitorKey, *, instead_of: bytes
    ) -> None:
        """Replace what her token opens by the same under a newer day. Does not touch the version.

        Nothing happens where `instead_of` is not the lookup any more: another token counts by now.
        """

    # duty

    async def put_duty(self, duty: Duty, *, begun: Sequence[Count] = ()) -> None:
        """Insert or replace one duty; `idle_since` is taken when it is new (see `Change.freed`).

        `begun`: the shifts that begin with it, one for each service. Each is counted in the same transaction,
        unless this duty has begun one there on that day before, in any process.
        """

    async def duty(self, duty: DutyId) -> Duty | None:
        """Return one duty, or None."""

    async def remove_duty(self, duty: DutyId, *, away_since: datetime | None = None) -> None:
        """Remove one duty and every wrap for it. `away_since`: only if it still is away since then."""

    async def duties(self, services: Collection[ServiceId]) -> list[Duty]:
        """Return the duties that serve at least one of these services."""

    async def all_duties(self) -> list[Duty]:
        """Return every duty, also those that serve nothing at the moment."""

    # counters

    async def count(self, counts: Sequence[Count]) -> None:
        """Add to counters outside a conversation's own step."""

    async def counters(
        self, services: Collection[ServiceId], day: date, last: date | None = None
    ) -> dict[ServiceId, dict[str, int]]:
        """Return the counters of one local day, or from it to `last` in all, by service and name."""


class BorderPolicy(Protocol):
    """Whether a conversation may be given from one organisation to another."""

    def is_open(self, one: OrganisationId, other: OrganisationId, on: date) -> bool:
        """Tell whether something may go from one to the other on a local day; always within one."""


# --- the bus ----------------------------------------------------------------------------------------------


class Bell(StrEnum):
    """Why a doorbell rings."""

    ENTRY = "entry"
    """There are entries up to `seq`."""
    TYPING = "typing"
    """`role` is typing."""
    STATE = "state"
    """Phase, operator or presence of the conversation changed."""
    WRAPPED = "wrapped"
    """There is a new wrap of the conversation's key."""
    TAKEN_OVER = "taken_over"
    """Another connection sits there now: the visitor's, or that of the console of `duty`."""
    NOTED = "noted"
    """There is a staff-only entry `seq`."""
    ENDED = "ended"
    """It ended at `seq`; `reason` says why."""
    WAITING_ROOM = "waiting_room"
    """The waiting room of `service` changed."""
    DUTY = "duty"
    """Who is on duty in `service` changed."""
    HANDS = "hands"
    """A hand was raised, or is down again, in `service`."""
    TALKS = "talks"
    """Wishes to talk to a supervisor in `service` changed."""
    REVOKED = "revoked"
    """The staff sign-in `duty` is no longer valid."""
    TOLD = "told"
    """Something that each process counts in memory was counted: see `told`."""
    SITE = "site"
    """What an organisation says of itself, or when it is open, was changed: read it again."""


class Doorbell(Struct, frozen=True, kw_only=True):
    """A hint to look in the store. Never carries content, not even sealed, and may be lost."""

    bell: Bell
    conversation: ConversationId | None = None
    service: ServiceId | None = None
    duty: DutyId | None = None
    seq: int = 0
    role: Role | None = None
    reason: str = ""
    told: AllTold = ()
    origin: str = ""
    """The process that rang: it has seen its own change already."""


class Bus(Protocol):
    """Carries doorbells to every process, the ringing one included. May lose any of them."""

    def ring(self, doorbell: Doorbell) -> None:
        """Send a doorbell and return at once."""

    def is_shared(self) -> bool:
        """Tell whether anybody else than one listener may hear: else what only others need is not rung."""

    def listen(self, hear: Callable[[Doorbell], Awaitable[None] | None]) -> Callable[[], None]:
        """Call `hear` for every doorbell from now on; return what stops it."""

    def is_away(self) -> bool:
        """Tell whether doorbells do not pass between processes now. Never where there is one process."""

    def expect(self, others: int) -> None:
        """Be told how many other processes live over the store: while fewer are heard, it is away."""

    def on_turn(self, turned: Callable[[bool], None]) -> Callable[[], None]:
        """Call `turned` with `is_away()` at every turn from now on; return what stops it.

        A turn is: away now (True); or here again, or doorbells are known to be lost (False). After False
        everything that a doorbell could have told of must be looked at once. It can come twice in a row.
        """
