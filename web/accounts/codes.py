# SPDX-License-Identifier: EUPL-1.2
"""The codes of a second factor: those of a phone (TOTP, RFC 6238), and those on paper for when it is lost.

Owns their form and what each is compared with. Knows no account, no store and no clock. What a phone shows is
`pyotp`'s doing; which of its codes still counts is decided here.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from datetime import datetime
from typing import Final

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chat.ids import Randomness

STEP_S: Final = 30
AROUND: Final = (0, -1, 1)
"""Steps that count beside the present one: a phone's clock may be half a minute off."""
RECOVERY_CODES: Final = 10
_RECOVERY_BYTES = 10
"""80 random bits: no limit on guesses is needed, and a plain digest tells nothing."""

_NONCE = 12
_LABEL = b"jourchatt second factor"
_CHECK = b"jourchatt second factor key check"
_PHONE = re.compile(r"[0-9]{6}")
_PAPER = re.compile(r"[A-Z2-7]{16}")
_SECRET = re.compile(r"[A-Z2-7]{32}")


def new_secret(randomness: Randomness) -> str:
    """Return a new secret: 160 random bits as 32 characters of base32."""
    return base64.b32encode(randomness.bytes(20)).decode()


def signed_secret(secret: str, token: str) -> str:
    """Return a secret with a mark that only the session of `token` can have got from us."""
    mark = hmac.digest(token.encode(), b"jourchatt offered secret " + secret.encode(), hashlib.sha256)
    return f"{secret}.{mark.hex()}"


def offered_secret(signed: str, token: str) -> str | None:
    """Return the secret that a form brings back; None when it is not one that this session was given."""
    secret = signed.partition(".")[0]
    if not _SECRET.fullmatch(secret) or not signed.isascii():
        return None
    return secret if hmac.compare_digest(signed_secret(secret, token), signed) else None


def in_groups(text: str) -> str:
    """Return a secret or a code as people copy it: four characters at a time."""
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address(secret: str, account: str, issuer: str) -> str:
    """Return the `otpauth:` address that an app on the same phone opens."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def plain(typed: str) -> str:
    """Return a code as it is compared: without the spaces and hyphens that people put in, in capitals."""
    return "".join(typed.split()).replace("-", "").upper()


def is_paper(code: str) -> bool:
    """Tell whether a plain code has the form of a recovery code."""
    return _PAPER.fullmatch(code) is not None


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Return the step whose code this is, of the present one and its neighbours; None for any other code."""
    if not _PHONE.fullmatch(code):
        return None
    present = int(now.timestamp()) // STEP_S
    phone = pyotp.TOTP(secret)
    matching = [
        present + off for off in AROUND if hmac.compare_digest(phone.generate_otp(present + off), code)
    ]
    return matching[0] if matching else None


def new_recovery_codes(randomness: Randomness) -> list[str]:
    """Return ten new codes of 16 characters, each good once."""
    return [base64.b32encode(randomness.bytes(_RECOVERY_BYTES)).decode() for _ in range(RECOVERY_CODES)]


def digest_of(code: str, account: str) -> bytes:
    """Return what is stored of a recovery code of one account."""
    return hashlib.sha256(f"jourchatt recovery {account} {code}".encode()).digest()


def seal(secret: str, account: str, key: bytes, randomness: Randomness) -> bytes:
    """Return a secret sealed under the house's key, bound to its account."""
    nonce = randomness.bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, base64.b32decode(secret), _bound(account))


def unseal(sealed: bytes, account: str, key: bytes) -> str | None:
    """Return the secret; None when it was sealed under another key or for another account."""
    try:
        opened = AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound(account))
    except (InvalidTag, ValueError):
        return None
    return base64.b32encode(opened).decode()


def check_of(key: bytes) -> bytes:
    """Return what a key is known by. It opens nothing, and the key does not follow from it."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=_CHECK).derive(key)


def _bound(account: str) -> bytes:
    return _LABEL + b"\x00" + account.encode()
