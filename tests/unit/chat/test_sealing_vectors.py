# SPDX-License-Identifier: EUPL-1.2
"""Known answers: what is sealed today must open in every later version, and by anybody's own program.

The expected bytes were made by `sealing_by_hand`, a second writing of docs/sealing.md, not by the code under
test.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from chat import sealing
from chat.adapters.argon2 import stretched as stretched_code
from chat.ids import ConversationId, DutyId, OrganisationId
from tests.unit.chat import sealing_by_hand as by_hand

VECTORS = json.loads(Path(__file__).with_name("sealing_vectors.json").read_text(encoding="utf-8"))
GIVEN: dict[str, Any] = VECTORS["given"]
EXPECTED: dict[str, str] = VECTORS["expected"]

TOKEN = sealing.Token(GIVEN["token_day"], bytes.fromhex(GIVEN["token_secret"]))
TOKEN_BYTES = by_hand.token_bytes(TOKEN.day, TOKEN.secret)
TOKEN_DAY_KEY = bytes.fromhex(GIVEN["token_day_key"])
WRAP_DAY: int = GIVEN["wrap_day"]
WRAP_DAY_KEY = bytes.fromhex(GIVEN["wrap_day_key"])
SECRET = bytes.fromhex(GIVEN["conversation_key"])
NONCE = bytes.fromhex(GIVEN["nonce"])
CONVERSATION = ConversationId(GIVEN["conversation"])
DUTY = DutyId(GIVEN["duty"])
PLACE = sealing.Place(
    OrganisationId(GIVEN["organisation"]), CONVERSATION, GIVEN["seq"], GIVEN["role"], GIVEN["client_id"]
)
AT = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=GIVEN["minute"])


class Given:
    """Gives the one byte string that a vector names."""

    def __init__(self, value: bytes) -> None:
        self.value = value

    def bytes(self, count: int) -> bytes:
        """Return the given bytes, which must be as many as are asked for."""
        assert len(self.value) == count
        return self.value


KEY = sealing.ConversationKey.new(Given(SECRET))


def test_token_has_the_known_form() -> None:
    """A token is written, made and read as the vector says."""
    text = EXPECTED["token"]
    assert TOKEN.text() == by_hand.token_text(TOKEN.day, TOKEN.secret) == text
    assert sealing.Token.parse(text) == TOKEN == sealing.Token.new(TOKEN.day, Given(TOKEN.secret))


@pytest.mark.parametrize(
    ("day_key", "name"), [(TOKEN_DAY_KEY, "lookup_token_day"), (WRAP_DAY_KEY, "lookup_wrap_day")]
)
def test_lookup_has_the_known_value(day_key: bytes, name: str) -> None:
    """The lookup is the vector's under the token's own day and under a later one."""
    assert sealing.lookup(TOKEN, day_key) == by_hand.lookup(TOKEN_BYTES, day_key)
    assert sealing.lookup(TOKEN, day_key).hex() == EXPECTED[name]


def test_duty_key_has_the_known_value() -> None:
    """Both halves of the duty key are the vector's."""
    private = sealing.duty_private_key(TOKEN, TOKEN_DAY_KEY)
    assert private.private_bytes_raw().hex() == EXPECTED["duty_private_key"]
    assert private.private_bytes_raw() == by_hand.duty_private(TOKEN_BYTES, TOKEN_DAY_KEY)
    assert sealing.duty_public_bytes(private).hex() == EXPECTED["duty_public_key"]


def test_visitor_wrap_has_the_known_value() -> None:
    """Her wrap is the vector's, byte for byte, and opens."""
    wrap = KEY.wrap_for_visitor(TOKEN, WRAP_DAY, WRAP_DAY_KEY, CONVERSATION)
    assert wrap == by_hand.visitor_wrap(SECRET, TOKEN_BYTES, WRAP_DAY, WRAP_DAY_KEY, CONVERSATION)
    assert wrap.hex() == EXPECTED["visitor_wrap"]
    opened = sealing.ConversationKey.unwrap_for_visitor(wrap, TOKEN, WRAP_DAY, WRAP_DAY_KEY, CONVERSATION)
    assert opened.seal_text(PLACE, "", AT, Given(NONCE)) == KEY.seal_text(PLACE, "", AT, Given(NONCE))


def test_return_wrap_has_the_known_value() -> None:
    """Her code, stretched, gives the vector's bytes, is found by the vector's lookup, and opens."""
    stretched = stretched_code(GIVEN["return_code"].encode(), bytes.fromhex(GIVEN["return_salt"]))
    assert stretched.hex() == EXPECTED["return_stretched"]
    found_by = sealing.return_lookup(stretched, WRAP_DAY_KEY)
    assert found_by == by_hand.return_lookup(stretched, WRAP_DAY_KEY)
    assert found_by.hex() == EXPECTED["return_lookup"]
    wrap = KEY.wrap_for_return(stretched, WRAP_DAY, WRAP_DAY_KEY, CONVERSATION)
    assert wrap == by_hand.return_wrap(SECRET, stretched, WRAP_DAY, WRAP_DAY_KEY, CONVERSATION)
    assert wrap.hex() == EXPECTED["return_wrap"]
    opened = sealing.ConversationKey.unwrap_for_return(wrap, stretched, WRAP_DAY, WRAP_DAY_KEY, CONVERSATION)
    assert opened.seal_text(PLACE, "", AT, Given(NONCE)) == KEY.seal_text(PLACE, "", AT, Given(NONCE))


def test_duty_wrap_of_the_vector_opens() -> None:
    """A wrap made by hand from RFC 9180 opens. It cannot be made again: HPKE takes its own randomness."""
    private = X25519PrivateKey.from_private_bytes(bytes.fromhex(EXPECTED["duty_private_key"]))
    wrap = by_hand.duty_wrap(
        SECRET,
        bytes.fromhex(EXPECTED["duty_public_key"]),
        WRAP_DAY,
        WRAP_DAY_KEY,
        (CONVERSATION, DUTY),
        ephemeral=bytes.fromhex(GIVEN["ephemeral_key"]),
        nonce=NONCE,
    )
    assert wrap.hex() == EXPECTED["duty_wrap"]
    opened = sealing.ConversationKey.unwrap_for_duty(
        wrap, private, {WRAP_DAY: WRAP_DAY_KEY}.get, CONVERSATION, DUTY
    )
    assert opened.seal_text(PLACE, "", AT, Given(NONCE)) == KEY.seal_text(PLACE, "", AT, Given(NONCE))


@pytest.mark.parametrize(
    ("label", "staff", "name"),
    [(b"jourchatt message", False, "message"), (b"jourchatt staff entry", True, "staff_entry")],
)
def test_sealed_text_has_the_known_value(label: bytes, staff: bool, name: str) -> None:
    """A message and a staff-only entry are the vectors', byte for byte."""
    seal = KEY.seal_staff_text if staff else KEY.seal_text
    sealed = seal(PLACE, GIVEN["text"], AT, Given(NONCE))
    place = (PLACE.organisation, PLACE.conversation, PLACE.seq, PLACE.role, PLACE.client_id)
    assert sealed == by_hand.text(label, SECRET, place, GIVEN["text"], GIVEN["minute"], nonce=NONCE)
    assert hashlib.sha256(sealed).hexdigest() == EXPECTED[f"{name}_sha256"]
