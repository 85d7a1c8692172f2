# SPDX-License-Identifier: EUPL-1.2
"""Opens the staff accounts or the keys of receiving units once, beside a running server or before one.

Owns how what goes wrong there becomes a plain sentence. Must not know what is done with them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

from chat.errors import Fault
from config.settings import Settings
from handover.units import Units
from web.accounts.errors import AccountsError
from web.accounts.service import Accounts
from web.bootstrap import accounts_only, units_only
from web.server_options import CannotStart

_Thing = TypeVar("_Thing")


def with_accounts(settings: Settings, use: Callable[[Accounts], Awaitable[None]]) -> None:
    """Open the accounts, use them and close them.

    Raises:
        CannotStart: keys or database cannot be used, or what was asked for is not possible.
    """
    _once(accounts_only(settings), use)


def with_units(settings: Settings, use: Callable[[Units], Awaitable[None]]) -> None:
    """Open the keys of the receiving units, use them and close them.

    Raises:
        CannotStart: as `with_accounts`.
    """
    _once(units_only(settings), use)


def _once(opened: AbstractAsyncContextManager[_Thing], use: Callable[[_Thing], Awaitable[None]]) -> None:
    async def once() -> None:
        async with opened as thing:
            await use(thing)

    try:
        asyncio.run(once())
    except (AccountsError, Fault, ValueError) as error:
        text = str(error)
        raise CannotStart(f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}") from error
