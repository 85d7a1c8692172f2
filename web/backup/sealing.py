# SPDX-License-Identifier: EUPL-1.2
"""How a backup is sealed: to a public key, in chunks of one size, each bound to its place and to the end.

Owns every byte of the file. Knows neither what is in it nor where it lies. `docs/sealing.md` gives the form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from msgspec import Struct

from chat.ids import Randomness
from web.backup.errors import Damaged, NotABackup, WrongKey

CHUNK_BYTES = 65_536
TAG_BYTES = 16
SEALED_BYTES = CHUNK_BYTES + TAG_BYTES

_FIRST = b"jourchatt backup"
_VERSION = b"\x01"
_LABEL = b"jourchatt backup"
_CHUNK = b"jourchatt backup chunk"
_KEY_BYTES = 32
_TIME_BYTES = 8
_REVISION_BYTES = 32
_ENC_BYTES = 32
HEAD_BYTES = len(_FIRST) + 1 + _ENC_BYTES + _KEY_BYTES + _TIME_BYTES + _REVISION_BYTES + TAG_BYTES

_HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class Head(Struct, frozen=True):
    """What stands before everything else, sealed as all of it."""

    made_at: datetime
    """To the second."""
    revision: str
    """The schema that the rows have."""


class Sealer:
    """Takes content and writes sealed chunks; holds no more than one of them."""

    def __init__(
        self, public: bytes, head: Head, randomness: Randomness, write: Callable[[bytes], object]
    ) -> None:
        secret = randomness.bytes(_KEY_BYTES)
        self._write = write
        self._aead = AESGCM(secret)
        self._waiting = bytearray()
        self._index = 0
        revision = head.revision.encode("ascii")
        if not 0 < len(revision) <= _REVISION_BYTES:
            raise ValueError("the name of the revision is too long")
        seconds = int(head.made_at.timestamp()).to_bytes(_TIME_BYTES, "big")
        content = secret + seconds + revision.ljust(_REVISION_BYTES, b"\0")
        box = _HPKE.encrypt(content, X25519PublicKey.from_public_bytes(public), info=_bound(public))
        write(_FIRST + _VERSION + box)

    def add(self, content: bytes) -> None:
        """Add content; a whole chunk is written once it is known that it is not the last."""
        self._waiting += content
        while len(self._waiting) > CHUNK_BYTES:
            self._seal(bytes(self._waiting[:CHUNK_BYTES]), last=False)
            del self._waiting[:CHUNK_BYTES]

    def end(self) -> None:
        """Write what is left as the last chunk, filled up with zeros."""
        self._seal(bytes(self._waiting).ljust(CHUNK_BYTES, b"\0"), last=True)

    def _seal(self, content: bytes, *, last: bool) -> None:
        self._write(self._aead.encrypt(_nonce(self._index, last=last), content, _fields(_CHUNK, _VERSION)))
        self._index += 1


class Opened:
    """A backup whose head has opened. `chunks` can be read once."""

    def __init__(self, read: Callable[[int], bytes], private: X25519PrivateKey) -> None:
        """Read the head.

        Raises:
            NotABackup: it is something else. WrongKey: it does not open under this key.
            Damaged: it opens, and what it holds cannot be.
        """
        self._read = read
        sealed = read(HEAD_BYTES)
        start = len(_FIRST)
        if sealed[:start] != _FIRST or sealed[start : start + 1] != _VERSION:
            raise NotABackup("The file is no backup that this version can read.")
        try:
            bound = _bound(private.public_key().public_bytes_raw())
            content = _HPKE.decrypt(sealed[start + 1 :], private, info=bound)
        except (InvalidTag, ValueError):
            raise WrongKey("The backup is sealed to another key, or its beginning is damaged.") from None
        self._aead = AESGCM(content[:_KEY_BYTES])
        self.head = _head(content[_KEY_BYTES:])

    def chunks(self) -> Iterator[bytes]:
        """Give the content, chunk by chunk, each only once it is known to be what was sealed there.

        Raises:
            Damaged: something was changed, moved, left out or added.
        """
        index, sealed, last = 0, self._read(SEALED_BYTES), False
        while not last:
            following = self._read(SEALED_BYTES)
            last = not following
            try:
                yield self._aead.decrypt(_nonce(index, last=last), sealed, _fields(_CHUNK, _VERSION))
            except InvalidTag:
                raise Damaged(
                    "The backup is damaged, or its end is missing; nothing of it was used."
                ) from None
            index, sealed = index + 1, following


def _head(content: bytes) -> Head:
    try:
        made_at = datetime.fromtimestamp(int.from_bytes(content[:_TIME_BYTES], "big"), UTC)
        return Head(made_at, content[_TIME_BYTES:].rstrip(b"\0").decode("ascii"))
    except (ValueError, OverflowError, OSError):
        raise Damaged("The time or the schema of the backup cannot be; nothing of it was used.") from None


def _nonce(index: int, *, last: bool) -> bytes:
    """The key is used for one file alone, so places are nonces: one byte tells the last, eleven count."""
    return index.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def _bound(public: bytes) -> bytes:
    return _fields(_LABEL, _VERSION, public)


def _fields(*parts: bytes) -> bytes:
    return b"".join([len(part).to_bytes(2, "big") + part for part in parts])
