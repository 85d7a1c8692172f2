# SPDX-License-Identifier: EUPL-1.2
"""Everything that can go wrong on the way out of anonymity, by whose doing it is.

Refusals carry a stable code and are safe to show; faults are ours, are logged, and are shown as an id only.

    HandoverError
    ├── Refused                 the caller's doing                                              not_allowed
    └── Fault                   ours
"""

from __future__ import annotations

from typing import ClassVar


class HandoverError(Exception):
    """The root of all errors of this package."""


class Refused(HandoverError):
    """The caller asked for something that is not possible; nothing has changed."""

    code: ClassVar[str] = "not_allowed"


class Fault(HandoverError):
    """Ours to mend: logged without content, shown as an id."""
