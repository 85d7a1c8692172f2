# SPDX-License-Identifier: EUPL-1.2
"""The tables of staff accounts, their sign-ins, second factors and invitations, and the audit log.

The migrations make them (`0002_accounts.py` and later ones); a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

metadata = MetaData()

accounts = Table(
    "staff_accounts",
    metadata,
    Column("id", String(22), primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("services", JSON, nullable=False),
    Column("units", JSON, nullable=False),
    Column("organisations", JSON, nullable=False),
    Column("password_hash", String(255), nullable=False),
    Column("disabled", Boolean, nullable=False),
)

sessions = Table(
    "staff_sessions",
    metadata,
    Column("lookup", LargeBinary(32), primary_key=True),
    Column("duty", String(22), nullable=False, unique=True),
    Column("account", ForeignKey("staff_accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("expires_at", BigInteger, nullable=False),
)

second_factors = Table(
    "staff_second_factors",
    metadata,
    Column("account", ForeignKey("staff_accounts.id", ondelete="CASCADE"), primary_key=True),
    # Sealed under a key that lies in the keys directory, never here.
    Column("sealed", LargeBinary(64), nullable=False),
    Column("last_step", BigInteger, nullable=False),
)

factor_key = Table(
    "staff_factor_key",
    metadata,
    # One row: 1.
    Column("number", Integer, primary_key=True, autoincrement=False),
    # What the key is known by that the factors are sealed under. It opens nothing.
    Column("check", LargeBinary(32), nullable=False),
)

recovery_codes = Table(
    "staff_recovery_codes",
    metadata,
    Column("account", ForeignKey("staff_accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("digest", LargeBinary(32), primary_key=True),
)

invitations = Table(
    "staff_invitations",
    metadata,
    Column("lookup", LargeBinary(32), primary_key=True),
    Column("id", String(22), nullable=False, unique=True),
    Column("label", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("services", JSON, nullable=False),
    Column("units", JSON, nullable=False),
    Column("organisations", JSON, nullable=False),
    # Whose password it renews; none: it makes a new account.
    Column("account", ForeignKey("staff_accounts.id", ondelete="CASCADE"), nullable=True, index=True),
    Column("made_by", ForeignKey("staff_accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("expires_at", BigInteger, nullable=False),
)

audit = Table(
    "staff_audit",
    metadata,
    Column("day", Date, primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("account", String(64), primary_key=True),
    Column("organisation", String(64), primary_key=True),
    Column("place", String(64), primary_key=True),
    Column("times", Integer, nullable=False),
    Index("staff_audit_by_organisation", "organisation", "day"),
    sqlite_with_rowid=False,  # a row's number would tell in which order things were first done that day
)
