# SPDX-License-Identifier: EUPL-1.2
"""How many conversations somebody on duty wants to hold, and since when they have paused."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the columns."""
    op.add_column("duty", sa.Column("capacity", sa.Integer()))
    op.add_column("duty", sa.Column("paused_since", sa.BigInteger()))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("duty", "paused_since")
    op.drop_column("duty", "capacity")
