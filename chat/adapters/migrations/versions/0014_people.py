# SPDX-License-Identifier: EUPL-1.2
"""One-time links for those who are invited, and second factors at the sign-in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "staff_second_factors",
        sa.Column("account", sa.String(22), nullable=False),
        sa.Column("sealed", sa.LargeBinary(64), nullable=False),
        sa.Column("last_step", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["account"], ["staff_accounts.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account"),
    )
    op.create_table(
        "staff_recovery_codes",
        sa.Column("account", sa.String(22), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["staff_accounts.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account", "digest"),
    )
    op.create_table(
        "staff_invitations",
        sa.Column("lookup", sa.LargeBinary(32), primary_key=True),
        sa.Column("id", sa.String(22), nullable=False, unique=True),
        sa.Column("label", sa.String(64), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("services", sa.JSON, nullable=False),
        sa.Column("units", sa.JSON, nullable=False),
        sa.Column("organisations", sa.JSON, nullable=False),
        sa.Column("account", sa.String(22), nullable=True, index=True),
        sa.Column("made_by", sa.String(22), nullable=False, index=True),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["account"], ["staff_accounts.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["made_by"], ["staff_accounts.id"], ondelete="CASCADE"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("staff_invitations")
    op.drop_table("staff_recovery_codes")
    op.drop_table("staff_second_factors")
