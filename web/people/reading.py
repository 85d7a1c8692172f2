# SPDX-License-Identifier: EUPL-1.2
"""What the forms about people carry, read strictly: nothing typed becomes a right by accident."""

from __future__ import annotations

from collections.abc import Mapping

from chat.ids import OrganisationId, ServiceId
from handover.ids import ReceiverId
from web.accounts.account import StaffRole
from web.accounts.invitation import LONGEST_LABEL
from web.people.scope import Places

SERVICE, UNIT, ORGANISATION = "service.", "unit.", "organisation."
"""What a ticked box is called, before the id of its place."""


def role_in(fields: Mapping[str, str]) -> StaffRole | None:
    """Return the role that a form names; None for anything else."""
    given = fields.get("role", "")
    return StaffRole(given) if given in set(StaffRole) else None


def ticked_in(fields: Mapping[str, str]) -> Places:
    """Return all places that are ticked."""
    return Places(
        frozenset(map(ServiceId, _ticked(fields, SERVICE))),
        frozenset(map(ReceiverId, _ticked(fields, UNIT))),
        frozenset(map(OrganisationId, _ticked(fields, ORGANISATION))),
    )


def places_in(fields: Mapping[str, str], role: StaffRole) -> Places:
    """Return the places that are ticked, of those that go with the role: a form shows the others too."""
    ticked = ticked_in(fields)
    match role:
        case StaffRole.ADMINISTRATOR:
            return Places(organisations=ticked.organisations)
        case StaffRole.OPERATOR:
            return Places(ticked.services)
        case _:
            return Places(ticked.services, ticked.units)


def label_in(fields: Mapping[str, str]) -> str | None:
    """Return who a link is for, in one line; None when it is empty, too long or cannot be seen."""
    label = " ".join(fields.get("label", "").split())
    return label if 0 < len(label) <= LONGEST_LABEL and label.isprintable() else None


def _ticked(fields: Mapping[str, str], kind: str) -> list[str]:
    return [name.removeprefix(kind) for name in fields if name.startswith(kind)]
