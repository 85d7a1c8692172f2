# SPDX-License-Identifier: EUPL-1.2
"""The page of hostile input is the tables that the tests run, as they are now."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.web.hostile.page import STORIES, page

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "hostile-input.md"


def test_page_of_hostile_input_is_up_to_date() -> None:
    """The page says what the tests do; its first lines tell how to write it anew."""
    assert PAGE.read_text(encoding="utf-8") == page(), f"{PAGE.name} is stale"


@pytest.mark.parametrize("test", [test for _, test in STORIES.values() if test.startswith("test")])
def test_story_on_the_page_exists(test: str) -> None:
    """A test that the page names cannot be renamed without it."""
    if test.endswith(".py"):
        assert (ROOT / test).is_file()
        return
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert any(re.search(rf"def {test}\(", source) for source in sources)
