# SPDX-License-Identifier: EUPL-1.2
"""Small backups in memory, from a database that is a dictionary."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from tests.service.standing import SeededRandomness
from web.backup.making import make
from web.backup.ports import Form, Row

NOW = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)
PRIVATE = X25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = PRIVATE.public_key().public_bytes_raw()
FORM: Form = (("id", "text"), ("services", "json"), ("disabled", "bool"))
ACCOUNTS: list[Row] = [("a", ["linden"], False), ("b", [], True)]


@dataclass
class Rows:
    """A database of one moment."""

    revision: str = "0019"
    kept: dict[str, tuple[Form, list[Row]]] = field(
        default_factory=lambda: {"staff_accounts": (FORM, ACCOUNTS)}
    )

    @property
    def tables(self) -> frozenset[str]:
        """The names of the tables."""
        return frozenset(self.kept)

    def form(self, name: str) -> Form:
        """Return the columns."""
        return self.kept[name][0]

    def rows(self, name: str) -> Iterator[Row]:
        """Give the rows."""
        yield from self.kept[name][1]


@dataclass
class Filled:
    """A database that is being filled; `kept` is what stays when nothing has gone wrong."""

    forms: dict[str, Form] = field(default_factory=lambda: {"staff_accounts": FORM})
    waiting: dict[str, list[list[Any]]] = field(default_factory=dict)
    kept: dict[str, list[list[Any]]] = field(default_factory=dict)
    opened: list[str] = field(default_factory=list)

    def form(self, name: str) -> Form | None:
        """Return the columns."""
        return self.forms.get(name)

    def add(self, name: str, rows: Sequence[Row]) -> None:
        """Keep rows until the end."""
        self.waiting.setdefault(name, []).extend(map(list, rows))

    def bring_up(self) -> None:
        """Note nothing: it has one schema."""

    @contextmanager
    def empty(self, revision: str) -> Iterator[Filled]:
        """Give it at a schema."""
        self.opened.append(revision)
        yield self
        self.kept = self.waiting


def backup_of(rows: Rows, *, now: datetime = NOW, public: bytes = PUBLIC, seed: int = 1) -> bytes:
    """Return the bytes of a backup."""
    file = io.BytesIO()
    make(rows, public, now, SeededRandomness(seed), file.write)
    return file.getvalue()
