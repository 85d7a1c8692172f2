# SPDX-License-Identifier: EUPL-1.2
"""Her, before the chat without scripts."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest_asyncio

from tests.web.plain.page import Plain
from tests.web.running import Running


@pytest_asyncio.fixture(loop_scope="session")
async def her(run: Running) -> AsyncGenerator[Plain]:
    """She, before she has opened anything; her talk is over after the test."""
    plain = Plain(run.at.url)
    yield plain
    if plain.cookie:
        await run.house.chat.visitors.leave_by_token(plain.cookie)
