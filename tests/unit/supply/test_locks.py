# SPDX-License-Identifier: EUPL-1.2
"""Locks are read whole, and refused where something is missing."""

from __future__ import annotations

import base64
import json

import pytest

from supply.locks import npm, requirements

HASH = "a" * 64
OTHER = "b" * 64


def test_locked_line_is_name_version_marker_and_hashes() -> None:
    """A marker stays with its package; each of its files has a hash."""
    text = (
        f"six==1.17.0 ; python_version < '3.12' \\\n    --hash=sha256:{HASH} \\\n    --hash=sha256:{OTHER}\n"
    )
    (found,) = requirements(text, "required")
    assert (found.name, found.version, found.when) == ("six", "1.17.0", "python_version < '3.12'")
    assert found.hashes == (("SHA-256", HASH), ("SHA-256", OTHER))


def test_locked_line_without_a_hash_is_refused() -> None:
    """Also between others that have one."""
    with pytest.raises(ValueError, match="six has no hash"):
        requirements(f"six==1.17.0\nidna==3.20 \\\n    --hash=sha256:{HASH}\n", "required")


def package(**entry: object) -> str:
    """Return an npm lock with one package."""
    return json.dumps({"packages": {"": {}, "node_modules/@a/b": {"version": "1.0.0", **entry}}})


def test_npm_package_is_named_with_its_scope() -> None:
    """Its digest is told in hexadecimal, as the others are."""
    integrity = "sha512-" + base64.b64encode(bytes(64)).decode()
    (found,) = npm(package(dev=True, license="MIT", integrity=integrity))
    assert (found.name, found.need, found.licence) == ("@a/b", "excluded", "MIT")
    assert found.hashes == (("SHA-512", "00" * 64),)


def test_npm_package_that_is_needed_to_run_is_refused() -> None:
    """Nothing of npm's is ever sent to a browser or run by the server."""
    with pytest.raises(ValueError, match="needed to run"):
        npm(package(integrity="sha512-AA=="))


def test_npm_package_without_a_hash_is_refused() -> None:
    """Or with a weaker one."""
    with pytest.raises(ValueError, match="has no hash"):
        npm(package(dev=True, integrity="sha1-AA=="))
