# SPDX-License-Identifier: EUPL-1.2
"""What a visitor downloads before she can write: the page and all that it names, gzipped."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx

NAMED = (
    re.compile(r"""<script\b[^>]*\bsrc=["']([^"']+)["']"""),
    re.compile(
        r"""<link\b(?=[^>]*\brel=["'](?:stylesheet|modulepreload|icon)["'])[^>]*\bhref=["']([^"']+)["']"""
    ),
)
IMPORTED = re.compile(
    r"""^\s*(?:import\s*|(?:import|export)\b[^"';=]*\bfrom\s*)["']([^"']+)["']""", re.MULTILINE
)
STYLED = re.compile(r"""(?:@import\s+|url\()["']?([^"')]+)["']?""")


@dataclass(frozen=True, slots=True)
class Download:
    """One file with its size in bytes, as it is and gzipped."""

    path: str
    plain: int
    gzipped: int


def _names(content_type: str, text: str) -> list[str]:
    if "html" in content_type:
        return [name for pattern in NAMED for name in pattern.findall(text)]
    if "javascript" in content_type:
        return IMPORTED.findall(text)
    if "css" in content_type:
        return STYLED.findall(text)
    return []


async def downloads(base: str, path: str) -> list[Download]:
    """Fetch a page, what it names, what those import, and so on, each once."""
    wanted, seen, found = [urljoin(base, path)], set[str](), []
    async with httpx.AsyncClient(trust_env=False) as http:
        while wanted:
            address = wanted.pop(0)
            if address in seen or urlsplit(address).netloc != urlsplit(base).netloc:
                continue
            seen.add(address)
            answer = (await http.get(address)).raise_for_status()
            found.append(
                Download(urlsplit(address).path, len(answer.content), len(gzip.compress(answer.content, 9)))
            )
            names = _names(answer.headers["content-type"], answer.text)
            wanted.extend(urljoin(address, name) for name in names)
    return found
