# SPDX-License-Identifier: EUPL-1.2
"""The beginning of `docs/statistics.md`: every counter, read off the code that counts.

Owns that table, so the page cannot say anything else than the code. What follows on the page is by hand.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

from chat import histograms
from chat.counted import Counted
from chat.histograms import LASTED, WAITED, WANTED, Steps
from chat.wrapping_up import WrapUp, counters
from web.protocol import meanings

END: Final = "<!-- What follows is written by hand. -->\n"

_BEGINNING: Final = """\
<!-- Generated, down to the mark below, by web/statistics_page.py from chat/counted.py, chat/histograms.py and
     chat/wrapping_up.py. Do not edit that part; write it anew:
     python -c "from web.statistics_page import renew; renew('docs/statistics.md')" -->

# What is counted

Every counter is a number for one service and one local day (Europe/Stockholm). There is nothing else: no row
about a conversation, no moment, no text. What counts a step of a conversation or of a ticket is stored in the
very transaction of that step: both stand, or neither does. Nothing is counted for a message.

## By the server itself

{own}

## How long something took, and when in the week

Fixed steps, so that a median can be told and no single time is stored. `…` stands for the number of the step,
or for the weekday (0 is Monday) and the hour.

{steps}

## By staff, afterwards

Each form adds to every row: one for each answer, or one to `untold` where the question was left open. How
somebody came is always said. The name of a counter is what stands in the first column with one of the words
of the second.

{told}

{end}"""


def beginning() -> str:
    """Return the generated part of the page, with the mark that ends it."""
    own, told = _table(("counter", "one for"), _own()), _table(("counters", "words", "how"), _told())
    steps = _table(("counters", "steps", "one for"), _steps())
    return _BEGINNING.format(own=own, steps=steps, told=told, end=END)


def renew(path: str) -> None:
    """Write the beginning of the page as the code is now; what stands under the mark stays."""
    page = Path(path)
    by_hand = page.read_text(encoding="utf-8").partition(END)[2]
    page.write_text(beginning() + by_hand, encoding="utf-8")


def _own() -> Iterator[tuple[str, ...]]:
    said = _under_members(Counted)
    for each in Counted:
        yield f"`{each.value}`", said[each.name]


def _steps() -> Iterator[tuple[str, ...]]:
    said = _under(ast.parse(inspect.getsource(histograms)).body)
    for name, steps in (("WAITED", WAITED), ("LASTED", LASTED)):
        yield f"`{steps.name}_…`", ", ".join(_bounds(steps)), said[name]
    yield f"`{WANTED}_…_…`", "`0_00` to `6_23`", said["WANTED"]


def _bounds(steps: Steps) -> Iterator[str]:
    for step in range(len(steps.edges) + 1):
        low, high = steps.bounds(step)
        until = f"{_duration(low)} or more" if high is None else f"under {_duration(high)}"
        yield f"`{step:02}` {until}"


def _duration(seconds: int) -> str:
    return f"{seconds} s" if seconds < 60 else f"{seconds // 60} min"


def _told() -> Iterator[tuple[str, ...]]:
    rules = meanings(WrapUp)
    for field, names in counters().items():
        start = names[0][: names[0].index("_", len("told_")) + 1]
        words = ", ".join(f"`{name.removeprefix(start)}`" for name in names)
        yield f"`{start}…`", words, rules[field]


def _under_members(cls: type) -> Mapping[str, str]:
    """Return the docstrings that stand under the members of an enumeration."""
    body = ast.parse(textwrap.dedent(inspect.getsource(cls))).body[0]
    assert isinstance(body, ast.ClassDef)
    return _under(body.body)


def _under(body: Sequence[ast.stmt]) -> Mapping[str, str]:
    """Return the docstrings that stand under what is given a name here."""
    found = {}
    for member, after in pairwise(body):
        match member, after:
            case (
                ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                found[name] = " ".join(text.split())
            case _:
                continue
    return found


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
