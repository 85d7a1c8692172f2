# SPDX-License-Identifier: EUPL-1.2
"""Looking for words in files, in every form that they could have."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path


def traces(directory: Path, words: Sequence[str]) -> list[str]:
    """Return which of `words` stand in which file below `directory`, in any of the forms they could have."""
    found = []
    for file in sorted(path for path in directory.rglob("*") if path.is_file()):
        content = file.read_bytes()
        found += [f"{word} in {file.name}" for word in words if any(form in content for form in forms(word))]
    return found


def forms(word: str) -> set[bytes]:
    """Return how a word may stand in a file: raw, UTF-16 both ways, hexadecimal, base64 at any offset."""
    raw = word.encode()
    inside = {base64.b64encode(bytes(shift) + raw)[4 if shift else 0 : -4].rstrip(b"=") for shift in range(3)}
    return {
        raw,
        word.encode("utf-16-le"),
        word.encode("utf-16-be"),
        raw.hex().encode(),
        raw.hex().upper().encode(),
        *inside,
        *(form.replace(b"+", b"-").replace(b"/", b"_") for form in inside),
    }
