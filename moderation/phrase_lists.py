# SPDX-License-Identifier: EUPL-1.2
"""What is looked for in a text: word classes, phrases made of them, and groups of phrases that mean the same.

Owns the shape of the lists and the names of the classes that the grammar knows. Must not know how they are
written down or found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

NOT: Final = "not"
"""The class of words that deny what stands beside them: "not", "never"."""
NONE: Final = "none"
"""The class of words that deny what comes after them only: "no", "without"."""
STOP: Final = "stop"
"""The class of words that begin something new, which a denial before them does not reach."""
IDIOM: Final = "idiom"
"""The class of phrases whose words do not mean what they say: they are left out of everything else."""
SIGNS: Final = '.!?"“”„«»🔪🔫🗡🩸💊💣😂🤣😅😆😹🍆🍑🖕💦👅'
"""Signs that tell something; each is a word of its own. All others only part words."""
MOST_GAP: Final = 12
"""So many words may stand between two steps of a phrase."""


@dataclass(frozen=True, slots=True)
class Step:
    """One place in a phrase: any of these words (`stem*` with any ending) or classes.

    `gap`: how many other words may stand between the step before and this one.
    """

    words: frozenset[str]
    classes: frozenset[str] = frozenset()
    gap: int = 0


Phrase = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Phrases that mean the same. `rank`: what is wanted first has the lowest."""

    name: str
    kind: str
    phrases: tuple[Phrase, ...]
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Lists:
    """What is looked for. `known`: ordinary words that are never taken for listed ones misspelt."""

    classes: Mapping[str, tuple[Phrase, ...]] = field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    known: frozenset[str] = frozenset()
