# SPDX-License-Identifier: EUPL-1.2
"""What a batch will write, gathered and then carried out with a few statements.

Owns the writing statements of the group commit and the order in which they run. Decides nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, delete, insert, select, update

from chat.adapters.sql import counting, facts, staff_entries
from chat.adapters.sql.dialect import upsert
from chat.adapters.sql.prepared import ManyNames, ManyRows
from chat.adapters.sql.rows import ARRIVAL, ENTRY, Columns, arrival_values, entry_values
from chat.adapters.sql.tables import conversation, duty, entry, wrap
from chat.entries import SealedEntry
from chat.ids import ConversationId, DutyId, ServiceId
from chat.ports import Alongside

_CREATE = insert(conversation)
_APPEND = ManyRows(entry, ENTRY)
_ARRIVE = ManyRows(entry, ARRIVAL)
"""Apart, so that a message does not carry a column that it never fills."""
_BY: BindParameter[int] = bindparam("by")
_GROW = ManyNames(
    lambda names: (
        update(conversation)
        .where(conversation.c.id.in_(names))
        .values(version=conversation.c.version + _BY, seq=conversation.c.seq + _BY)
    ),
    "by",
)
"""With `_APPEND` the message append: no indexed column is touched."""
_MOVE = update(conversation).where(conversation.c.id == bindparam("this"))
_RENEW = _MOVE.where(conversation.c.lookup == bindparam("replaced"))
_DROP_WRAPS = delete(wrap).where(wrap.c.conversation == bindparam("this"))
_DROP_OTHER_WRAPS = _DROP_WRAPS.where(wrap.c.duty != bindparam("kept"))
_DROP_WRAP = _DROP_WRAPS.where(wrap.c.duty == bindparam("dropped"))
_IDLE = update(duty).where(duty.c.id == bindparam("this")).values(idle_since=bindparam("freed_at"))
_END = delete(conversation).where(conversation.c.id.in_(bindparam("names", expanding=True)))
"""Entries of both kinds and wraps go with the conversation they belong to."""
_THERE = select(conversation.c.id).where(conversation.c.id.in_(bindparam("names", expanding=True)))


def take_back(connection: Connection, names: Sequence[ConversationId]) -> list[ConversationId]:
    """Delete conversations of which nobody was told, where they are stored at all.

    Waits for nobody; returns those that somebody else holds, and that are there still.
    """
    unheld = facts.unheld(connection, names, ())
    if unheld:
        connection.execute(_END, {"names": sorted(unheld)})
    return list(connection.execute(_THERE, {"names": list(names)}).scalars())


@dataclass(slots=True)
class Writes:
    """Rows to write, by kind. The last word about a row is the one that counts."""

    created: list[Columns] = field(default_factory=list)
    entries: list[tuple[Any, ...]] = field(default_factory=list)
    arrivals: list[tuple[Any, ...]] = field(default_factory=list)
    words: dict[ConversationId, bytes] = field(default_factory=dict)
    wraps: dict[tuple[ConversationId, DutyId], bytes] = field(default_factory=dict)
    freed: dict[DutyId, int] = field(default_factory=dict)
    alongside: list[Alongside] = field(default_factory=list)
    counts: Counter[tuple[ServiceId, date, str]] = field(default_factory=Counter)
    _grown: Counter[ConversationId] = field(default_factory=Counter)
    _moved: dict[ConversationId, Columns] = field(default_factory=dict)
    _rekeyed: dict[ConversationId, Columns] = field(default_factory=dict)
    _renewals: dict[ConversationId, Columns] = field(default_factory=dict)
    _kept_wraps: dict[ConversationId, DutyId | None] = field(default_factory=dict)
    _dropped_wraps: set[tuple[ConversationId, DutyId]] = field(default_factory=set)
    _without_notes: set[ConversationId] = field(default_factory=set)
    _ended: set[ConversationId] = field(default_factory=set)

    def append(self, name: ConversationId, entries: Sequence[tuple[Any, ...]]) -> None:
        """Note messages: their conversation is one version and one seq further for each."""
        self.entries += entries
        if (moved := self._moved.get(name)) is not None:
            moved["version"] += len(entries)
            moved["seq"] += len(entries)
        else:
            self._grown[name] += len(entries)

    def step(self, name: ConversationId, version: int, state: Columns) -> None:
        """Note the next state of a conversation; messages before it are in its version and seq."""
        self._grown.pop(name, None)
        self._moved[name] = {"this": name, "version": version, **state}

    def rekey(self, name: ConversationId, keys: Columns) -> None:
        """Note other keys of a conversation. What was to be renewed before is not to be any more."""
        self._rekeyed[name] = {"this": name, **self._rekeyed.get(name, {}), **keys}
        if "lookup" in keys:
            self._renewals.pop(name, None)

    def renew(self, name: ConversationId, instead_of: bytes, key: Columns) -> None:
        """Note the same token under a newer day, where that token still counts."""
        self._renewals[name] = {"this": name, "replaced": instead_of, **key}

    def tell(self, entry: SealedEntry) -> None:
        """Note an entry of a step."""
        if entry.organisation is None:
            self.entries.append(entry_values(entry))
        else:
            self.arrivals.append(arrival_values(entry))

    def drop_wrap(self, name: ConversationId, duty: DutyId) -> None:
        """Note that the wrap for one duty goes."""
        self._dropped_wraps.add((name, duty))
        self.wraps.pop((name, duty), None)

    def drop_wraps(self, name: ConversationId, *, but: DutyId | None = None) -> None:
        """Note that every wrap of a conversation goes, or every one but that for one duty."""
        dropped_before = name in self._kept_wraps and self._kept_wraps[name] is None
        self._kept_wraps[name] = None if dropped_before else but
        for of, holder in [key for key in self.wraps if key[0] == name]:
            if holder != but:
                del self.wraps[of, holder]

    def drop_notes(self, name: ConversationId) -> None:
        """Note that what staff have written for each other goes."""
        self._without_notes.add(name)

    def end(self, name: ConversationId) -> None:
        """Note that a conversation is over: nothing stays of it, nor of what was about to be written."""
        self._ended.add(name)
        self.entries = [row for row in self.entries if row[0] != name]
        self.arrivals = [row for row in self.arrivals if row[0] != name]
        self.wraps = {key: sealed for key, sealed in self.wraps.items() if key[0] != name}
        for pending in (
            self._grown,
            self._moved,
            self._kept_wraps,
            self._rekeyed,
            self._renewals,
            self.words,
        ):
            pending.pop(name, None)

    def flush(self, connection: Connection) -> None:
        """Write it all. Rows are in order, so that two processes cannot deadlock."""
        self._flush_conversations(connection)
        self._flush_wraps(connection)
        if self.entries:
            _APPEND.run(connection, self.entries)
        if self.arrivals:
            _ARRIVE.run(connection, self.arrivals)
        if self._without_notes:
            connection.execute(staff_entries.DROP, {"names": sorted(self._without_notes)})
        if self.freed:
            rows = [{"this": holder, "freed_at": since} for holder, since in sorted(self.freed.items())]
            connection.execute(_IDLE, rows)
        if self._ended:
            connection.execute(_END, {"names": sorted(self._ended)})
        counting.add_sums(connection, self.counts)
        for other in self.alongside:
            other.write(connection)

    def _flush_conversations(self, connection: Connection) -> None:
        if self.created:
            connection.execute(_CREATE, self.created)
        for by in sorted(set(self._grown.values())):
            names = sorted(name for name, times in self._grown.items() if times == by)
            _GROW.run(connection, names, by)
        if self._moved:
            connection.execute(_MOVE, list(self._moved.values()))
        for columns in self._rekeyed.values():  # not all of them change the same columns
            connection.execute(_MOVE, columns)
        if self._renewals:
            connection.execute(_RENEW, list(self._renewals.values()))
        if self.words:
            connection.execute(_MOVE, [{"this": name, "word": word} for name, word in self.words.items()])

    def _flush_wraps(self, connection: Connection) -> None:
        if emptied := [{"this": name} for name, kept in self._kept_wraps.items() if kept is None]:
            connection.execute(_DROP_WRAPS, emptied)
        if kept := [{"this": name, "kept": kept} for name, kept in self._kept_wraps.items() if kept]:
            connection.execute(_DROP_OTHER_WRAPS, kept)
        if dropped := [{"this": name, "dropped": holder} for name, holder in sorted(self._dropped_wraps)]:
            connection.execute(_DROP_WRAP, dropped)
        if self.wraps:
            rows = [
                {"conversation": name, "duty": holder, "wrap": sealed}
                for (name, holder), sealed in sorted(self.wraps.items())
            ]
            connection.execute(upsert(connection.dialect.name, wrap, replacing=("wrap",)), rows)
