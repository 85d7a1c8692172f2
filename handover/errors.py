# SPDX-License-Identifier: EUPL-1.2
"""Everything that can go wrong on the way out of anonymity, by whose doing it is.

Refusals carry a stable code and are safe to show; faults are ours, are logged, and are shown as an id only.

    HandoverError
    ├── Refused                 the caller's doing                                              not_allowed
    │   ├── NoSuchTicket        it does not exist, or is somebody else's: the two look the same  not_allowed
    │   ├── NoPartnership       no agreement between the two organisations is in force           not_allowed
    │   ├── TracksMeet          the exposed and the perpetrator track in one hand                not_allowed
    │   ├── Incomplete          a yes without what it needs: an item, a consent, a known word    bad_frame
    │   ├── ProposalTooLong     what she would be asked does not fit one frame                   too_long
    │   ├── TooLate             an illegal move in this state: it is withdrawn, over, answered   not_now
    │   ├── NoticeOutdated      the receiver's text has changed since she was shown it           conflict
    │   ├── NewLetters          letters have come that the writer had not seen                   conflict
    │   ├── IdentityInText      staff wrote what tells who somebody is                           identity
    │   ├── WrongCode           no handover under this code                                      not_allowed
    │   ├── WrongPassphrase     the unit's key does not open                                     not_allowed
    │   ├── TooManyLetters      a ticket holds as many letters as it may                          rate
    │   ├── TooManyTries        wait a while before the next passphrase, code or question         rate
    │   └── Locked              the unit's key is not unlocked in this sign-in                    not_now
    └── Fault                   ours
        ├── Moved               the stored ticket moved on: load it again and decide again
        └── CannotOpen          a ciphertext does not open under the key at hand
"""

from __future__ import annotations

from typing import ClassVar


class HandoverError(Exception):
    """The root of all errors of this package."""


class Refused(HandoverError):
    """The caller asked for something that is not possible; nothing has changed."""

    code: ClassVar[str] = "not_allowed"


class NoSuchTicket(Refused):
    """It does not exist, or it is somebody else's: the two are never told apart."""


class NoPartnership(Refused):
    """No agreement between the two organisations is in force today."""


class TracksMeet(Refused):
    """The exposed and the perpetrator track may never meet in one hand."""


class Incomplete(Refused):
    """A yes or a proposal lacks what it needs, or names what is not on offer."""

    code = "bad_frame"


class ProposalTooLong(Refused):
    """What she would be asked, with what each receiver says of itself, does not fit one frame."""

    code = "too_long"


class TooLate(Refused):
    """An illegal move in this state."""

    code = "not_now"


class NoticeOutdated(Refused):
    """The receiver's text is another one than she was shown."""

    code = "conflict"


class NewLetters(Refused):
    """Letters have come that the writer had not seen, or the same form was sent twice."""

    code = "conflict"


class IdentityInText(Refused):
    """Staff wrote a number, an address or a link: who she is only she may tell.

    `field`: where it stands, an item or `purpose`.
    """

    code = "identity"

    def __init__(self, field: str = "") -> None:
        super().__init__(field)
        self.field = field


class WrongCode(Refused):
    """There is no handover under this code, whatever its form."""


class WrongPassphrase(Refused):
    """The unit's key does not open with this passphrase, or the unit has none."""


class TooManyLetters(Refused):
    """A ticket holds as many letters as it may."""

    code = "rate"


class TooManyTries(Refused):
    """Wait a while before the next passphrase or code, or before she is asked again."""

    code = "rate"


class Locked(Refused):
    """The unit's key is not unlocked in this sign-in."""

    code = "not_now"


class Fault(HandoverError):
    """Ours to mend: logged without content, shown as an id."""


class Moved(Fault):
    """The stored ticket is not the one that was decided on: load it again and decide again."""


class CannotOpen(Fault):
    """A ciphertext does not open: wrong key, wrong place, or damaged."""
