# SPDX-License-Identifier: EUPL-1.2
"""Sealed things open at their own place under their own key, and nowhere else."""

from __future__ import annotations

import hashlib
import string
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import structs

from chat.errors import CannotUnseal
from chat.ids import ConversationId, DutyId, OrganisationId, Role
from chat.sealing import (
    BUCKET_BYTES,
    ConversationKey,
    Place,
    Token,
    duty_private_key,
    duty_public_bytes,
    lookup,
)


class Counted:
    """Different bytes at every call, the same in every run."""

    def __init__(self) -> None:
        self.calls = 0

    def bytes(self, count: int) -> bytes:
        """Return the next `count` bytes."""
        self.calls += 1
        return hashlib.shake_128(self.calls.to_bytes(4, "big")).digest(count)


RANDOMNESS = Counted()
DAY = 20500
DAY_KEY = RANDOMNESS.bytes(32)
OTHER_DAY_KEY = RANDOMNESS.bytes(32)
TOKEN = Token.new(DAY, RANDOMNESS)
OTHER_TOKEN = Token.new(DAY, RANDOMNESS)
DUTY_KEY = duty_private_key(TOKEN, DAY_KEY)
CONVERSATION = ConversationId("A" * 22)
OTHER_CONVERSATION = ConversationId("B" * 22)
DUTY = DutyId("D" * 22)
KEY = ConversationKey.new(RANDOMNESS)
OTHER_KEY = ConversationKey.new(RANDOMNESS)
PLACE = Place(OrganisationId("jouren"), CONVERSATION, 3, Role.VISITOR, "C" * 22)
AT = datetime(2026, 2, 16, 21, 40, 59, tzinfo=UTC)
SEALED = KEY.seal_text(PLACE, "hej", AT, RANDOMNESS)
VISITOR_WRAP = KEY.wrap_for_visitor(TOKEN, DAY, DAY_KEY, CONVERSATION)
DUTY_WRAP = KEY.wrap_for_duty(duty_public_bytes(DUTY_KEY), DAY, DAY_KEY, CONVERSATION, DUTY, RANDOMNESS)

TOKEN_ALPHABET = string.ascii_letters + string.digits + "-_"


def keys_of_the_day(day: int) -> bytes | None:
    """Return the one daily key that there is."""
    return DAY_KEY if day == DAY else None


def every_key(day: int) -> bytes | None:
    """Return the same key for every day, so that only the bound day can refuse."""
    return DAY_KEY


def open_visitor_wrap(wrap: bytes) -> ConversationKey:
    """Open her wrap with everything right."""
    return ConversationKey.unwrap_for_visitor(wrap, TOKEN, DAY, DAY_KEY, CONVERSATION)


def open_duty_wrap(wrap: bytes) -> ConversationKey:
    """Open the operator's wrap with everything right."""
    return ConversationKey.unwrap_for_duty(wrap, DUTY_KEY, every_key, CONVERSATION, DUTY)


def open_message(sealed: bytes) -> tuple[str, datetime]:
    """Open the message with everything right."""
    return KEY.open_text(PLACE, sealed)


SEALED_FORMS = pytest.mark.parametrize(
    ("sealed", "unseal"),
    [
        pytest.param(VISITOR_WRAP, open_visitor_wrap, id="visitor wrap"),
        pytest.param(DUTY_WRAP, open_duty_wrap, id="duty wrap"),
        pytest.param(SEALED, open_message, id="message"),
    ],
)


