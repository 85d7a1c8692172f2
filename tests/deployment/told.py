# SPDX-License-Identifier: EUPL-1.2
"""What a test of the doctor asks of its findings."""

from __future__ import annotations

from config.check import Finding

SECRET = "granatäpple"
"""A password that no finding may hold."""


def told(findings: list[Finding]) -> str:
    """Return findings as they are printed."""
    return "\n".join(map(str, findings))


def finds(findings: list[Finding], *parts: str) -> None:
    """Each part stands in one finding, and there are no others."""
    assert len(findings) == len(parts), told(findings)
    missing = [part for part in parts if part not in told(findings)]
    assert missing == [], told(findings)
