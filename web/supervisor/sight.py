# SPDX-License-Identifier: EUPL-1.2
"""What a supervisor looks after: services, receiving units and their organisations, of one track.

Owns the rule that nobody sees handovers of both tracks, whatever an account or a site file says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chat.ids import OrganisationId, ServiceId, Track
from config.site import Site
from handover.errors import TracksMeet
from handover.ids import ReceiverId
from handover.ticket import Ticket
from web.accounts.account import StaffSession


@dataclass(frozen=True, slots=True)
class Sight:
    """One track, and what of it somebody looks after. `track` is None where that is nothing."""

    track: Track | None
    services: Mapping[ServiceId, OrganisationId]
    units: Mapping[ReceiverId, OrganisationId]

    @classmethod
    def of(cls, site: Site, session: StaffSession) -> Sight:
        """Return what a sign-in looks after.

        Raises:
            TracksMeet: it is of both tracks, so nothing of either may be shown together.
        """
        services = [
            each
            for id_, each in site.services.items()
            if id_ in session.services or each.organisation.id in session.organisations
        ]
        units = [each for id_, each in site.receivers.items() if id_ in session.units]
        tracks = {each.chat.track for each in services} | {each.track for each in units}
        if len(tracks) > 1:
            raise TracksMeet
        return cls(
            next(iter(tracks), None),
            {each.id: each.organisation.id for each in services},
            {each.id: each.organisation for each in units},
        )

    @property
    def organisations(self) -> frozenset[OrganisationId]:
        """Whose agreements are shown."""
        return frozenset(self.services.values()) | frozenset(self.units.values())

    def sees(self, ticket: Ticket) -> bool:
        """Tell whether a ticket came from an organisation of a service, or went to a unit."""
        mine = ticket.sender in set(self.services.values()) or ticket.receiver in self.units
        return ticket.track is self.track and mine
