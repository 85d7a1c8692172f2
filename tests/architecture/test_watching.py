# SPDX-License-Identifier: EUPL-1.2
"""The alerts, the dashboard and the document name the figures that there are, and each other."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from typing import Any

import pytest

from tests.architecture import tree
from web.metrics.names import METRICS, PROCESS, Kind

RULES = tree.ROOT / "deploy" / "prometheus-rules.yml"
DASHBOARD = tree.ROOT / "deploy" / "dashboard.json"
DOCUMENT = tree.ROOT / "docs" / "watching.md"

_NAME = re.compile(r"\b(?:jourchatt|process)_[a-z_]+\b")
_SELECTED = re.compile(r'\b(jourchatt_[a-z_]+)\{([a-z]+)(!?=~?)"([^"]*)"')


def told() -> set[str]:
    """Return every name that a monitor can find."""
    names = set(PROCESS)
    for metric in METRICS.values():
        if metric.kind is Kind.SPREAD:
            names.add(f"{metric.name}_bucket")
        else:
            names.add(metric.told_as)
    return names


def alerts() -> dict[str, dict[str, str]]:
    """Return each alert's own lines, by its name."""
    found = {}
    for block in re.split(r"^ {6}- alert: ", RULES.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        name, _, rest = block.partition("\n")
        lines = [line.strip() for line in rest.splitlines() if line.strip()]
        found[name] = dict(line.split(": ", 1) for line in lines)
    return found


def expressions() -> list[str]:
    """Return everything that the dashboard and the alerts ask."""
    board: dict[str, Any] = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    asked = [target["expr"] for panel in board["panels"] for target in panel.get("targets", ())]
    return [*asked, *(each["expr"] for each in alerts().values())]


def asked_for() -> set[str]:
    """Return the names in all of it, without what stands in quotes."""
    return {name for each in expressions() for name in _NAME.findall(re.sub(r'"[^"]*"', "", each))}


def test_every_figure_that_is_asked_for_is_told() -> None:
    """A misspelt name would be an alert that never comes."""
    asked = asked_for()
    assert asked - told() == set()
    assert "jourchatt_store_up" in asked


def test_every_word_that_is_asked_for_can_be_told() -> None:
    """The same for a phase, a state, an event or a code."""
    selected = [found for each in expressions() for found in _SELECTED.findall(each)]
    assert len(selected) > 5
    for name, label, _, value in selected:
        metric = METRICS[name.removesuffix("_total")]
        assert metric.label == label, name
        assert set(value.split("|")) <= metric.words, name


def test_every_figure_is_asked_for() -> None:
    """What nobody looks at need not be told."""
    shown = {re.sub("_bucket$", "", name) for name in asked_for()}
    assert shown == {metric.told_as for metric in METRICS.values()} | PROCESS


def test_document_tells_of_every_figure_and_of_no_other() -> None:
    """One row each."""
    rows = re.findall(r"^\| (`[a-z_` ]+`) \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    named = {name for row in rows for name in _NAME.findall(row)}
    assert named == {metric.told_as for metric in METRICS.values()} | PROCESS


def test_document_says_what_to_do_at_every_alert() -> None:
    """A heading for each, and under it how soon."""
    text = DOCUMENT.read_text(encoding="utf-8")
    said = dict(re.findall(r"^### (\w+)\n(now|today|week) · ", text, re.MULTILINE))
    assert said == {
        name: re.sub(r".*severity: (\w+).*", r"\1", each["labels"]) for name, each in alerts().items()
    }


@pytest.mark.parametrize("name", alerts())
def test_alert_is_whole(name: str) -> None:
    """It asks something, says how soon it matters and, in a sentence, what it is."""
    lines = alerts()[name]
    assert {"expr", "labels", "annotations"} <= set(lines) <= {"expr", "for", "labels", "annotations"}
    assert re.fullmatch(r'\{summary: "[A-Z][^"]*\."\}', lines["annotations"])
    assert lines["expr"].count("(") == lines["expr"].count(")")


def test_rules_are_what_prometheus_reads() -> None:
    """Where its own tool is there, it says so too; otherwise the tests above have to do."""
    tool = shutil.which("promtool")
    if tool is not None:
        subprocess.run([tool, "check", "rules", str(RULES)], check=True, capture_output=True)


def test_panels_do_not_lie_over_each_other() -> None:
    """Each has a place of its own within the 24 columns."""
    board: dict[str, Any] = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        at = panel["gridPos"]
        cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert not cells & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= cells
