# SPDX-License-Identifier: EUPL-1.2
"""The page about our languages is the catalogues, as they are now."""

from __future__ import annotations

from pathlib import Path

from web.languages_page import shipped

PAGE = Path(__file__).parents[2] / "docs" / "languages.md"


def test_languages_page_is_up_to_date() -> None:
    """It says which texts nobody has vouched for; its first lines tell how to write it anew."""
    assert PAGE.read_text(encoding="utf-8") == shipped(), f"{PAGE.name} is stale"