class TestToken:
    def test_token_reads_back_what_it_wrote(self) -> None:
        """A token survives its own text, and two tokens differ."""
        assert Token.parse(TOKEN.text()) == TOKEN != OTHER_TOKEN

    @given(st.integers(0, 0xFFFF), st.binary(min_size=32, max_size=32))
    @settings(max_examples=50)
    def test_token_of_any_day_and_secret_reads_back(self, day: int, secret: bytes) -> None:
        """Every token has one text, which gives the same token."""
        assert Token.parse(Token(day, secret).text()) == Token(day, secret)

    @given(st.text(max_size=60) | st.text(TOKEN_ALPHABET + "+/= \n", min_size=44, max_size=48))
    @example("A" * 46)
    @example("A" * 45 + "B")
    @example("A" * 46 + "==")
    @example("A" * 46 + "\n")
    @example("\ud800" * 46)
    @example("é" * 46)
    @example("١" * 46)
    @example("")
    @settings(max_examples=100)
    def test_token_takes_only_the_canonical_form(self, text: str) -> None:
        """Whatever is read never raises, and is either refused or written back the same."""
        token = Token.parse(text)
        assert token is None or token.text() == text

    @pytest.mark.parametrize("length", [0, 1, 45, 47, 48, 1_000_000])
    def test_token_of_another_length_is_refused(self, length: int) -> None:
        """A cut token and one of a megabyte are nothing."""
        assert Token.parse("A" * length) is None

    def test_token_has_no_second_form(self) -> None:
        """Of all last characters that decode to the same bytes, only one counts."""
        text = TOKEN.text()
        taken = [last for last in TOKEN_ALPHABET if Token.parse(text[:-1] + last) == TOKEN]
        assert taken == [text[-1]]
        dashed = Token(DAY, b"\xfb\xff" * 16).text()
        assert Token.parse(dashed) is not None
        assert Token.parse(dashed.replace("-", "+").replace("_", "/")) is None

    @pytest.mark.parametrize("place", range(0, 46, 3))
    def test_flipped_token_finds_nothing(self, place: int) -> None:
        """A token with one changed character, also in its day, has another lookup or none."""
        text = TOKEN.text()
        flipped = text[:place] + ("A" if text[place] != "A" else "Q") + text[place + 1 :]
        token = Token.parse(flipped)
        assert token is None or lookup(token, DAY_KEY) != lookup(TOKEN, DAY_KEY)

    def test_secrets_are_not_in_any_repr(self) -> None:
        """Nothing that is printed, formatted or logged shows a secret."""
        token = Token(DAY, b"verysecretverysecretverysecret!!")
        shown = f"{token!r} {token} {KEY!r} {KEY} {[token]}"
        for secret in ("verysecret", token.secret.hex(), token.text()[4:20], KEY._secret.hex(), str(DAY)):
            assert secret not in shown
        assert str(KEY._secret)[2:-1] not in shown


class TestDerived:
    def test_lookup_and_duty_key_differ_by_token_and_day_key(self) -> None:
        """Another token, another daily key or another purpose gives another value."""
        values = {
            lookup(TOKEN, DAY_KEY),
            lookup(OTHER_TOKEN, DAY_KEY),
            lookup(TOKEN, OTHER_DAY_KEY),
            lookup(replace(TOKEN, day=DAY + 1), DAY_KEY),
            duty_private_key(TOKEN, DAY_KEY).private_bytes_raw(),
            duty_private_key(OTHER_TOKEN, DAY_KEY).private_bytes_raw(),
            duty_private_key(TOKEN, OTHER_DAY_KEY).private_bytes_raw(),
            duty_private_key(replace(TOKEN, day=DAY + 1), DAY_KEY).private_bytes_raw(),
        }
        assert len(values) == 8
        assert {len(value) for value in values} == {32}


class TestVisitorWrap:
    @pytest.mark.parametrize(
        ("token", "day", "day_key", "conversation"),
        [
            pytest.param(OTHER_TOKEN, DAY, DAY_KEY, CONVERSATION, id="token"),
            pytest.param(replace(TOKEN, day=DAY - 1), DAY, DAY_KEY, CONVERSATION, id="day of the token"),
            pytest.param(TOKEN, DAY + 1, DAY_KEY, CONVERSATION, id="day"),
            pytest.param(TOKEN, DAY, OTHER_DAY_KEY, CONVERSATION, id="daily key"),
            pytest.param(TOKEN, DAY, DAY_KEY, OTHER_CONVERSATION, id="conversation"),
        ],
    )
    def test_visitor_wrap_opens_only_where_it_belongs(
        self, token: Token, day: int, day_key: bytes, conversation: ConversationId
    ) -> None:
        """One thing that is another keeps her wrap shut."""
        with pytest.raises(CannotUnseal):
            ConversationKey.unwrap_for_visitor(VISITOR_WRAP, token, day, day_key, conversation)

    def test_visitor_wrap_renewed_under_a_newer_day_opens(self) -> None:
        """Her token opens a wrap of a later day than its own, after the first day's key is gone."""
        wrap = KEY.wrap_for_visitor(TOKEN, DAY + 2, OTHER_DAY_KEY, CONVERSATION)
        opened = ConversationKey.unwrap_for_visitor(wrap, TOKEN, DAY + 2, OTHER_DAY_KEY, CONVERSATION)
        assert opened.open_text(PLACE, SEALED)[0] == "hej"
        assert wrap != VISITOR_WRAP

    def test_visitor_wraps_of_two_keys_share_no_nonce(self) -> None:
        """The nonce belongs to the wrapped key, so one wrapping key never uses a nonce twice."""
        other = OTHER_KEY.wrap_for_visitor(TOKEN, DAY, DAY_KEY, CONVERSATION)
        assert other[1:13] != VISITOR_WRAP[1:13]


