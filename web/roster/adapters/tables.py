# SPDX-License-Identifier: EUPL-1.2
"""The tables of the roster: shifts, who is on them, how often somebody's shifts have changed, and closings.

`chat/adapters/migrations/versions/0017_roster.py` makes them; a test compares the two. Nothing in them is
about a visitor or a conversation; people are those of the staff, by the names they sign in with.
"""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Table

metadata = MetaData()

shifts = Table(
    "shifts",
    metadata,
    Column("id", String(22), primary_key=True),
    Column("service", String(64), nullable=False),
    Column("starts_at", BigInteger, nullable=False),
    Column("ends_at", BigInteger, nullable=False),
    Column("wanted", Integer, nullable=False),
    Column("fewest", Integer, nullable=False),
    Column("cancelled", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_shifts_service_ends_at", "service", "ends_at"),
    Index("ix_shifts_ends_at", "ends_at"),
)

places = Table(
    "shift_places",
    metadata,
    Column(
        "shift", String(22), ForeignKey("shifts.id", name="fk_shift_places_shift_shifts"), primary_key=True
    ),
    Column("account", String(64), primary_key=True),
    Column("hold", String(16), nullable=False),
    Index("ix_shift_places_account", "account"),
)

people = Table(
    "shift_people",
    metadata,
    Column("account", String(64), primary_key=True),
    Column("version", Integer, nullable=False),
)

closings = Table(
    "closings",
    metadata,
    Column("service", String(64), primary_key=True),
    Column("starts_at", BigInteger, nullable=False),
    Column("ends_at", BigInteger, nullable=False),
    Column("words", JSON, nullable=False),
)
