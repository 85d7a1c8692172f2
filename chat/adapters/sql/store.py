# SPDX-License-Identifier: EUPL-1.2
"""`chat.ports.Store` in a SQL database.

Owns which calls share a commit (all that happens often) and which have one of their own. The statements are
in `queries.py` and `writes.py`, the decisions in `batch.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import partial

from sqlalchemy import Connection, bindparam, case, delete, func, insert, select, update

from chat.adapters.sql import kept, queries
from chat.adapters.sql.counting import begin_shifts
from chat.adapters.sql.database import Database
from chat.adapters.sql.dialect import lock, upsert
from chat.adapters.sql.group_commit import GroupCommit
from chat.adapters.sql.operations import AddCounts, AddWraps, Append, Create, Renew, Step
from chat.adapters.sql.rows import duty_columns, micros
from chat.adapters.sql.tables import conversation as conversation_table
from chat.adapters.sql.tables import duty as duty_table
from chat.adapters.sql.tables import duty_service, wrap
from chat.conversation import Conversation, Phase
from chat.counted import Count
from chat.duty import Duty
from chat.entries import SealedEntry
from chat.ids import ClientId, ConversationId, DutyId, Role, ServiceId
from chat.ports import Change, Stored, VisitorKey
from chat.watched import Commits

_STOP_SERVING = delete(duty_service).where(duty_service.c.duty == bindparam("this"))
_ALL = select(conversation_table.c.id).order_by(conversation_table.c.id).with_for_update()
_ALL_DUTIES = select(duty_table.c.id).order_by(duty_table.c.id).with_for_update()
_READ_BY = _ALL.where(
    conversation_table.c.id.in_(select(wrap.c.conversation).where(wrap.c.duty == bindparam("this")))
)
_REMOVE_DUTY = delete(duty_table).where(duty_table.c.id == bindparam("this"))
"""Its services and every wrap for it go with it."""
_AWAY = conversation_table.c.visitor_away_since
_ALL_AWAY = update(conversation_table).values(
    version=conversation_table.c.version + 1,
    # A code does not keep a conversation a whole day longer each time that the server starts.
    visitor_away_since=case(
        (conversation_table.c.code_until.is_not(None), func.coalesce(_AWAY, bindparam("now"))),
        else_=bindparam("now"),
    ),
    operator_away_since=case(
        (conversation_table.c.phase == Phase.ACTIVE.value, bindparam("now")), else_=None
    ),
    guest_away_since=case((conversation_table.c.guest.is_not(None), bindparam("now")), else_=None),
    deadline=bindparam("now"),
)
_ALL_DUTIES_AWAY = (
    update(duty_table).where(duty_table.c.away_since.is_(None)).values(away_since=bindparam("now"))
)


class SqlStore:
    """The truth, in a `Database`. See `chat.ports.Store` for what each method promises."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._commits = GroupCommit(database)

    @property
    def commits(self) -> Commits:
        """What has been committed so far, in numbers."""
        return self._commits.counted

    async def close(self) -> None:
        """Take nothing more and finish what has been taken. The database stays open."""
        await self._commits.close()

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
        """Store a new conversation. `Stale` when its id or lookup is taken, which is never by chance."""
        await self._commits.submit(Create(conversation, visitor_key, deadline, wraps, intake, counts))

    async def commit(self, change: Change) -> None:
        """Store one step."""
        await self._commits.submit(Step(change))

    async def append(self, entries: Sequence[SealedEntry], expected: int) -> None:
        """Store what one party said."""
        await self._commits.submit(Append(entries, expected))

    async def load(self, conversation: ConversationId) -> Stored | None:
        """Return a live conversation, or None."""
        return await self._database.run_question(partial(queries.load, name=conversation))

    async def find(self, lookups: Sequence[bytes]) -> Stored | None:
        """Return the live conversation that one of these lookups names, or None."""
        return await self._database.run_question(partial(queries.find, lookups=lookups))

    async def find_return(self, lookups: Sequence[bytes]) -> Stored | None:
        """Return the live conversation that one of these lookups of a code names, or None."""
        return await self._database.run_question(partial(queries.find_return, lookups=lookups))

    async def return_salt(self, fresh: bytes) -> bytes:
        """Select the salt, or insert one."""
        return await kept.return_salt(self._database, fresh)

    async def entries(self, conversation: ConversationId, after: int) -> list[SealedEntry]:
        """Return the entries after a seq, in order."""
        return await self._database.run_question(partial(queries.entries, name=conversation, after=after))

    async def said_after(
        self, seqs: Mapping[ConversationId, int]
    ) -> dict[ConversationId, tuple[int, list[SealedEntry]]]:
        """Return what was stored in each since a seq, with the version that it has by then."""
        return await self._database.run_question(partial(queries.said_after, seqs=seqs))

    async def intake(self, conversation: ConversationId) -> SealedEntry | None:
        """Return her sealed answers, if any."""
        return await self._database.run_question(partial(queries.intake, name=conversation))

    async def said_as(
        self, conversation: ConversationId, role: Role, client_id: ClientId
    ) -> SealedEntry | None:
        """Return the entry of this role and client id, if any."""
        question = partial(queries.said_as, name=conversation, role=role, client_id=client_id)
        return await self._database.run_question(question)

    async def said(self, conversation: ConversationId) -> list[tuple[int, Role, ClientId]]:
        """Return what was said, without the texts."""
        return await self._database.run_question(partial(queries.said, name=conversation))

    async def waiting(self, services: Collection[ServiceId]) -> list[Conversation]:
        """Return the waiting and offered conversations."""
        return await self._database.run_question(partial(queries.waiting, services=services))

    async def invited(self, services: Collection[ServiceId]) -> list[Conversation]:
        """Return the conversations that wait for a guest of these services."""
        return await self._database.run_question(partial(queries.invited, services=services))

    async def offered(self, services: Collection[ServiceId]) -> list[Conversation]:
        """Return the conversations that are offered to these services."""
        return await self._database.run_question(partial(queries.offered, services=services))

    async def hands(self, services: Collection[ServiceId]) -> list[Conversation]:
        """Return the conversations of these services in which a hand is up."""
        return await self._database.run_question(partial(queries.hands, services=services))

    async def held_by(self, duty: DutyId) -> list[ConversationId]:
        """Return what this duty holds, is rung for or is a guest in."""
        return await self._database.run_question(partial(queries.held_by, holder=duty))

    async def loads(self, services: Collection[ServiceId]) -> dict[DutyId, int]:
        """Return the active conversations of each duty that serves one of these, also where there is none."""
        return await self._database.run_question(partial(queries.loads, services=services))

    async def active_count(self, services: Collection[ServiceId]) -> dict[ServiceId, int]:
        """Return the active conversations in each of these services, also where there is none."""
        return await self._database.run_question(partial(queries.active_count, services=services))

    async def due(self, now: datetime) -> list[ConversationId]:
        """Return the conversations whose deadline has come."""
        return await self._database.run_question(partial(queries.due, now=now))

    async def mark_all_away(self, now: datetime) -> None:
        """Note that nobody has a socket. A step that was decided before becomes stale."""
        values = {"now": micros(now)}

        def note(connection: Connection) -> None:
            lock(connection, _ALL, _ALL_DUTIES)
            connection.execute(_ALL_AWAY, values)
            connection.execute(_ALL_DUTIES_AWAY, values)

        await self._database.run_write(note)

    # wraps

    async def wrap_for(self, conversation: ConversationId, duty: DutyId) -> bytes | None:
        """Return K_c wrapped for this duty, if it has been."""
        return await self._database.run_question(partial(queries.wrap_for, name=conversation, holder=duty))

    async def wrapped_for(self, conversation: ConversationId) -> set[DutyId]:
        """Return the duties that K_c is wrapped for."""
        return await self._database.run_question(partial(queries.wrapped_for, name=conversation))

    async def add_wraps(self, conversation: ConversationId, wraps: Mapping[DutyId, bytes]) -> None:
        """Add or replace wraps."""
        if wraps:
            await self._commits.submit(AddWraps(conversation, wraps))

    async def renew(
        self, conversation: ConversationId, visitor_key: VisitorKey, *, instead_of: bytes
    ) -> None:
        """Replace what her token opens, where `instead_of` is still what it is found by."""
        await self._commits.submit(Renew(conversation, visitor_key, instead_of))

    # duty

    async def put_duty(self, duty: Duty, *, begun: Sequence[Count] = ()) -> None:
        """Insert or replace one duty."""
        await self._database.run_write(partial(_put_duty, duty=duty, begun=begun))

    async def duty(self, duty: DutyId) -> Duty | None:
        """Return one duty, or None."""
        return await self._database.run_question(partial(queries.one_duty, holder=duty))

    async def remove_duty(self, duty: DutyId, *, away_since: datetime | None = None) -> None:
        """Remove one duty and every wrap for it, or only if it is away since then."""
        await self._database.run_write(partial(_remove_duty, this={"this": duty}, away_since=away_since))

    async def duties(self, services: Collection[ServiceId]) -> list[Duty]:
        """Return the duties that serve at least one of these services."""
        return await self._database.run_question(partial(queries.duties, services=services))

    async def all_duties(self) -> list[Duty]:
        """Return every duty."""
        return await self._database.run_question(partial(queries.duties, services=None))

    # counters

    async def count(self, counts: Sequence[Count]) -> None:
        """Add to counters."""
        if counts:
            await self._commits.submit(AddCounts(counts))

    async def counters(
        self, services: Collection[ServiceId], day: date, last: date | None = None
    ) -> dict[ServiceId, dict[str, int]]:
        """Return the counters of one local day or of several; an empty mapping for a service without any."""
        query = partial(queries.counters, services=services, first=day, last=last or day)
        return await self._database.run_question(query)


def _remove_duty(connection: Connection, this: dict[str, DutyId], away_since: datetime | None) -> None:
    # Whoever ends one of them meanwhile deletes its wraps too.
    lock(connection, _READ_BY, **this)
    remove = _REMOVE_DUTY
    if away_since is not None:
        remove = _REMOVE_DUTY.where(duty_table.c.away_since == micros(away_since))
    connection.execute(remove, this)


def _put_duty(connection: Connection, duty: Duty, begun: Sequence[Count]) -> None:
    columns = duty_columns(duty)
    # Since when they are idle is the group commit's to say: it knows when the last conversation was given up.
    replacing = tuple(name for name in columns if name not in {"id", "idle_since"})
    connection.execute(upsert(connection.dialect.name, duty_table, replacing=replacing), columns)
    connection.execute(_STOP_SERVING, {"this": duty.id})
    if duty.services:
        rows = [{"duty": duty.id, "service": service} for service in sorted(duty.services)]
        connection.execute(insert(duty_service), rows)
    begin_shifts(connection, duty.id, begun)
