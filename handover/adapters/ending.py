# SPDX-License-Identifier: EUPL-1.2
"""What goes from the database with a ticket that has ended, also after a backup has been restored.

Owns these statements. Decides nothing: the ticket does, or the log of erased tickets.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from handover.adapters.rows import ticket_columns, ticket_of
from handover.adapters.tables import handover, letter, ticket
from handover.erased import Erased, ended
from handover.ticket import Ticket, TicketState


def leave_nothing_unread(connection: Connection, changed: Ticket) -> None:
    """With what was never received go her letters to the unit; with a coordinator's ticket its list."""
    if not changed.is_readable and changed.opened_at is None:
        connection.execute(update(letter).where(letter.c.ticket == changed.id).values(for_receiver=b""))
    if changed.coordinates and not changed.is_live:
        mine = handover.c.id == changed.handover
        connection.execute(update(handover).where(mine).values(contacts_for_coordinator=None))


def erase(connection: Connection, erased: Ticket) -> None:
    """Delete a ticket with its letters, and the handover when it was the last one.

    The handover's row is locked first: two that are erased at the same moment must not each see the other.
    """
    connection.execute(select(handover.c.id).where(handover.c.id == erased.handover).with_for_update())
    connection.execute(delete(ticket).where(ticket.c.id == erased.id))
    left = select(ticket.c.id).where(ticket.c.handover == erased.handover).exists()
    connection.execute(delete(handover).where(handover.c.id == erased.handover, ~left))


def reapply(connection: Connection, erased: Erased, now: datetime) -> int:
    """End every ticket that the log says has ended meanwhile; return how many.

    For a database that has come from a backup and that nobody serves yet, in the same transaction.
    """
    every = select(*[column for column in ticket.c if column.name != "body"], handover.c.sender).join(
        handover, handover.c.id == ticket.c.handover
    )
    changed = 0
    for row in connection.execute(every).mappings().all():
        before = ticket_of(row)
        after = ended(before, erased, now)
        if after is before:
            continue
        values = {**ticket_columns(after), "version": row["version"] + 1}
        if not after.is_readable:
            values["body"] = None
        if after.state is TicketState.ERASED:
            erase(connection, after)
        else:
            connection.execute(update(ticket).where(ticket.c.id == after.id).values(values))
            leave_nothing_unread(connection, after)
        changed += 1
    return changed
