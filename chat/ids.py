# SPDX-License-Identifier: EUPL-1.2
"""The names of things in a chat, and where new ones come from.

Owns the identifier types and the `Randomness` port. Knows nothing of what the identifiers name.
"""

from __future__ import annotations

import base64
import re
from enum import StrEnum
from typing import NewType, Protocol

ServiceId = NewType("ServiceId", str)
OrganisationId = NewType("OrganisationId", str)

ConversationId = NewType("ConversationId", str)
"""22 characters of base64url: 16 random bytes. Names no person and is never shown to the visitor."""

DutyId = NewType("DutyId", str)
"""One staff sign-in, as the chat sees it: 22 characters of base64url, no link to an account."""

ClientId = NewType("ClientId", str)
"""The random id a client gives to a message so that a retry is recognised: 22 characters of base64url."""

_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{22}")


class Track(StrEnum):
    """Who a service is for. The tracks never share a queue, an operator on the same shift, or a search."""

    EXPOSED = "exposed"
    PERPETRATOR = "perpetrator"


class Role(StrEnum):
    """Whose an entry is."""

    VISITOR = "visitor"
    OPERATOR = "operator"
    GUEST = "guest"
    """A second operator, whom she has let in."""
    SERVICE = "service"


class Randomness(Protocol):
    """Random bytes as an argument: tests give a fixed source, `adapters/system.py` the operating system's."""

    def bytes(self, count: int) -> bytes:
        """Return `count` unpredictable bytes."""


def random_id(randomness: Randomness) -> str:
    """Return a fresh 22-character identifier carrying 128 random bits."""
    return base64.urlsafe_b64encode(randomness.bytes(16)).rstrip(b"=").decode("ascii")


def is_client_id(text: str) -> bool:
    """Tell whether `text` has the exact form of a `ClientId`."""
    return _CLIENT_ID.fullmatch(text) is not None
