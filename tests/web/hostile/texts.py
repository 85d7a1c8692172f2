# SPDX-License-Identifier: EUPL-1.2
"""Table: texts that people, or somebody who means harm, may write.

The server carries all of these byte for byte or refuses them by their length: it normalises and strips
nothing. What they look like on a screen is shown in `tests/browser/test_hostile_text.py`. Knows no server.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
CRAB = "\U0001f980"
SWEDISH = "å ä ö Å Ä Ö é"

INERT: Mapping[str, str] = {
    "script": "<script>alert(1)</script>",
    "image with a handler": '<img src=x onerror="alert(1)">',
    "quotes and a tag": "\"'><b>x</b>",
    "character reference": "&lt;b&gt; &#60; &amp;amp;",
    "template braces": "{{ 7 * 7 }} {% raw %} ${x} #{y} %(alias)s",
    "javascript address": "javascript:alert(1)",
    "address of a page": "https://evil.example/ping?x=1 www.evil.example",
    "formula": '=HYPERLINK("http://evil.example")',
}
"""Markup, templates, addresses and formulas."""

DIRECTION: Mapping[str, str] = {
    "override": "abc \u202edefghi",
    "isolates never closed": "\u2066\u2067\u2068abc",
    "isolates closed too often": "\u2069\u2069\u202c abc \u202e x",
    "every mark": "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069x",
}
"""What turns the direction of writing."""

HEAVY: Mapping[str, str] = {
    "zero-width characters": "a\u200b\u200c\u200d\u2060\ufeffb",
    "only zero-width characters": "\u200b\u200d",
    "tag characters": CRAB + "".join(chr(0xE0000 + ord(letter)) for letter in "osynlig") + "\U000e007f",
    "variation selectors": "\u2764\ufe0f\u2764\ufe0e\U000e0100",
    "400 families": FAMILY * 400,
    "500 emoji joined to one": "\u200d".join([CRAB] * 500),
    "one letter with 1,999 marks": "a" + "\u0301" * 1_999,
    "marks of many kinds": "".join(chr(0x300 + n % 0x70) for n in range(2_000)),
    "2,000 line breaks": "\n" * 2_000,
    "one word of 2,000 letters": "å" * 2_000,
    "widest characters": "\ufdfd" * 200,
    "control characters": "line\r\nline\ttab\x01\x7f\x85\u2028\u2029",
    "noncharacters and private use": "\ufeff\uffff\U0010ffff\ue000",
    "escapes as text": "\\u0000 \\ud800 \\",
    "one space": " ",
}
"""What is invisible, or too much of one thing."""

LIVING: Mapping[str, str] = {
    "Swedish, composed": unicodedata.normalize("NFC", SWEDISH),
    "Swedish, decomposed": unicodedata.normalize("NFD", SWEDISH),
    "Arabic": "\u0645\u0631\u062d\u0628\u0627\u060c \u0623\u0646\u0627 \u062e\u0627\u0626\u0641\u0629",
    "Arabic with vowels": "\u0645\u064e\u0631\u0652\u062d\u064e\u0628\u064b\u0627 \u0644\u0651\u064e",
    "Persian with a zero-width joiner": "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "Tigrinya": "\u1230\u120b\u121d\u1361 \u12a3\u1265 \u12d3\u12f2 \u12a5\u12eb",
    "Hebrew with points": "\u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd",
    "Vietnamese, decomposed": unicodedata.normalize("NFD", "ti\u1ebfng Vi\u1ec7t"),
    "Thai": "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35 \u0e19\u0e49\u0e33",
    "Tibetan stacks": "\u0f66\u0f92\u0fb2\u0f74\u0f56\u0f0b",
    "Hindi": "\u0928\u092e\u0938\u094d\u0924\u0947 \u0915\u094d\u0937",
    "Somali and Kurdish": "Waan baqayaa. Ez ditirsim, \u00ea \u00ee \u00fb \u015f",
    "both directions in one": "Jag heter \u0633\u0627\u0631\u0627, 17 \u00e5r.",
}
"""What people write."""

DELIVERED: Mapping[str, str] = {**INERT, **DIRECTION, **HEAVY, **LIVING}
"""Outcome: the other side gets it byte for byte, at once and when it is read again."""

LENGTHS: Mapping[str, tuple[str, str | None]] = {
    "2,000 letters": ("a" * 2_000, None),
    "2,001 letters": ("a" * 2_001, "too_long"),
    "2,000 emoji": (CRAB * 2_000, None),
    "2,001 emoji": (CRAB * 2_001, "too_long"),
    "1,000 letters with a mark each": ("a\u0301" * 1_000, None),
    "1,001 letters with a mark each": ("a\u0301" * 1_001, "too_long"),
    "one letter with 10,000 marks": ("a" + "\u0301" * 10_000, "too_long"),
    "401 families": (FAMILY * 401, "too_long"),
    "2,001 zero-width spaces": ("\u200b" * 2_001, "too_long"),
}
"""A text, and the code that refuses it. Lengths are code points, whatever they weigh or look like."""

ALIASES: Mapping[str, tuple[str, str | None]] = {
    "invisible": ("\u202e \u200b", "not_allowed"),
    "zero-width": ("\u200b", "not_allowed"),
    "spaces": ("  ", "not_allowed"),
    "dots": ("...", "not_allowed"),
    "override": ("Kim\u202e", "not_allowed"),
    "isolate": ("\u2067Kim", "not_allowed"),
    "closing isolate": ("Kim\u2069", "not_allowed"),
    "control character": ("Kim\x07", "not_allowed"),
    "joiner": ("Ki\u200dm", "not_allowed"),
    "line separator": ("Ki\u2028m", "not_allowed"),
    "tag characters": ("Kim\U000e0041", "not_allowed"),
    "variation selector": ("Kim\ufe0f", None),
    "one letter with 39 marks": ("a" + "\u0301" * 39, "not_allowed"),
    "one letter with 8 marks": ("a" + "\u0301" * 8, None),
    "empty": ("", "bad_frame"),
    "41 letters": ("a" * 41, "bad_frame"),
    "null character": ("Kim\x00", "bad_frame"),
    "Swedish and Arabic": ("Åsa \u0633\u0627\u0631\u0627", None),
}
"""What an operator calls themselves, and the code that refuses it."""
