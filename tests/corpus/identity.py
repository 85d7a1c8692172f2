# SPDX-License-Identifier: EUPL-1.2
"""Measures how well identity data is seen, over a folder of made-up lines.

    python -m tests.corpus.identity tests/corpus/held_back [--wrong]

Owns how the lines are marked (`⟦kind|text⟧`), and what counts as found: nine of ten letters and digits of a
piece are taken. Names are counted apart: they are a hint, and only looked for where somebody is introduced.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from config.identity import read_identity
from moderation.identity import Span, identity_in
from moderation.identity_rules import IdentityRules
from moderation.reading import Reading

_MARK = re.compile(r"⟦(\w+)\|(.*?)⟧", re.DOTALL)
ENOUGH = 0.9


@dataclass(frozen=True, slots=True)
class Line:
    """One made-up message: its text, what is identity data in it, and where it stands."""

    text: str
    marked: tuple[Span, ...]
    where: str


def lines_of(file: Path) -> Iterator[Line]:
    r"""Read one file: a message a line, `\n` for a line break."""
    for number, raw in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        left = raw.replace("\\n", "\n")
        text, marked = "", []
        while (mark := _MARK.search(left)) is not None:
            text += left[: mark.start()]
            marked.append(Span(len(text), len(text) + len(mark[2]), mark[1]))
            text += mark[2]
            left = left[mark.end() :]
        yield Line(text + left, tuple(marked), f"{file.parent.name}/{file.name}:{number}")


def is_taken(text: str, marked: Span, found: tuple[Span, ...]) -> bool:
    """Tell whether what was found takes nearly all of a marked piece."""
    signs = [place for place in range(marked.start, marked.end) if text[place].isalnum()]
    taken = sum(any(span.start <= place < span.end for span in found) for place in signs)
    return not signs or taken >= ENOUGH * len(signs)


@dataclass(slots=True)
class Figures:
    """What one part of the corpus gave."""

    marked: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    """Of what was taken: under its own kind."""
    ordinary: int = 0
    alarms: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """The part of all marked pieces that was taken, names aside."""
        marked = sum(self.marked.values()) - self.marked["name"]
        return (sum(self.taken.values()) - self.taken["name"]) / max(marked, 1)

    @property
    def alarm_rate(self) -> float:
        """The part of the ordinary lines in which anything was taken."""
        return self.alarms / max(self.ordinary, 1)

    def add(self, line: Line, found: tuple[Span, ...]) -> None:
        """Count one line with identity data."""
        for marked in line.marked:
            self.marked[marked.kind] += 1
            if is_taken(line.text, marked, found):
                self.taken[marked.kind] += 1
                self.named[marked.kind] += any(
                    span.kind == marked.kind and span.start < marked.end and marked.start < span.end
                    for span in found
                )
            else:
                self.wrong.append(
                    f"MISSED {marked.kind} {line.where} {line.text!r}: {shown(line.text, marked)}"
                )
        for span in found:
            if not any(span.start < marked.end and marked.start < span.end for marked in line.marked):
                self.wrong.append(f"EXTRA {span.kind} {line.where} {line.text!r}: {shown(line.text, span)}")

    def add_ordinary(self, line: Line, found: tuple[Span, ...]) -> None:
        """Count one ordinary line."""
        self.ordinary += 1
        if found:
            self.alarms += 1
            seen = ", ".join(f"{span.kind} {shown(line.text, span)}" for span in found)
            self.wrong.append(f"ALARM {line.where} {line.text!r}: {seen}")


def shown(text: str, span: Span) -> str:
    """Return a piece as it is printed."""
    return repr(text[span.start : span.end])


def measure(folder: Path, rules: IdentityRules, language: str = "*") -> Figures:
    """Look at every line of a folder, in one language or in all."""
    figures = Figures()
    for file in sorted((folder / "identity").glob(f"{language}.txt")):
        for line in lines_of(file):
            figures.add(line, identity_in(Reading(line.text), rules))
    for file in sorted((folder / "ordinary").glob(f"{language}.txt")):
        for line in lines_of(file):
            figures.add_ordinary(line, identity_in(Reading(line.text), rules))
    return figures


def main() -> None:
    """Print the figures of a folder."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--wrong", action="store_true", help="print the lines that were judged wrongly")
    chosen = parser.parse_args()
    rules = read_identity()
    for language in sorted(file.stem for file in (chosen.folder / "identity").glob("*.txt")):
        part = measure(chosen.folder, rules, language)
        print(f"{language}: recall {part.recall:.3f}, alarms {part.alarms} of {part.ordinary}")
    whole = measure(chosen.folder, rules)
    for kind, marked in sorted(whole.marked.items()):
        print(f"  {kind}: {whole.taken[kind]} of {marked}, {whole.named[kind]} under this name")
    alarms = f"alarms {whole.alarms} of {whole.ordinary} ({whole.alarm_rate:.2%})"
    print(f"all: recall without names {whole.recall:.4f}, {alarms}")
    if chosen.wrong:
        print("\n".join(whole.wrong))


if __name__ == "__main__":
    main()
