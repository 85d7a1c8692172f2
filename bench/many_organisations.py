# SPDX-License-Identifier: EUPL-1.2
"""The site file of many organisations, each with services as the demo's jour has them.

Owns nothing but the multiplied text: it is read as any other site file.
"""

from __future__ import annotations

import re
from pathlib import Path

import config

DEMO = Path(config.__file__).parent / "demo.toml"
JOUR, SERVICES = "kvinnojouren-vallentuna", ("linden", "eken")
_TABLE = re.compile(r"^\[{1,2}([a-z0-9.-]+)\]", re.MULTILINE)


def organisation_id(number: int) -> str:
    """Return the id of one of them."""
    return f"jour-{number}"


def service_id(number: int, which: str) -> str:
    """Return the id of one of its services; `which` is the demo's."""
    return f"{which}-{number}"


def site_text(organisations: int = 140) -> str:
    """Return a site file with so many organisations and twice as many services, and the demo's lines."""
    blocks = _blocks(DEMO.read_text(encoding="utf-8"))
    own = "".join(text for name, text in blocks if _is_of(name, "organisations", JOUR))
    services = "".join(
        text for name, text in blocks if any(_is_of(name, "services", each) for each in SERVICES)
    )
    lines = "".join(text for name, text in blocks if name.startswith("lines."))
    return lines + "".join(_numbered(own + services, number) for number in range(organisations))


def _blocks(text: str) -> list[tuple[str, str]]:
    """Return each table with its text, in the order of the file."""
    heads = [*_TABLE.finditer(text)]
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return [(head[1], text[head.start() : end]) for head, end in zip(heads, ends, strict=True)]


def _is_of(name: str, kind: str, *ids: str) -> bool:
    return any(name == f"{kind}.{id_}" or name.startswith(f"{kind}.{id_}.") for id_ in ids)


def _numbered(text: str, number: int) -> str:
    text = text.replace(JOUR, organisation_id(number))
    for each in SERVICES:
        text = text.replace(f"services.{each}", f"services.{service_id(number, each)}")
    return text.replace("Vallentuna", f"Exempelstad {number}")
