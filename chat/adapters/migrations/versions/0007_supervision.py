# SPDX-License-Identifier: EUPL-1.2
"""A raised hand, the supervisor who comes, and where a sign-in supervises."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the columns."""
    op.add_column("conversation", sa.Column("guest_supervisor", sa.Boolean()))
    op.add_column("conversation", sa.Column("hand_since", sa.BigInteger()))
    op.add_column("duty", sa.Column("supervising", sa.Text()))
    op.create_index("ix_conversation_hand_since", "conversation", ["hand_since"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_conversation_hand_since", "conversation")
    op.drop_column("duty", "supervising")
    op.drop_column("conversation", "hand_since")
    op.drop_column("conversation", "guest_supervisor")
