# SPDX-License-Identifier: EUPL-1.2
"""Reads whom a service is for: the facts by which one is suggested to her.

Owns the keys `needs`, `age_bands` and `municipalities` of a service. Must not know how services are ranked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chat.ids import Track
from chat.routing import AGE_BANDS, NEEDS
from config.table import Table

LONGEST_PLACE: Final = 64
"""Letters of a municipality's name: more does not fit into her answer."""
MOST_PLACES: Final = 290
"""Sweden has no more of them."""
_OF_THE_OTHER_TRACK: Final = {Track.EXPOSED: "stop_violence", Track.PERPETRATOR: "shelter"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Suiting:
    """Whom a service is for. What is empty means everybody."""

    needs: frozenset[str] = frozenset()
    age_bands: frozenset[str] = frozenset()
    municipalities: tuple[str, ...] = ()
    """As people write them, without “kommun”."""


def read_suiting(table: Table, track: Track) -> Suiting:
    """Return whom the service of one table is for; what is wrong with it is noted there."""
    needs = _of(table, "needs", NEEDS)
    other = _OF_THE_OTHER_TRACK[track]
    if other in needs:
        table.warning(
            "needs",
            f"“{other}” is never asked of those who are {track.value}.",
            f'Take "{other}" out of the list.',
        )
    return Suiting(
        needs=needs, age_bands=_of(table, "age_bands", AGE_BANDS), municipalities=_municipalities(table)
    )


def _of(table: Table, key: str, known: tuple[str, ...]) -> frozenset[str]:
    """Return words of a list, all of them known."""
    words = table.words(key, (), example=known[0])
    for word in words:
        if word not in known:
            table.mistake(key, f"“{word}” is not known here.", f"Choose among {', '.join(known)}.")
    return frozenset(words) & frozenset(known)


def _municipalities(table: Table) -> tuple[str, ...]:
    names = table.words("municipalities", (), example="Vallentuna")
    if len(names) > MOST_PLACES:
        table.mistake(
            "municipalities",
            f"There are {len(names)} of them, more than Sweden has.",
            "Leave the list out where the service is for everybody.",
        )
    for name in names:
        if len(name) > LONGEST_PLACE or not name.isprintable():
            table.mistake(
                "municipalities",
                f"“{name[:LONGEST_PLACE]}” is not the name of a municipality.",
                f"Write a name of at most {LONGEST_PLACE} letters.",
            )
        elif name.casefold().endswith(" kommun"):
            table.warning(
                "municipalities",
                f"“{name}” is not how she will write it.",
                f"Write the name alone, without “{name[-6:]}”.",
            )
    if len({name.casefold() for name in names}) != len(names):
        table.mistake("municipalities", "A name stands twice in the list.", "Remove what is there twice.")
    return names