class TestDutyWrap:
    @pytest.mark.parametrize(
        ("private", "keys", "conversation", "duty"),
        [
            pytest.param(
                duty_private_key(OTHER_TOKEN, DAY_KEY), keys_of_the_day, CONVERSATION, DUTY, id="duty key"
            ),
            pytest.param(DUTY_KEY, {DAY: OTHER_DAY_KEY}.get, CONVERSATION, DUTY, id="daily key"),
            pytest.param(DUTY_KEY, {DAY + 1: DAY_KEY}.get, CONVERSATION, DUTY, id="daily key gone"),
            pytest.param(DUTY_KEY, keys_of_the_day, OTHER_CONVERSATION, DUTY, id="conversation"),
            pytest.param(DUTY_KEY, keys_of_the_day, CONVERSATION, DutyId("E" * 22), id="duty"),
        ],
    )
    def test_duty_wrap_opens_only_where_it_belongs(
        self,
        private: X25519PrivateKey,
        keys: Callable[[int], bytes | None],
        conversation: ConversationId,
        duty: DutyId,
    ) -> None:
        """One thing that is another keeps an operator's wrap shut."""
        with pytest.raises(CannotUnseal):
            ConversationKey.unwrap_for_duty(DUTY_WRAP, private, keys, conversation, duty)

    def test_duty_wrap_moved_to_another_day_stays_shut(self) -> None:
        """The day that a wrap says is bound into it."""
        moved = DUTY_WRAP[:1] + (DAY + 1).to_bytes(2, "big") + DUTY_WRAP[3:]
        with pytest.raises(CannotUnseal):
            open_duty_wrap(moved)

    def test_duty_wrap_of_a_later_day_opens(self) -> None:
        """A sign-in of yesterday opens what was wrapped to it under today's key."""
        wrap = KEY.wrap_for_duty(
            duty_public_bytes(DUTY_KEY), DAY + 1, OTHER_DAY_KEY, CONVERSATION, DUTY, RANDOMNESS
        )
        keys = {DAY + 1: OTHER_DAY_KEY}.get
        opened = ConversationKey.unwrap_for_duty(wrap, DUTY_KEY, keys, CONVERSATION, DUTY)
        assert opened.open_text(PLACE, SEALED)[0] == "hej"

    @pytest.mark.parametrize("public_key", [b"", bytes(31), bytes(32), bytes(33)])
    def test_duty_wrap_refuses_an_unusable_key(self, public_key: bytes) -> None:
        """A key of a wrong length, and one whose shared secret would be known to all, are refused."""
        with pytest.raises(ValueError, match="key"):
            KEY.wrap_for_duty(public_key, DAY, DAY_KEY, CONVERSATION, DUTY, RANDOMNESS)


