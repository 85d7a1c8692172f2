# SPDX-License-Identifier: EUPL-1.2
"""What is remembered of failed sign-ins: not much, not for long, and not whose."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.service.accounts_house import AWAY, HOME, START, Clock, Keys
from web.accounts import attempts
from web.accounts.attempts import Attempts
from web.accounts.errors import TooMany
from web.counting_key import CountingKey
from web.tellings import Tellings


@pytest.fixture
def memory() -> Attempts:
    """A fresh memory that limits everybody."""
    return Attempts(CountingKey(Keys(), "sign-ins"), lambda _network: True, Tellings(Clock()))


def fail(memory: Attempts, name: str = "åsa", network: bytes = HOME, times: int = 1) -> None:
    """Let attempts fail."""
    for _ in range(times):
        memory.finish(memory.begin(name, network, START))


def test_memory_holds_neither_names_nor_networks(memory: Attempts) -> None:
    """Keys are HMACs: what was typed and where it came from are not in there."""
    fail(memory, "asa-lindgren", b"\x0a\x0b\x0c")
    held = b"".join([*memory._failures, memory._key.value])
    assert b"asa" not in held
    assert b"\x0a\x0b\x0c" not in held


def test_memory_takes_another_key_each_day(memory: Attempts) -> None:
    """At midnight everything is forgotten, and the same name has another key."""
    fail(memory, times=3)
    yesterday = set(memory._failures)
    memory.begin("åsa", HOME, START + timedelta(days=1))
    assert len(memory._failures) == 3
    assert not yesterday & set(memory._failures)


def test_attempt_may_end_after_midnight(memory: Attempts) -> None:
    """An attempt from before the change of keys is finished, right or withdrawn without harm."""
    begun = [memory.begin("åsa", HOME, START) for _ in range(2)]
    memory.begin("berit", HOME, START + timedelta(days=1))
    memory.succeeded(begun[0])
    memory.withdraw(begun[1])
    for attempt in begun:
        memory.finish(attempt)
    assert len(memory._failures) == 3


def test_memory_is_bounded(memory: Attempts, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many names are tried, only so much is remembered, the newest of it."""
    monkeypatch.setattr(attempts, "REMEMBERED", 10)
    for number in range(100):
        fail(memory, f"name {number}", number.to_bytes(3, "big"))
    assert len(memory._failures) == 10
    fail(memory, "name 99", (99).to_bytes(3, "big"), times=2)
    with pytest.raises(TooMany):
        memory.begin("name 99", (99).to_bytes(3, "big"), START)


def test_success_leaves_nothing_behind(memory: Attempts) -> None:
    """Somebody who only ever types it right is not remembered at all."""
    attempt = memory.begin("åsa", HOME, START)
    memory.finish(attempt)
    memory.succeeded(attempt)
    assert not memory._failures
    assert not memory._looked_at


def test_spraying_of_names_has_to_wait(memory: Attempts) -> None:
    """A network that fails under ever new names is slowed; other networks, and who works there, are not."""
    attempt = memory.begin("åsa", HOME, START)
    memory.finish(attempt)
    memory.succeeded(attempt)
    for number in range(attempts.SPRAYED_FAILURES):
        fail(memory, f"name {number}")
    with pytest.raises(TooMany) as refused:
        memory.begin("name 1000", HOME, START)
    assert refused.value.retry_after == attempts.SPRAYED_WAIT.seconds
    memory.finish(memory.begin("åsa", HOME, START))
    memory.finish(memory.begin("name 1000", AWAY, START))
    memory.finish(memory.begin("name 1000", HOME, START + attempts.SPRAYED_WAIT))


def test_count_in_the_thousands_is_still_a_minute(memory: Attempts) -> None:
    """The wait does not overflow with the count."""
    for number in range(5000):
        fail(memory, "åsa", number.to_bytes(3, "big"))
    fail(memory, times=3)
    with pytest.raises(TooMany) as refused:
        memory.begin("åsa", HOME, START)
    assert refused.value.retry_after == 60
