# SPDX-License-Identifier: EUPL-1.2
"""What the staff of a conversation write for each other."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "staff_entry",
        sa.Column("conversation", sa.String(22), nullable=False),
        sa.Column("staff_seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("client_id", sa.String(22), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversation.id"], "fk_staff_entry_conversation", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation", "staff_seq", name="pk_staff_entry"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("staff_entry")
