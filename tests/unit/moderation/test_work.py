# SPDX-License-Identifier: EUPL-1.2
"""Proof of work: what solves it, how hard it is; a challenge is good once, for one and for a while."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.work import FIRST_BITS, LIFE, MOST_BITS, Challenge, Spent, bits_for, is_solved

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
KEY, NETWORK = b"k" * 32, b"n" * 16
challenges = st.builds(
    lambda ago, bits, salt: Challenge.new(NOW - timedelta(seconds=ago), bits, salt),
    st.integers(0, 180),
    st.integers(1, 40),
    st.binary(min_size=7, max_size=7),
)


@given(st.text(max_size=40), st.text(max_size=22), st.integers(0, 40))
def test_work_is_solved_as_the_contract_says(challenge: str, nonce: str, bits: int) -> None:
    """The digest of `challenge:nonce`, written in bits, begins with so many zeros."""
    digest = sha256(f"{challenge}:{nonce}".encode()).digest()
    written = "".join(f"{byte:08b}" for byte in digest)
    assert is_solved(challenge, nonce, bits) == written.startswith("0" * bits)


def test_work_can_be_done() -> None:
    """Somebody finds a nonce, and it is worth as many bits as it has and no more."""
    nonce = next(nonce for nonce in map(str, count()) if is_solved("c", nonce, 8))
    digest = int.from_bytes(sha256(f"c:{nonce}".encode()).digest())
    zeros = 256 - digest.bit_length()
    assert zeros >= 8
    assert is_solved("c", nonce, zeros)
    assert not is_solved("c", nonce, zeros + 1)


@given(st.integers(0, 10_000), st.integers(1, 100))
def test_bits_rise_with_load_and_have_a_ceiling(used: int, burst: int) -> None:
    """Nothing below the burst; then the first step, one more for each doubling, and never beyond the last."""
    bits = bits_for(used, burst)
    assert (bits == 0) == (used < burst)
    assert bits in {0, *range(FIRST_BITS, MOST_BITS + 1)}
    assert bits <= bits_for(used + 1, burst)
    assert bits_for(2 * used, burst) in {bits, min(bits + 1, MOST_BITS)} or used < burst


@given(challenges)
def test_challenge_is_read_as_it_was_written(challenge: Challenge) -> None:
    """By whoever has the key, for the network that it was made for; with a nonce it is one block."""
    text = challenge.text(KEY, NETWORK)
    assert Challenge.read(text, KEY, NETWORK, NOW) == challenge
    assert Challenge.read(text, b"l" * 32, NETWORK, NOW) is None
    assert Challenge.read(text, KEY, b"m" * 16, NOW) is None
    assert len(f"{text}:") + 22 <= 55


@given(challenges, st.integers(0, 31), st.characters(max_codepoint=0x2FF))
def test_challenge_that_was_touched_is_none(challenge: Challenge, place: int, character: str) -> None:
    """Any other character anywhere, also one that other writings of base64 take for the same."""
    text = challenge.text(KEY, NETWORK)
    touched = text[:place] + character + text[place + 1 :]
    if touched != text:
        assert Challenge.read(touched, KEY, NETWORK, NOW) is None


@given(st.text(max_size=64))
def test_text_that_nobody_made_is_no_challenge(text: str) -> None:
    """Whatever is sent, it is an answer and never an error."""
    assert Challenge.read(text, KEY, NETWORK, NOW) is None


def test_challenge_is_good_for_its_time() -> None:
    """Not a second longer, and not before it was made."""
    challenge = Challenge.new(NOW, 15, b"1234567")
    text = challenge.text(KEY, NETWORK)
    assert Challenge.read(text, KEY, NETWORK, NOW + LIFE) == challenge
    assert Challenge.read(text, KEY, NETWORK, NOW + LIFE + SECOND) is None
    assert Challenge.read(text, KEY, NETWORK, NOW - SECOND) is None


def test_spent_remembers_each_one() -> None:
    """One that was used is used; another is not."""
    spent = Spent()
    one, other = (Challenge.new(NOW, 15, salt) for salt in (b"1234567", b"7654321"))
    spent.add(one, NOW)
    assert spent.has(one)
    assert not spent.has(other)


def test_spent_forgets_what_is_too_old_to_be_read() -> None:
    """Without refusing anything that is not."""
    spent = Spent(limit=2)
    for salt in (b"1234567", b"7654321"):
        spent.add(Challenge.new(NOW, 15, salt), NOW)
    later = NOW + LIFE + SECOND
    spent.add(Challenge.new(later, 15, b"1234567"), later)
    assert len(spent) == 1
    assert not spent.has(Challenge.new(later, 15, b"7654321"))


@given(st.lists(challenges, max_size=60), st.integers(1, 6))
def test_spent_never_lets_one_in_twice_and_never_grows(used: list[Challenge], limit: int) -> None:
    """Whatever is forgotten for want of room counts as used."""
    spent = Spent(limit=limit)
    for number, challenge in enumerate(used):
        spent.add(challenge, NOW)
        assert len(spent) <= limit
        assert all(spent.has(earlier) for earlier in used[: number + 1])


def test_spent_refuses_to_hold_nothing() -> None:
    """At least one must fit."""
    with pytest.raises(ValueError, match="one challenge"):
        Spent(limit=0)
