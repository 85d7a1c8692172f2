# SPDX-License-Identifier: EUPL-1.2
"""Fills the few placeholders of a site file's texts.

Owns the syntax of placeholders. Must not know what a notice says.
"""

from __future__ import annotations

import string
from collections.abc import Mapping

from config.table import Notes


def fill(text: str, values: Mapping[str, str], path: str, notes: Notes) -> str:
    """Return `text` with every {placeholder} replaced; note each that is not in `values`.

    A placeholder is only ever a name: nothing in a text can reach into the values.
    """
    known = ", ".join(f"{{{name}}}" for name in values)
    try:
        pieces = list(string.Formatter().parse(text))
    except ValueError:
        notes.mistake(path, "A brace is open or alone.", "Write {{ for a brace that is meant as one.")
        return text
    filled = []
    for literal, name, form, conversion in pieces:
        filled.append(literal)
        if name is None:
            continue
        if name not in values or form or conversion:
            notes.mistake(path, f"Nothing fills {{{name}}}.", f"Use one of {known}, or plain words.")
            continue
        filled.append(values[name])
    return "".join(filled)
