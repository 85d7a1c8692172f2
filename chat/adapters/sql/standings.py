# SPDX-License-Identifier: EUPL-1.2
"""`chat.watched.Standings`: three counting statements over the tables of conversations and duties.

Reads no name of anything: neither a conversation's nor a service's.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, case, func, select

from chat.adapters.sql.database import Database
from chat.adapters.sql.rows import micros, moment_or_none
from chat.adapters.sql.tables import conversation, duty, duty_service
from chat.phase import Phase
from chat.watched import Standing

_PHASES = select(conversation.c.phase, func.count()).group_by(conversation.c.phase)
_OLDEST = select(
    func.min(
        case(
            (
                conversation.c.phase.in_((Phase.WAITING.value, Phase.OFFERED.value)),
                conversation.c.waiting_since,
            )
        )
    ),
    func.min(case((conversation.c.deadline <= bindparam("now"), conversation.c.deadline))),
)
_SERVES: Final = select(duty_service.c.duty).where(duty_service.c.duty == duty.c.id).exists()
_DUTIES = select(
    func.count(case((duty.c.away_since.is_(None) & duty.c.paused_since.is_(None), 1))),
    func.count(case((duty.c.away_since.is_(None) & duty.c.paused_since.is_not(None), 1))),
    func.count(case((duty.c.away_since.is_not(None), 1))),
).where(_SERVES)


class SqlStandings:
    """See the module."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def standing(self, now: datetime) -> Standing:
        """Return how everything stands, at one moment."""

        def read(connection: Connection) -> Standing:
            phases = connection.execute(_PHASES).all()
            waits, due = connection.execute(_OLDEST, {"now": micros(now)}).one()
            present, paused, away = connection.execute(_DUTIES).one()
            return Standing(
                conversations={Phase(phase): number for phase, number in phases},
                waits_since=moment_or_none(waits),
                due_since=moment_or_none(due),
                present=present,
                paused=paused,
                away=away,
            )

        return await self._database.run_read(read)
