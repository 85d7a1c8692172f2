# SPDX-License-Identifier: EUPL-1.2
"""What there is to change, matter by matter: each has a page with one form.

Owns the table `MATTERS`, which covers `config.overlay.FIELDS` whole. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from config.overlay import FIELDS, Path
from web.chair.version import Spot


class Shape(StrEnum):
    """Which form a matter has."""

    HOURS = "hours"
    TEXTS = "texts"
    ITEMS = "items"
    ADDRESSES = "addresses"
    ADDRESS = "address"
    WAY = "way"
    LANGUAGES = "languages"


class Reader(StrEnum):
    """Who reads it."""

    HER = "her"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing to change."""

    name: str
    """In the address, and in the ids of its words."""
    kind: str
    """"services" or "organisations"."""
    shape: Shape
    paths: tuple[Path, ...]
    reader: Reader = Reader.HER
    framed: bool = False
    """Whether it stands on the first page of the chat, so that the page itself is the preview."""

    def spots(self, name: str) -> list[Spot]:
        """Return its fields in one service or organisation."""
        return [(self.kind, name, path) for path in self.paths]


def _one(name: str, kind: str, shape: Shape, *, staff: bool = False, framed: bool = False) -> Matter:
    reader = Reader.STAFF if staff else Reader.HER
    return Matter(name, kind, shape, ((name,),), reader, framed)


SERVICE: Final = (
    Matter("hours", "services", Shape.HOURS, (("hours",), ("last_chat_minutes",), ("closed_dates",))),
    _one("notice", "services", Shape.TEXTS, framed=True),
    _one("kept", "services", Shape.TEXTS, framed=True),
    _one("name", "services", Shape.TEXTS, framed=True),
    _one("languages", "services", Shape.LANGUAGES, framed=True),
    _one("reading", "services", Shape.ITEMS),
    _one("tonight", "services", Shape.TEXTS, staff=True),
    _one("alone", "services", Shape.TEXTS, staff=True),
    Matter(
        "routine",
        "services",
        Shape.TEXTS,
        tuple(path for path in FIELDS["services"] if path[0] == "routine"),
        Reader.STAFF,
    ),
)
ORGANISATION: Final = (
    _one("reporting_text", "organisations", Shape.TEXTS, framed=True),
    _one("lines", "organisations", Shape.ITEMS, framed=True),
    _one("referrals", "organisations", Shape.ITEMS, staff=True),
    _one("host_origins", "organisations", Shape.ADDRESSES),
    _one("exit_url", "organisations", Shape.ADDRESS),
    Matter("feedback", "organisations", Shape.WAY, (("accessibility", "feedback"),)),
)
MATTERS: Final = (*SERVICE, *ORGANISATION)


def matter_of(kind: str, name: str) -> Matter | None:
    """Return the matter of a name, if there is one."""
    return next((each for each in MATTERS if (each.kind, each.name) == (kind, name)), None)


def matters_of(spots: Iterable[Spot]) -> list[tuple[Matter, str]]:
    """Return the matters that some fields belong to, each with its service or organisation, once."""
    found = {
        (matter.name, name): (matter, name)
        for kind, name, path in spots
        for matter in MATTERS
        if matter.kind == kind and path in matter.paths
    }
    return list(found.values())
