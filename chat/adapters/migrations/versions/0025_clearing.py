# SPDX-License-Identifier: EUPL-1.2
"""Several processes over one PostgreSQL clear its files in turns: how far it has been done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, empty: nothing has been cleared yet."""
    op.create_table(
        "clearing",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("wanted", sa.BigInteger, nullable=False),
        sa.Column("begun", sa.BigInteger, nullable=False),
        sa.Column("done", sa.BigInteger, nullable=False),
        sa.Column("ended", sa.BigInteger, nullable=False),
        sa.Column("rest", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_clearing"),
    )


def downgrade() -> None:
    """Drop it: each process clears by itself."""
    op.drop_table("clearing")
