# SPDX-License-Identifier: EUPL-1.2
"""How often something may be done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.rate import Allowances, Bucket, Rate, network_key

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
RATE = Rate(burst=3, every=10 * SECOND)


def test_bucket_allows_its_burst_and_then_asks_to_wait() -> None:
    """The fourth of three has to wait for one token."""
    bucket = Bucket(RATE, START)
    for _ in range(3):
        bucket, wait = bucket.take(START)
        assert wait is None
    assert bucket.take(START) == (bucket, 10 * SECOND)


def test_bucket_allows_again_exactly_when_it_said() -> None:
    """A microsecond before is too early."""
    bucket, _ = Bucket(RATE, START).take(START, 3)
    _, wait = bucket.take(START, 2)
    assert wait == 20 * SECOND
    assert bucket.take(START + wait - timedelta(microseconds=1), 2)[1] == timedelta(microseconds=1)
    assert bucket.take(START + wait, 2)[1] is None


def test_bucket_holds_no_more_than_its_burst_after_a_long_rest() -> None:
    """Waiting does not save up."""
    bucket, _ = Bucket(RATE, START).take(START)
    bucket, wait = bucket.take(START + timedelta(days=1), 3)
    assert wait is None
    assert bucket.take(START + timedelta(days=1))[1] == 10 * SECOND


@pytest.mark.parametrize("cost", [0, -1, 4])
def test_bucket_refuses_a_cost_that_can_never_be_met(cost: int) -> None:
    """Such a wait would never end."""
    with pytest.raises(ValueError, match="between 1 and 3"):
        Bucket(RATE, START).take(START, cost)


@pytest.mark.parametrize(("burst", "every"), [(0, SECOND), (1, timedelta(0)), (1, -SECOND)])
def test_rate_refuses_nothing_and_everything(burst: int, every: timedelta) -> None:
    """A rate has a burst and takes time."""
    with pytest.raises(ValueError, match="rate"):
        Rate(burst, every)


@given(
    st.integers(1, 5),
    st.integers(1, 10_000_000),
    st.lists(st.tuples(st.integers(0, 30_000_000), st.integers(1, 5)), max_size=40),
)
def test_bucket_never_gives_more_than_burst_and_refill(
    burst: int, every: int, asked: list[tuple[int, int]]
) -> None:
    """Over any stretch from the start, at most the burst and what has been refilled since."""
    rate = Rate(burst, timedelta(microseconds=every))
    bucket, now, taken = Bucket(rate, START), START, 0
    for pause, cost in asked:
        now += timedelta(microseconds=pause)
        if cost > burst:
            continue
        bucket, wait = bucket.take(now, cost)
        taken += cost if wait is None else 0
        assert taken <= burst + (now - START) // rate.every
        if wait is not None:
            assert bucket.take(now + wait, cost)[1] is None


@given(st.integers(1, 5), st.lists(st.tuples(st.integers(0, 30), st.booleans()), max_size=40))
def test_bucket_refuses_exactly_when_its_burst_is_used(burst: int, asked: list[tuple[int, bool]]) -> None:
    """`used` tells beforehand what `take` does, whether tokens were taken or pushed out of it."""
    bucket, now = Bucket(Rate(burst, 10 * SECOND), START), START
    for pause, is_pushed in asked:
        now += timedelta(seconds=pause)
        used = bucket.used(now)
        after, wait = bucket.take(now)
        assert (wait is None) == (used < burst)
        bucket = bucket.push(now, 3 * burst) if is_pushed else after
        assert used <= bucket.used(now) <= used + 1
        assert bucket.used(now) <= 3 * burst


def test_bucket_that_was_pushed_too_far_is_soon_itself_again() -> None:
    """However long a flood was, what it leaves behind is bounded."""
    bucket = Bucket(RATE, START)
    for _ in range(1_000):
        bucket = bucket.push(START, 6)
    assert bucket.used(START) == 6
    assert bucket.used(START + 60 * SECOND) == 0
    assert bucket.take(START + 60 * SECOND, 3)[1] is None


def test_allowances_count_each_key_alone() -> None:
    """One who asks too much takes nothing from another."""
    allowances = Allowances(Rate(1, SECOND))
    assert allowances.take(b"one", START) is None
    assert allowances.take(b"one", START) == SECOND
    assert allowances.take(b"other", START) is None


def test_allowances_forget_who_has_rested() -> None:
    """A full bucket says nothing, so it makes room first."""
    allowances = Allowances(Rate(2, SECOND), limit=2)
    allowances.take(b"a", START)
    allowances.take(b"b", START)
    allowances.take(b"c", START + 5 * SECOND)
    assert len(allowances) == 1


def test_allowances_forget_old_keys_also_when_there_is_room() -> None:
    """A network that came this morning is not known in the evening."""
    allowances = Allowances(RATE)
    for number in range(100):
        allowances.take(bytes([number]), START)
    allowances.push(b"new", START + 31 * SECOND, 6)
    assert len(allowances) == 1
    allowances.forget_rested(START + 60 * SECOND)
    assert len(allowances) == 0


def test_allowances_know_nobody_who_was_only_asked_about() -> None:
    """Looking costs no memory."""
    allowances = Allowances(RATE)
    assert allowances.used(b"a", START) == 0
    assert len(allowances) == 0
    allowances.push(b"a", START, 6)
    assert allowances.used(b"a", START) == 1
    allowances.forget_all()
    assert allowances.used(b"a", START) == 0


def test_allowances_remember_who_took_most_when_all_are_in_use() -> None:
    """A flood of new keys does not wash away the busiest one."""
    allowances = Allowances(Rate(3, SECOND), limit=4)
    allowances.take(b"busy", START, 3)
    for number in range(100):
        allowances.take(bytes([number]), START)
    assert len(allowances) <= 4
    assert allowances.take(b"busy", START) == SECOND


@given(st.lists(st.binary(min_size=1, max_size=2), max_size=60), st.integers(1, 5))
def test_allowances_never_grow_beyond_their_limit(keys: list[bytes], limit: int) -> None:
    """Whatever the keys, memory is bounded."""
    allowances = Allowances(RATE, limit=limit)
    for key in keys:
        allowances.take(key, START)
        assert len(allowances) <= limit


def test_allowances_refuse_to_hold_nothing() -> None:
    """At least one key must fit."""
    with pytest.raises(ValueError, match="one key"):
        Allowances(RATE, limit=0)


def test_network_key_differs_by_network_and_by_day() -> None:
    """The same network is another key tomorrow, and its bytes do not show in it."""
    network = bytes([192, 0, 2])
    today = network_key(network, b"k" * 32)
    assert len(today) == 16
    assert network not in today
    assert today == network_key(network, b"k" * 32)
    assert len({today, network_key(network, b"l" * 32), network_key(b"\x01\x02\x03", b"k" * 32)}) == 3
