# SPDX-License-Identifier: EUPL-1.2
"""Her yes or no to going on with another organisation: the conversation is offered there (a transfer).

Owns the question that is put to her and what her answer allows. `MoveGrant` is made here and nowhere else, so
that no conversation is offered across a border without her yes. Knows no conversation, key or store; time
comes with each call.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from msgspec import Struct

from chat.hours import local_day
from chat.ids import OrganisationId, ServiceId, Track
from handover.border import Border
from handover.consent import Offer, Sender, Yes
from handover.errors import Incomplete, NoPartnership, NoticeOutdated, TracksMeet
from handover.ids import ReceiverId


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A service that conversations may be given to, and what everybody who starts there is shown."""

    service: ServiceId
    organisation: OrganisationId
    organisation_name: str
    track: Track
    names: Mapping[str, str]
    notices: Mapping[str, str]
    """About who answers there, secrecy, reporting and what is kept, by language."""
    notice_version: str
    language: str
    """The one that it has at least."""


class MoveQuestion(Struct, frozen=True, kw_only=True, tag="transfer"):
    """What is put to her: who would go on with her, what she should know of them, and who asks."""

    offer: Offer
    """`receiver` is the service; the notice is the one of everybody who starts there."""
    asked_by: str
    """The alias of the shift."""
    sender: str
    """The organisation that she is talking to, by name."""
    language: str


_ONLY_HERE: Final = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveGrant:
    """Her yes to one other organisation, and what it covers. Only `granted` makes one.

    Raises:
        TypeError: somebody else tries to make one.
    """

    destination: Destination
    name: str
    """What she was told of where they work."""
    history: bool
    made_by: object = field(repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse a grant that nobody has given."""
        if self.made_by is not _ONLY_HERE:
            raise TypeError("only the consent machine hands out a grant")


def question(found: Destination, *, language: str, asked_by: str, sender: str) -> MoveQuestion:
    """Return the question about a destination, in her language as far as the notice is there in it."""
    shown = language if language in found.notices else found.language
    offer = Offer(
        receiver=ReceiverId(found.service),
        name=found.names.get(language, found.names[found.language]),
        organisation=found.organisation_name,
        language=shown,
        notice=tuple(found.notices[shown].split("\n\n")),
        notice_version=found.notice_version,
        hours="",
    )
    return MoveQuestion(offer=offer, asked_by=asked_by, sender=sender, language=language)


def check(sender: Sender, found: Destination, now: datetime, border: Border) -> None:
    """Return when a conversation may go there with her yes.

    Raises:
        Incomplete: it is the same organisation: nobody asks her for that.
        TracksMeet: it is of the other track.
        NoPartnership: no agreement between the two organisations is in force today.
    """
    if found.organisation == sender.organisation:
        raise Incomplete
    if found.track is not sender.track:
        raise TracksMeet
    if not border.is_open(sender.organisation, found.organisation, local_day(now)):
        raise NoPartnership


def granted(  # noqa: PLR0917 - who asks, what, where to, her answer, and when it is held against what
    sender: Sender,
    asked: MoveQuestion,
    found: Destination,
    yes: Yes,
    now: datetime,
    border: Border,
    *,
    history: bool,
) -> MoveGrant:
    """Return what her yes allows.

    Raises:
        Incomplete: it is a yes to something else, to more than was asked, or without what it needs.
        NoticeOutdated: she was shown another text about secrecy and reporting than the one of today.
        TracksMeet, NoPartnership: as `check`.
    """
    if not yes.receiver == asked.offer.receiver == ReceiverId(found.service) or not _is_whole(yes):
        raise Incomplete
    check(sender, found, now, border)
    if not yes.notice == asked.offer.notice_version == found.notice_version:
        raise NoticeOutdated
    return MoveGrant(destination=found, name=asked.offer.organisation, history=history, made_by=_ONLY_HERE)


def _is_whole(yes: Yes) -> bool:
    """Tell whether it waives secrecy for this, and gives nothing that nobody asks of her here."""
    return yes.secrecy and not (yes.items or yes.measure or yes.identity or yes.coordinate or yes.police)
