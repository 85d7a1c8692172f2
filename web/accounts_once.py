# SPDX-License-Identifier: EUPL-1.2
"""Opens the staff accounts once, beside a running server or before one starts.

Owns how what goes wrong there becomes a plain sentence. Must not know what is done with the accounts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from chat.errors import Fault
from config.settings import Settings
from web.accounts.errors import AccountsError
from web.accounts.service import Accounts
from web.bootstrap import accounts_only
from web.server_options import CannotStart


def with_accounts(settings: Settings, use: Callable[[Accounts], Awaitable[None]]) -> None:
    """Open the accounts, use them and close them.

    Raises:
        CannotStart: keys or database cannot be used, or what was asked for is not possible.
    """

    async def once() -> None:
        async with accounts_only(settings) as accounts:
            await use(accounts)

    try:
        asyncio.run(once())
    except (AccountsError, Fault, ValueError) as error:
        text = str(error)
        raise CannotStart(f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}") from error
