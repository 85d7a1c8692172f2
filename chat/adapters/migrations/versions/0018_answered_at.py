# SPDX-License-Identifier: EUPL-1.2
"""When a live conversation was answered for the first time, and who has begun a shift where today."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column and the table."""
    op.add_column("conversation", sa.Column("answered_at", sa.BigInteger()))
    op.create_table(
        "shift_begun",
        sa.Column("duty", sa.String(22), nullable=False),
        sa.Column("service", sa.String(64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("duty", "service", "day", name=op.f("pk_shift_begun")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("shift_begun")
    op.drop_column("conversation", "answered_at")
