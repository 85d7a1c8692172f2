# SPDX-License-Identifier: EUPL-1.2
"""Made-up bytes for all that reads what somebody sends: an answer or a refusal, never anything else."""

from __future__ import annotations

import contextlib
import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from chat.errors import NotAllowed
from chat.sealing import Token
from tests.conftest import examples
from web.accounts.account import sign_in_name
from web.accounts.errors import NameUnfit
from web.decoding import BadFrame, FrameDecoder
from web.operator.alias import fit_alias
from web.operator.frames import FromOperator
from web.security import STAFF_COOKIE, OwnOrigins, network_prefix, own_form, read_cookie
from web.visitor.frames import FromVisitor

pytestmark = pytest.mark.fuzz

DECODERS: tuple[FrameDecoder[Any], ...] = (FrameDecoder(FromVisitor), FrameDecoder(FromOperator))
OURS = OwnOrigins.from_urls(["https://chat.example", "http://localhost:8000"])
any_text = st.text(st.characters(), max_size=60)
pieces = st.sampled_from(
    [
        *(
            '{"type":"say"',
            ',"id":"AAAAAAAAAAAAAAAAAAAAAA"',
            ',"text":"a"',
            ',"text":"\\u0000"',
            ',"text":"\\ud800"',
        ),
        *(
            ',"conversation":"c"',
            ',"type":"leave"',
            ',"type":1',
            ',"after":1e400',
            ',"after":NaN',
            "}",
            "}}",
            "[",
            "\\",
        ),
        *("\x00", "\ufeff", " ", "\n", '"', "9" * 30, "{" * 20, ',"__proto__":{}', ',"keep":true'),
    ]
)


@given(text=st.lists(pieces, max_size=8).map("".join) | any_text)
@settings(max_examples=examples(200))
def test_any_text_is_a_frame_or_a_bad_frame(text: str) -> None:
    """A frame that is read holds no null character and no half of a pair, so it can be stored and sent on."""
    for decoder in DECODERS:
        try:
            frame = decoder.decode(text)
        except BadFrame:
            continue
        whole = repr(frame)
        assert "\\x00" not in whole.replace("\\\\x00", "")
        json.dumps(whole, ensure_ascii=False).encode()


@given(values=st.lists(st.tuples(st.sampled_from([STAFF_COOKIE, "other", ""]), any_text), max_size=4))
@settings(max_examples=examples(100))
def test_any_cookie_header_is_one_value_or_none(values: list[tuple[str, str]]) -> None:
    """Given once, it is what was sent; given twice or not at all, there is none."""
    header = "; ".join(f"{name}={value}" for name, value in values).encode("utf-8", "surrogatepass")
    found = read_cookie({"type": "http", "headers": [(b"cookie", header)]}, STAFF_COOKIE)
    if not any(";" in value for _, value in values):
        sent = [value for name, value in values if name == STAFF_COOKIE]
        decoded = [value.encode("utf-8", "surrogatepass").decode("latin-1").strip() for value in sent]
        assert found == (decoded[0] if len(decoded) == 1 else None)


@given(
    text=any_text
    | st.binary(max_size=60).map(lambda raw: raw.decode("latin-1"))
    | st.text("Aw_-", max_size=60)
)
@settings(max_examples=examples(200))
def test_any_text_is_a_token_or_none(text: str) -> None:
    """What is taken is written back as the very same text: nothing else opens the same door."""
    token = Token.parse(text)
    assert token is None or token.text() == text


@given(
    day=st.integers(0, 2**16 - 1),
    secret=st.binary(min_size=32, max_size=32),
    place=st.integers(0, 45),
    bit=st.integers(0, 5),
)
@settings(max_examples=examples(100))
def test_flipped_token_is_another_or_none(day: int, secret: bytes, place: int, bit: int) -> None:
    """No bit of its text is without meaning."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    text = Token(day, secret).text()
    assert Token.parse(text) == Token(day, secret)
    if place < len(text):
        other = alphabet[alphabet.index(text[place]) ^ 1 << bit]
        assert Token.parse(text[:place] + other + text[place + 1 :]) != Token(day, secret)


@given(
    body=st.binary(max_size=200)
    | st.lists(st.sampled_from([b"a=1", b"&", b"%", b"%00", b"%ff", b";", b"=", b"csrf="])).map(b"".join),
    kind=st.sampled_from(
        [
            *(
                b"application/x-www-form-urlencoded",
                b"application/x-www-form-urlencoded; charset=utf-16",
                b"",
                b"\xff",
            ),
            *(b"multipart/form-data; boundary=x", b"multipart/form-data", b"multipart/form-data; boundary="),
        ]
    ),
    cut=st.integers(0, 200),
)
@settings(max_examples=examples(150))
async def test_any_form_is_fields_or_400(body: bytes, kind: bytes, cut: int) -> None:
    """However it comes in pieces, or breaks off; a field is text or it is not there."""
    messages: list[Message] = [
        {"type": "http.request", "body": body[:cut], "more_body": True},
        {"type": "http.request", "body": body[cut:], "more_body": False},
    ]
    if cut % 7 == 0:
        messages[1] = {"type": "http.disconnect"}

    async def receive() -> Message:
        return messages.pop(0)

    scope = {
        "type": "http",
        "app": None,
        "method": "POST",
        "headers": [(b"content-type", kind)],
        "jourchatt.from_us": True,
    }
    fields, status = {}, 200
    try:
        fields = await own_form(Request(scope, receive))
    except HTTPException as refused:
        status = refused.status_code
    assert status in {200, 400}
    assert all(isinstance(value, str) for value in fields.values())


@given(
    host=any_text
    | st.lists(
        st.sampled_from(["chat.example", "localhost", ":8000", ":", ".", "@", "443", "[::1]", "٣"])
    ).map("".join)
)
@settings(max_examples=examples(150))
def test_any_host_is_ours_or_none(host: str) -> None:
    """Only the very names, with their own port or without a default one."""
    raw = host.encode("utf-8", "surrogatepass")
    origin = OURS.of(Headers(raw=[(b"host", raw)]))
    names = {
        "https://chat.example": ("chat.example", "chat.example:443"),
        "http://localhost:8000": ("localhost:8000",),
    }
    if origin is None:
        assert host.lower() not in {name for ours in names.values() for name in ours}
    else:
        assert origin in names
        assert host.isascii()


@given(address=any_text | st.ip_addresses().map(str))
@settings(max_examples=examples(100))
def test_any_address_is_a_short_prefix(address: str) -> None:
    """Never more of it than a network's share."""
    assert len(network_prefix(address)) in {0, 3, 7}


@given(name=any_text)
@settings(max_examples=examples(150))
def test_any_name_has_one_form_or_none(name: str) -> None:
    """Its form is its own form: no second spelling of an account."""
    with contextlib.suppress(NameUnfit):
        once = sign_in_name(name)
        assert sign_in_name(once) == once


@given(alias=any_text | st.lists(st.sampled_from("aå\u0301\u0338\u202e\u2069\u200b\u0633 .")).map("".join))
@settings(max_examples=examples(150))
def test_any_alias_is_readable_or_refused(alias: str) -> None:
    """What she is shown turns no direction, hides nothing and piles up no marks."""
    try:
        fit = fit_alias(alias)
    except NotAllowed:
        return
    kinds = "".join(unicodedata.category(char)[0] for char in fit)
    assert fit == fit.strip() != ""
    assert fit == fit_alias(fit)
    assert "M" * 9 not in kinds
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in fit)
