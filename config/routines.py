# SPDX-License-Identifier: EUPL-1.2
"""Reads the routine cards that come with Jourchatt: what to do, to say and to avoid about what is hard.

Owns their form, and that they grow old. A service's own words about the same (`[services.ID.routine]`) stand
before them and never in their place: the baseline may be tightened, not loosened. Must not know where they
are shown.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from config.ages import year_before
from config.errors import Mistake
from config.site import Alarm

_FILE = Path(__file__).parent / "routines.toml"

Lists = Mapping[str, tuple[str, ...]]
"""The same short list in several languages, by language code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One card."""

    about: Alarm
    heading: Mapping[str, str]
    do: Lists
    """What to do, what is most urgent first."""
    say: Lists
    """Words that may be said as they stand."""
    avoid: Lists
    lines: tuple[str, ...]
    """Telephone numbers (digits) that belong to it: shown where the site has such a line."""
    duty: bool
    """Whether what the organisation says of its reporting duty belongs to it."""
    verified_at: date


@cache
def cards() -> tuple[Card, ...]:
    """Return the cards, in the order of the file."""
    found = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(_card(Alarm(name), table) for name, table in found.items())


def look(today: date) -> Iterator[Mistake]:
    """Yield that nobody has read some of them again for a year, where that is so."""
    old = [card for card in cards() if card.verified_at < year_before(today)]
    if old:
        yield Mistake(
            "config/routines.toml",
            f"Routine cards were verified more than 12 months ago: {', '.join(card.about for card in old)}.",
            "Let somebody who works in the field read them again, then change verified_at.",
        )


def _card(about: Alarm, table: Mapping[str, object]) -> Card:
    def lists(key: str) -> Lists:
        found = table[key]
        assert isinstance(found, dict)
        return {code: tuple(items) for code, items in found.items()}

    heading, lines, verified = table["heading"], table.get("lines", []), table["verified_at"]
    assert isinstance(heading, dict)
    assert isinstance(lines, list)
    assert isinstance(verified, date)
    return Card(
        about=about,
        heading=heading,
        do=lists("do"),
        say=lists("say"),
        avoid=lists("avoid"),
        lines=tuple(lines),
        duty=table.get("duty") is True,
        verified_at=verified,
    )
