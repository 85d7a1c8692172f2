# SPDX-License-Identifier: EUPL-1.2
"""Everything that can go wrong in judging text and conduct, by whose doing it is.

Refusals carry a stable code and are safe to show; faults are ours, are logged, and are shown as an id only.

    ModerationError
    ├── Refused                 the caller's doing                                              not_allowed
    └── Fault                   ours
"""

from __future__ import annotations

from typing import ClassVar


class ModerationError(Exception):
    """The root of all errors of this package."""


class Refused(ModerationError):
    """The caller asked for something that is not possible; nothing has changed."""

    code: ClassVar[str] = "not_allowed"


class Fault(ModerationError):
    """Ours to mend: logged without content, shown as an id."""
