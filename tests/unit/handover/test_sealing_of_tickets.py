# SPDX-License-Identifier: EUPL-1.2
"""What a ticket is sealed with: it opens with the one key at the one place, and tells no length."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from handover.errors import CannotOpen, WrongPassphrase
from handover.ids import ReceiverId
from handover.sealing import (
    BUCKET_BYTES,
    PickupKey,
    SealedUnitKey,
    Spot,
    new_unit_key,
    open_unit_key,
    seal,
    unseal,
)
from tests.service.standing import SeededRandomness

KEY = PickupKey.of(b"k" * 32)
OTHER = PickupKey.of(b"o" * 32)
SPOT = Spot("letter", "ticket-a", "visitor", 3)
UNIT = ReceiverId("mottagning")


@given(st.binary(max_size=9_000))
def test_content_comes_back_whole(content: bytes) -> None:
    """Whatever it is, also nothing, also zeros at its end."""
    assert unseal(seal(content, KEY.public, SPOT), KEY.private, SPOT) == content


@pytest.mark.parametrize(
    "elsewhere",
    [
        Spot("ticket", "ticket-a", "visitor", 3),
        Spot("letter", "ticket-b", "visitor", 3),
        Spot("letter", "ticket-a", "mottagning", 3),
        Spot("letter", "ticket-a", "visitor", 4),
        Spot("letterticket-a", "", "visitor", 3),
    ],
)
def test_content_opens_nowhere_else(elsewhere: Spot) -> None:
    """Another kind, owner, reader or number."""
    with pytest.raises(CannotOpen):
        unseal(seal(b"ord", KEY.public, SPOT), KEY.private, elsewhere)


def test_content_opens_for_nobody_else() -> None:
    """Another key, or one changed bit anywhere."""
    sealed = seal(b"ord", KEY.public, SPOT)
    with pytest.raises(CannotOpen):
        unseal(sealed, OTHER.private, SPOT)
    for place in (0, 1, 40, len(sealed) // 2, len(sealed) - 1):
        damaged = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(CannotOpen):
            unseal(damaged, KEY.private, SPOT)
    for cut in (b"", sealed[:1], sealed[:20], sealed[:-1]):
        with pytest.raises(CannotOpen):
            unseal(cut, KEY.private, SPOT)


def test_size_tells_little() -> None:
    """One word and four thousand bytes look alike."""
    assert len({len(seal(b"a" * size, KEY.public, SPOT)) for size in (0, 1, 400, 4_000)}) == 1
    assert len(seal(b"a" * 5_000, KEY.public, SPOT)) == 2 * BUCKET_BYTES + 49


def test_code_gives_the_same_keys_each_time_and_no_others() -> None:
    """Lookup and key are of different kinds: neither tells the other."""
    again = PickupKey.of(b"k" * 32)
    assert (again.lookup, again.public) == (KEY.lookup, KEY.public)
    assert len({KEY.lookup, KEY.public, OTHER.lookup, OTHER.public}) == 4
    assert "k" * 8 not in repr(KEY)


def test_unit_key_opens_with_its_passphrase_alone() -> None:
    """And gives the private half of the public one that is stored."""
    key = new_unit_key(UNIT, b"s" * 16, b"p" * 32, SeededRandomness(1))
    private = open_unit_key(key, b"p" * 32)
    assert private.public_key().public_bytes_raw() == key.public
    with pytest.raises(WrongPassphrase):
        open_unit_key(key, b"q" * 32)


@pytest.mark.parametrize("field", ["unit", "public", "salt", "sealed"])
def test_unit_key_is_bound_to_everything_beside_it(field: str) -> None:
    """A row that was changed, or another unit's, does not open."""
    key = new_unit_key(UNIT, b"s" * 16, b"p" * 32, SeededRandomness(1))
    foreign = X25519PrivateKey.from_private_bytes(b"x" * 32).public_key().public_bytes_raw()
    changed = {
        "unit": ReceiverId("annan"),
        "public": foreign,
        "salt": b"t" * 16,
        "sealed": key.sealed[:-1] + b"!",
    }
    parts = {name: getattr(key, name) for name in ("unit", "public", "salt", "sealed")}
    with pytest.raises(WrongPassphrase):
        open_unit_key(SealedUnitKey(**{**parts, field: changed[field]}), b"p" * 32)
