# SPDX-License-Identifier: EUPL-1.2
"""How many conversations and tickets somebody had on a day is not kept: the statistics hide that number.

Nor in which order things were first done or counted on a day: on SQLite the two tables have no row numbers
any more, and are copied in the order of their keys.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_WITHOUT_NUMBER = (
    "claimed",
    "proposed",
    "offered",
    "handed_back",
    "raised",
    "joined",
    "took_over",
    "opened",
    "wrote",
    "accepted",
    "declined",
    "exported",
    "lifted",
)


def upgrade() -> None:
    """Copy both tables; every row of these kinds says that it was done, and no more."""
    op.rename_table("staff_audit", "staff_audit_before")
    op.drop_index("staff_audit_by_organisation", "staff_audit_before")
    op.create_table(
        "staff_audit",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("organisation", sa.String(64), nullable=False),
        sa.Column("place", sa.String(64), nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("day", "kind", "account", "organisation", "place", name="pk_staff_audit"),
        sqlite_with_rowid=False,
    )
    op.create_index("staff_audit_by_organisation", "staff_audit", ["organisation", "day"])
    kinds = ", ".join(f"'{kind}'" for kind in _WITHOUT_NUMBER)
    op.execute(
        "INSERT INTO staff_audit (day, kind, account, organisation, place, times)"  # noqa: S608 - our own words
        f" SELECT day, kind, account, organisation, place, CASE WHEN kind IN ({kinds}) THEN 1 ELSE times END"
        " FROM staff_audit_before ORDER BY day, kind, account, organisation, place"
    )
    op.drop_table("staff_audit_before")
    _copy_handover_count()


def _copy_handover_count() -> None:
    op.rename_table("handover_count", "handover_count_before")
    op.create_table(
        "handover_count",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("service", sa.String(64), nullable=False),
        sa.Column("receiver", sa.String(64), nullable=False),
        sa.Column("event", sa.String(16), nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("day", "service", "receiver", "event", name="pk_handover_counted"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO handover_count (day, service, receiver, event, times)"
        " SELECT day, service, receiver, event, times FROM handover_count_before"
        " ORDER BY day, service, receiver, event"
    )
    op.drop_table("handover_count_before")


def downgrade() -> None:
    """Leave them: what is not kept cannot be brought back, and what was there before reads them as well."""
    if op.get_bind().dialect.name != "sqlite":
        # There a key's name is taken in the whole schema, and the next upgrade wants it.
        op.execute("ALTER TABLE staff_audit RENAME CONSTRAINT pk_staff_audit TO staff_audit_of_a_place")
        op.execute("ALTER TABLE handover_count RENAME CONSTRAINT pk_handover_counted TO pk_handover_count")
