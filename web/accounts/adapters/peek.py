# SPDX-License-Identifier: EUPL-1.2
"""How many second factors no key opens, read without making or changing anything.

Owns a look into the database from outside, for whoever only checks an installation. A server uses
`factors.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Select, select

from chat.errors import Unavailable
from web.accounts import codes
from web.accounts.adapters.tables import second_factors
from web.accounts.ports import FactorKey

Look = Callable[[Select[Any]], Sequence[Any] | None]
"""Asks the database, as `chat.adapters.sql.peek.look` does."""


def factors_locked(look: Look, key: FactorKey) -> int:
    """Return how many second factors the key does not open; 0 when there is no database, or none is read."""
    stored = look(select(second_factors.c.account, second_factors.c.sealed)) or ()
    try:
        known = key.known()
    except Unavailable:
        known = None
    return sum(known is None or codes.unseal(sealed, account, known) is None for account, sealed in stored)
