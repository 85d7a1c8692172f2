# SPDX-License-Identifier: EUPL-1.2
"""The frames with which an operator asks her for a yes, as types.

Part of the union in `web/operator/frames.py`.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from handover.drafting import Draft
from handover.questions import Question

ConversationText = Annotated[str, Meta(max_length=64)]


class Ask(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="ask"):
    """Put a handover to her. A question that she has not answered yet is replaced."""

    conversation: ConversationText
    id: Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{22}\\Z")]
    draft: Draft


class TakeBack(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="take_back"):
    """Take back what she has not answered yet."""

    conversation: ConversationText


class Proposed(Struct, frozen=True, omit_defaults=True, tag_field="type", tag="proposal"):
    """She is asked; to whoever asked it is the acknowledgement."""

    conversation: str
    seq: int
    proposal: Question
    id: str | None = None


class TakenBack(Struct, frozen=True, tag_field="type", tag="taken_back"):
    """The question is no longer asked."""

    conversation: str
    seq: int


class Answered(Struct, frozen=True, omit_defaults=True, tag_field="type", tag="answered"):
    """She has answered. `receivers`: who was sent something, by name; nobody: it was a no."""

    conversation: str
    seq: int
    receivers: tuple[str, ...] = ()
    invited: str = ""
    """From which organisation she has let somebody in."""
    history: bool = False
