# SPDX-License-Identifier: EUPL-1.2
"""How well it works on lines that nobody looked at while it was made: docs/moderation.md has the figures.

The bounds lie a little below what was measured, so that a change that makes it worse is noticed. A change
that makes it better moves them, and the document, up.
"""

from __future__ import annotations

from pathlib import Path

from tests.corpus.danger import Judge, conduct_judge, danger_judge, lines
from tests.corpus.identity import measure
from tests.unit.moderation.judges import IDENTITY

HELD_BACK = Path(__file__).parents[2] / "corpus" / "held_back"
SHORT = 40
"""Shorter lines are said by everybody: "hej", "ok"."""
RECALL = 0.97
ALARMS = 0.005
ACUTE_RECALL, ACUTE_PRECISION = 0.90, 0.80
COVER_RECALL, COVER_PRECISION = 0.87, 0.86
ACUTE = {"acute", "acute_self", "acute_other"}


def shares(part: str, judge: Judge, wanted: set[str]) -> tuple[float, float]:
    """Return recall and precision of some labels taken as one, over all languages."""
    right = true = said = 0
    for file in sorted((HELD_BACK / part).glob("*.txt")):
        for label, message in lines(file):
            found, _ = judge(message)
            true += label in wanted
            said += found in wanted
            right += label in wanted and found in wanted
    return right / true, right / said


def test_held_back_lines_are_seen() -> None:
    """Identity data without names, in eight languages; and ordinary lines are left alone."""
    found = measure(HELD_BACK, IDENTITY)
    assert sum(found.marked.values()) > 500
    assert found.ordinary > 900
    assert found.recall >= RECALL
    assert found.alarm_rate <= ALARMS


def test_held_back_danger_is_told() -> None:
    """Danger now, whosever it is."""
    recall, precision = shares("danger", danger_judge(), ACUTE)
    assert recall >= ACUTE_RECALL
    assert precision >= ACUTE_PRECISION


def test_held_back_harassment_is_covered() -> None:
    """Words aimed at the volunteer, and few others."""
    recall, precision = shares("conduct", conduct_judge(), {"cover"})
    assert recall >= COVER_RECALL
    assert precision >= COVER_PRECISION


def test_no_line_is_in_both_parts() -> None:
    """What was looked at is not held back."""
    for file in HELD_BACK.glob("*/*.txt"):
        seen = set(
            (HELD_BACK.parent / "development" / file.parent.name / file.name).read_text("utf-8").splitlines()
        )
        held = [line for line in file.read_text("utf-8").splitlines() if len(line) > SHORT]
        assert [line for line in held if line in seen] == [], file.name
