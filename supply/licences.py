# SPDX-License-Identifier: EUPL-1.2
"""Under which licence a package is, and whether that is one that may run with us.

Owns the reading of `licences.toml` and of installed metadata. Knows no lock.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

_FILE = Path(__file__).parent / "licences.toml"
_WORD = re.compile(r"[A-Za-z0-9.+-]+")


@dataclass(frozen=True, slots=True)
class Licences:
    """What `licences.toml` says; every value is an SPDX expression or name."""

    accepted: Mapping[str, str]
    only: Mapping[str, str]
    stated: Mapping[str, str]

    def of(self, name: str) -> str | None:
        """Return a package's licence as an SPDX expression; None where neither it nor the list says one."""
        return self.stated.get(name) or said_by_itself(name)

    def accepts(self, name: str, expression: str) -> bool:
        """Tell whether a package under `expression` may run with us.

        Of `A OR B` one that is accepted is enough; of `A AND B` each must be. Other forms are not accepted.
        """
        if self.only.get(name) == expression:
            return True
        ways = [way.split(" AND ") for way in expression.split(" OR ")]
        return any(
            all(_WORD.fullmatch(part) and part in self.accepted for part in map(str.strip, way))
            for way in ways
        )


def licences() -> Licences:
    """Return the list as it stands in the file."""
    found = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return Licences(found["accepted"], found["only"], found["stated"])


def said_by_itself(name: str) -> str | None:
    """Return the SPDX expression in an installed package's metadata; None where there is none."""
    try:
        return metadata(name)["License-Expression"]
    except (PackageNotFoundError, KeyError):
        return None
