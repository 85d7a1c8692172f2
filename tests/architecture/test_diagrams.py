# SPDX-License-Identifier: EUPL-1.2
"""The drawing of the phases is the transition table, as it is now."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from chat.commands import Command
from chat.diagrams import SAMPLES, phases_page
from handover.diagrams import tickets_page

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize(("name", "page"), [("phases.md", phases_page), ("tickets.md", tickets_page)])
def test_page_is_up_to_date(name: str, page: Callable[[], str]) -> None:
    """The page says what the code does; its first lines tell how to write it anew."""
    assert (DOCS / name).read_text(encoding="utf-8") == page(), f"{name} is stale"


def test_diagram_tries_every_command() -> None:
    """A new command cannot be left out of the drawing."""
    assert {type(command) for command in SAMPLES} == set(get_args(Command))
