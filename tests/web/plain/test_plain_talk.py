# SPDX-License-Identifier: EUPL-1.2
"""Talking without scripts: both sides, through the real server and database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.outside.operator import Operator
from tests.web.plain.page import Plain
from tests.web.running import Running


@pytest_asyncio.fixture(loop_scope="session")
async def her(run: Running) -> AsyncIterator[Plain]:
    """She, before she has opened anything; her talk is over after the test."""
    plain = Plain(run.at.url)
    yield plain
    if plain.cookie:
        await run.house.chat.visitors.leave_by_token(plain.cookie)


async def meets(run: Running, her: Plain) -> tuple[Operator, str]:
    """Let her start, and an operator take her."""
    operator = await run.operator("anna", "linden", alias="Kim")
    await her.starts()
    conversation = await operator.sees_waiting()
    await operator.accepts(conversation)
    return operator, conversation


async def test_two_talk_and_one_ends(run: Running, her: Plain) -> None:
    """She waits, is met, writes and reads; at the end nothing of it is left, and no cookie."""
    await her.opens()
    assert her.status == 200
    assert her.headers["cache-control"] == "no-store"
    for told in ("Vad som sparas", "en kaka", "Är du i fara just nu?", "Börja chatta"):
        assert told in her.text()
    await her.presses("Börja chatta")
    operator = await run.operator("anna", "linden", alias="Kim")
    conversation = await operator.sees_waiting()
    assert "Du är näst på tur." in await her.looks()
    await her.says("Hej, är någon där?")
    assert her.draft() == ""
    await operator.accepts(conversation)
    assert "Du chattar med Kim" in (said := await her.looks())
    assert "Hej, är någon där?" in said
    await operator.says(conversation, "Hej. Jag är här.")
    assert "Hej. Jag är här." in await her.looks()
    await operator.connection.send("typing", conversation=conversation)
    await operator.ends(conversation)
    assert "Samtalet visas inte här längre." in await her.looks()
    await her.opens()
    assert "Tack för att du skrev." in her.text()
    assert her.cookie == ""
    await her.opens()
    assert "Börja chatta" in her.text()
