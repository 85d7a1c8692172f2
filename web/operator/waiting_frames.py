# SPDX-License-Identifier: EUPL-1.2
"""The frame of the waiting list, as types: who waits, who awaits a guest, and what is offered to a console.

Part of the unions in `web/operator/frames.py`.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class WaitingConversation(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One waiting conversation. `mine`: it rings at this console (offer mode)."""

    conversation: str
    service: str
    since: str
    waited_s: int
    acute: bool
    language: str
    returned: bool
    """She has lost her operator and stands at the front."""
    connected: bool
    """She has a socket now."""
    mine: bool
    joins: bool = False
    """She has a conversation already and has let in a guest from here: `accept` comes as that guest."""
    holder: str | None = None
    """With `joins` or `offered`: the alias of who holds it."""
    organisation: str | None = None
    """With `joins` or `offered`: where they work."""
    offered: Literal["you", "anybody"] | None = None
    """It is held, and offered to this console, alone or with others of `service`: `accept` takes it over.

    `since` and `waited_s` then tell since when it is offered, `started` since when she has been here."""
    left_s: int = 0
    """With `offered`: so many seconds it is offered yet."""
    started: str | None = None


class Waiting(Struct, frozen=True, omit_defaults=True, tag_field="type", tag="waiting"):
    """The waiting list, in order, on every change; of a long one the beginning."""

    conversations: list[WaitingConversation]
    more: int = 0
    """How many wait beyond these."""
