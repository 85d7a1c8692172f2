# SPDX-License-Identifier: EUPL-1.2
"""Nobody is found by what is told, whatever is known of the rule, all figures and what hangs together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain, pairwise, product
from random import Random

import pytest

from chat.published import FEWEST_SHOWN, TOLD, held_back
from tests.unit.chat.any_weeks import before_any_week, certain_weeks
from tests.unit.chat.books import (
    ALL_WEEKS,
    KINDS,
    Books,
    nothing_held,
    same_figures,
    some_weeks,
    sums_shown,
)
from tests.unit.chat.histories import (
    World,
    all_from_five,
    betrayed,
    endings,
    same_twice,
    sevens,
    whole_of,
)

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


def test_no_week_of_a_whole_of_two_parts_is_ever_certain() -> None:
    """After any number of weeks with any counts, without any chance: neither a week nor what is left over."""
    assert len(before_any_week()) > 2
    assert certain_weeks() == 0


ALTERNATING = ((7, 0, 6, 1), *(2 * ((6, 2, 8, 0), (8, 0, 6, 2))), (6, 2, 8, 0))
"""Two pairs with one sum, that take turns: six weeks that sevens alone would betray to the last person."""


def test_chance_hides_what_sevens_alone_would_betray() -> None:
    """Without it one history alone has these figures; with it one more in any week has the same."""
    assert len(endings(ALTERNATING)) == 1
    ages, felt = ("told_age_18_25", "told_age_26_64"), ("exit_felt_yes", "exit_felt_no")
    weeks = [Counter(dict(zip(ages + felt, counts, strict=True))) for counts in ALTERNATING]
    figures = Books.of(weeks, nothing_held).told
    for week, age, answer in product(range(len(weeks)), ages, felt):
        more = [each.copy() for each in weeks]
        more[week].update([age, answer])
        assert same_figures(more, figures)


def test_there_may_always_have_been_one_more() -> None:
    """Whoever is added, and whenever: chance may have told the very same figures."""
    random = Random(5)
    for _ in range(2_000):
        weeks = some_weeks(random)
        figures = Books.of(weeks, lambda _: held_back(lambda: random.randrange(256))).told
        random.choice(weeks).update(random.choice(KINDS))
        assert same_figures(weeks, figures)


def test_no_difference_of_anything_that_is_shown_isolates_anybody() -> None:
    """Ten thousand histories of two services, seen as weeks, months, years and all, at every time."""
    random = Random(7)
    for _ in range(10_000):
        services = [some_weeks(random), some_weeks(random)]
        kept = [Books.of(weeks, lambda _: held_back(lambda: random.randrange(256))) for weeks in services]
        one, other = (sums_shown(books.told) for books in kept)
        of_both = one + other  # as an organisation sees them
        steps = sorted({0, *one.values(), *other.values(), *of_both.values()})
        assert all(later - earlier >= FEWEST_SHOWN for earlier, later in pairwise(steps))
        for weeks, books in zip(services, kept, strict=True):
            keeps_the_books(weeks, books)


def test_all_from_five_would_isolate_somebody() -> None:
    """The test above can see: 20 are answered, 9 wait for one time and 9 for another."""
    told = [all_from_five(0, count)[0] for count in (20, 9, 9, 2)]
    assert told[0] - sum(told[1:]) == 2


def keeps_the_books(weeks: Sequence[Counter[str]], books: Books) -> None:
    """Check that nobody is lost or counted twice, and that nothing was told before it had come."""
    told = {(each.name, each.week): each for each in books.told}
    assert len(told) == len(books.told)
    assert all(each.since <= each.week and each.value >= FEWEST_SHOWN for each in books.told)
    for name in TOLD.intersection(chain.from_iterable(weeks)):
        so_far = shown = 0
        for week, counted in zip(ALL_WEEKS, weeks, strict=True):
            so_far += counted[name]
            shown += told[name, week].value if (name, week) in told else 0
            assert shown <= so_far
        assert shown + books.left[name].value == so_far
