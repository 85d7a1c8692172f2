# SPDX-License-Identifier: EUPL-1.2
"""Whatever comes at the moment of a transfer: one outcome, whole, in one process and in two."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from chat.errors import LostClaim, NotAllowed, NotNow
from chat.live.notices import ConversationOpened
from tests.service.conftest import ON_BOTH
from tests.service.story import Process, Story
from tests.service.transferring import BJORKEN, LINDEN, offers

pytestmark = ON_BOTH


@pytest.mark.parametrize("processes", [1, 2])
async def test_two_accept_at_once_and_one_has_it(story: Story, processes: int) -> None:
    """40 times, to and fro: exactly one wins, the other is told who, and one wrap is left."""
    near = await story.open_process()
    far = await story.open_process() if processes == 2 else near
    visitor, holder = await near.talk("bjorken")
    one = await near.operator_on_duty("linden", alias="Ett")
    two = await far.operator_on_duty("linden", alias="Tva")
    for round_ in range(20):
        await offers(holder, visitor, service="linden")
        pair = [one, two] if round_ % 2 else [two, one]
        outcomes = await asyncio.gather(*(each.accepts(visitor) for each in pair), return_exceptions=True)
        (lost,) = [outcome for outcome in outcomes if outcome is not None]
        winner = pair[outcomes.index(None)]
        assert isinstance(lost, LostClaim)
        assert lost.winner == ("Ett" if winner is one else "Tva")
        await story.settle()
        assert await near.store.wrapped_for(visitor.id) == {winner.id}
        assert (await near.stored(visitor)).conversation.operator == winner.id
        await offers(winner, visitor, holder, "bjorken")
        await holder.accepts(visitor)
        await story.settle()
    assert (await near.counted("bjorken"))["transferred"] == 20
    assert (await near.counted("linden"))["taken_on"] == 20


async def later(steps: int, work: Awaitable[Any]) -> Any:
    """Do something after so many turns of the loop."""
    for _ in range(steps):
        await asyncio.sleep(0)
    return await work


@pytest.mark.parametrize("seed", [0, 4, 5, 6, 11])
@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("rival", ["end", "leave", "take back", "decline", "revoke"])
async def test_acceptance_against_what_ends_the_offer(
    story: Story, seed: int, processes: int, rival: str
) -> None:
    """Whichever comes first counts, whole: never two who hold it, and never nobody without her being told."""
    near = await story.open_process()
    far = await story.open_process() if processes == 2 else near
    visitor, old = await near.talk()
    new = await far.operator_on_duty("bjorken", alias="Bo")
    await offers(old, visitor, service="bjorken")
    against: dict[str, Callable[[], Awaitable[Any]]] = {
        "end": lambda: old.ends(visitor),
        "leave": visitor.leaves,
        "take back": lambda: near.chat.transfers.take_back(old.desk, visitor.id),
        "decline": lambda: far.chat.transfers.decline(new.desk, visitor.id),
        "revoke": lambda: near.chat.operators.revoke(old.id),
    }
    both: Any = await asyncio.gather(
        later(seed, new.accepts(visitor)), later(11 - seed, against[rival]()), return_exceptions=True
    )
    took = both[0]
    await story.settle()
    stored = await near.store.load(visitor.id)
    if stored is None:
        assert rival in {"end", "leave"}
        assert visitor.ear.is_over
        return
    state = stored.conversation
    if took is None:
        assert (state.operator, state.alias, state.service) == (new.id, "Bo", BJORKEN)
        assert await near.store.wrapped_for(visitor.id) == {new.id}
    else:
        assert state.service == LINDEN
        assert state.operator in ({None} if rival == "revoke" else {old.id})
        assert not new.ear.heard(ConversationOpened)


@pytest.mark.parametrize("seed", range(0, 12, 2))
async def test_messages_during_the_change_reach_one_of_the_two(
    story: Story, chat: Process, seed: int
) -> None:
    """What she says is read by the new one in any case; the old one says it before, or is refused."""
    visitor, old = await chat.talk()
    new = await chat.operator_on_duty("linden", alias="Sam")
    await offers(old, visitor, new)
    outcomes: Any = await asyncio.gather(
        later(seed, visitor.says("hennes")),
        later(11 - seed, old.says(visitor, "den gamlas")),
        later(5, new.accepts(visitor)),
        return_exceptions=True,
    )
    mine, theirs, took = outcomes
    await story.settle()
    assert (isinstance(mine, str), took) == (True, None)
    assert "hennes" in new.ear.texts()
    assert isinstance(theirs, str | NotAllowed | NotNow)
    assert ("den gamlas" in visitor.ear.texts()) == isinstance(theirs, str)
    assert ("den gamlas" in new.ear.texts()) == isinstance(theirs, str)
    await old.process.story.settle()
    await visitor.says("efter bytet")
    assert "efter bytet" not in old.ear.texts()
