# SPDX-License-Identifier: EUPL-1.2
"""How many second factors no key opens, and whether the key here counts, without making or changing anything.

Owns a look into the database from outside, for whoever only checks an installation. A server uses
`factors.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Select

from chat.errors import Unavailable
from web.accounts.adapters.factors import CHECK, SEALED
from web.accounts.agreed_key import KeyState, judge, locked
from web.accounts.ports import FactorKey, KeyAgreed

Look = Callable[[Select[Any]], Sequence[Any] | None]
"""Asks the database, as `chat.adapters.sql.peek.look` does."""


def factors_locked(look: Look, key: FactorKey) -> tuple[int, KeyState]:
    """Return how many second factors the key does not open, and how it stands to what was agreed.

    None, and that it fits, when there is no database, or none is read.
    """
    sealed = [(row.account, row.sealed) for row in look(SEALED) or ()]
    check = next((row.check for row in look(CHECK) or ()), None)
    try:
        known = key.known()
    except Unavailable:
        known = None
    return locked(sealed, known), judge(KeyAgreed(check, sealed), known)
