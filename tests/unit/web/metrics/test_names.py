# SPDX-License-Identifier: EUPL-1.2
"""The list of figures: closed words, no name of anything, and people in fives."""

from __future__ import annotations

import re

import pytest

from web.metrics.names import METRICS, Kind, Metric, down_in_fives, up_in_fives

NAMING = re.compile(r"service|organisation|unit|account|name|alias|network|host|address|language|path")


def test_no_label_can_name_anybody() -> None:
    """Labels say which side, phase, state, event, code or way: each from a closed list, in small letters."""
    labels = {each.label for each in METRICS.values()} - {""}
    assert labels == {"side", "phase", "state", "event", "code", "way"}
    assert [label for label in labels if NAMING.search(label)] == []
    words = {word for each in METRICS.values() for word in each.words}
    assert [word for word in words if not re.fullmatch(r"[a-z_]+", word)] == []
    assert [each.name for each in METRICS.values() if bool(each.label) != bool(each.words)] == []


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.name)
def test_figure_is_named_as_monitors_expect(metric: Metric) -> None:
    """Units stand in the name, a counter's ending is the library's, and each says what it is."""
    assert re.fullmatch(r"jourchatt_[a-z]+(_[a-z]+)*", metric.name)
    assert not metric.name.endswith("_total")
    assert metric.told_as.endswith("_total") is (metric.kind is Kind.COUNTER)
    assert metric.help.endswith(".")


@pytest.mark.parametrize(("people", "told"), [(0, 0), (1, 5), (4, 5), (5, 5), (6, 10), (12, 15)])
def test_people_are_told_in_fives(people: int, told: int) -> None:
    """Nobody is nobody, and one is as many as five."""
    assert up_in_fives(people) == told


@pytest.mark.parametrize(("done", "told"), [(0, 0), (4, 0), (5, 5), (9, 5), (10, 10)])
def test_what_people_did_never_runs_ahead(done: int, told: int) -> None:
    """A counter only grows, and never tells more than there was."""
    assert down_in_fives(done) == told
