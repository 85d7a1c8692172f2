# SPDX-License-Identifier: EUPL-1.2
"""The work that a loaded server asks for, done from the contract alone."""

from __future__ import annotations

from hashlib import sha256
from itertools import count


def solve(challenge: str, bits: int) -> str:
    """Return a nonce with which SHA-256 of `challenge:nonce` begins with `bits` zero bits."""
    return next(nonce for nonce in map(str, count()) if solves(challenge, nonce, bits))


def solves(challenge: str, nonce: str, bits: int) -> bool:
    """Tell whether it does, bit by bit."""
    digest = sha256(f"{challenge}:{nonce}".encode()).digest()
    return "".join(f"{byte:08b}" for byte in digest[: bits // 8 + 1]).startswith("0" * bits)
