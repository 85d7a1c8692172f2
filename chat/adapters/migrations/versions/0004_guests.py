# SPDX-License-Identifier: EUPL-1.2
"""Whom she has let in beside her operator, and who came."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the columns."""
    op.add_column("conversation", sa.Column("invited", sa.String(64)))
    op.add_column("conversation", sa.Column("invited_from", sa.Text()))
    op.add_column("conversation", sa.Column("invited_at", sa.BigInteger()))
    op.add_column("conversation", sa.Column("invited_history", sa.Boolean()))
    op.add_column("conversation", sa.Column("guest", sa.String(22)))
    op.add_column("conversation", sa.Column("guest_alias", sa.Text()))
    op.add_column("conversation", sa.Column("guest_after", sa.Integer()))
    op.add_column("conversation", sa.Column("guest_away_since", sa.BigInteger()))
    op.add_column("entry", sa.Column("organisation", sa.Text()))
    op.create_index("ix_conversation_invited", "conversation", ["invited"])
    op.create_index("ix_conversation_guest", "conversation", ["guest"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_conversation_guest", "conversation")
    op.drop_index("ix_conversation_invited", "conversation")
    op.drop_column("entry", "organisation")
    for column in ("guest_away_since", "guest_after", "guest_alias", "guest"):
        op.drop_column("conversation", column)
    for column in ("invited_history", "invited_at", "invited_from", "invited"):
        op.drop_column("conversation", column)
