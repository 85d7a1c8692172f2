# SPDX-License-Identifier: EUPL-1.2
"""On PostgreSQL what is deleted, and every older state of a row that goes on, is vacuumed soon.

Revision ID: 0022
Revises: 0019
"""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_TABLES = ("conversation", "entry", "staff_entry", "wrap", "duty", "duty_service")
_SETTINGS = {
    "autovacuum_vacuum_threshold": 50,
    "autovacuum_vacuum_scale_factor": 0,
    "autovacuum_vacuum_insert_threshold": -1,
    "autovacuum_vacuum_cost_delay": 0,
}
_ROOM = 50
"""Percent of a page that new rows of conversations fill: the rest is for their next states, beside them."""


def upgrade() -> None:
    """Set it for the tables of conversations."""
    if op.get_bind().dialect.name == "sqlite":
        return
    settings = ", ".join(f"{name} = {value}" for name, value in _SETTINGS.items())
    for table in _TABLES:
        op.execute(f"ALTER TABLE {table} SET ({settings})")
    op.execute(f"ALTER TABLE conversation SET (fillfactor = {_ROOM})")


def downgrade() -> None:
    """Leave it to the server's settings."""
    if op.get_bind().dialect.name == "sqlite":
        return
    for table in _TABLES:
        op.execute(f"ALTER TABLE {table} RESET ({', '.join(_SETTINGS)})")
    op.execute("ALTER TABLE conversation RESET (fillfactor)")
