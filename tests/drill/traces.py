# SPDX-License-Identifier: EUPL-1.2
"""Whether a word that was said can be read anywhere on the disk, in any form in which it might lie there."""

from __future__ import annotations

import base64
from pathlib import Path


def forms(word: str) -> dict[str, bytes]:
    """Return a word as it might be stored: plain, UTF-16, hexadecimal, base64 at each of three offsets."""
    plain = word.encode()
    found = {
        "plain": plain,
        "utf-16-le": word.encode("utf-16-le"),
        "utf-16-be": word.encode("utf-16-be"),
        "hex": plain.hex().encode(),
        "HEX": plain.hex().upper().encode(),
    }
    for offset in range(3):
        whole = base64.b64encode(bytes(offset) + plain)
        certain = whole[-(-8 * offset // 6) : (len(plain) + offset) * 8 // 6]
        found[f"base64+{offset}"] = certain
        found[f"base64url+{offset}"] = certain.translate(bytes.maketrans(b"+/", b"-_"))
    return found


def found_in(content: bytes, word: str) -> list[str]:
    """Return the forms in which `word` stands in `content`."""
    return [form for form, needle in forms(word).items() if needle in content]


def found_under(folder: Path, word: str) -> list[str]:
    """Return every file under `folder`, with the form, in which `word` can be read now."""
    found = []
    for path in sorted(folder.rglob("*")):
        try:
            content = path.read_bytes() if path.is_file() else b""
        except FileNotFoundError:
            continue
        found += [f"{path.name}: {form}" for form in found_in(content, word)]
    return found
