# SPDX-License-Identifier: EUPL-1.2
"""Reads the locks: which packages there are, in which version, by which hashes, and what each is needed for.

Owns the form of `requirements/*.txt` and `package-lock.json`. Knows no licence and no format of a list.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

Need = Literal["required", "optional", "excluded"]
"""As CycloneDX says it: always there, there with PostgreSQL, or for checking only."""

LOCKS: Final[tuple[tuple[str, Need], ...]] = (
    ("requirements/run.txt", "required"),
    ("requirements/postgres.txt", "optional"),
    ("requirements/dev.txt", "excluded"),
)
"""Each lock holds all of the one before it; the first that names a package says what it is needed for."""

_ENTRY = re.compile(
    r"^(?P<name>[a-z0-9][a-z0-9.-]*)==(?P<version>[^\s;\\]+)(?: *; *(?P<when>[^\\\n]+?))? *\\?\n"
    r"(?P<hashes>(?: +--hash=sha256:[0-9a-f]{64} *\\?\n?)*)",
    re.MULTILINE,
)
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One locked package."""

    ecosystem: Literal["pypi", "npm"]
    name: str
    version: str
    need: Need
    hashes: tuple[tuple[str, str], ...]
    """Algorithm and hexadecimal digest of each file that may be installed for it."""
    when: str = ""
    """The marker after it in the lock: on which machines it is installed at all. Empty: on all."""
    licence: str = ""
    """What the lock itself says of it; only npm's does."""


def locked(root: Path) -> tuple[Package, ...]:
    """Return every locked package of a tree, by ecosystem and name, each once.

    Raises:
        ValueError: a lock names a package without a hash, or twice with different versions.
    """
    found: dict[str, Package] = {}
    for lock, need in LOCKS:
        for package in requirements((root / lock).read_text(encoding="utf-8"), need):
            before = found.setdefault(package.name, package)
            if before.version != package.version:
                raise ValueError(f"{package.name} is locked in two versions")
    ordered = [found[name] for name in sorted(found)]
    return (*ordered, *npm((root / "package-lock.json").read_text(encoding="utf-8")))


def requirements(text: str, need: Need) -> tuple[Package, ...]:
    """Return the packages of one `requirements/*.txt`, in its order.

    Raises:
        ValueError: a package without a hash.
    """
    packages = []
    for entry in _ENTRY.finditer(text):
        hashes = tuple(("SHA-256", digest) for digest in _HASH.findall(entry["hashes"]))
        if not hashes:
            raise ValueError(f"{entry['name']} has no hash")
        packages.append(
            Package(
                ecosystem="pypi",
                name=entry["name"],
                version=entry["version"],
                need=need,
                hashes=hashes,
                when=entry["when"] or "",
            )
        )
    return tuple(packages)


def npm(text: str) -> tuple[Package, ...]:
    """Return the packages of `package-lock.json`, by name; all of them are for checking only.

    Raises:
        ValueError: a package without a hash, or one that would be needed to run.
    """
    packages = []
    for path, entry in sorted(json.loads(text)["packages"].items()):
        if not path:
            continue
        name = path.rpartition("node_modules/")[2]
        if not entry.get("dev"):
            raise ValueError(f"{name} would be needed to run")
        algorithm, _, digest = entry.get("integrity", "").partition("-")
        if algorithm != "sha512":
            raise ValueError(f"{name} has no hash")
        packages.append(
            Package(
                ecosystem="npm",
                name=name,
                version=entry["version"],
                need="excluded",
                hashes=(("SHA-512", base64.b64decode(digest).hex()),),
                licence=entry.get("license", ""),
            )
        )
    return tuple(packages)
