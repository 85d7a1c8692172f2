# SPDX-License-Identifier: EUPL-1.2
"""How a daily key travels between hosts: what it is known by, and what hides it on the way.

Owns every byte of both; `docs/sealing.md` describes them. Pure. Knows neither Redis nor the database.
"""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chat.sealing import KEY_BYTES

NONCE_BYTES: Final = 12

_VERSION = b"\x01"
_CHECK = b"jourchatt daily key check"
_COVER = b"jourchatt daily key cover"


def check_of(key: bytes) -> bytes:
    """Return what a daily key is known by. It opens nothing, and the key does not follow from it."""
    return _derived(key, _CHECK)


def cover(key: bytes, day: int, under: bytes, nonce: bytes) -> bytes:
    """Return a daily key as it may lie where others could read it."""
    sealed = AESGCM(_derived(under, _COVER)).encrypt(nonce, key, _bound(day))
    return _VERSION + nonce + sealed


def uncover(covered: bytes, day: int, under: bytes) -> bytes | None:
    """Return the daily key that `cover` covered for this day under this; None for everything else."""
    if covered[:1] != _VERSION or len(covered) != 1 + NONCE_BYTES + KEY_BYTES + 16:
        return None
    try:
        nonce, sealed = covered[1 : 1 + NONCE_BYTES], covered[1 + NONCE_BYTES :]
        return AESGCM(_derived(under, _COVER)).decrypt(nonce, sealed, _bound(day))
    except InvalidTag:
        return None


def _derived(secret: bytes, label: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=label).derive(secret)


def _bound(day: int) -> bytes:
    return _COVER + _VERSION + day.to_bytes(4, "big")
