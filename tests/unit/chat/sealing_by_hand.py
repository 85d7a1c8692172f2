# SPDX-License-Identifier: EUPL-1.2
"""The sealing of `docs/sealing.md`, written a second time from that document alone.

Uses hmac for HKDF and HPKE, and bare AES-GCM and X25519. Must not import the code that it is held against.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

VERSION = b"\x01"
HPKE_SUITE = b"HPKE" + bytes.fromhex("002000010002")  # X25519, HKDF-SHA256, AES-256-GCM
KEM_SUITE = b"KEM" + bytes.fromhex("0020")


def mac(key: bytes, text: bytes) -> bytes:
    """HMAC-SHA256."""
    return hmac.new(key, text, hashlib.sha256).digest()


def expand(key: bytes, info: bytes, length: int) -> bytes:
    """HKDF-Expand of RFC 5869."""
    blocks = [b""]
    while len(b"".join(blocks)) < length:
        blocks.append(mac(key, blocks[-1] + info + bytes([len(blocks)])))
    return b"".join(blocks)[:length]


def hkdf(secret: bytes, salt: bytes, info: bytes, length: int = 32) -> bytes:
    """HKDF-SHA256 of RFC 5869. No salt is 32 zero bytes."""
    return expand(mac(salt or bytes(32), secret), info, length)


def fields(*parts: bytes) -> bytes:
    """Each part after its length in two bytes."""
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


def encrypt(key: bytes, nonce: bytes, content: bytes, bound: bytes) -> bytes:
    """AES-256-GCM: the ciphertext, then the tag."""
    encryptor = Cipher(algorithms.AES(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(bound)
    return encryptor.update(content) + encryptor.finalize() + encryptor.tag


def token_bytes(day: int, secret: bytes) -> bytes:
    """The 34 bytes of a token."""
    return day.to_bytes(2, "big") + secret


def token_text(day: int, secret: bytes) -> str:
    """The 46 characters of a token."""
    return base64.urlsafe_b64encode(token_bytes(day, secret)).decode().rstrip("=")


def lookup(token: bytes, day_key: bytes) -> bytes:
    """What a token is found by."""
    return hkdf(token, day_key, b"jourchatt token lookup")


def duty_private(token: bytes, day_key: bytes) -> bytes:
    """The private key of a staff sign-in."""
    return hkdf(token, day_key, b"jourchatt duty key")


def public_of(private: bytes) -> bytes:
    """The public half of an X25519 key."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def visitor_wrap(secret: bytes, token: bytes, day: int, day_key: bytes, conversation: str) -> bytes:
    """A conversation key under a visitor's token."""
    key = hkdf(token, day_key, b"jourchatt visitor wrap")
    nonce = hkdf(secret, b"", b"jourchatt visitor wrap nonce", 12)
    bound = fields(b"jourchatt visitor wrap", VERSION, day.to_bytes(2, "big"), conversation.encode())
    return VERSION + nonce + encrypt(key, nonce, secret, bound)


def return_lookup(stretched: bytes, day_key: bytes) -> bytes:
    """What a code is found by, from what Argon2id makes of it."""
    return hkdf(stretched, day_key, b"jourchatt return lookup")


def return_wrap(secret: bytes, stretched: bytes, day: int, day_key: bytes, conversation: str) -> bytes:
    """A conversation key under a code."""
    key = hkdf(stretched, day_key, b"jourchatt return wrap")
    nonce = hkdf(secret, b"", b"jourchatt return wrap nonce", 12)
    bound = fields(b"jourchatt return wrap", VERSION, day.to_bytes(2, "big"), conversation.encode())
    return VERSION + nonce + encrypt(key, nonce, secret, bound)


def labeled_extract(suite: bytes, salt: bytes, label: bytes, secret: bytes) -> bytes:
    """LabeledExtract of RFC 9180."""
    return mac(salt or bytes(32), b"HPKE-v1" + suite + label + secret)


def labeled_expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """LabeledExpand of RFC 9180."""
    return expand(key, length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info, length)


def hpke(content: bytes, public: bytes, ephemeral: bytes, info: bytes) -> bytes:
    """The single-shot base mode of RFC 9180 with a given ephemeral key, no AAD: enc, then the ciphertext."""
    encapsulated = public_of(ephemeral)
    receiver = X25519PublicKey.from_public_bytes(public)
    shared = X25519PrivateKey.from_private_bytes(ephemeral).exchange(receiver)
    extracted = labeled_extract(KEM_SUITE, b"", b"eae_prk", shared)
    secret = labeled_expand(KEM_SUITE, extracted, b"shared_secret", encapsulated + public, 32)
    context = (
        b"\0"
        + labeled_extract(HPKE_SUITE, b"", b"psk_id_hash", b"")
        + labeled_extract(HPKE_SUITE, b"", b"info_hash", info)
    )
    schedule = labeled_extract(HPKE_SUITE, secret, b"secret", b"")
    key = labeled_expand(HPKE_SUITE, schedule, b"key", context, 32)
    nonce = labeled_expand(HPKE_SUITE, schedule, b"base_nonce", context, 12)
    return encapsulated + encrypt(key, nonce, content, b"")


def duty_wrap(
    secret: bytes,
    public: bytes,
    day: int,
    day_key: bytes,
    place: tuple[str, str],
    *,
    ephemeral: bytes,
    nonce: bytes,
) -> bytes:
    """A conversation key under a duty's key; `place` is the conversation and the duty."""
    conversation, duty = place
    header = VERSION + day.to_bytes(2, "big")
    inner_info = fields(b"jourchatt duty wrap hpke", header, conversation.encode(), duty.encode())
    inner = hpke(secret, public, ephemeral, inner_info)
    bound = fields(b"jourchatt duty wrap", header, conversation.encode(), duty.encode())
    return header + nonce + encrypt(hkdf(day_key, b"", b"jourchatt duty wrap"), nonce, inner, bound)


def text(
    label: bytes,
    secret: bytes,
    place: tuple[str, str, int, str, str],
    words: str,
    minute: int,
    *,
    nonce: bytes,
) -> bytes:
    """A sealed text; `label` says whether for both parties or for staff only."""
    organisation, conversation, seq, role, client_id = place
    raw = words.encode()
    content = minute.to_bytes(4, "big") + len(raw).to_bytes(4, "big") + raw
    while len(content) % 1024:
        content += b"\0"
    bound = fields(
        label,
        VERSION,
        organisation.encode(),
        conversation.encode(),
        seq.to_bytes(8, "big"),
        role.encode(),
        client_id.encode(),
    )
    return VERSION + nonce + encrypt(hkdf(secret, b"", label), nonce, content, bound)
