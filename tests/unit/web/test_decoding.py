# SPDX-License-Identifier: EUPL-1.2
"""Hostile text in, one refusal out: nothing but `BadFrame` ever leaves the decoder."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.decoding import BadFrame, FrameDecoder
from web.operator.frames import FromOperator
from web.visitor.frames import FromVisitor, Leave, Resume, Say, Start

VISITOR: FrameDecoder[Any] = FrameDecoder(FromVisitor)
OPERATOR: FrameDecoder[Any] = FrameDecoder(FromOperator)
BOTH = pytest.mark.parametrize("decoder", [VISITOR, OPERATOR], ids=["visitor", "operator"])
ID = "A" * 22

HOSTILE = {
    "nothing": "",
    "white space": "  \n",
    "not JSON": "hej",
    "cut off": '{"type":"typing"',
    "two values": '{"type":"typing"}{"type":"typing"}',
    "a list": "[]",
    "a string": '"typing"',
    "a number": "1",
    "null": "null",
    "no type": "{}",
    "null type": '{"type":null}',
    "type of a number": '{"type":1}',
    "unknown type": '{"type":"quit"}',
    "type of the server": '{"type":"welcome","token":"x"}',
    "deep lists": "[" * 5_000 + "]" * 5_000,
    "deep in a known frame": '{"type":"say","id":"' + ID + '","text":' + "[" * 5_000 + "]" * 5_000 + "}",
    "deep in an unknown field": '{"type":"typing","x":' + '{"x":' * 5_000 + "1" + "}" * 5_000 + "}",
    "NaN": '{"type":"resume","token":"x","conversation":"x","after":NaN}',
    "Infinity": '{"type":"resume","token":"x","after":Infinity}',
    "minus Infinity": '{"type":"resume","conversation":"x","after":-Infinity}',
    "beyond 2^53": '{"type":"resume","token":"x","after":9007199254740993}',
    "far beyond": '{"type":"resume","conversation":"x","after":' + "9" * 4_000 + "}",
    "a fraction": '{"type":"resume","token":"x","after":1.5}',
    "a huge exponent": '{"type":"resume","token":"x","after":1e999}',
    "a number as a string": '{"type":"resume","token":"x","after":"1"}',
    "a boolean as a number": '{"type":"resume","conversation":"x","after":true}',
    "null byte escaped": f'{{"type":"say","id":"{ID}","conversation":"x","text":"a\\u0000b"}}',
    "null byte escaped for her": f'{{"type":"say","id":"{ID}","text":"a\\u0000b"}}',
    "null byte raw": f'{{"type":"say","id":"{ID}","text":"a\x00b"}}',
    "null byte in a token": '{"type":"resume","token":"\\u0000","after":0}',
    "control character raw": f'{{"type":"say","id":"{ID}","text":"a\x1fb"}}',
    "lone surrogate escaped": f'{{"type":"say","id":"{ID}","text":"\\ud800"}}',
    "lone low surrogate": f'{{"type":"say","id":"{ID}","conversation":"x","text":"\\udc00"}}',
    "lone surrogate raw": f'{{"type":"say","id":"{ID}","text":"\ud800"}}',
    "byte order mark": '\ufeff{"type":"typing"}',
    "empty text": f'{{"type":"say","id":"{ID}","text":""}}',
    "text of a list": f'{{"type":"say","id":"{ID}","text":["a"]}}',
    "text of null": f'{{"type":"say","id":"{ID}","conversation":"x","text":null}}',
    "id too short": f'{{"type":"say","id":"{ID[1:]}","text":"a"}}',
    "id too long": f'{{"type":"say","id":"{ID}A","text":"a"}}',
    "id with a line end": f'{{"type":"say","id":"{ID}\\n","text":"a"}}',
    "id of other letters": f'{{"type":"say","id":"{"å" * 22}","text":"a"}}',
    "unknown field": f'{{"type":"say","id":"{ID}","text":"a","html":"b"}}',
    "prototype": '{"type":"typing","__proto__":{"x":1}}',
    "service in capitals": '{"type":"start","service":"Linden","language":"sv","notice":"1"}',
    "service with a path": '{"type":"start","service":"../x","language":"sv","notice":"1"}',
    "service with a line end": '{"type":"start","service":"linden\\n","language":"sv","notice":"1"}',
    "language with a line end": '{"type":"start","service":"linden","language":"sv\\n","notice":"1"}',
    "intake of another form": '{"type":"start","service":"l","language":"sv","notice":"1","intake":[]}',
    "intake with more": '{"type":"start","service":"l","language":"sv","notice":"1","intake":{"name":"x"}}',
    "duty of a word": '{"type":"duty","on":"yes","services":["linden"]}',
    "alias too long": '{"type":"duty","on":true,"services":["linden"],"alias":"' + "a" * 41 + '"}',
    "too many services": '{"type":"duty","on":true,"services":[' + ",".join(['"a"'] * 65) + '],"alias":"A"}',
}


@BOTH
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_decoder_refuses_hostile_text(decoder: FrameDecoder[Any], text: str) -> None:
    """Whatever it is, it is a bad frame, and the refusal carries nothing of it."""
    with pytest.raises(BadFrame) as refused:
        decoder.decode(text)
    assert refused.value.args == ()
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_decoder_takes_the_last_of_duplicate_keys() -> None:
    """As JSON readers do: the last one wins."""
    frame = VISITOR.decode(f'{{"type":"say","id":"{ID}","text":"ett","text":"två"}}')
    assert frame == Say(ID, "två")


@pytest.mark.parametrize(
    ("text", "frame"),
    [
        (f'{{"type":"leave","id":"{ID}","text":"ett","type":"say"}}', Say(ID, "ett")),
        (f'{{"type":1,"id":"{ID}","text":"ett","\\u0074ype":"say"}}', Say(ID, "ett")),
        ('{"type":"say","type":"leave","type":"leave"}', Leave()),
    ],
)
def test_decoder_takes_the_last_of_several_types(text: str, frame: object) -> None:
    """The type is a key like any other."""
    assert VISITOR.decode(text) == frame


@pytest.mark.parametrize(
    "rest",
    [
        '"id":"x","text":"a"',
        '"id":NaN',
        '"id":1e999',
        '"id":' + "9" * 400,
        '"text":"\\ud800"',
        f'"id":"{ID}","text":"\\u0000"',
        f'"id":"{ID}","text":"a","x":1',
        f'"id":"{ID}","text":' + "[" * 5_000,
    ],
)
def test_second_type_opens_no_other_way_in(rest: str) -> None:
    """What is no frame of the last type is a bad frame as ever."""
    with pytest.raises(BadFrame):
        VISITOR.decode(f'{{"type":"leave",{rest},"type":"say"}}')


def test_decoder_takes_legitimate_text_as_it_is() -> None:
    """Right-to-left marks, joined emoji and marks without end are not hostile: byte for byte they pass."""
    for text in ("\u202eabc", "👩\u200d👩\u200d👧", "e" + "\u0301" * 10_000, "\\u0000", "𝄞", "\n" * 2_000):
        for ascii_only in (True, False):
            sent = json.dumps({"type": "say", "id": ID, "text": text}, ensure_ascii=ascii_only)
            assert VISITOR.decode(sent) == Say(ID, text)


def test_decoder_leaves_to_others_what_has_its_own_refusal() -> None:
    """A negative `after`, a token of any form and a text of any length are decided further in."""
    assert VISITOR.decode('{"type":"resume","token":"' + "x" * 20_000 + '","after":-1}').after == -1
    assert isinstance(VISITOR.decode('{"type":"resume","token":"","after":9007199254740992}'), Resume)
    assert len(VISITOR.decode(f'{{"type":"say","id":"{ID}","text":"{"å" * 5_000}"}}').text) == 5_000


def test_decoder_takes_a_start_without_answers() -> None:
    """Each answer may be skipped, and so may all of them."""
    for intake in ("{}", '{"acute":true}', "null"):
        text = '{"type":"start","service":"linden","language":"sv-easy","notice":"","intake":' + intake + "}"
        assert isinstance(VISITOR.decode(text), Start)


def test_each_side_refuses_the_other_sides_frames() -> None:
    """What only an operator may send is unknown on her side, and the reverse."""
    for text in (
        '{"type":"hello","csrf":"x"}',
        '{"type":"accept","conversation":"x"}',
        '{"type":"duty","on":false}',
    ):
        OPERATOR.decode(text)
        with pytest.raises(BadFrame):
            VISITOR.decode(text)
    for text in ('{"type":"leave"}', '{"type":"start","service":"l","language":"sv","notice":""}'):
        VISITOR.decode(text)
        with pytest.raises(BadFrame):
            OPERATOR.decode(text)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
TYPES = ["start", "resume", "say", "typing", "leave", "hello", "duty", "accept", "end"]
FIELDS = [
    "service",
    "token",
    "after",
    "id",
    "text",
    "conversation",
    "on",
    "services",
    "alias",
    "intake",
    "notice",
]
names = st.sampled_from([*TYPES, *FIELDS])
near_frames = st.dictionaries(names | st.just("type"), json_values | names, max_size=6)


@BOTH
@given(text=st.text(st.characters(), max_size=200))
def test_decoder_never_raises_anything_else_on_text(decoder: FrameDecoder[Any], text: str) -> None:
    """Any text, lone surrogates included, is a frame or a bad frame."""
    try:
        decoder.decode(text)
    except BadFrame:
        return


@BOTH
@given(frame=near_frames, ascii_only=st.booleans())
def test_decoder_never_raises_anything_else_on_json(
    decoder: FrameDecoder[Any], frame: dict[str, Any], ascii_only: bool
) -> None:
    """Any JSON that looks almost like a frame is a frame or a bad frame."""
    try:
        decoded = decoder.decode(json.dumps(frame, ensure_ascii=ascii_only))
    except BadFrame:
        return
    assert decoded is not None


@pytest.mark.parametrize(
    ("text", "client_id", "conversation"),
    [
        (f'{{"type":"say","id":"{ID}","text":"\\ud800"}}', ID, None),
        (f'{{"type":"say","conversation":"c","id":"{ID}","text":"\\ud800"}}', ID, "c"),
        ('{"id":"short"}', None, None),
        (f'{{"id":["{ID}"]}}', None, None),
        ('{"id":"\\ud800"}', None, None),
        (f'["{ID}"]', None, None),
        ("[" * 30_000, None, None),
        ("9" * 5_000, None, None),
    ],
)
def test_bad_frame_names_what_it_was_about(
    text: str, client_id: str | None, conversation: str | None
) -> None:
    """Only an id and a conversation of the right form, and only from an object."""
    with pytest.raises(BadFrame) as bad:
        VISITOR.decode(text)
    assert (bad.value.client_id, bad.value.conversation) == (client_id, conversation)
