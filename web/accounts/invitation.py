# SPDX-License-Identifier: EUPL-1.2
"""What a one-time link is: for whom, for what, until when. Knows no store."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from chat.ids import OrganisationId, ServiceId
from handover.ids import ReceiverId
from web.accounts.account import AccountId, StaffRole

LASTS: Final = timedelta(days=7)
LONGEST_LABEL: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """One link that has not been used. It carries nothing that opens it."""

    id: str
    """22 characters of base64url: what it is named by when it is taken back."""
    label: str
    """Who it is for, in the words of whoever made it; for the account's holder, the name."""
    role: StaffRole
    services: frozenset[ServiceId] = frozenset()
    units: frozenset[ReceiverId] = frozenset()
    organisations: frozenset[OrganisationId] = frozenset()
    account: AccountId | None = None
    """Whose password it renews; None: it makes a new account."""
    made_by: AccountId
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Link:
    """A new link: `token` goes into its address, is shown once and kept nowhere."""

    token: str = field(repr=False)
    invitation: Invitation
