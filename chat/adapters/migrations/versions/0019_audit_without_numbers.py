# SPDX-License-Identifier: EUPL-1.2
"""How many conversations and tickets somebody had on a day is not kept: the statistics hide that number."""

from __future__ import annotations

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
    """Let every row of these kinds say that it was done, and no more."""
    kinds = ", ".join(f"'{kind}'" for kind in _WITHOUT_NUMBER)
    op.execute(f"UPDATE staff_audit SET times = 1 WHERE times <> 1 AND kind IN ({kinds})")  # noqa: S608


def downgrade() -> None:
    """Leave it: what is not kept cannot be brought back."""
