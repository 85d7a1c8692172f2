# SPDX-License-Identifier: EUPL-1.2
"""What an account may be: which role goes with which places, and never both tracks in one hand.

One rule for the command line, the browser and whoever uses an invitation. Knows no store and no right of
whoever asks: that is decided where they are.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from chat.ids import OrganisationId, ServiceId
from config.site import Site
from handover.ids import ReceiverId
from web.accounts.account import StaffRole


class Misfit(StrEnum):
    """Why an account cannot be."""

    NO_SERVICE = "no_service"
    """An operator serves at least one service."""
    AT_UNIT = "at_unit"
    """An operator works at no receiving unit."""
    NO_UNIT = "no_unit"
    """A receiver works at one or more units."""
    NO_PLACE = "no_place"
    """A coordinator looks after a service or works at a unit."""
    NOT_RUNNING = "not_running"
    """Only an administrator runs an organisation."""
    NOWHERE = "nowhere"
    """It would reach nothing at all."""
    BOTH_TRACKS = "both_tracks"
    """One person serves those who are exposed, or those who use violence."""


def misfit(
    role: StaffRole,
    services: Collection[ServiceId],
    units: Collection[ReceiverId],
    organisations: Collection[OrganisationId],
    site: Site,
) -> Misfit | None:
    """Return why an account of this kind cannot be; None when it can."""
    if role is StaffRole.OPERATOR and not services:
        return Misfit.NO_SERVICE
    if role is StaffRole.OPERATOR and units:
        return Misfit.AT_UNIT
    if role is StaffRole.RECEIVER and not units:
        return Misfit.NO_UNIT
    if role is StaffRole.COORDINATOR and not units and not services:
        return Misfit.NO_PLACE
    if role is not StaffRole.ADMINISTRATOR and organisations:
        return Misfit.NOT_RUNNING
    if len(set(tracks_of(services, units, site).values())) > 1:
        return Misfit.BOTH_TRACKS
    return None


def tracks_of(services: Collection[str], units: Collection[str], site: Site) -> dict[str, str]:
    """Return the track of each service and unit that is named; what has left the site file has none."""
    tracks: dict[str, str] = {}
    tracks.update((each.id, each.chat.track) for each in site.services.values() if each.id in services)
    tracks.update((each.id, each.track) for each in site.receivers.values() if each.id in units)
    return tracks
