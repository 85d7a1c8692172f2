# SPDX-License-Identifier: EUPL-1.2
"""Which receiving units have a key, read without making or changing anything.

Owns a look into the database from outside, for whoever only checks an installation. A server uses
`handover/adapters/sql.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Select, select

from handover.adapters.tables import unit_key
from handover.ids import ReceiverId

Look = Callable[[Select[Any]], Sequence[Any] | None]
"""Asks the database, as `chat.adapters.sql.peek.look` does."""


def units_with_key(look: Look) -> frozenset[ReceiverId] | None:
    """Return the units that have a key; None when there is no database yet, or it cannot be read."""
    found = look(select(unit_key.c.unit))
    return None if found is None else frozenset(ReceiverId(unit) for (unit,) in found)
