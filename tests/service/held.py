# SPDX-License-Identifier: EUPL-1.2
"""A store that takes nothing for a while."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

from tests.service.story import Story


@contextlib.contextmanager
def held_by_another(story: Story) -> Iterator[None]:
    """Another program holds the write lock."""
    holder = sqlite3.connect(story.file, isolation_level=None)
    try:
        holder.execute("BEGIN IMMEDIATE")
        yield
    finally:
        holder.close()
