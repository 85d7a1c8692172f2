# SPDX-License-Identifier: EUPL-1.2
"""The frames that count a conversation that is over, or a contact that came another way, as types.

Part of the unions in `web/operator/frames.py`. They name no conversation, and have no field for a text.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from chat.ids import ServiceId
from chat.violence import ViolenceForm
from chat.wrapping_up import AgeBand, Channel, Outcome, RelationTold, Theme
from chat.wrapping_up import WrapUp as Told


class WrapUp(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="wrap_up"):
    """Count what was told: of a `chat` that this console held until its end, once, or of another contact.

    The same `id` again changes nothing. Which answers were given together is not kept.
    """

    id: Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{22}\\Z")]
    service: Annotated[str, Meta(min_length=1, max_length=64, pattern="^[a-z0-9-]+\\Z")]
    channel: Channel
    violence: Annotated[tuple[ViolenceForm, ...], Meta(max_length=len(ViolenceForm))] = ()
    relation: RelationTold | None = None
    themes: Annotated[tuple[Theme, ...], Meta(max_length=len(Theme))] = ()
    """Of those of the service's own track."""
    outcome: Outcome | None = None
    age_band: AgeBand | None = None
    """Only if it was told."""

    def told(self) -> Told:
        """Return it as the chat counts it."""
        return Told(
            service=ServiceId(self.service),
            channel=self.channel,
            violence=self.violence,
            relation=self.relation,
            themes=self.themes,
            outcome=self.outcome,
            age_band=self.age_band,
        )


class WrappedUp(Struct, frozen=True, tag_field="type", tag="wrapped_up"):
    """It has been counted."""

    id: str


FromWrapUp = WrapUp
ToWrapUp = WrappedUp
