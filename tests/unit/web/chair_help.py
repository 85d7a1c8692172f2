# SPDX-License-Identifier: EUPL-1.2
"""What the board of an organisation reads in the browser, made of `docs/styrelsen.md`.

`python -m tests.unit.web.chair_help` writes it anew. Knows no more of Markdown than that page has in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Final

from web.staff_page import PAGES

ROOT: Final = Path(__file__).parents[3]
SOURCE: Final = ROOT / "docs" / "styrelsen.md"
PAGE: Final = ROOT / "web" / "templates" / "staff" / "site_help_text.html"
HEAD: Final = """\
{# SPDX-License-Identifier: EUPL-1.2 #}
{# Made of docs/styrelsen.md by `python -m tests.unit.web.chair_help`: change it there. #}
"""

_LEADS: Final = {path for _, path, _ in PAGES if path != "/console"} | {"/staff/me"}
"""The addresses that an administrator is let in to."""


def page() -> str:
    """Return the whole template."""
    text = SOURCE.read_text(encoding="utf-8").split("\n", 1)[1]
    return HEAD + "".join(f"{line}\n" for block in text.split("\n\n") for line in _block(block.strip("\n")))


def _block(block: str) -> Iterator[str]:
    for kind, found in groupby(
        _joined(block.split("\n")), key=lambda line: line[:1] if line[:2] in _KINDS else ""
    ):
        rows = list(found)
        match kind:
            case "#":
                yield f"<h2>{_inline(rows[0][3:])}</h2>"
            case "|":
                yield from _table(rows)
            case "-":
                yield from ("<ul>", *(f"<li>{_inline(row[2:])}</li>" for row in rows), "</ul>")
            case _:
                yield f"<p>{_inline(' '.join(rows))}</p>"


_KINDS: Final = {"##", "| ", "|-", "- "}


def _joined(lines: list[str]) -> Iterator[str]:
    """Put together what one item of a list has on more than one line."""
    whole = ""
    for line in lines:
        if line.startswith("  ") and whole:
            whole += " " + line.strip()
            continue
        if whole:
            yield whole
        whole = line
    if whole:
        yield whole


def _table(rows: list[str]) -> Iterator[str]:
    head, _, *rest = ([_inline(cell.strip()) for cell in row.strip("|").split("|")] for row in rows)
    yield (
        "<table><thead><tr>"
        + "".join(f'<th scope="col">{cell}</th>' for cell in head)
        + "</tr></thead><tbody>"
    )
    for first, second in rest:
        yield f'<tr><th scope="row">{first}</th><td>{second}</td></tr>'
    yield "</tbody></table>"


def _inline(text: str) -> str:
    text = escape(text, quote=False)
    text = re.sub(r"\*\*([^*]+)\*\* \(`([^`]+)`\)", lambda found: _named(*found.groups()), text)
    text = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", text)
    text = re.sub(
        r"\[([^]]+)\]\([^)]+\)", r"\1", text
    )  # the documents are with the program, not on this page
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", text)


def _named(name: str, path: str) -> str:
    """Return the name of a page, and the way there for who is let in."""
    return f'<a href="{path}{{{{ query }}}}">{name}</a>' if path in _LEADS else f"<strong>{name}</strong>"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
