# SPDX-License-Identifier: EUPL-1.2
"""Table: text frames that no page of ours sends. Each is refused with `nack bad_frame` on both sockets.

`SOUND` are the ones that only look hostile. Knows no server.
"""

from __future__ import annotations

from collections.abc import Mapping

ID = "AAAAAAAAAAAAAAAAAAAAAA"


def say(text: str) -> str:
    """Return a `say` whose text is this JSON."""
    return f'{{"type":"say","id":"{ID}","text":{text}}}'


def after(number: str) -> str:
    """Return a `resume` from this number on."""
    return f'{{"type":"resume","token":"x","after":{number}}}'


BAD_FRAMES: Mapping[str, str] = {
    "nothing": "",
    "spaces": "   ",
    "not JSON": "hej",
    "number": "1",
    "string": '"start"',
    "null": "null",
    "list": '[{"type":"leave"}]',
    "no type": "{}",
    "type is null": '{"type":null}',
    "type is a number": '{"type":1}',
    "type is an object": '{"type":{"type":"leave"}}',
    "unknown type": '{"type":"nonsense"}',
    "type in capitals": '{"type":"LEAVE"}',
    "type with a null character": '{"type":"leave\\u0000"}',
    "two values": '{"type":"typing"}{"type":"typing"}',
    "trailing comma": '{"type":"typing",}',
    "comment": '{"type":"typing"}//',
    "byte order mark": '\ufeff{"type":"typing"}',
    "single quotes": "{'type':'typing'}",
    "unknown field": '{"type":"typing","to":"x"}',
    "prototype": '{"type":"typing","__proto__":{}}',
    "duplicate type, the last unknown": '{"type":"typing","type":"nonsense"}',
    "depth 5,000": say("[" * 5_000 + "]" * 5_000),
    "open depth 5,000": "[" * 5_000,
    "depth 3,000 in an unknown field": '{"type":"typing","x":' + '{"a":' * 3_000 + "1" + "}" * 3_000 + "}",
    "NaN": after("NaN"),
    "Infinity": after("Infinity"),
    "-Infinity": after("-Infinity"),
    "1e999": after("1e999"),
    "1.5": after("1.5"),
    "2^53 + 1": after("9007199254740993"),
    "2^64": after("18446744073709551616"),
    "-2^64": after("-18446744073709551616"),
    "5,000 digits": after("9" * 5_000),
    "number as a string": after('"0"'),
    "number as a boolean": after("true"),
    "null character in a text": say('"a\\u0000b"'),
    "null character written raw": say('"a\x00b"'),
    "null character in a token": '{"type":"resume","token":"\\u0000","after":0}',
    "null character in a name": '{"type":"typing","\\u0000":1}',
    "lone high surrogate": say('"\\ud83e"'),
    "lone low surrogate": say('"\\udd80"'),
    "surrogates turned round": say('"\\udd80\\ud83e"'),
    "raw line break": say('"a\nb"'),
    "bad escape": say('"\\x41"'),
    "cut escape": say('"\\u00"'),
    "cut": say('"Hej.'),
    "empty text": say('""'),
    "text is a number": say("1"),
    "text is a list": say('["Hej."]'),
    "text is an object": say('{"toString":"Hej."}'),
    "text is null": say("null"),
    "id missing": '{"type":"say","text":"Hej."}',
    **{
        f"id is {name}": f'{{"type":"say","id":{value},"text":"Hej."}}'
        for name, value in {
            "empty": '""',
            "too short": f'"{ID[1:]}"',
            "too long": f'"{ID}A"',
            "padded": f'"{ID[1:]}="',
            "of another alphabet": f'"{ID[1:]}+"',
            "of other letters": f'"{"å" * 22}"',
            "followed by a line break": f'"{ID}\\n"',
            "null": "null",
            "a number": "1",
            "a list": f'["{ID}"]',
        }.items()
    },
}

SOUND: Mapping[str, tuple[str, str]] = {
    "duplicate keys: the last wins": (
        f'{{"type":"say","id":"{ID}","text":"första","text":"sista"}}',
        "sista",
    ),
    "duplicate type: the last wins": (
        f'{{"type":"leave","id":"{ID}","text":"kvar","type":"say"}}',
        "kvar",
    ),
    "escaped pair of surrogates": (say('"\\ud83e\\udd80"'), "\U0001f980"),
    "escaped backslash before u0000": (say('"\\\\u0000"'), "\\u0000"),
    "escaped letters": (say('"\\u0048ej"'), "Hej"),
    "spaces around everything": (f'\n {{ "type" : "say" , "id" : "{ID}" , "text" : "Hej" }}\t ', "Hej"),
}
"""A visitor's frame, and the text that the operator gets."""
