# SPDX-License-Identifier: EUPL-1.2
"""Which daily key counts, where several hosts share them.

Nothing in it opens anything: `check` is derived from a key, and `cover` hides it on its way between hosts.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table. A server that is alone leaves it empty."""
    op.create_table(
        "key_agreed",
        sa.Column("day", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("check", sa.LargeBinary, nullable=False),
        sa.Column("cover", sa.LargeBinary, nullable=False),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("answered", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_key_agreed"),
    )


def downgrade() -> None:
    """Drop it: the next start agrees anew on what the hosts hold."""
    op.drop_table("key_agreed")
