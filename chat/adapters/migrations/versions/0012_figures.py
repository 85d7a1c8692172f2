# SPDX-License-Identifier: EUPL-1.2
"""What is told of the counters, what is left over, and up to which week they have been gathered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "figure",
        sa.Column("service", sa.String(64), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("told", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("service", "week", name="pk_figure"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "gathered",
        sa.Column("service", sa.String(64), nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("service", "name", name="pk_gathered"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "closed",
        sa.Column("service", sa.String(64), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("service", name="pk_closed"),
    )


def downgrade() -> None:
    """Drop them; what they held is gone."""
    op.drop_table("closed")
    op.drop_table("gathered")
    op.drop_table("figure")
