# SPDX-License-Identifier: EUPL-1.2
"""What a ticket is sealed with: the key of a receiving unit, and the key that her code gives.

Owns every byte of both, and binds each ciphertext to its place. Knows nothing of where they are kept or of
who may open what. How a passphrase or a code is stretched (Argon2id) is the caller's: it comes as 32 bytes.
`docs/sealing.md` gives every byte.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chat.ids import Randomness
from handover.errors import CannotOpen, WrongPassphrase
from handover.ids import ReceiverId

KEY_BYTES = 32
SALT_BYTES = 16
BUCKET_BYTES = 4_096
"""Contents are padded to whole buckets, so that a stored size tells little of how much she had to tell."""

_VERSION = b"\x01"
_NONCE_BYTES = 12
_LENGTH_BYTES = 4

_CODE_LOOKUP = b"jourchatt pick-up lookup"
_CODE_KEY = b"jourchatt pick-up key"
_UNIT_KEY = b"jourchatt receiver key"
_CONTENT = b"jourchatt ticket content"

_HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def _derive(secret: bytes, label: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=label).derive(secret)


def _fields(*parts: bytes) -> bytes:
    return b"".join([len(part).to_bytes(2, "big") + part for part in parts])


# --- her code -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, repr=False)
class PickupKey:
    """What a code gives: never stored. `lookup` finds the handover, `private` opens her copies."""

    lookup: bytes
    private: X25519PrivateKey

    @classmethod
    def of(cls, stretched: bytes) -> PickupKey:
        """Return what a stretched code gives."""
        return cls(
            _derive(stretched, _CODE_LOOKUP),
            X25519PrivateKey.from_private_bytes(_derive(stretched, _CODE_KEY)),
        )

    @property
    def public(self) -> bytes:
        """The public half as 32 raw bytes: what is stored."""
        return self.private.public_key().public_bytes_raw()


# --- the key of a receiving unit ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, repr=False)
class SealedUnitKey:
    """A unit's key pair as it is stored: the private half opens with the unit's passphrase alone."""

    unit: ReceiverId
    public: bytes
    salt: bytes
    sealed: bytes


def new_unit_key(unit: ReceiverId, salt: bytes, stretched: bytes, randomness: Randomness) -> SealedUnitKey:
    """Return a fresh key pair of a unit, sealed under its stretched passphrase."""
    secret = randomness.bytes(KEY_BYTES)
    public = X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
    nonce = randomness.bytes(_NONCE_BYTES)
    bound = _fields(_UNIT_KEY, _VERSION, unit.encode(), public, salt)
    box = AESGCM(_derive(stretched, _UNIT_KEY)).encrypt(nonce, secret, bound)
    return SealedUnitKey(unit, public, salt, _VERSION + nonce + box)


def open_unit_key(key: SealedUnitKey, stretched: bytes) -> X25519PrivateKey:
    """Return the private half.

    Raises:
        WrongPassphrase: it does not open with this passphrase.
    """
    nonce, box = key.sealed[1 : 1 + _NONCE_BYTES], key.sealed[1 + _NONCE_BYTES :]
    bound = _fields(_UNIT_KEY, key.sealed[:1], key.unit.encode(), key.public, key.salt)
    try:
        secret = AESGCM(_derive(stretched, _UNIT_KEY)).decrypt(nonce, box, bound)
    except InvalidTag:
        raise WrongPassphrase from None
    return X25519PrivateKey.from_private_bytes(secret)


# --- contents -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a sealed content belongs, and for whom. It opens nowhere else.

    `what` is `ticket`, `copy`, `letter` or `contacts`; `number` tells several of one kind apart.
    """

    what: str
    owner: str
    """The ticket, or for a copy and a contact list the handover."""
    reader: str
    """A receiver's id, or `visitor`."""
    number: int = 0


def seal(content: bytes, public: bytes, spot: Spot) -> bytes:
    """Seal a content to one reader, padded to whole buckets: 49 bytes longer than those."""
    sized = len(content).to_bytes(_LENGTH_BYTES, "big") + content
    padded = sized.ljust(-(-len(sized) // BUCKET_BYTES) * BUCKET_BYTES, b"\0")
    return _VERSION + _HPKE.encrypt(padded, X25519PublicKey.from_public_bytes(public), info=_bound(spot))


def unseal(sealed: bytes, private: X25519PrivateKey, spot: Spot) -> bytes:
    """Open what `seal` made.

    Raises:
        CannotOpen: another key or spot, or damaged.
    """
    if sealed[:1] != _VERSION:
        raise CannotOpen("the ciphertext has an unknown form")
    try:
        padded = _HPKE.decrypt(sealed[1:], private, info=_bound(spot))
    except (InvalidTag, ValueError):
        raise CannotOpen("the ciphertext does not open under this key at this place") from None
    length = int.from_bytes(padded[:_LENGTH_BYTES], "big")
    return padded[_LENGTH_BYTES : _LENGTH_BYTES + length]


def _bound(spot: Spot) -> bytes:
    return _fields(
        _CONTENT,
        _VERSION,
        spot.what.encode(),
        spot.owner.encode(),
        spot.reader.encode(),
        spot.number.to_bytes(4, "big"),
    )
