# SPDX-License-Identifier: EUPL-1.2
"""The tables of the chat: conversations, sealed entries, who is on duty, wraps, counters.

Written out on purpose: a migration must not change when `tables.py` does. A test holds the two together.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _conversations()
    _duties()
    op.create_table(
        "wrap",
        sa.Column("conversation", sa.String(22), nullable=False),
        sa.Column("duty", sa.String(22), nullable=False),
        sa.Column("wrap", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("conversation", "duty", name="pk_wrap"),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversation.id"], name="fk_wrap_conversation", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["duty"], ["duty.id"], name="fk_wrap_duty", ondelete="CASCADE"),
    )
    op.create_index("ix_wrap_duty", "wrap", ["duty"])
    op.create_table(
        "counter",
        sa.Column("service", sa.String(64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("service", "day", "name", name="pk_counter"),
    )


def _conversations() -> None:
    op.create_table(
        "conversation",
        sa.Column("id", sa.String(22), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(64), nullable=False),
        sa.Column("organisation", sa.String(64), nullable=False),
        sa.Column("track", sa.String(16), nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("phase", sa.String(16), nullable=False),
        sa.Column("acute", sa.Boolean(), nullable=False),
        sa.Column("front", sa.Boolean(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("operator", sa.String(22)),
        sa.Column("alias", sa.Text()),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("waiting_since", sa.BigInteger(), nullable=False),
        sa.Column("offered_until", sa.BigInteger()),
        sa.Column("passed_by", sa.Text(), nullable=False),
        sa.Column("visitor_away_since", sa.BigInteger()),
        sa.Column("operator_away_since", sa.BigInteger()),
        sa.Column("deadline", sa.BigInteger()),
        sa.Column("key_day", sa.Integer(), nullable=False),
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        sa.Column("visitor_wrap", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversation"),
        sa.UniqueConstraint("lookup", name="uq_conversation_lookup"),
    )
    op.create_index("ix_conversation_service_phase", "conversation", ["service", "phase"])
    op.create_index("ix_conversation_operator", "conversation", ["operator"])
    op.create_index("ix_conversation_deadline", "conversation", ["deadline"])
    op.create_table(
        "entry",
        sa.Column("conversation", sa.String(22), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("client_id", sa.String(22)),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("alias", sa.Text()),
        sa.PrimaryKeyConstraint("conversation", "seq", name="pk_entry"),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversation.id"], name="fk_entry_conversation", ondelete="CASCADE"
        ),
    )


def _duties() -> None:
    op.create_table(
        "duty",
        sa.Column("id", sa.String(22), nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("track", sa.String(16), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("key_day", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("idle_since", sa.BigInteger(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("away_since", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_duty"),
    )
    op.create_table(
        "duty_service",
        sa.Column("duty", sa.String(22), nullable=False),
        sa.Column("service", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("duty", "service", name="pk_duty_service"),
        sa.ForeignKeyConstraint(["duty"], ["duty.id"], name="fk_duty_service_duty", ondelete="CASCADE"),
    )
    op.create_index("ix_duty_service_service", "duty_service", ["service"])


def downgrade() -> None:
    """Remove the tables."""
    for table in ("counter", "wrap", "duty_service", "duty", "entry", "conversation"):
        op.drop_table(table)
