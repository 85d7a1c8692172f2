# SPDX-License-Identifier: EUPL-1.2
"""Who did what, by day: the trace that keeps a trusted role honest.

Owns what is recorded, how long each kind of it stays, and the audit port. It knows account, place and day:
never content, never a conversation, never a time of day, so that no entry can be matched with the chat it
came from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Protocol

from chat.ids import OrganisationId, ServiceId
from chat.ports import Alongside
from handover.ids import ReceiverId

OF_A_TALK_KEPT: Final = timedelta(days=30)
"""What was done in conversations stays so long in every organisation: who answered on which evenings is also
something that could be held against the one who was answered."""

Whose = Callable[["Audited", "AuditPlace"], OrganisationId]
"""Tells whose place it is that a kind of deed was done in; empty for what has left the site."""

AuditPlace = ServiceId | ReceiverId | OrganisationId
"""Where something was done; which of the three it is, the kind tells (`SORTS`)."""


class Audited(StrEnum):
    """What is recorded. A new one needs a row in `SORTS` and a text `deed.NAME` in the catalogue `audit`."""

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
    PLANNED = "planned"
    """Somebody made, changed or cancelled shifts of this service, or put people on them."""
    CLOSED = "closed"
    """Somebody closed this service before its time."""
    REOPENED = "reopened"
    """Somebody took that back."""
    SITE_CHANGED = "site_changed"
    """An administrator changed what the site says of this organisation or of one of its services."""
    AUDIT_READ = "audit_read"
    """Somebody looked at what is recorded here of this organisation."""
    AUDIT_EXPORTED = "audit_exported"
    """The same, taken away as a file."""
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


class Where(StrEnum):
    """What the place of an entry is."""

    SERVICE = "service"
    UNIT = "unit"
    ORGANISATION = "organisation"


class Keeping(StrEnum):
    """How long an entry stays."""

    OF_A_TALK = "of_a_talk"
    """`OF_A_TALK_KEPT`, whatever an organisation says."""
    OF_THE_HOUSE = "of_the_house"
    """As long as its organisation says."""


@dataclass(frozen=True, slots=True)
class Sort:
    """What is known of every entry of one kind."""

    where: Where
    keeping: Keeping
    numbered: bool = True
    """Whether it is counted how many times. What concerns a visitor never is: the numbers of a day would be
    those that the statistics hide, by person besides."""


_TALK: Final = Sort(Where.SERVICE, Keeping.OF_A_TALK, numbered=False)
_SANCTION: Final = Sort(Where.SERVICE, Keeping.OF_THE_HOUSE, numbered=False)
_TICKET: Final = Sort(Where.UNIT, Keeping.OF_THE_HOUSE, numbered=False)
_SERVICE: Final = Sort(Where.SERVICE, Keeping.OF_THE_HOUSE)
_UNIT: Final = Sort(Where.UNIT, Keeping.OF_THE_HOUSE)
_ORGANISATION: Final = Sort(Where.ORGANISATION, Keeping.OF_THE_HOUSE)
_READ: Final = Sort(Where.ORGANISATION, Keeping.OF_THE_HOUSE, numbered=False)

SORTS: Final[Mapping[Audited, Sort]] = {
    Audited.CLAIMED: _TALK,
    Audited.PROPOSED: _TALK,
    Audited.OFFERED: _TALK,
    Audited.HANDED_BACK: _TALK,
    Audited.RAISED: _TALK,
    Audited.JOINED: _TALK,
    Audited.TOOK_OVER: _TALK,
    Audited.OPENED: _TICKET,
    Audited.WROTE: _TICKET,
    Audited.ACCEPTED: _TICKET,
    Audited.DECLINED: _TICKET,
    Audited.EXPORTED: _TICKET,
    Audited.UNLOCKED: _UNIT,
    Audited.NOT_UNLOCKED: _UNIT,
    Audited.LISTED: _UNIT,
    Audited.LIFTED: _SANCTION,
    Audited.REPLIES_CHANGED: _SERVICE,
    Audited.SITE_CHANGED: _ORGANISATION,
    Audited.INVITED: _ORGANISATION,
    Audited.INVITATION_REVOKED: _ORGANISATION,
    Audited.RIGHTS_CHANGED: _ORGANISATION,
    Audited.DISABLED: _ORGANISATION,
    Audited.ENABLED: _ORGANISATION,
    Audited.RESET: _ORGANISATION,
    Audited.FACTOR_REMOVED: _ORGANISATION,
    Audited.JOINED_STAFF: _ORGANISATION,
    Audited.FACTOR_SET: _ORGANISATION,
    Audited.FACTOR_DROPPED: _ORGANISATION,
    Audited.RECOVERY_USED: _ORGANISATION,
    Audited.CODE_REFUSED: _ORGANISATION,
    Audited.PLANNED: _SERVICE,
    Audited.CLOSED: _SERVICE,
    Audited.REOPENED: _SERVICE,
    Audited.AUDIT_READ: _READ,
    Audited.AUDIT_EXPORTED: _READ,
}
"""What an authority did with a ticket stays as its other matters do: it is its own record of who opened
what, and names no more of a ticket than that one came."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """That an account did something in a place on one local day."""

    kind: Audited
    account: str
    organisation: OrganisationId
    """Whose place it was on that day; empty when nobody knew any more."""
    place: AuditPlace
    day: date
    times: int | None
    """How many times; None where its kind has no number (`Sort.numbered`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which entries somebody wants to see: always of named organisations; None means all of them."""

    organisations: frozenset[OrganisationId]
    kind: Audited | None = None
    account: str | None = None
    month: date | None = None
    """Its first day."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from in some organisations."""

    kinds: tuple[Audited, ...]
    accounts: tuple[str, ...]
    months: tuple[date, ...]
    """Their first days, the newest first."""


class AuditLog(Protocol):
    """Where it is kept. Every method raises `chat.errors.Unavailable` when that cannot be reached now."""

    async def record(
        self,
        kind: Audited,
        account: str,
        organisation: OrganisationId,
        place: AuditPlace,
        day: date,
    ) -> None:
        """Record a deed of `account` (a name) on a local day, and count it where its kind has a number."""

    def recorded(
        self, kind: Audited, account: str, organisation: OrganisationId, place: AuditPlace, day: date
    ) -> Alongside:
        """Return what does the same in a transaction of somebody else's."""

    async def entries(self) -> list[AuditEntry]:
        """Return everything that is kept, of everybody, newest day first."""

    async def sought(self, sought: Sought, *, skip: int = 0, most: int | None = None) -> list[AuditEntry]:
        """Return those entries, newest day first, without the first `skip` of them."""

    async def choices(self, organisations: frozenset[OrganisationId]) -> Choices:
        """Return what there are entries about."""

    async def settle(self, whose: Whose) -> None:
        """Give entries of which nobody knew whose place it was to their organisation, where `whose` knows.

        Those of a time when no organisation was recorded are such; else nobody could read them.
        """

    async def forget(self, today: date, kept_days: Mapping[OrganisationId, int]) -> None:
        """Delete what has been kept long enough on a local day, and see to it that it leaves the files.

        `kept_days`: what each organisation says. Entries of others stay `USUAL_AUDIT_DAYS`.
        """
