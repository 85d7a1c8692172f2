# SPDX-License-Identifier: EUPL-1.2
"""Reads what the accessibility statement says: of an organisation from the site file, of the law from ours.

Owns which feedback way an organisation must give, and that a review grows old. The law is the Swedish one on
accessibility of digital public service (2018:1937); it binds authorities, not associations.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from config.addresses import LONGEST, wrong_link
from config.ages import year_before
from config.site import Accessibility, Review
from config.table import Table

_FILE = Path(__file__).parent / "statement.toml"
_MAIL = re.compile(r"[\w.%+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}", re.IGNORECASE)
_LEAST_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Law:
    """Who watches over the law, and when our own words and tests were last gone through."""

    name: Mapping[str, str]
    authority: str
    report: str
    """Where somebody complains, when the answer was not good."""
    verified_at: date
    tested_at: date
    updated_at: date


@cache
def law() -> Law:
    """Return what stands in `statement.toml`."""
    found = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return Law(**{key: found[key] for key in Law.__slots__})


def read_accessibility(table: Table, today: date, *, bound: bool) -> Accessibility | None:
    """Return what the `accessibility` table of an organisation says; None where there is none.

    `bound`: the law binds it, so that a missing table is worth a warning.
    """
    inner = table.table("accessibility", needed=False)
    if inner is None:
        if bound and not table.has("accessibility"):
            table.warning(
                "accessibility",
                "An authority must say where people report what they cannot use.",
                'Add accessibility = { feedback = "…", reviewed_at = 2026-01-31 }.',
            )
        return None
    feedback = inner.text("feedback", example="https://www.example.se/tillganglighet")
    wrong = wrong_way(feedback) if feedback else None
    if wrong:
        inner.mistake("feedback", *wrong)
    day = inner.day("reviewed_at", needed=False)
    if day is not None and day > today:
        inner.mistake("reviewed_at", f"{day} has not come yet.", "Give the date of the last review.")
    elif day is not None and day < year_before(today):
        inner.warning(
            "reviewed_at",
            f"The chat was reviewed on {day}, more than 12 months ago.",
            "Go through it again, then change the date.",
        )
    read = Accessibility(
        feedback=feedback, reviewed_at=day, review=inner.choice("review", Review, Review.OWN)
    )
    inner.finish()
    return read


def wrong_way(text: str) -> tuple[str, str] | None:
    """Tell what keeps `text` from being a way to reach somebody, and how to mend it; or None."""
    if len(text) > LONGEST:
        return f"“{text[:60]}…” is too long.", f"Write at most {LONGEST} characters."
    if text.startswith(("http:", "https:")):
        return wrong_link(text)
    if _MAIL.fullmatch(text):
        return None
    if re.fullmatch(r"\+?[0-9 –-]+", text) and sum(map(str.isdigit, text)) >= _LEAST_DIGITS:
        return None
    return f"“{text}” is no way to be reached.", "Write an https address, an e-mail address or a number."
