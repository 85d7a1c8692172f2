# SPDX-License-Identifier: EUPL-1.2
"""Who did what, by day: the trace that keeps a trusted role honest.

Owns the audit port. It knows account, service and day: never content, never a conversation, never a time of
day, so that no entry can be matched with the chat it came from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from chat.ids import ServiceId

KEPT = timedelta(days=30)
"""Older entries are deleted."""


class Audited(StrEnum):
    """What is recorded."""

    CLAIMED = "claimed"
    """An operator accepted a conversation of this service."""
    PROPOSED = "proposed"
    """An operator asked a visitor of this service for a yes to a handover."""
    OFFERED = "offered"
    """An operator offered a conversation of this service to somebody else in the organisation."""
    HANDED_BACK = "handed_back"
    """An operator gave a conversation of this service back to the queue."""
    RAISED = "raised"
    """An operator raised a hand in a conversation of this service."""
    JOINED = "joined"
    """A supervisor came to a raised hand in this service."""
    TOOK_OVER = "took_over"
    """A supervisor took over a conversation of this service."""
    OPENED = "opened"
    """A receiver opened a ticket of this unit for the first time; as those that follow."""
    WROTE = "wrote"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPORTED = "exported"
    """A receiver printed or saved a ticket."""
    UNLOCKED = "unlocked"
    """The key of this unit was unlocked."""
    NOT_UNLOCKED = "not_unlocked"
    """Somebody tried a passphrase that is not this unit's."""
    LISTED = "listed"
    """The coordinator changed a contact list, or proposed a meeting."""
    LIFTED = "lifted"
    """A supervisor lifted a sanction of this service before its time."""
    REPLIES_CHANGED = "replies_changed"
    """Somebody changed a ready reply of this service."""
    INVITED = "invited"
    """An administrator made a one-time link to this organisation; as those that follow."""
    INVITATION_REVOKED = "invitation_revoked"
    RIGHTS_CHANGED = "rights_changed"
    """Somebody's role, services or units were changed."""
    DISABLED = "disabled"
    ENABLED = "enabled"
    RESET = "reset"
    """Somebody's password was put out of use, and a link for a new one made."""
    FACTOR_REMOVED = "factor_removed"
    """Somebody else's second factor was removed."""
    JOINED_STAFF = "joined_staff"
    """Somebody invited to this organisation made their account; as those that follow, by themselves."""
    FACTOR_SET = "factor_set"
    FACTOR_DROPPED = "factor_dropped"
    RECOVERY_USED = "recovery_used"
    """Somebody signed in, or proved who they are, with a recovery code."""
    CODE_REFUSED = "code_refused"
    """After the right password came a wrong code: somebody may have that password."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """How many times an account did something in a service on one local day."""

    kind: Audited
    account: str
    service: ServiceId
    day: date
    times: int


class AuditLog(Protocol):
    """Where it is kept. Every method raises `chat.errors.Unavailable` when that cannot be reached now."""

    async def record(self, kind: Audited, account: str, service: ServiceId, day: date) -> None:
        """Count one deed of `account` (a name) on a local day, and delete what is older than `KEPT`."""

    async def entries(self) -> list[AuditEntry]:
        """Return everything that is kept, newest day first."""

    async def forget_before(self, day: date) -> None:
        """Delete the entries of the days before `day`."""
