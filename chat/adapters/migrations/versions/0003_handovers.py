# SPDX-License-Identifier: EUPL-1.2
"""Handovers (`handover/adapters/tables.py`), a question that waits for her, the units of an account."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and columns."""
    op.add_column("conversation", sa.Column("proposal", sa.Integer()))
    op.add_column("staff_accounts", sa.Column("units", sa.JSON(), nullable=False, server_default="[]"))
    _handover()
    _ticket()
    op.create_table(
        "letter",
        sa.Column("ticket", sa.String(22), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("writer", sa.String(16), nullable=False),
        sa.Column("for_receiver", sa.LargeBinary(), nullable=False),
        sa.Column("for_visitor", sa.LargeBinary(), nullable=False),
        sa.Column("visitor_comes", sa.Boolean()),
        sa.Column("receiver_comes", sa.Boolean()),
        sa.Column("meeting", sa.String(22), nullable=False),
        sa.PrimaryKeyConstraint("ticket", "number", name="pk_letter"),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.id"], name="fk_letter_ticket", ondelete="CASCADE"),
    )
    op.create_table(
        "handover_count",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("service", sa.String(64), nullable=False),
        sa.Column("receiver", sa.String(64), nullable=False),
        sa.Column("event", sa.String(16), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "service", "receiver", "event", name="pk_handover_count"),
    )
    op.create_table(
        "unit_key",
        sa.Column("unit", sa.String(64), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("unit", name="pk_unit_key"),
    )
    op.create_table(
        "installation",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_installation"),
    )


def _handover() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.String(22), nullable=False),
        sa.Column("service", sa.String(64), nullable=False),
        sa.Column("sender", sa.String(64), nullable=False),
        sa.Column("track", sa.String(16), nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("copy", sa.LargeBinary(), nullable=False),
        sa.Column("contacts_version", sa.Integer(), nullable=False),
        sa.Column("contacts_for_coordinator", sa.LargeBinary()),
        sa.Column("contacts_for_visitor", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name="pk_handover"),
        sa.UniqueConstraint("lookup", name="uq_handover_lookup"),
    )


def _ticket() -> None:
    op.create_table(
        "ticket",
        sa.Column("id", sa.String(22), nullable=False),
        sa.Column("handover", sa.String(22), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("receiver", sa.String(64), nullable=False),
        sa.Column("organisation", sa.String(64), nullable=False),
        sa.Column("track", sa.String(16), nullable=False),
        sa.Column("received_at", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("granted_at", sa.BigInteger(), nullable=False),
        sa.Column("deadline", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.BigInteger()),
        sa.Column("closed_at", sa.BigInteger()),
        sa.Column("coordinates", sa.Boolean(), nullable=False),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.Column("shown", sa.String(64), nullable=False),
        sa.Column("body", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name="pk_ticket"),
        sa.ForeignKeyConstraint(["handover"], ["handover.id"], name="fk_ticket_handover", ondelete="CASCADE"),
    )
    op.create_index("ix_ticket_handover", "ticket", ["handover"])
    op.create_index("ix_ticket_receiver_track", "ticket", ["receiver", "track"])
    op.create_index("ix_ticket_deadline", "ticket", ["deadline"])


def downgrade() -> None:
    """Drop them."""
    for table in ("installation", "unit_key", "handover_count", "letter", "ticket", "handover"):
        op.drop_table(table)
    op.drop_column("staff_accounts", "units")
    op.drop_column("conversation", "proposal")
