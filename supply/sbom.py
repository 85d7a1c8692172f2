# SPDX-License-Identifier: EUPL-1.2
"""Writes the list of everything that others have made: CycloneDX 1.6, from the locks (`make sbom`).

Owns the form of that list. It holds no time and no machine: the same locks give the same bytes. What is not
installed where it is made may lack its licence.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tomllib
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from supply.licences import licences
from supply.locks import Package, locked

ROOT = Path(__file__).resolve().parents[1]


def bill(root: Path, licence_of: Callable[[str], str | None]) -> dict[str, Any]:
    """Return the list for the tree at `root`, ready to be written as JSON.

    `licence_of` gives the SPDX expression of a Python package, or None where nobody has said it.

    Raises:
        ValueError: a lock that is not whole.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    components = [_component(package, licence_of) for package in locked(root)]
    content = json.dumps(components, sort_keys=True).encode()
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": uuid.UUID(bytes=hashlib.sha256(content).digest()[:16], version=4).urn,
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": project["name"],
                "name": project["name"],
                "version": project["version"],
                "licenses": [{"license": {"id": project["license"]}}],
            }
        },
        "components": components,
    }


def _component(package: Package, licence_of: Callable[[str], str | None]) -> dict[str, Any]:
    reference = f"pkg:{package.ecosystem}/{quote(package.name)}@{package.version}"
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": reference,
        "name": package.name,
        "version": package.version,
        "scope": package.need,
        "purl": reference,
        "hashes": [{"alg": algorithm, "content": digest} for algorithm, digest in package.hashes],
    }
    licence = package.licence or licence_of(package.name)
    if licence:
        component["licenses"] = [{"expression": licence}]
    if package.when:
        component["properties"] = [{"name": "jourchatt:only-where", "value": package.when}]
    return component


def main(arguments: Sequence[str]) -> int:
    """Write the list to the file that is named."""
    target = Path(arguments[0])
    target.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(bill(ROOT, licences().of), indent=1, ensure_ascii=False)
    target.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
