# SPDX-License-Identifier: EUPL-1.2
"""Everything that can go wrong with the roster. All of it is safe to show to staff.

    RosterError
    └── Refused                 the caller's doing; nothing has changed
        ├── MayNot              this sign-in may not do that in this service
        ├── NoSuchShift         no shift of this id in this service, or it is cancelled
        ├── Begun               too late: it has begun, or is over
        ├── NoPlace             every place is taken, or this one is not to be had
        ├── NotOn               the person is not on this shift
        ├── AlreadyOn           the person is on this shift
        ├── Overlaps            the person is on another shift at that time
        ├── OtherTrack          the person has shifts of the other track
        ├── CannotServe         no account of this name that may answer for this service
        ├── Unfit               times, numbers or words that cannot be; carries why
        ├── Unsure              it can be, and is asked about once; carries what is doubtful
        └── NothingToClose      it is closed already, or does not open within a year

What the store cannot do now is `chat.errors.Unavailable`; where others were faster, `chat.errors.Stale`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

Why = Literal[
    "time",
    "length",
    "past",
    "far",
    "none",
    "many",
    "weekdays",
    "last",
    "there",
    "number",
    "fewer",
    "clock",
    "until",
    "long",
    "strange",
    "identity",
    "name",
]
"""No day or time that can be read; shorter or longer than a shift may be; over already; too far ahead; no day
fits; too many at once; a last day without weekdays, and weekdays without a last day; all of them are there
already; no number of places; fewer places than people; no time of day, and closed until no later time; a text
that is too long, has characters that cannot be seen, tells who somebody is, or names a colleague."""

Doubt = Literal["length", "promise", "alias"]
"""Closed for longer than an evening, by a time of day alone; a text that seems to promise contact, or has the
alias of somebody on duty."""


class RosterError(Exception):
    """The root of all errors of this package."""


class Refused(RosterError):
    """The caller asked for something that is not possible; nothing has changed."""


class MayNot(Refused):
    """This sign-in may not do that in this service."""


class NoSuchShift(Refused):
    """No shift of this id in this service, or it is cancelled."""


class Begun(Refused):
    """Too late: it has begun, or is over."""


class NoPlace(Refused):
    """Every place is taken, or this one is not to be had."""


class NotOn(Refused):
    """The person is not on this shift."""


class AlreadyOn(Refused):
    """The person is on this shift."""


class Overlaps(Refused):
    """The person is on another shift at that time."""


class OtherTrack(Refused):
    """The person has shifts of the other track."""


class CannotServe(Refused):
    """No account of this name that may answer for this service."""


class Unfit(Refused):
    """Times, numbers or words that cannot be."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


class Unsure(Refused):
    """It can be, and is asked about once, for `until` may not be what was meant, nor the words."""

    def __init__(self, doubts: Sequence[Doubt], until: datetime) -> None:
        super().__init__(*doubts)
        self.doubts = doubts
        self.until = until


class NothingToClose(Refused):
    """It is closed already, or does not open within a year."""
