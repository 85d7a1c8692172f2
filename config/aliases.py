# SPDX-License-Identifier: EUPL-1.2
"""The first names that are proposed as the alias of a shift.

Reads `config/aliases.toml`. Knows no account: whose own name is among them is for the console to leave out.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources


@cache
def alias_names() -> tuple[str, ...]:
    """Return the names, in the order of the file."""
    text = resources.files("config").joinpath("aliases.toml").read_text(encoding="utf-8")
    names: list[str] = tomllib.loads(text)["names"]
    return tuple(names)
