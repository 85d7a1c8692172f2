# SPDX-License-Identifier: EUPL-1.2
"""What is wrong with a configuration: all of it at once, each with its place and how to mend it.

Everything here is the doing of whoever wrote the configuration, so there is no branch of faults.

    ConfigError
    └── Broken                  one or more mistakes; nothing was configured
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong."""

    path: str
    """Where: a variable's name, or the path in the site file, such as `services.linden.hours`."""
    what: str
    mend: str
    """What to do about it, as a sentence."""

    def __str__(self) -> str:
        """Return it as one line."""
        return f"{self.path}: {self.what} {self.mend}"


class ConfigError(Exception):
    """The root of all errors of this package."""


class Broken(ConfigError):
    """The configuration has mistakes; they are all in `mistakes`."""

    def __init__(self, source: str, mistakes: Sequence[Mistake]) -> None:
        self.source = source
        """The file, or "the environment"."""
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join([f"{source}: {len(self.mistakes)} to mend", *map(str, self.mistakes)]))
