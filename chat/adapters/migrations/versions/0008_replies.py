# SPDX-License-Identifier: EUPL-1.2
"""What staff have made of ready replies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "replies",
        sa.Column("service", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("service", name="pk_replies"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("replies")
