# SPDX-License-Identifier: EUPL-1.2
"""How doorbells look on their way: some together, with a number that shows when others are missing.

Owns every byte, and refuses what it does not know, and what none of the processes over the same store has
made. Knows no connection.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from enum import IntFlag
from hashlib import blake2b
from struct import Struct as Packed
from typing import Final

import msgspec

from chat.ports import Doorbell

SENDER_BYTES: Final = 8
SIGNATURE_BYTES: Final = 16
WEIGHT_AT_ONCE: Final = 256
"""How many doorbells go into a batch; what one of them tells weighs as much as another doorbell."""
LARGEST: Final = 256 * 1024
LARGEST_BELL: Final = 64 * 1024

_VERSION = 1
_HEAD = Packed(f">B{SENDER_BYTES}sQB")
_encoder = msgspec.msgpack.Encoder()
_parts = msgspec.msgpack.Decoder(list[msgspec.Raw])
_decoder = msgspec.msgpack.Decoder(Doorbell)


class Note(IntFlag):
    """What else is to be known of a batch."""

    NOTHING = 0
    LOST = 1
    """Doorbells were lost before this one: whoever hears it must look at everything."""
    LAST = 2
    """Nothing comes after it: the sender leaves."""


class Batch(msgspec.Struct, frozen=True):
    """What is sent at once; one without doorbells shows life. `number` grows by one with each of a sender."""

    sender: bytes
    number: int
    note: Note
    bells: Sequence[Doorbell]


class Signature:
    """Shows that somebody made a batch who knows the secret of the store, and so is one of us.

    It holds on the channel that it was made for, and on no other.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def put(self, packed: bytes, channel: bytes) -> bytes:
        """Return the bytes with the signature."""
        return packed + self._of(packed, channel)

    def take(self, signed: bytes, channel: bytes) -> bytes:
        """Return the bytes without it.

        Raises:
            ValueError: it is another's.
        """
        packed, signature = signed[:-SIGNATURE_BYTES], signed[-SIGNATURE_BYTES:]
        if len(signed) > LARGEST or not hmac.compare_digest(self._of(packed, channel), signature):
            raise ValueError("not signed by one of us")
        return packed

    def _of(self, packed: bytes, channel: bytes) -> bytes:
        # No name of a channel has a zero in it, so where it ends is certain.
        signed = channel + b"\0" + packed
        return blake2b(
            signed, key=self._secret, digest_size=SIGNATURE_BYTES, person=b"jourchatt bells"
        ).digest()


def pack(batch: Batch) -> bytes:
    """Return the bytes of a batch."""
    head = _HEAD.pack(_VERSION, batch.sender, batch.number, batch.note)
    return head + _encoder.encode(batch.bells) if batch.bells else head


def unpack(packed: bytes) -> Batch:
    """Return a batch; a doorbell in it that this version does not know is left out.

    Raises:
        ValueError: it has another form, or is larger than any that is sent.
    """
    if len(packed) < _HEAD.size or packed[0] != _VERSION or len(packed) > LARGEST:
        raise ValueError("not a batch of doorbells")
    _, sender, number, note = _HEAD.unpack_from(packed)
    body = memoryview(packed)[_HEAD.size :]
    try:
        parts = _parts.decode(body) if body else []
    except (msgspec.MsgspecError, RecursionError):
        raise ValueError("not a batch of doorbells") from None
    return Batch(sender, number, Note(note & 3), tuple(_known(parts)))


def _known(parts: Iterable[msgspec.Raw]) -> Iterable[Doorbell]:
    for part in parts:
        if memoryview(part).nbytes > LARGEST_BELL:
            continue
        try:
            yield _decoder.decode(part)
        except (msgspec.MsgspecError, RecursionError):
            continue
