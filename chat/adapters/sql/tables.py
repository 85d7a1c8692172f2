# SPDX-License-Identifier: EUPL-1.2
"""The tables of the chat.

Owns names, columns and indexes. Times are integers: microseconds since 1970-01-01 UTC. Sets of ids are one
text of words in order. Everything that hangs on a conversation goes with it (`ON DELETE CASCADE`).
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
    Text,
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

conversation = Table(
    "conversation",
    metadata,
    Column("id", String(22), nullable=False),
    Column("version", Integer, nullable=False),
    Column("service", String(64), nullable=False),
    Column("organisation", String(64), nullable=False),
    Column("track", String(16), nullable=False),
    Column("language", String(35), nullable=False),
    Column("phase", String(16), nullable=False),
    Column("acute", Boolean, nullable=False),
    Column("front", Boolean, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("operator", String(22)),
    Column("alias", Text),
    Column("started_at", BigInteger, nullable=False),
    Column("waiting_since", BigInteger, nullable=False),
    Column("answered_at", BigInteger),
    Column("offered_until", BigInteger),
    Column("passed_by", Text, nullable=False),
    Column("visitor_away_since", BigInteger),
    Column("operator_away_since", BigInteger),
    Column("deadline", BigInteger),
    Column("proposal", Integer),
    Column("invited", String(64)),
    Column("invited_from", Text),
    Column("invited_at", BigInteger),
    Column("invited_history", Boolean),
    Column("guest", String(22)),
    Column("guest_alias", Text),
    Column("guest_after", Integer),
    Column("guest_away_since", BigInteger),
    Column("transfer", String(64)),
    Column("transfer_organisation", String(64)),
    Column("transfer_name", Text),
    Column("transfer_duty", String(22)),
    Column("transfer_alias", Text),
    Column("transfer_history", Boolean),
    Column("transfer_at", BigInteger),
    Column("transfer_until", BigInteger),
    Column("transfer_passed_by", Text),
    Column("transfer_ended", String(16)),
    Column("reads_after", Integer),
    Column("crossed", Text),
    Column("guest_supervisor", Boolean),
    Column("hand_since", BigInteger),
    Column("code_until", BigInteger),
    Column("returns", Integer),
    Column("seat", String(22)),
    Column("denials", Integer),
    Column("word_state", String(16)),
    Column("word_wrong", Integer),
    Column("word", LargeBinary),
    Column("key_day", Integer, nullable=False),
    Column("lookup", LargeBinary, nullable=False),
    Column("visitor_wrap", LargeBinary, nullable=False),
    Column("return_day", Integer),
    Column("return_lookup", LargeBinary),
    Column("return_wrap", LargeBinary),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("lookup"),
    Index(None, "service", "phase"),
    Index(None, "operator"),
    Index(None, "deadline"),
    Index(None, "invited"),
    Index(None, "guest"),
    Index(None, "transfer"),
    Index(None, "hand_since"),
    Index(None, "return_lookup", unique=True),
)
"""Live conversations only: an ended one has no row. `lookup` is what her token is found by, `return_lookup`
what her code is. `invited`: the service whose operator may come as a guest, or has come. `hand_since`: a
supervisor is asked for. `seat`: which of her connections counts. `word` is sealed. `transfer`: the service
that it is offered to, or was. `crossed`: each border as `seq:organisation`."""

entry = Table(
    "entry",
    metadata,
    Column("conversation", String(22), ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("role", String(16), nullable=False),
    Column("client_id", String(22)),
    Column("body", LargeBinary),
    Column("alias", Text),
    Column("organisation", Text),
    PrimaryKeyConstraint("conversation", "seq"),
)
"""Sealed entries: 1 to n as she sees them, and her sealed answers from before the start at 0.

A client id needs no index of its own: only a process that knows every entry up to the stored version can add
one (`Append.expected`), so it has seen an id that was used before."""

staff_entry = Table(
    "staff_entry",
    metadata,
    Column("conversation", String(22), ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False),
    Column("staff_seq", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("client_id", String(22), nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("conversation", "staff_seq"),
)
"""What staff write for each other: numbers of their own, and no column that tells who wrote it or when."""

duty = Table(
    "duty",
    metadata,
    Column("id", String(22), nullable=False),
    Column("alias", Text, nullable=False),
    Column("track", String(16), nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("key_day", Integer, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("idle_since", BigInteger, nullable=False),
    Column("languages", Text, nullable=False),
    Column("away_since", BigInteger),
    Column("supervising", Text),
    Column("capacity", Integer),
    Column("paused_since", BigInteger),
    Column("seat", String(22)),
    PrimaryKeyConstraint("id"),
)

duty_service = Table(
    "duty_service",
    metadata,
    Column("duty", String(22), ForeignKey("duty.id", ondelete="CASCADE"), nullable=False),
    Column("service", String(64), nullable=False),
    PrimaryKeyConstraint("duty", "service"),
    Index(None, "service"),
)

wrap = Table(
    "wrap",
    metadata,
    Column("conversation", String(22), ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False),
    Column("duty", String(22), ForeignKey("duty.id", ondelete="CASCADE"), nullable=False),
    Column("wrap", LargeBinary, nullable=False),
    PrimaryKeyConstraint("conversation", "duty"),
    Index(None, "duty"),
)
"""K_c of one conversation, wrapped for one duty."""

counter = Table(
    "counter",
    metadata,
    Column("service", String(64), nullable=False),
    Column("day", Date, nullable=False),
    Column("name", String(32), nullable=False),
    Column("value", Integer, nullable=False),
    PrimaryKeyConstraint("service", "day", "name"),
    sqlite_with_rowid=False,
)
"""Of the running week; what is gathered at its end is deleted.

