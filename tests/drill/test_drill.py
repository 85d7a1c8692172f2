# SPDX-License-Identifier: EUPL-1.2
"""A short drill with the real server, and what it searches with."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from tests.drill import traces
from tests.drill.deploy import Deploy
from tests.drill.drill import Drill, summary

WORD = "hemligt-ord-31"


@pytest.mark.drill
async def test_drill_loses_and_doubles_nothing_over_five_kills(tmp_path: Path) -> None:
    """Every acknowledged message stands once in both transcripts, in order, after five SIGKILLs."""
    verdict = await Drill(tmp_path, seed=5, rounds=5, chats=8).run()
    assert verdict.kept, summary(verdict)
    assert verdict.acknowledged > 0


@pytest.mark.drill
async def test_deploy_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """Two restarts in order, one of them overlapping: each server ends clean, everybody comes back."""
    deploy = Deploy(tmp_path / "server", seed=6, rounds=2, chats=20, talk_s=0.5)
    verdict = await deploy.run()
    print(deploy.report())
    assert verdict.kept, summary(verdict)
    assert deploy.figures.statuses == [0, 0], deploy.server.printed()
    assert verdict.acknowledged > 0


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_search_finds_a_word_in_every_form(tmp_path: Path, before: str) -> None:
    """A word is found plain, in UTF-16, in hexadecimal and inside any base64."""
    text = before + WORD + "xyz"
    contents = [
        text.encode(),
        text.encode("utf-16-le"),
        text.encode("utf-16-be"),
        text.encode().hex().encode(),
        base64.b64encode(text.encode()),
        base64.urlsafe_b64encode(text.encode()),
    ]
    for number, content in enumerate(contents):
        (tmp_path / f"file{number}").write_bytes(content)
    found = {line.split(":")[0] for line in traces.found_under(tmp_path, WORD)}
    assert found == {f"file{number}" for number in range(len(contents))}


def test_search_finds_nothing_where_nothing_is(tmp_path: Path) -> None:
    """Another word is not mistaken for the one that is looked for."""
    (tmp_path / "file").write_text("hemligt-ord-32", encoding="utf-8")
    assert traces.found_under(tmp_path, WORD) == []
