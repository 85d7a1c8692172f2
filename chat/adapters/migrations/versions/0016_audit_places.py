# SPDX-License-Identifier: EUPL-1.2
"""Whose place it was that something was done in: each organisation sees what concerns it, and no more.

Of what was recorded before, the site file tells it, and no site file is read here: the server gives those
rows to their organisations when it has started (`AuditLog.settle`).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table anew, as its key grows, and take over what it held."""
    op.rename_table("staff_audit", "staff_audit_before")
    op.create_table(
        "staff_audit",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("organisation", sa.String(64), nullable=False),
        sa.Column("place", sa.String(64), nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint(
            "day", "kind", "account", "organisation", "place", name="staff_audit_of_a_place"
        ),
    )
    op.create_index("staff_audit_by_organisation", "staff_audit", ["organisation", "day"])
    op.execute(
        "INSERT INTO staff_audit (day, kind, account, organisation, place, times)"
        " SELECT day, kind, account, '', service, times FROM staff_audit_before"
    )
    op.drop_table("staff_audit_before")


def downgrade() -> None:
    """Make it as it was; two organisations of one place on one day become one row."""
    op.rename_table("staff_audit", "staff_audit_after")
    op.create_table(
        "staff_audit",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("service", sa.String(64), nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("day", "kind", "account", "service", name="staff_audit_of_a_service"),
    )
    op.execute(
        "INSERT INTO staff_audit (day, kind, account, service, times)"
        " SELECT day, kind, account, place, SUM(times) FROM staff_audit_after"
        " GROUP BY day, kind, account, place"
    )
    op.drop_index("staff_audit_by_organisation", "staff_audit_after")
    op.drop_table("staff_audit_after")
