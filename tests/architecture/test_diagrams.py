# SPDX-License-Identifier: EUPL-1.2
"""The drawing of the phases is the transition table, as it is now."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from chat.commands import Command
from chat.diagrams import SAMPLES, phases_page

PAGE = Path(__file__).parents[2] / "docs" / "phases.md"


def test_phases_page_is_up_to_date() -> None:
    """The page says what the code does; its first lines tell how to write it anew."""
    assert PAGE.read_text(encoding="utf-8") == phases_page(), f"{PAGE.name} is stale"


def test_diagram_tries_every_command() -> None:
    """A new command cannot be left out of the drawing."""
    assert {type(command) for command in SAMPLES} == set(get_args(Command))
