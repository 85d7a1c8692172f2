# SPDX-License-Identifier: EUPL-1.2
"""The frames about a guest in a conversation (a warm handover), as types.

Part of the union in `web/operator/frames.py`. A guest accepts with `accept` and writes with `say` like
anybody who holds a conversation.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from handover.ids import ReceiverId

ConversationText = Annotated[str, Meta(max_length=64)]


class Guests(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="guests"):
    """Who could come into a held conversation?"""

    conversation: ConversationText


class Invite(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="invite"):
    """Ask her whether somebody from a receiver's own chat may come. It replaces what she has not answered."""

    conversation: ConversationText
    id: Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{22}\\Z")]
    receiver: Annotated[ReceiverId, Meta(max_length=64)]


class Leave(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="leave"):
    """Leave a conversation as its guest. It goes on without."""

    conversation: ConversationText


class Possible(Struct, frozen=True):
    """One receiver from whose chat somebody could come."""

    receiver: str
    name: str
    organisation: str
    """The one that whoever comes works for."""
    here: bool
    """Somebody is on duty there now."""


class GuestsShown(Struct, frozen=True, tag_field="type", tag="guests"):
    """Who could come."""

    conversation: str
    receivers: tuple[Possible, ...]


class AsGuest(Struct, frozen=True, omit_defaults=True):
    """In `accepted`: this operator is a guest here. Who holds it, and what she has let them read."""

    holder: str
    organisation: str
    history: bool
    supervisor: bool = False
    """They came to a raised hand."""


class GuestHere(Struct, frozen=True, omit_defaults=True):
    """In `accepted`: who has come, or where somebody is invited from while `alias` is not there."""

    organisation: str
    alias: str | None = None
    supervisor: bool = False


class GuestJoined(Struct, frozen=True, tag_field="type", tag="guest_joined"):
    """Somebody has come whom she has let in."""

    conversation: str
    seq: int
    alias: str
    organisation: str


class GuestLeft(Struct, frozen=True, tag_field="type", tag="guest_left"):
    """The guest is gone, and her yes with them."""

    conversation: str
    seq: int
    alias: str


class Uninvited(Struct, frozen=True, tag_field="type", tag="uninvited"):
    """She wants no guest any more, and none had come."""

    conversation: str
    seq: int
