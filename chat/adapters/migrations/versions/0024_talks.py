# SPDX-License-Identifier: EUPL-1.2
"""What several processes must be able to look up: wishes to talk, which connection sits where, and her no.

None of it tells who anybody is; a connection is named by chance.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and the columns, empty: who sits where is noted as people come back."""
    op.create_table(
        "talk",
        sa.Column("id", sa.String(22), nullable=False),
        sa.Column("duty", sa.String(22), nullable=False),
        sa.Column("alias", sa.Text, nullable=False),
        sa.Column("services", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("taken_by", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_talk"),
        sa.UniqueConstraint("duty", name="uq_talk_duty"),
    )
    op.add_column("conversation", sa.Column("seat", sa.String(22)))
    op.add_column("conversation", sa.Column("denials", sa.Integer))
    op.add_column("duty", sa.Column("seat", sa.String(22)))


def downgrade() -> None:
    """Drop them: wishes are forgotten."""
    op.drop_column("duty", "seat")
    op.drop_column("conversation", "denials")
    op.drop_column("conversation", "seat")
    op.drop_table("talk")
