# SPDX-License-Identifier: EUPL-1.2
"""The key that backups are sealed to: its public half for the server, its private half for a drawer.

Owns both written forms. How a passphrase is stretched (Argon2id) is the caller's: it comes as 32 bytes.
`docs/sealing.md` gives every byte.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chat.ids import Randomness
from web.backup.errors import NotAKey, WrongPassphrase

KEY_BYTES = 32
SALT_BYTES = 16

_LABEL = b"jourchatt backup key"
_FIRST_WORD = "jourchatt-backup-key"
_VERSION = b"\x01"
_NONCE_BYTES = 12
_WHOLE_BYTES = 1 + KEY_BYTES + SALT_BYTES + _NONCE_BYTES + KEY_BYTES + 16


@dataclass(frozen=True, slots=True, repr=False)
class BackupKey:
    """A key pair as it is kept: the private half opens with the passphrase alone."""

    public: bytes
    salt: bytes
    sealed: bytes
    """Nonce and ciphertext of the private half."""

    @classmethod
    def new(cls, salt: bytes, stretched: bytes, randomness: Randomness) -> BackupKey:
        """Return a fresh key pair, sealed under its stretched passphrase."""
        secret = randomness.bytes(KEY_BYTES)
        public = X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
        nonce = randomness.bytes(_NONCE_BYTES)
        box = AESGCM(_derive(stretched)).encrypt(nonce, secret, _bound(public, salt))
        return cls(public, salt, nonce + box)

    @classmethod
    def parse(cls, text: str) -> BackupKey:
        """Read what `text` writes.

        Raises:
            NotAKey: it is something else.
        """
        first, _, rest = text.strip().partition(" ")
        raw = _decoded(rest)
        if first != _FIRST_WORD or len(raw) != _WHOLE_BYTES or raw[:1] != _VERSION:
            raise NotAKey("The file is no backup key: jourchatt backup-key makes one.")
        sealed_from = 1 + KEY_BYTES + SALT_BYTES
        return cls(raw[1 : 1 + KEY_BYTES], raw[1 + KEY_BYTES : sealed_from], raw[sealed_from:])

    def text(self) -> str:
        """Return the one line of the file that holds it."""
        return f"{_FIRST_WORD} {_encoded(_VERSION + self.public + self.salt + self.sealed)}\n"

    def public_text(self) -> str:
        """Return the public half as the server is given it: 43 characters."""
        return _encoded(self.public)

    def open(self, stretched: bytes) -> X25519PrivateKey:
        """Return the private half.

        Raises:
            WrongPassphrase: it does not open with this passphrase.
        """
        nonce, box = self.sealed[:_NONCE_BYTES], self.sealed[_NONCE_BYTES:]
        try:
            secret = AESGCM(_derive(stretched)).decrypt(nonce, box, _bound(self.public, self.salt))
        except InvalidTag:
            raise WrongPassphrase("The backup key does not open with this passphrase.") from None
        return X25519PrivateKey.from_private_bytes(secret)


def public_of(text: str) -> bytes:
    """Return the public half that `public_text` wrote.

    Raises:
        NotAKey: it is something else.
    """
    raw = _decoded(text)
    if len(raw) != KEY_BYTES:
        raise NotAKey("JOURCHATT_BACKUP_KEY is no public half of a backup key.")
    return raw


def _derive(stretched: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=_LABEL).derive(stretched)


def _bound(public: bytes, salt: bytes) -> bytes:
    return b"".join([len(part).to_bytes(2, "big") + part for part in (_LABEL, _VERSION, public, salt)])


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
