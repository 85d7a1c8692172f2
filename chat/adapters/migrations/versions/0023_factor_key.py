# SPDX-License-Identifier: EUPL-1.2
"""Which key of second factors counts: each host has its file, and one of them was agreed on.

`check` is derived from that key and opens nothing. An installation that has factors already begins without a
row: its next start agrees on the file that opens them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, empty."""
    op.create_table(
        "staff_factor_key",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("check", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_staff_factor_key"),
    )


def downgrade() -> None:
    """Drop it: the next start agrees anew on what the hosts hold."""
    op.drop_table("staff_factor_key")