Without row numbers: they would tell in which order things were first counted, and so, for an hour of the
week that stands apart from its day on purpose, on which day that was."""

figure = Table(
    "figure",
    metadata,
    Column("service", String(64), nullable=False),
    Column("week", Integer, nullable=False),
    Column("told", LargeBinary, nullable=False),
    PrimaryKeyConstraint("service", "week"),
    sqlite_with_rowid=False,
)
"""What has been told (`chat/published.py`), for good: all of a service and a week in one row (`packed.py`).
Weeks are days since 1970-01-01, their Mondays. It is read by service and weeks alone, so SQLite keeps it in
that order."""

gathered = Table(
    "gathered",
    metadata,
    Column("service", String(64), nullable=False),
    Column("name", String(32), nullable=False),
    Column("since", Integer, nullable=False),
    Column("value", Integer, nullable=False),
    PrimaryKeyConstraint("service", "name"),
    sqlite_with_rowid=False,
)
"""What is left over of each counter and not told yet. No row numbers tell which was counted first."""

closed = Table(
    "closed",
    metadata,
    Column("service", String(64), nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    PrimaryKeyConstraint("service"),
)
"""Of which weeks the counters have been gathered."""

shift_begun = Table(
    "shift_begun",
    metadata,
    Column("duty", String(22), nullable=False),
    Column("service", String(64), nullable=False),
    Column("day", Date, nullable=False),
    PrimaryKeyConstraint("duty", "service", "day"),
    sqlite_with_rowid=False,
)
"""Which sign-in has begun a shift where today, so that it is counted once. It stands alone on purpose: a duty
that is lost and comes back is another row of `duty`, and still the same shift. Rows of earlier days go with
the first shift of a day."""

salt = Table(
    "salt",
    metadata,
    Column("name", String(32), nullable=False),
    Column("value", LargeBinary, nullable=False),
    PrimaryKeyConstraint("name"),
)
"""Random bytes that belong to this installation: what the codes to come back with are stretched with."""

key_agreed = Table(
    "key_agreed",
    metadata,
    Column("day", Integer, nullable=False, autoincrement=False),
    Column("check", LargeBinary, nullable=False),
    Column("cover", LargeBinary, nullable=False),
    Column("asked", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    PrimaryKeyConstraint("day"),
)
"""Which daily key counts, where several hosts share them (`chat/adapters/shared_keys.py`), or several
processes the directory (`one_directory.py`). No key is here."""

process = Table(
    "process",
    metadata,
    Column("id", String(22), nullable=False),
    Column("beats", Integer, nullable=False),
    Column("asked", Boolean, nullable=False),
    Column("site", String(32), nullable=False),
    PrimaryKeyConstraint("id"),
)
"""The processes that live, where there are several: each counts `beats` further every few seconds. `asked`: a
roll call waits for its answer (`processes.py`). `site`: a digest of the site file that it started with."""

present = Table(
    "present",
    metadata,
    Column("id", String(22), nullable=False),
    Column("process", String(22), ForeignKey("process.id", ondelete="CASCADE"), nullable=False),
    PrimaryKeyConstraint("id", "process"),
)
"""While a roll is called: the conversation of each visitor, and each duty, that is connected to a process.
Empty again within seconds. Both kinds of ids are random, so one column holds them."""

talk = Table(
    "talk",
    metadata,
    Column("id", String(22), nullable=False),
    Column("duty", String(22), nullable=False),
    Column("alias", Text, nullable=False),
    Column("services", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("taken_by", Text),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("duty"),
)
"""Who of the staff wants to talk to a supervisor, for some hours (`chat/talks.py`). `duty` points at no
row: a wish outlives the sign-in."""

clearing = Table(
    "clearing",
    metadata,
    Column("id", Integer, nullable=False, autoincrement=False),
    Column("wanted", BigInteger, nullable=False),
    Column("begun", BigInteger, nullable=False),
    Column("done", BigInteger, nullable=False),
    Column("ended", BigInteger, nullable=False),
    Column("rest", BigInteger, nullable=False),
    PrimaryKeyConstraint("id"),
)
"""One row: up to which deletion PostgreSQL's files are cleared, and until when that rests (`clearing.py`)."""
