# SPDX-License-Identifier: EUPL-1.2
"""How a finding is written down: where, what, and the mend."""

from __future__ import annotations

from collections.abc import Iterator

from config.check import Finding, Severity
from web.doctor.readings import Unasked

Found = Iterator[Finding]


def mistake(path: str, what: str, mend: str) -> Finding:
    """Return something with which a promise does not hold."""
    return Finding(Severity.MISTAKE, path, what, mend)


def warning(path: str, what: str, mend: str) -> Finding:
    """Return something doubtful."""
    return Finding(Severity.WARNING, path, what, mend)


def unasked(reading: Unasked) -> Finding:
    """Return what could not be asked."""
    return Finding(Severity.NOTE, reading.path, "This could not be looked at:", reading.why)
