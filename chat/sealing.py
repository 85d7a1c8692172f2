# SPDX-License-Identifier: EUPL-1.2
"""What is sealed, under which key, and bound to which place.

Owns tokens, conversation keys, their wraps and the sealed form of a text. Knows nothing of where keys and
ciphertexts are kept, of accounts, or of who may read what: that is decided before anything is opened.
`docs/sealing.md` gives every byte, so that somebody else can open what was sealed here.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Struct

from chat.errors import CannotUnseal
from chat.ids import ConversationId, DutyId, OrganisationId, Randomness

KEY_BYTES = 32
"""The length of every secret: token secrets, daily keys, conversation keys."""

DAYS_KEPT = 2
"""A daily key is unlinked when its day is so many days old."""

BUCKET_BYTES = 1024
"""Texts are padded to whole buckets, so that a stored size tells little about what was said."""

_VERSION = b"\x01"
_DAY_BYTES = 2
_SECONDS_PER_DAY = 86_400
_NONCE_BYTES = 12
_TAG_BYTES = 16
_MINUTE_BYTES = 4
_LENGTH_BYTES = 4

# 34 bytes in base64url. The last character carries two bits only: its other four must be zero, so that one
# token has one form.
_TOKEN_FORM = re.compile(r"[A-Za-z0-9_-]{45}[AQgw]")

# One label for each purpose: no key and no ciphertext of one purpose is ever valid for another.
_LOOKUP = b"jourchatt token lookup"
_DUTY_KEY = b"jourchatt duty key"
_VISITOR_WRAP = b"jourchatt visitor wrap"
_VISITOR_WRAP_NONCE = b"jourchatt visitor wrap nonce"
_RETURN_LOOKUP = b"jourchatt return lookup"
_RETURN_WRAP = b"jourchatt return wrap"
_RETURN_WRAP_NONCE = b"jourchatt return wrap nonce"
_DUTY_WRAP = b"jourchatt duty wrap"
_DUTY_WRAP_HPKE = b"jourchatt duty wrap hpke"
_MESSAGE = b"jourchatt message"
_STAFF_ENTRY = b"jourchatt staff entry"
_COUNTING = b"jourchatt counting "

_HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def _derive(secret: bytes, label: bytes, *, salt: bytes | None = None, length: int = KEY_BYTES) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=label).derive(secret)


def counting_key(daily_key: bytes, purpose: str) -> bytes:
    """Return the day's 32 bytes under which something is counted in memory: the same in every process."""
    return _derive(daily_key, _COUNTING + purpose.encode())


def _fields(*parts: bytes) -> bytes:
    """Join byte strings so that no two different lists give the same result."""
    return b"".join([len(part).to_bytes(2, "big") + part for part in parts])


_HEADS = {label: _fields(label, _VERSION) for label in (_MESSAGE, _STAFF_ENTRY)}
"""The first two fields of what a text is bound to."""


def _seal(aead: AESGCM, header: bytes, nonce: bytes, content: bytes, bound: bytes) -> bytes:
    return header + nonce + aead.encrypt(nonce, content, bound)


def _unseal(aead: AESGCM, header_bytes: int, sealed: bytes, bound: bytes) -> bytes:
    if sealed[:1] != _VERSION or len(sealed) < header_bytes + _NONCE_BYTES + _TAG_BYTES:
        raise CannotUnseal("the ciphertext has an unknown form")
    start = header_bytes + _NONCE_BYTES
    try:
        return aead.decrypt(sealed[header_bytes:start], sealed[start:], bound)
    except InvalidTag:
        raise CannotUnseal("the ciphertext does not open under this key at this place") from None


