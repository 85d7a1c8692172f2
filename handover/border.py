# SPDX-License-Identifier: EUPL-1.2
"""Which border may be crossed on which day: from a service of one organisation to a receiver.

Owns the one rule for handovers and transfers between organisations: the same track, and the same
organisation or a partnership in force between the two. Must not know what is handed over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from chat.ids import OrganisationId, Track
from handover.errors import Incomplete, NoPartnership, TracksMeet
from handover.ids import ReceiverId
from handover.partnership import Partnership
from handover.receivers import Receiver


@dataclass(frozen=True, slots=True)
class Border:
    """Every receiver and every agreement of an installation."""

    receivers: Mapping[ReceiverId, Receiver] = field(default_factory=dict)
    partnerships: Sequence[Partnership] = ()

    def is_open(self, one: OrganisationId, other: OrganisationId, on: date) -> bool:
        """Tell whether something may go from one organisation to the other on a day."""
        return one == other or any(each.covers(one, other, on) for each in self.partnerships)

    def check(self, sender: OrganisationId, track: Track, receiver: ReceiverId, on: date) -> Receiver:
        """Return the receiver that something may go to.

        Raises:
            Incomplete: there is no such receiver.
            TracksMeet: it is of the other track.
            NoPartnership: no agreement between the two organisations is in force on that day.
        """
        found = self.receivers.get(receiver)
        if found is None:
            raise Incomplete
        if found.track is not track:
            raise TracksMeet
        if not self.is_open(sender, found.organisation, on):
            raise NoPartnership
        return found

    def of_track(self, track: Track) -> list[Receiver]:
        """Return every receiver of a track, whether or not it may be reached today."""
        return [receiver for receiver in self.receivers.values() if receiver.track is track]
