# SPDX-License-Identifier: EUPL-1.2
"""The page of the counters begins with those that there are, as they are now."""

from __future__ import annotations

from pathlib import Path

from web.statistics_page import END, beginning

PAGE = Path(__file__).parents[2] / "docs" / "statistics.md"


def test_statistics_page_is_up_to_date() -> None:
    """The page says what the code counts; its first lines tell how to write it anew."""
    page = PAGE.read_text(encoding="utf-8")
    assert page.startswith(beginning()), f"{PAGE.name} is stale"
    assert page.count(END) == 1
