# SPDX-License-Identifier: EUPL-1.2
"""Who of the staff is there when, and what is closed before its time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "shifts",
        sa.Column("id", sa.String(22), nullable=False),
        sa.Column("service", sa.String(64), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("fewest", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_shifts"),
    )
    op.create_index("ix_shifts_service_ends_at", "shifts", ["service", "ends_at"])
    op.create_index("ix_shifts_ends_at", "shifts", ["ends_at"])
    op.create_table(
        "shift_places",
        sa.Column("shift", sa.String(22), nullable=False),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("hold", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(["shift"], ["shifts.id"], name="fk_shift_places_shift_shifts"),
        sa.PrimaryKeyConstraint("shift", "account", name="pk_shift_places"),
    )
    op.create_index("ix_shift_places_account", "shift_places", ["account"])
    op.create_table(
        "shift_people",
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account", name="pk_shift_people"),
    )
    op.create_table(
        "closings",
        sa.Column("service", sa.String(64), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("service", name="pk_closings"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("closings", "shift_people", "shift_places", "shifts"):
        op.drop_table(table)
