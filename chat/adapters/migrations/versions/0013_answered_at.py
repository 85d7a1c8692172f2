# SPDX-License-Identifier: EUPL-1.2
"""When a live conversation was answered for the first time, and who has begun a shift where today.

And counters whose place in the file does not tell in which order they were first counted: the hours of the
week stand apart from the days (`chat.histograms.WANTED`), and their order would put them together again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column and the table, and on SQLite the counters anew."""
    op.add_column("conversation", sa.Column("answered_at", sa.BigInteger()))
    op.create_table(
        "shift_begun",
        sa.Column("duty", sa.String(22), nullable=False),
        sa.Column("service", sa.String(64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("duty", "service", "day", name=op.f("pk_shift_begun")),
        sqlite_with_rowid=False,
    )
    _make_counters_anew(with_rowid=False)
    # Those who gave up before have no stage. Almost all of them waited, and without them every share that is
    # told of earlier weeks would be too good.
    op.execute(
        "INSERT INTO counter (service, day, name, value) "
        "SELECT service, day, 'abandoned_waiting', value FROM counter WHERE name = 'abandoned'"
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("DELETE FROM counter WHERE name = 'abandoned_waiting'")
    _make_counters_anew(with_rowid=True)
    op.drop_table("shift_begun")
    op.drop_column("conversation", "answered_at")


def _make_counters_anew(*, with_rowid: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.rename_table("counter", "counter_before")
    op.create_table(
        "counter",
        sa.Column("service", sa.String(64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("service", "day", "name", name=op.f("pk_counter")),
        sqlite_with_rowid=with_rowid,
    )
    op.execute("INSERT INTO counter SELECT service, day, name, value FROM counter_before")
    op.drop_table("counter_before")
