# SPDX-License-Identifier: EUPL-1.2
"""Many operations as one: read what they need, decide each in turn, write what is left with a few statements.

Owns the decisions of the store (stale, not allowed, paused, at capacity). Runs inside a write transaction,
so nothing read here changes before it is written. The number of statements does not grow with the number of
operations.

Everybody who writes locks rows in one order: the turn of the rare writers, conversations by id, duties by id,
wraps, entries, counters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from chat.adapters.sql import facts
from chat.adapters.sql.counting import counter_of
from chat.adapters.sql.facts import Known, OnDuty
from chat.adapters.sql.operations import (
    AddCounts,
    AddWraps,
    Append,
    Create,
    Operation,
    Renew,
    Step,
    concerned,
    counts_of,
)
from chat.adapters.sql.rows import (
    entry_values,
    micros,
    rekeyed_columns,
    state_columns,
    visitor_key_columns,
)
from chat.adapters.sql.writes import Writes
from chat.conversation import Phase
from chat.counted import Count
from chat.entries import SealedEntry
from chat.errors import AtCapacity, NotAllowed, NotNow, Refused, Stale
from chat.ids import ConversationId, DutyId, ServiceId
from chat.ports import Change

Outcome = Exception | None
"""What became of one operation: None when it is stored, else what its caller shall be told."""


def write_batch(connection: Connection, operations: Sequence[Operation]) -> list[Outcome]:
    """Carry out `operations` in their order and return the outcome of each, in the same order.

    An operation that is refused leaves nothing behind and harms no other. An error of the database is raised
    and nothing of any of them is left.
    """
    batch = _read(connection, operations)
    outcomes: list[Outcome] = []
    for operation in operations:
        try:
            batch.decide(operation)
        except (Refused, Stale) as refusal:
            outcomes.append(refusal)
        else:
            outcomes.append(None)
    batch.writes.flush(connection)
    return outcomes


def held_up(connection: Connection, operations: Sequence[Operation]) -> list[bool]:
    """Tell of each whether somebody else holds a row that it needs, or it needs one that is not there."""
    needed = [_Needed.by([operation]) for operation in operations]
    counters = [{counter_of(count) for count in counts_of(operation)} for operation in operations]
    conversations = set().union(*(each.conversations for each in needed))
    duties = set().union(*(each.duties for each in needed))
    unheld = facts.unheld(connection, conversations, duties)
    unheld_counters = facts.unheld_counters(connection, set().union(*counters))
    return [
        not ((each.conversations | each.duties) <= unheld and added <= unheld_counters)
        for each, added in zip(needed, counters, strict=True)
    ]


@dataclass(slots=True)
class _Needed:
    """The rows that must be known and locked before some operations are decided."""

    conversations: set[ConversationId] = field(default_factory=set)
    duties: set[DutyId] = field(default_factory=set)
    claimants: set[DutyId] = field(default_factory=set)
    """Those of the duties that want to take a conversation."""

    @classmethod
    def by(cls, operations: Iterable[Operation]) -> _Needed:
        needed = cls()
        for operation in operations:
            needed.add(operation)
        return needed

    def add(self, operation: Operation) -> None:
        if (name := concerned(operation)) is not None:
            self.conversations.add(name)
        match operation:
            case Create(wraps=wraps) | AddWraps(wraps=wraps):
                self.duties.update(wraps)
            case Step(change):
                takers = {each for each in _takers(change) if each is not None}
                self.claimants |= takers
                self.duties |= takers
                self.duties.update(duty for duty, _ in change.freed)
            case _:
                pass


def _read(connection: Connection, operations: Sequence[Operation]) -> _Batch:
    needed = _Needed.by(operations)
    return _Batch(
        facts.conversations(connection, needed.conversations),
        facts.on_duty(connection, needed.duties, needed.claimants),
    )


def _takers(change: Change) -> tuple[DutyId | None, ...]:
    return change.claimed_by, change.joined_by, change.supervised_by


@dataclass(slots=True)
class _Batch:
    """What is known while the operations are decided, moved on by each of them, and what will be written."""

    known: dict[ConversationId, Known]
    on_duty: dict[DutyId, OnDuty]
    writes: Writes = field(default_factory=Writes)

    def decide(self, operation: Operation) -> None:
        """Carry out one operation in memory, whole, or raise before anything has changed."""
        match operation:
            case Append(entries, expected):
                self._append(entries, expected)
            case Create():
                self._create(operation)
            case Step(change):
                self._step(change)
            case AddWraps(conversation, wraps):
                self._add_wraps(conversation, wraps)
            case Renew(conversation, visitor_key, instead_of):
                if conversation in self.known:
                    self.writes.renew(conversation, instead_of, visitor_key_columns(visitor_key))
            case AddCounts(counts):
                self._count(counts)

    def _create(self, operation: Create) -> None:
        conversation = operation.conversation
        self.writes.created.append(
            {
                "id": conversation.id,
                "version": 0,
                "started_at": micros(conversation.started_at),
                **state_columns(conversation, operation.deadline),
                **visitor_key_columns(operation.visitor_key),
            }
        )
        self.known[conversation.id] = Known(0, conversation.holder)
        if operation.intake is not None:
            self.writes.entries.append(entry_values(operation.intake))
        self._add_wraps(conversation.id, operation.wraps)
        self._count(operation.counts)

    def _append(self, entries: Sequence[SealedEntry], expected: int) -> None:
        name = entries[0].conversation
        known = self.known.get(name)
        if known is None or known.version != expected:
            raise Stale
        known.version += len(entries)
        self.writes.append(name, [entry_values(entry) for entry in entries])

    def _step(self, change: Change) -> None:
        name = change.conversation.id
        known = self.known.get(name)
        if known is None or known.version != change.expected:
            raise Stale
        after = change.conversation
        if change.claimed_by is not None:
            self._check_claim(change.claimed_by, after.service, change.capacity)
        if change.joined_by is not None:
            self._check_claim(
                change.joined_by, after.invitation.service if after.invitation else None, change.capacity
            )
        if change.supervised_by is not None:
            self._check_supervisor(change.supervised_by, known, after.service, change.capacity)
        guest = after.guest.duty if after.guest is not None else None
        self._move_load(known.holder, after.holder)
        self._move_load(known.guest, guest)
        for duty, since in change.freed:
            self.writes.freed[duty] = micros(since)
        self._count(change.counts)
        if change.conversation.phase is Phase.ENDED:
            del self.known[name]
            self.writes.end(name)
            return
        known.version += 1
        self._drop(name, change, known)
        known.holder, known.guest = after.holder, guest
        self.writes.step(name, known.version, state_columns(change.conversation, change.deadline))
        if change.rekeyed is not None:
            self.writes.rekey(name, rekeyed_columns(change.rekeyed))
        if change.word is not None:
            self.writes.words[name] = change.word
        for entry in change.entries:
            self.writes.tell(entry)
        self.writes.alongside.extend(change.alongside)

    def _drop(self, name: ConversationId, change: Change, known: Known) -> None:
        """Take away what goes with a step; no wrap outlives a right to read. `known`: as it was before."""
        holder, guest = change.conversation.holder, change.conversation.guest
        if change.drops_notes:
            self.writes.drop_notes(name)
        if change.drop_wraps:
            self.writes.drop_wraps(name)
        if holder is not None and holder != known.holder:
            self.writes.drop_wraps(name, but=holder)
        if known.guest not in {None, holder, guest.duty if guest is not None else None}:
            self.writes.drop_wrap(name, DutyId(known.guest))

    def _check_claim(self, claimant: DutyId, service: ServiceId | None, capacity: int) -> None:
        duty = self.on_duty.get(claimant)
        if duty is None or service not in duty.services:
            raise NotAllowed
        if duty.has_paused:
            raise NotNow
        if duty.holds >= (capacity if duty.most is None else min(capacity, duty.most)):
            raise AtCapacity

    def _check_supervisor(self, supervisor: DutyId, known: Known, service: ServiceId, capacity: int) -> None:
        """As `_check_claim`; whoever is in it already and takes it over has their place."""
        duty = self.on_duty.get(supervisor)
        if duty is None or service not in duty.supervising:
            raise NotAllowed
        if duty.holds - (known.guest == supervisor) >= capacity:
            raise AtCapacity

    def _move_load(self, before: str | None, after: str | None) -> None:
        """Keep count, for the claims that come later in this batch."""
        if before is not None and (left := self.on_duty.get(DutyId(before))):
            left.holds -= 1
        if after is not None and (taken := self.on_duty.get(DutyId(after))):
            taken.holds += 1

    def _add_wraps(self, name: ConversationId, wraps: Mapping[DutyId, bytes]) -> None:
        known = self.known.get(name)
        if known is None:
            return
        for duty, wrap in wraps.items():
            if duty in self.on_duty and (known.holder is None or duty in {known.holder, known.guest}):
                self.writes.wraps[name, duty] = wrap

    def _count(self, counts: Iterable[Count]) -> None:
        for count in counts:
            self.writes.counts[counter_of(count)] += count.by
