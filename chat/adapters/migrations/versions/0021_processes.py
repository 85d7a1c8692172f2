# SPDX-License-Identifier: EUPL-1.2
"""Several processes over one store: which of them live, and for seconds at a time who sits in which."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables, empty."""
    op.create_table(
        "process",
        sa.Column("id", sa.String(22), nullable=False),
        sa.Column("beats", sa.Integer, nullable=False),
        sa.Column("asked", sa.Boolean, nullable=False),
        sa.Column("site", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_process"),
    )
    op.create_table(
        "present",
        sa.Column("id", sa.String(22), nullable=False),
        sa.Column("process", sa.String(22), nullable=False),
        sa.ForeignKeyConstraint(["process"], ["process.id"], name="fk_present_process", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", "process", name="pk_present"),
    )


def downgrade() -> None:
    """Drop both: which processes live is known again as soon as they give a sign."""
    op.drop_table("present")
    op.drop_table("process")
