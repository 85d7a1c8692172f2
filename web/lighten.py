# SPDX-License-Identifier: EUPL-1.2
"""Takes comments, types and indents out of scripts and styles before they are sent.

Owns which lines are comments, and nothing else. Lines that are comments as a whole are emptied, from others
only types are taken, and no line is removed: line 40 in a browser is line 40 here. Knows no file.
"""

from __future__ import annotations

import re

_TYPE = re.compile(r"/\*\* @type \{[^*`'\"]*\} \*/ ?")

_UNCLEAR = re.compile(r"\\`|\$\{[^}]*$")
_QUOTES = "\"'`"


def _quoted_type(line: str) -> bool:
    return any(line[: found.start()].count(quote) % 2 for found in _TYPE.finditer(line) for quote in _QUOTES)


def lightened(text: str, *, script: bool) -> str:
    """Return a script (else a style) without indents; comments on lines of their own are empty lines.

    Another comment within a line of code stays, and so does every line that a template begins on another.

    Raises:
        ValueError: with the line, where what looks like a comment may be part of a string, where one of
            several lines shares a line with code (put it on lines of its own), or where it cannot be told
            what is text: an escaped backtick, a `${` closed on another line, a type within quotes.
    """
    kept: list[str] = []
    within = in_string = False
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.strip()
        _, closed, after = bare.partition("*/")
        block = bare.startswith("/*") and not after
        starts = not within and (block or (script and bare.startswith("//")))
        if starts and in_string:
            raise ValueError(f"line {number}: this may be text and no comment")
        if within and after:
            raise ValueError(f"line {number}: code follows a comment of several lines")
        if within or starts:
            within = not closed and (within or block)
            kept.append("")
            continue
        _, opened, inside = bare.rpartition("/*")
        if opened and "*/" not in inside:
            raise ValueError(f"line {number}: a comment of several lines follows code")
        if script and (_UNCLEAR.search(line) or _quoted_type(line)):
            raise ValueError(f"line {number}: it cannot be told where the text ends")
        code = line if in_string else _TYPE.sub("", line.lstrip())
        # A template goes on over lines, and so does a string that ends with a backslash.
        in_string = in_string is (line.count("`") % 2 == 0) or bare.endswith("\\")
        kept.append(code)
    return "\n".join(kept)
