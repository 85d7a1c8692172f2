# SPDX-License-Identifier: EUPL-1.2
"""What stands in the database, as anybody reads it who has the file: who said how much, and never what."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple


class Row(NamedTuple):
    """One entry."""

    conversation: str
    seq: int
    role: str
    client_id: str | None


def rows(database: Path) -> list[Row]:
    """Return every entry, by conversation and seq; not the answers from before a start."""
    query = "SELECT conversation, seq, role, client_id FROM entry WHERE seq > 0 ORDER BY conversation, seq"
    return [Row(*row) for row in _read(database, query)]


def conversations(database: Path) -> list[str]:
    """Return the name of every conversation that is alive."""
    return [name for (name,) in _read(database, "SELECT id FROM conversation")]


def _read(database: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()
