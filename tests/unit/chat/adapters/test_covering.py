# SPDX-License-Identifier: EUPL-1.2
"""A daily key on its way between hosts, held against `docs/sealing.md` written a second time."""

from __future__ import annotations

from chat.adapters.covering import check_of, cover, uncover
from tests.unit.chat.sealing_by_hand import VERSION, encrypt, hkdf

KEY, UNDER, NONCE, DAY = bytes(range(32)), bytes(range(32, 64)), bytes(range(12)), 20_500
LABEL = b"jourchatt daily key cover"


def test_covered_key_is_as_described() -> None:
    """Every byte of it, and what it is known by."""
    sealed = encrypt(hkdf(UNDER, b"", LABEL), NONCE, KEY, LABEL + VERSION + DAY.to_bytes(4, "big"))
    assert cover(KEY, DAY, UNDER, NONCE) == VERSION + NONCE + sealed
    assert check_of(KEY) == hkdf(KEY, b"", b"jourchatt daily key check")


def test_covered_key_opens_at_its_place_alone() -> None:
    """Another day, another cover, any byte changed, cut or added: nothing."""
    covered = cover(KEY, DAY, UNDER, NONCE)
    assert uncover(covered, DAY, UNDER) == KEY
    changed = [covered[:at] + bytes([covered[at] ^ 1]) + covered[at + 1 :] for at in range(len(covered))]
    for other in (*changed, covered[:-1], covered + b"\0", b"", KEY):
        assert uncover(other, DAY, UNDER) is None
    assert uncover(covered, DAY + 1, UNDER) is None
    assert uncover(covered, DAY, bytes(32)) is None
