# SPDX-License-Identifier: EUPL-1.2
"""Everything that can go wrong when an organisation changes what the site says. All of it is safe to show.

    ChairError
    └── Refused                 the caller's doing
        ├── MayNot              this sign-in may not change what this organisation says
        ├── Unfit               it cannot stand like that; carries every `Wrong`
        ├── Changed             somebody else has changed the same matter since it was read
        └── NoSuchVersion       no version of this number is kept

What the store cannot do now is `chat.errors.Unavailable`: there is one such fault in the house.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Why = Literal[
    "needed",
    "long",
    "strange",
    "identity",
    "placeholder",
    "says_nothing",
    "span",
    "never",
    "always_and_times",
    "rows_and_raw",
    "expression",
    "date",
    "many",
    "number",
    "origin",
    "link",
    "phone",
    "way",
    "own_language",
    "checked",
    "other",
]
"""What is wrong with one field; the page has words for each."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that keeps a form from being saved."""

    field: str
    """The field's name in the form; empty: none of them alone."""
    why: Why
    what: str = ""
    """The piece that is wrong, where there is one."""


class ChairError(Exception):
    """The root of all errors of this package."""


class Refused(ChairError):
    """The caller asked for something that is not possible; nothing has changed."""


class MayNot(Refused):
    """This sign-in may not change what this organisation says."""


class Unfit(Refused):
    """It cannot stand like that."""

    def __init__(self, wrongs: Sequence[Wrong]) -> None:
        super().__init__(", ".join(wrong.why for wrong in wrongs))
        self.wrongs = tuple(wrongs)


class Changed(Refused):
    """Somebody else has changed the same matter since it was read."""


class NoSuchVersion(Refused):
    """No version of this number is kept."""