class TestText:
    @given(st.text(max_size=2000))
    @example("")
    @example("😀" * 2000)
    @example("\0" * 2000)
    @example("ሰላም" * 500)
    @settings(max_examples=60)
    def test_text_of_any_kind_reads_back(self, text: str) -> None:
        """Any text of up to 2,000 code points comes back the same, from whole buckets."""
        sealed = KEY.seal_text(PLACE, text, AT, RANDOMNESS)
        assert KEY.open_text(PLACE, sealed) == (text, datetime(2026, 2, 16, 21, 40, tzinfo=UTC))
        assert (len(sealed) - 29) % BUCKET_BYTES == 0

    def test_time_is_kept_to_the_minute_in_utc(self) -> None:
        """Seconds are not kept, and another zone becomes UTC."""
        local = AT.astimezone(timezone(timedelta(hours=1)))
        opened = KEY.open_text(PLACE, KEY.seal_text(PLACE, "", local, RANDOMNESS))[1]
        assert opened == datetime(2026, 2, 16, 21, 40, tzinfo=UTC)
        assert opened.tzinfo is UTC

    @pytest.mark.parametrize("text", ["", "j", "å" * 400, "x" * 1016])
    def test_short_and_long_texts_have_equal_sizes(self, text: str) -> None:
        """One character and four hundred are the same on the disk."""
        assert len(KEY.seal_text(PLACE, text, AT, RANDOMNESS)) == len(SEALED) == 1 + 12 + 1024 + 16

    def test_text_beyond_a_bucket_takes_the_next(self) -> None:
        """The first byte too many costs a whole bucket."""
        assert len(KEY.seal_text(PLACE, "x" * 1017, AT, RANDOMNESS)) == len(SEALED) + 1024

    @pytest.mark.parametrize(
        "place",
        [
            pytest.param(structs.replace(PLACE, organisation=OrganisationId("jourenx")), id="organisation"),
            pytest.param(structs.replace(PLACE, conversation=OTHER_CONVERSATION), id="conversation"),
            pytest.param(structs.replace(PLACE, seq=4), id="seq"),
            pytest.param(structs.replace(PLACE, role=Role.OPERATOR), id="role"),
            pytest.param(structs.replace(PLACE, client_id="c" * 22), id="client id"),
            pytest.param(
                structs.replace(
                    PLACE,
                    organisation=OrganisationId("jourenA"),
                    conversation=ConversationId(PLACE.conversation[1:]),
                ),
                id="a character moved between fields",
            ),
        ],
    )
    def test_text_opens_only_at_its_place(self, place: Place) -> None:
        """A message that is moved or passed off as another does not open."""
        with pytest.raises(CannotUnseal):
            KEY.open_text(place, SEALED)

    def test_text_opens_only_under_its_key(self) -> None:
        """Another conversation's key opens nothing."""
        with pytest.raises(CannotUnseal):
            OTHER_KEY.open_text(PLACE, SEALED)

    def test_staff_entry_is_no_message(self) -> None:
        """What staff write to each other never opens as a message to her, nor the reverse."""
        staff = KEY.seal_staff_text(PLACE, "en anteckning", AT, RANDOMNESS)
        assert KEY.open_staff_text(PLACE, staff)[0] == "en anteckning"
        with pytest.raises(CannotUnseal):
            KEY.open_text(PLACE, staff)
        with pytest.raises(CannotUnseal):
            KEY.open_staff_text(PLACE, SEALED)

    def test_text_sealed_twice_differs(self) -> None:
        """Every seal takes a fresh nonce, so equal texts do not look equal."""
        again = KEY.seal_text(PLACE, "hej", AT, RANDOMNESS)
        assert again[1:13] != SEALED[1:13]
        assert again[13:] != SEALED[13:]

    def test_lone_surrogate_is_refused_without_its_text(self) -> None:
        """Text that is no Unicode is refused by an error that does not carry it."""
        with pytest.raises(ValueError, match="not valid Unicode") as caught:
            KEY.seal_text(PLACE, "hemligt \ud800", AT, RANDOMNESS)
        assert "hemligt" not in repr(caught.value)
        assert caught.type is ValueError

    def test_time_without_a_zone_is_refused(self) -> None:
        """A naive time could mean any moment."""
        with pytest.raises(ValueError, match="time zone"):
            KEY.seal_text(PLACE, "hej", AT.replace(tzinfo=None), RANDOMNESS)


@SEALED_FORMS
class TestDamage:
    def test_undamaged_form_opens(self, sealed: bytes, unseal: Callable[[bytes], object]) -> None:
        """What the other tests damage is right to begin with."""
        assert unseal(sealed)

    @pytest.mark.parametrize("version", [0, 2, 255])
    def test_other_version_stays_shut(
        self, sealed: bytes, unseal: Callable[[bytes], object], version: int
    ) -> None:
        """A version byte that is not ours is never guessed at."""
        with pytest.raises(CannotUnseal):
            unseal(bytes([version]) + sealed[1:])

    def test_flipped_bit_anywhere_stays_shut(self, sealed: bytes, unseal: Callable[[bytes], object]) -> None:
        """One bit that fell over in any byte of a wrap, and all along a message, keeps it shut."""
        for at in [*range(min(len(sealed), 120)), *range(120, len(sealed), 31), len(sealed) - 1]:
            flipped = bytearray(sealed)
            flipped[min(at, len(sealed) - 1)] ^= 1 << at % 8
            with pytest.raises(CannotUnseal):
                unseal(bytes(flipped))

    def test_cut_or_longer_form_stays_shut(self, sealed: bytes, unseal: Callable[[bytes], object]) -> None:
        """Missing bytes at either end, nothing at all and a byte too many are refused alike."""
        cuts = [sealed[:length] for length in [*range(45), len(sealed) - 1]]
        for damaged in [*cuts, sealed[1:], sealed + b"\0", b"\1" * len(sealed)]:
            with pytest.raises(CannotUnseal):
                unseal(damaged)
