# SPDX-License-Identifier: EUPL-1.2
"""What a routine is about.

Owns the list. Must not know anybody's words about it.
"""

from __future__ import annotations

from enum import StrEnum


class Alarm(StrEnum):
    """What a service's routine is about: the first four are also what a message may sound like."""

    ACUTE = "acute"
    CONCERN = "concern"
    SELF = "self"
    OTHER = "other"
    HONOUR = "honour"
    CHILDREN = "children"
