# SPDX-License-Identifier: EUPL-1.2
"""The tables of handovers.

Owns names, columns and indexes. Times are whole seconds since 1970-01-01 UTC. No column holds a readable
word of hers, a name or a conversation; `chat/adapters/migrations/versions/0003_handovers.py` makes the
tables, and a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

handover = Table(
    "handover",
    metadata,
    Column("id", String(22), nullable=False),
    Column("service", String(64), nullable=False),
    Column("sender", String(64), nullable=False),
    Column("track", String(16), nullable=False),
    Column("language", String(35), nullable=False),
    Column("created_on", Date, nullable=False),
    Column("lookup", LargeBinary, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("copy", LargeBinary, nullable=False),
    Column("contacts_version", Integer, nullable=False),
    Column("contacts_for_coordinator", LargeBinary),
    Column("contacts_for_visitor", LargeBinary),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("lookup"),
)

ticket = Table(
    "ticket",
    metadata,
    Column("id", String(22), nullable=False),
    Column("handover", String(22), ForeignKey("handover.id", ondelete="CASCADE"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("receiver", String(64), nullable=False),
    Column("organisation", String(64), nullable=False),
    Column("track", String(16), nullable=False),
    Column("received_at", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("granted_at", BigInteger, nullable=False),
    Column("deadline", BigInteger, nullable=False),
    Column("opened_at", BigInteger),
    Column("closed_at", BigInteger),
    Column("coordinates", Boolean, nullable=False),
    Column("unread", Integer, nullable=False),
    Column("shown", String(64), nullable=False),
    Column("body", LargeBinary),
    PrimaryKeyConstraint("id"),
    Index(None, "handover"),
    Index(None, "receiver", "track"),
    Index(None, "deadline"),
)

letter = Table(
    "letter",
    metadata,
    Column("ticket", String(22), ForeignKey("ticket.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("writer", String(16), nullable=False),
    Column("for_receiver", LargeBinary, nullable=False),
    Column("for_visitor", LargeBinary, nullable=False),
    Column("visitor_comes", Boolean),
    Column("receiver_comes", Boolean),
    Column("meeting", String(22), nullable=False),
    PrimaryKeyConstraint("ticket", "number"),
)

handover_count = Table(
    "handover_count",
    metadata,
    Column("day", Date, nullable=False),
    Column("service", String(64), nullable=False),
    Column("receiver", String(64), nullable=False),
    Column("event", String(16), nullable=False),
    Column("times", Integer, nullable=False),
    PrimaryKeyConstraint("day", "service", "receiver", "event"),
    sqlite_with_rowid=False,  # a row's number would tell in which order things were first counted that day
)
"""What happened how often, by day while its month runs, then by month while an agreement's goals need it."""

unit_key = Table(
    "unit_key",
    metadata,
    Column("unit", String(64), nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    PrimaryKeyConstraint("unit"),
)

installation = Table(
    "installation",
    metadata,
    Column("name", String(32), nullable=False),
    Column("value", LargeBinary, nullable=False),
    PrimaryKeyConstraint("name"),
)
"""Random bytes that belong to this installation: the salt of the pick-up codes."""
