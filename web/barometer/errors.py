# SPDX-License-Identifier: EUPL-1.2
"""Everything that can go wrong with the answers of a year. All of it is safe to show.

    BarometerError
    └── Refused                 the caller's doing
        ├── MayNot              this sign-in does not run this organisation
        ├── Unfit               answers that cannot be taken; carries which and why
        ├── Changed             somebody else has changed them since they were read
        └── Done                the year's answers have been marked as done

What the store cannot do now is `chat.errors.Unavailable`: there is one such fault in the house.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Why = Literal["number", "choice", "long", "strange", "identity"]
"""No whole number of a sensible size; not one of the choices; too long; characters that cannot be seen or
that turn others around; it tells who somebody is."""


class BarometerError(Exception):
    """The root of all errors of this package."""


class Refused(BarometerError):
    """The caller asked for something that is not possible; nothing has changed."""


class MayNot(Refused):
    """This sign-in does not run this organisation."""


class Unfit(Refused):
    """Answers that cannot be taken."""

    def __init__(self, why: Mapping[str, Why]) -> None:
        super().__init__(", ".join(why))
        self.why = why
        """What is wrong, by the id of the question."""


class Changed(Refused):
    """Somebody else has changed them since they were read."""


class Done(Refused):
    """The year's answers have been marked as done."""
