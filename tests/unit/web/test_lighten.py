# SPDX-License-Identifier: EUPL-1.2
"""Comments and indents are taken out of what is sent, and nothing else. Of scripts the compiler says it."""

from __future__ import annotations

import re

import pytest

from web.files import ROOT, files
from web.lighten import lightened

SCRIPT = """\
// the licence
/** @typedef {string} Name */
const a = "// no comment"; // one that stays
  // indented
/**
 * Of several lines.
 * // still the same
 */
const b = /** @type {any} */ (`a // b`);
/* one */ const c = 1;
const d = `first
  second`;
  f(d);
// the end
"""
SERVED = """\


const a = "// no comment"; // one that stays





const b = (`a // b`);
/* one */ const c = 1;
const d = `first
  second`;
f(d);

"""
# Read apart from the program under test: a string, or a comment.
STYLE_PARTS = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|/\*.*?\*/""", re.DOTALL)


def test_comments_on_lines_of_their_own_are_emptied() -> None:
    """Every other line is as it was, and stands where it stood."""
    assert lightened(SCRIPT, script=True) == SERVED


def test_style_knows_no_line_comments() -> None:
    """What begins with two slashes is no comment there."""
    style = "/* a */\n//b { color: red }\nc { d: e; } /* stays */\n"
    assert lightened(style, script=False) == "\n" + style.partition("\n")[2]


@pytest.mark.parametrize(
    "unclear",
    [
        "const a = `\n// words of a text\n`;",
        "const a = `\n/* words */\n`;",
        'const a = "words \\\n// and more";',
        "/* several\nlines */ code();",
        "code(); /* several\n// lines\n*/",
        "const a = `x ${y ? `\n// text\n` : ''}`;",
        "const a = `x \\` y\n// text\n`;",
        """const a = "/** @type {A} */ x";""",
    ],
)
def test_unclear_comments_are_refused(unclear: str) -> None:
    """It is never guessed: the line is named, and the server does not start."""
    with pytest.raises(ValueError, match=r"line [12]: "):
        lightened(unclear, script=True)


def test_styles_have_the_same_rules_as_their_sources() -> None:
    """A reader that knows nothing of lines finds nothing but comments and room between them gone."""
    styles = [path for path in files() if path.endswith(".css")]
    assert len(styles) > 5
    for path in styles:
        served = files()[path].plain.decode()
        source = (ROOT / path).read_text(encoding="utf-8")
        assert rules(served) == rules(source), path
        assert served.count("\n") == source.count("\n"), path
        assert all(
            line in ("", was.strip())
            for line, was in zip(served.split("\n"), source.split("\n"), strict=True)
        )


def rules(style: str) -> list[str]:
    """Return a style's words without its comments."""
    return STYLE_PARTS.sub(lambda part: part[1] or " ", style).split()
