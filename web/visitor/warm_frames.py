# SPDX-License-Identifier: EUPL-1.2
"""The frames about a guest in her conversation (a warm handover), as types.

Part of the union in `web/visitor/frames.py`. She is asked with `proposal` and answers with `answer`.
"""

from __future__ import annotations

from msgspec import Struct


class Uninvite(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="uninvite"):
    """She wants no guest any more: whoever came goes, and nobody else comes."""


class GuestJoined(Struct, frozen=True, omit_defaults=True, tag_field="type", tag="guest_joined"):
    """Somebody is here too: whom she has let in, or a `supervisor` of the organisation itself."""

    seq: int
    alias: str
    organisation: str
    supervisor: bool = False


class GuestLeft(Struct, frozen=True, tag_field="type", tag="guest_left"):
    """The guest is gone, or whoever held it: `joined` follows and tells who does now."""

    seq: int
    alias: str


class Uninvited(Struct, frozen=True, tag_field="type", tag="uninvited"):
    """Nobody is invited any more, as she wished."""

    seq: int