# --- tokens -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, repr=False)
class Token:
    """What a visitor or a staff sign-in holds, and the server never keeps. Its repr shows nothing of it.

    `day` is the day it was made, counted from 1970-01-01; `secret` is 32 random bytes.
    """

    day: int
    secret: bytes

    @classmethod
    def new(cls, day: int, randomness: Randomness) -> Token:
        """Return a fresh token of this day."""
        return cls(day, randomness.bytes(KEY_BYTES))

    @classmethod
    def parse(cls, text: str) -> Token | None:
        """Read the form that `text` writes; None for every other string, however it is malformed."""
        if _TOKEN_FORM.fullmatch(text) is None:
            return None
        raw = base64.urlsafe_b64decode(text + "==")
        return cls(int.from_bytes(raw[:_DAY_BYTES], "big"), raw[_DAY_BYTES:])

    def text(self) -> str:
        """Write the token as 46 characters of base64url without padding."""
        return base64.urlsafe_b64encode(_token_bytes(self)).rstrip(b"=").decode("ascii")


def _token_bytes(token: Token) -> bytes:
    return token.day.to_bytes(_DAY_BYTES, "big") + token.secret


def lookup(token: Token, day_key: bytes) -> bytes:
    """Return the 32 bytes that a token is found by under some daily key: all that is stored of it."""
    return _derive(_token_bytes(token), _LOOKUP, salt=day_key)


def key_ends(day: int) -> datetime:
    """Return when the daily key of a day is unlinked: what was wrapped under it opens no more."""
    return datetime.fromtimestamp((day + DAYS_KEPT) * _SECONDS_PER_DAY, UTC)


def return_lookup(stretched: bytes, day_key: bytes) -> bytes:
    """Return the 32 bytes that a code is found by under some daily key. `stretched`: Argon2id of the code."""
    return _derive(stretched, _RETURN_LOOKUP, salt=day_key)


def duty_private_key(token: Token, day_key: bytes) -> X25519PrivateKey:
    """Return the key that conversation keys are wrapped to for this staff sign-in. It is never stored."""
    return X25519PrivateKey.from_private_bytes(_derive(_token_bytes(token), _DUTY_KEY, salt=day_key))


def duty_public_bytes(private: X25519PrivateKey) -> bytes:
    """Return the public half as 32 raw bytes: what is stored while the duty lasts."""
    return private.public_key().public_bytes_raw()


# --- conversations ------------------------------------------------------------------------------------------


class Place(Struct, frozen=True):
    """Where a sealed text belongs. It opens nowhere else."""

    organisation: OrganisationId
    conversation: ConversationId
    seq: int
    """The entry's number; of a staff-only entry, its number among those."""
    role: str
    """Whose the text is: a `Role`, or another author of staff-only entries."""
    client_id: str
    """The id its author's client gave it; empty where there is none."""


def _bound_to(label: bytes, place: Place) -> bytes:
    """Return `fields` of everything that a text is bound to; made for every message, so without a loop."""
    organisation, conversation = place.organisation.encode(), place.conversation.encode()
    role, client_id = place.role.encode(), place.client_id.encode()
    return b"".join(
        (
            _HEADS[label],
            len(organisation).to_bytes(2, "big"),
            organisation,
            len(conversation).to_bytes(2, "big"),
            conversation,
            b"\x00\x08",
            place.seq.to_bytes(8, "big"),
            len(role).to_bytes(2, "big"),
            role,
            len(client_id).to_bytes(2, "big"),
            client_id,
        )
    )


