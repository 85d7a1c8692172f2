# SPDX-License-Identifier: EUPL-1.2
"""Measures danger and conduct on labelled messages: `python -m tests.corpus.danger DIR [--wrong]`.

DIR holds `danger/LANG.txt` and `conduct/LANG.txt` with `LABEL<TAB>message` lines. Prints recall and
precision of each label and language; with `--wrong` every line that is judged otherwise than its label says.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from config.phrases import shipped_conduct, shipped_danger
from moderation.conduct import harassment_in
from moderation.danger import Level, Subject, danger_in
from moderation.reading import Reading

_ACUTE = {Subject.VISITOR: "acute", Subject.SELF: "acute_self", Subject.OTHER: "acute_other"}
Judge = Callable[[str], tuple[str, str]]
"""A message in; the label that it gets, and why, out."""


def danger_judge() -> Judge:
    """Return what labels a message by danger, with the lists that come with Jourchatt."""
    rules = shipped_danger()

    def judge(text: str) -> tuple[str, str]:
        danger = danger_in(Reading(text), rules)
        if danger is None:
            return "none", ""
        why = f"{danger.subject}-{danger.reason}"
        return (_ACUTE[danger.subject] if danger.level is Level.ACUTE else "concern"), why

    return judge


def conduct_judge() -> Judge:
    """Return what labels a message by conduct, with the lists that come with Jourchatt."""
    rules = shipped_conduct()

    def judge(text: str) -> tuple[str, str]:
        reason = harassment_in(Reading(text), rules)
        return ("fine" if reason is None else "cover"), reason or ""

    return judge


def lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield label and message of every line."""
    for line in path.read_text(encoding="utf-8").splitlines():
        label, _, message = line.partition("\t")
        if message:
            yield label, message.replace("\\n", "\n")


def _share(right: int, all_: int) -> str:
    return f"{right / all_:5.2f}" if all_ else "    -"


def _report(name: str, pairs: Counter[tuple[str, str]], merged: tuple[str, ...]) -> None:
    """Print recall and precision of each label; of `merged` also as one."""
    labels = sorted({label for pair in pairs for label in pair})
    if len(merged) > 1:
        right = sum(count for (true, said), count in pairs.items() if true in merged and said in merged)
        true = sum(count for pair, count in pairs.items() if pair[0] in merged)
        said = sum(count for pair, count in pairs.items() if pair[1] in merged)
        shares = f"recall {_share(right, true)}  precision {_share(right, said)}"
        print(f"{name:14} any acute     {shares}  of {true}")
    for label in labels:
        true = sum(count for pair, count in pairs.items() if pair[0] == label)
        said = sum(count for pair, count in pairs.items() if pair[1] == label)
        right = pairs[label, label]
        print(
            f"{name:14} {label:13} recall {_share(right, true)}  precision {_share(right, said)}  of {true}"
        )


def measure(folder: Path, judge: Judge, merged: tuple[str, ...], only: str | None, *, wrong: bool) -> None:
    """Print the figures of every language of a folder, and of all of them."""
    whole: Counter[tuple[str, str]] = Counter()
    for path in sorted(folder.glob(f"{only or '*'}.txt")):
        pairs: Counter[tuple[str, str]] = Counter()
        for label, message in lines(path):
            said, why = judge(message)
            pairs[label, said] += 1
            if wrong and said != label:
                print(f"{path.stem} {label} -> {said} ({why}): {message!r}")
        _report(f"{folder.name}/{path.stem}", pairs, merged)
        whole += pairs
    _report(f"{folder.name}/all", whole, merged)


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(description="Measure danger and conduct on labelled messages.")
    parser.add_argument("dir", type=Path)
    parser.add_argument("--wrong", action="store_true")
    parser.add_argument("--only", metavar="LANG")
    parser.add_argument("--part", choices=["danger", "conduct"])
    given = parser.parse_args()
    if given.part != "conduct":
        measure(given.dir / "danger", danger_judge(), tuple(_ACUTE.values()), given.only, wrong=given.wrong)
    if given.part != "danger":
        measure(given.dir / "conduct", conduct_judge(), ("cover",), given.only, wrong=given.wrong)


if __name__ == "__main__":
    main()
