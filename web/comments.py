# SPDX-License-Identifier: EUPL-1.2
"""Takes comments out of scripts and styles before they are sent: whoever reads them reads the source.

Owns which lines are comments, and nothing else. Only lines that are comments as a whole are emptied, and none
is removed, so that line 40 in a browser is line 40 in the repository. Knows no file and no address.
"""

from __future__ import annotations


def blank_comments(text: str, *, script: bool) -> str:
    """Return a script (else a style) whose comments on lines of their own are empty lines.

    A comment within a line of code stays.

    Raises:
        ValueError: with the line, where what looks like a comment may be part of a string, or where a comment
            of several lines shares one with code: put it on lines of its own.
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
        # A template goes on over lines, and so does a string that ends with a backslash.
        in_string = in_string is (line.count("`") % 2 == 0) or bare.endswith("\\")
        kept.append(line)
    return "\n".join(kept)
