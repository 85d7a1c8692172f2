# SPDX-License-Identifier: EUPL-1.2
"""The organisations that an account runs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column."""
    op.add_column(
        "staff_accounts", sa.Column("organisations", sa.JSON(), nullable=False, server_default="[]")
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_column("staff_accounts", "organisations")
