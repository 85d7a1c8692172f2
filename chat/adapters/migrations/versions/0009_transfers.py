# SPDX-License-Identifier: EUPL-1.2
"""To whom a conversation is offered, and which borders it has crossed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the columns."""
    op.add_column("conversation", sa.Column("transfer", sa.String(64)))
    op.add_column("conversation", sa.Column("transfer_organisation", sa.String(64)))
    op.add_column("conversation", sa.Column("transfer_name", sa.Text()))
    op.add_column("conversation", sa.Column("transfer_duty", sa.String(22)))
    op.add_column("conversation", sa.Column("transfer_alias", sa.Text()))
    op.add_column("conversation", sa.Column("transfer_history", sa.Boolean()))
    op.add_column("conversation", sa.Column("transfer_at", sa.BigInteger()))
    op.add_column("conversation", sa.Column("transfer_until", sa.BigInteger()))
    op.add_column("conversation", sa.Column("transfer_passed_by", sa.Text()))
    op.add_column("conversation", sa.Column("transfer_ended", sa.String(16)))
    op.add_column("conversation", sa.Column("reads_after", sa.Integer()))
    op.add_column("conversation", sa.Column("crossed", sa.Text()))
    op.create_index("ix_conversation_transfer", "conversation", ["transfer"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_conversation_transfer", "conversation")
    for column in ("crossed", "reads_after", "transfer_ended", "transfer_passed_by", "transfer_until"):
        op.drop_column("conversation", column)
    for column in ("transfer_at", "transfer_history", "transfer_alias", "transfer_duty"):
        op.drop_column("conversation", column)
    for column in ("transfer_name", "transfer_organisation", "transfer"):
        op.drop_column("conversation", column)
