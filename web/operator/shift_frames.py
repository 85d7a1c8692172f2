# SPDX-License-Identifier: EUPL-1.2
"""The frames about a shift: a pause, how many at once, giving back, and who else is here, as types.

Part of the unions in `web/operator/frames.py`. Colleagues are aliases here, never accounts.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

ConversationText = Annotated[str, Meta(max_length=64)]
Capacity = Annotated[int, Meta(ge=1, le=20)]


class Pause(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="pause"):
    """Take no new conversation for a while, or take them again; open ones stay. `duty` answers."""

    on: bool


class HoldAtMost(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="hold_at_most"):
    """Hold at most so many conversations from now on, never more than the service allows. `duty` answers."""

    capacity: Capacity


class HandBack(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="hand_back"):
    """Give a held conversation back to the front of the queue: she is told. `lost` follows."""

    conversation: ConversationText


FromShift = Pause | HoldAtMost | HandBack


class ColleagueShown(Struct, frozen=True, omit_defaults=True):
    """Somebody else who is on duty."""

    alias: str
    paused: bool = False


class AtService(Struct, frozen=True, omit_defaults=True):
    """Who else is on duty in one service. `waits`: somebody waits there."""

    service: str
    others: list[ColleagueShown]
    waits: bool = False


class Colleagues(Struct, frozen=True, omit_defaults=True, tag_field="type", tag="colleagues"):
    """Who else is on duty in the services on duty: before `waiting`, and whole again on every change."""

    services: list[AtService]
