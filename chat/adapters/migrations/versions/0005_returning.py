# SPDX-License-Identifier: EUPL-1.2
"""The code that she may come back with, and the word that she and her operator have agreed on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the columns, and the place of the salt."""
    op.add_column("conversation", sa.Column("code_until", sa.BigInteger()))
    op.add_column("conversation", sa.Column("returns", sa.Integer()))
    op.add_column("conversation", sa.Column("word_state", sa.String(16)))
    op.add_column("conversation", sa.Column("word_wrong", sa.Integer()))
    op.add_column("conversation", sa.Column("word", sa.LargeBinary()))
    op.add_column("conversation", sa.Column("return_day", sa.Integer()))
    op.add_column("conversation", sa.Column("return_lookup", sa.LargeBinary()))
    op.add_column("conversation", sa.Column("return_wrap", sa.LargeBinary()))
    op.create_index("ix_conversation_return_lookup", "conversation", ["return_lookup"], unique=True)
    op.create_table(
        "salt",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_salt"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("salt")
    op.drop_index("ix_conversation_return_lookup", "conversation")
    for column in ("return_wrap", "return_lookup", "return_day"):
        op.drop_column("conversation", column)
    for column in ("word", "word_wrong", "word_state", "returns", "code_until"):
        op.drop_column("conversation", column)
