# SPDX-License-Identifier: EUPL-1.2
"""Nobody is found by what is told: whatever is known of the rule, of all figures and of what hangs together."""

from __future__ import annotations

import pytest

from tests.unit.chat.histories import World, all_from_five, betrayed, same_twice, sevens, whole_of

WORLDS = [
    pytest.param(whole_of(2), 3, 6, id="a whole of two parts, three weeks"),
    pytest.param(whole_of(3), 2, 6, id="a whole of three parts, two weeks"),
    pytest.param(same_twice, 2, 6, id="two pairs with one sum, two weeks"),
]


@pytest.mark.parametrize(("world", "weeks", "most"), WORLDS)
def test_nothing_hidden_is_certain_even_without_chance(world: World, weeks: int, most: int) -> None:
    """All histories with the same figures: every hidden number has at least two values, also nothing."""
    assert betrayed(world, weeks, most, sevens) == set()


@pytest.mark.parametrize(("world", "weeks", "most"), WORLDS)
def test_telling_all_from_five_on_would_betray_one_to_four(world: World, weeks: int, most: int) -> None:
    """The rule that comes to mind first: this test can see what the one above must not find."""
    assert betrayed(world, weeks, min(most, 5), all_from_five) >= {1, 2, 3, 4}
