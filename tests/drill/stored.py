# SPDX-License-Identifier: EUPL-1.2
"""What stands in the database, as anybody reads it who has the file: who said how much, and never what."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple


class Row(NamedTuple):
    """One entry."""

    conversation: str
    seq: int
    role: str
    client_id: str | None


Read = Callable[[str], list[Any]]
"""Carries out one query and returns its rows."""


def rows(read: Read) -> list[Row]:
    """Return every entry, by conversation and seq; not the answers from before a start."""
    query = "SELECT conversation, seq, role, client_id FROM entry WHERE seq > 0 ORDER BY conversation, seq"
    return [Row(*row) for row in read(query)]


def conversations(read: Read) -> list[str]:
    """Return the name of every conversation that is alive."""
    return [name for (name,) in read("SELECT id FROM conversation")]


def in_file(database: Path) -> Read:
    """Return what reads an SQLite file beside the server that has it open."""

    def read(query: str) -> list[Any]:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            return connection.execute(query).fetchall()

    return read