def _padded(text: str, at: datetime) -> bytes:
    if at.tzinfo is None:
        raise ValueError("the time of a text must say its time zone")
    try:
        words = text.encode()
    except UnicodeEncodeError:
        # That error would carry the whole text to wherever it is logged.
        raise ValueError("the text is not valid Unicode") from None
    minute = int(at.timestamp()) // 60
    content = minute.to_bytes(_MINUTE_BYTES, "big") + len(words).to_bytes(_LENGTH_BYTES, "big") + words
    return content.ljust(-(-len(content) // BUCKET_BYTES) * BUCKET_BYTES, b"\0")


def _unpadded(content: bytes) -> tuple[str, datetime]:
    start = _MINUTE_BYTES + _LENGTH_BYTES
    minute = int.from_bytes(content[:_MINUTE_BYTES], "big")
    length = int.from_bytes(content[_MINUTE_BYTES:start], "big")
    return content[start : start + length].decode(), datetime.fromtimestamp(minute * 60, UTC)


def _visitor_wrap_key(token: Token, day_key: bytes) -> AESGCM:
    return AESGCM(_derive(_token_bytes(token), _VISITOR_WRAP, salt=day_key))


def _wrap_bound(label: bytes, day: int, conversation: ConversationId) -> bytes:
    return _fields(label, _VERSION, day.to_bytes(_DAY_BYTES, "big"), conversation.encode())


def _duty_wrap_bound(label: bytes, header: bytes, conversation: ConversationId, duty: DutyId) -> bytes:
    return _fields(label, header, conversation.encode(), duty.encode())


class ConversationKey:
    """The key K_c of one conversation, with what is derived from it.

    Lives only in the memory of a process that serves a party of the conversation; stored only in wraps. Its
    repr shows nothing of it.
    """

    __slots__ = ("_messages", "_secret", "_staff")

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._messages = AESGCM(_derive(secret, _MESSAGE))
        self._staff = AESGCM(_derive(secret, _STAFF_ENTRY))

    @classmethod
    def new(cls, randomness: Randomness) -> ConversationKey:
        """Return the key of a new conversation."""
        return cls(randomness.bytes(KEY_BYTES))

    # wraps

    def wrap_for_visitor(self, token: Token, day: int, day_key: bytes, conversation: ConversationId) -> bytes:
        """Wrap the key so that only her token, together with the daily key of `day`, opens it: 61 bytes.

        `day` may be later than the token's own. The nonce comes from the key that is wrapped: the same wrap
        may be made again, and no two keys share a nonce.
        """
        nonce = _derive(self._secret, _VISITOR_WRAP_NONCE, length=_NONCE_BYTES)
        bound = _wrap_bound(_VISITOR_WRAP, day, conversation)
        return _seal(_visitor_wrap_key(token, day_key), _VERSION, nonce, self._secret, bound)

    @classmethod
    def unwrap_for_visitor(
        cls, wrap: bytes, token: Token, day: int, day_key: bytes, conversation: ConversationId
    ) -> ConversationKey:
        """Open what `wrap_for_visitor` made.

        Raises:
            CannotUnseal: another token, day, daily key or conversation, or a damaged wrap.
        """
        aead = _visitor_wrap_key(token, day_key)
        return cls(_unseal(aead, len(_VERSION), wrap, _wrap_bound(_VISITOR_WRAP, day, conversation)))

    def wrap_for_return(
        self, stretched: bytes, day: int, day_key: bytes, conversation: ConversationId
    ) -> bytes:
        """Wrap the key so that only her code, together with the daily key of `day`, opens it: 61 bytes.

        `stretched`: Argon2id of the code. Otherwise as `wrap_for_visitor`.
        """
        nonce = _derive(self._secret, _RETURN_WRAP_NONCE, length=_NONCE_BYTES)
        aead = AESGCM(_derive(stretched, _RETURN_WRAP, salt=day_key))
        return _seal(aead, _VERSION, nonce, self._secret, _wrap_bound(_RETURN_WRAP, day, conversation))

    @classmethod
    def unwrap_for_return(
        cls, wrap: bytes, stretched: bytes, day: int, day_key: bytes, conversation: ConversationId
    ) -> ConversationKey:
        """Open what `wrap_for_return` made.

        Raises:
            CannotUnseal: another code, day, daily key or conversation, or a damaged wrap.
        """
        aead = AESGCM(_derive(stretched, _RETURN_WRAP, salt=day_key))
        return cls(_unseal(aead, len(_VERSION), wrap, _wrap_bound(_RETURN_WRAP, day, conversation)))

    def wrap_for_duty(  # noqa: PLR0917 - the place first, the randomness last, as in every seal
        self,
        public_key: bytes,
        day: int,
        day_key: bytes,
        conversation: ConversationId,
        duty: DutyId,
        randomness: Randomness,
    ) -> bytes:
        """Wrap the key to a duty's public key, inside an outer layer under the daily key of `day`: 111 bytes.

        `randomness` gives the outer nonce; the key pair that HPKE uses once comes from `cryptography` itself.

        Raises:
            ValueError: `public_key` is not a usable X25519 key.
        """
        header = _VERSION + day.to_bytes(_DAY_BYTES, "big")
        receiver = X25519PublicKey.from_public_bytes(public_key)
        inner_bound = _duty_wrap_bound(_DUTY_WRAP_HPKE, header, conversation, duty)
        inner = _HPKE.encrypt(self._secret, receiver, info=inner_bound)
        outer = AESGCM(_derive(day_key, _DUTY_WRAP))
        bound = _duty_wrap_bound(_DUTY_WRAP, header, conversation, duty)
        return _seal(outer, header, randomness.bytes(_NONCE_BYTES), inner, bound)

    @classmethod
    def unwrap_for_duty(
        cls,
        wrap: bytes,
        private_key: X25519PrivateKey,
        keys: Callable[[int], bytes | None],
        conversation: ConversationId,
        duty: DutyId,
    ) -> ConversationKey:
        """Open what `wrap_for_duty` made. `keys` returns the daily key of a day, or None when it is gone.

        Raises:
            CannotUnseal: another key, conversation or duty, a daily key that is gone, or a damaged wrap.
        """
        header = wrap[: len(_VERSION) + _DAY_BYTES]
        day_key = keys(int.from_bytes(header[len(_VERSION) :], "big"))
        if day_key is None:
            raise CannotUnseal("the daily key of this wrap is gone")
        bound = _duty_wrap_bound(_DUTY_WRAP, header, conversation, duty)
        inner = _unseal(AESGCM(_derive(day_key, _DUTY_WRAP)), len(header), wrap, bound)
        inner_bound = _duty_wrap_bound(_DUTY_WRAP_HPKE, header, conversation, duty)
        try:
            return cls(_HPKE.decrypt(inner, private_key, info=inner_bound))
        except InvalidTag:
            raise CannotUnseal("the wrap was made for another duty key") from None

    # texts

    def seal_text(self, place: Place, text: str, at: datetime, randomness: Randomness) -> bytes:
        """Seal what both parties may read. `at` is aware and kept to the minute.

        The result is 29 bytes longer than the padded text: a whole number of `BUCKET_BYTES`.

        Raises:
            ValueError: a lone surrogate in `text`, or `at` without a time zone.
        """
        nonce = randomness.bytes(_NONCE_BYTES)
        return _seal(self._messages, _VERSION, nonce, _padded(text, at), _bound_to(_MESSAGE, place))

    def open_text(self, place: Place, sealed: bytes) -> tuple[str, datetime]:
        """Open what `seal_text` made: the text, and its time in UTC to the minute.

        Raises:
            CannotUnseal: another key or place, or damaged.
        """
        return _unpadded(_unseal(self._messages, len(_VERSION), sealed, _bound_to(_MESSAGE, place)))

    def seal_staff_text(self, place: Place, text: str, at: datetime, randomness: Randomness) -> bytes:
        """Seal what only staff may read, under a key of its own. Otherwise like `seal_text`."""
        nonce = randomness.bytes(_NONCE_BYTES)
        return _seal(self._staff, _VERSION, nonce, _padded(text, at), _bound_to(_STAFF_ENTRY, place))

    def open_staff_text(self, place: Place, sealed: bytes) -> tuple[str, datetime]:
        """Open what `seal_staff_text` made. Otherwise like `open_text`."""
        return _unpadded(_unseal(self._staff, len(_VERSION), sealed, _bound_to(_STAFF_ENTRY, place)))
