# SPDX-License-Identifier: EUPL-1.2
"""What every error of the house becomes outside: a code, a close code, an HTTP status.

Owns the one total table. The words for a `message` id are in the gettext catalogues; a test walks the error
trees and fails when one has no row here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from chat import errors as chat
from handover import errors as handover
from moderation import errors as moderation
from web.accounts import errors as accounts
from web.barometer import errors as barometer
from web.chair import errors as chair
from web.people import errors as people
from web.replies import errors as replies
from web.roster import errors as roster

NackCode = Literal[
    "bad_frame",
    "not_allowed",
    "not_now",
    "ended",
    "conflict",
    "too_long",
    "rate",
    "closed",
    "work",
    "identity",
    "wrong_code",
    "unavailable",
]

ROOTS: Final = (
    chat.ChatError,
    moderation.ModerationError,
    handover.HandoverError,
    accounts.AccountsError,
    replies.RepliesError,
    barometer.BarometerError,
    roster.RosterError,
    chair.ChairError,
    people.PeopleError,
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is said about one error."""

    code: NackCode
    status: int
    """For an answer over HTTP."""
    retry: bool = False
    """Whether the very same request may succeed later."""
    close: int | None = None
    """The code to close a WebSocket with; None: it stays open and gets a `nack`."""
    message: str = ""
    """The gettext id of the one plain sentence that may be shown: `nack.` and the code, or one of its own."""

    def __post_init__(self) -> None:
        if not self.message:
            object.__setattr__(self, "message", f"nack.{self.code}")


_FOREIGN = Outcome("not_allowed", 403)
_OURS = Outcome("unavailable", 500)
_LATER = Outcome("unavailable", 503, retry=True)

OUTCOMES: Final[dict[type[Exception], Outcome]] = {
    chat.ChatError: _OURS,
    chat.Refused: _FOREIGN,
    chat.NotAllowed: _FOREIGN,
    chat.NotNow: Outcome("not_now", 409),
    chat.SeatTaken: Outcome("not_now", 409, message="nack.seat_taken"),
    chat.HasEnded: Outcome("ended", 410),
    chat.LostClaim: Outcome("conflict", 409, message="nack.lost_claim"),
    chat.AliasTaken: Outcome("conflict", 409, message="nack.alias_taken"),
    chat.IdReused: Outcome("conflict", 409, message="nack.id_reused"),
    chat.NoticeChanged: Outcome("conflict", 409),
    chat.AtCapacity: Outcome("not_now", 409, message="nack.full"),
    chat.ServiceClosed: Outcome("closed", 409),
    chat.TooManyTries: Outcome("rate", 429, retry=True),
    chat.TextTooLong: Outcome("too_long", 413),
    chat.TellsWho: Outcome("identity", 422),
    chat.WrongCode: Outcome("wrong_code", 403),
    chat.NoWord: Outcome("bad_frame", 400, message="nack.no_word"),
    chat.Blank: Outcome("bad_frame", 400),
    chat.OtherVocabulary: Outcome("bad_frame", 400),
    chat.BeyondHead: Outcome("bad_frame", 400),
    # The same status as for what is not allowed: a dead token and a foreign one look alike.
    chat.UnknownToken: Outcome("not_allowed", 403, close=4001),
    chat.Fault: _OURS,
    chat.Unavailable: _LATER,
    chat.Stale: _LATER,
    chat.CannotUnseal: _OURS,
    moderation.ModerationError: _OURS,
    moderation.Refused: _FOREIGN,
    moderation.Fault: _OURS,
    handover.HandoverError: _OURS,
    handover.Refused: _FOREIGN,
    handover.NoSuchTicket: Outcome("not_allowed", 404),
    handover.NoPartnership: Outcome("not_allowed", 403, message="nack.no_partnership"),
    handover.TracksMeet: _FOREIGN,
    handover.Incomplete: Outcome("bad_frame", 400, message="nack.incomplete"),
    handover.ProposalTooLong: Outcome("too_long", 413, message="nack.proposal_too_long"),
    handover.TooLate: Outcome("not_now", 409, message="nack.too_late"),
    handover.NoticeOutdated: Outcome("conflict", 409, message="nack.notice_outdated"),
    handover.NewLetters: Outcome("conflict", 409),
    handover.IdentityInText: Outcome("identity", 422),
    handover.WrongCode: Outcome("not_allowed", 403, message="nack.wrong_code"),
    handover.WrongPassphrase: Outcome("not_allowed", 403, message="nack.wrong_passphrase"),
    handover.TooManyLetters: Outcome("rate", 409, message="nack.too_many_letters"),
    handover.TooManyTries: Outcome("rate", 429, retry=True),
    handover.Locked: Outcome("not_now", 409, message="nack.locked"),
    handover.Fault: _OURS,
    handover.Moved: _LATER,
    handover.CannotOpen: _OURS,
    accounts.PhoneUnreadable: Outcome("unavailable", 503),
    accounts.KeyElsewhere: Outcome("unavailable", 503),
    accounts.AccountsError: _OURS,
    accounts.Refused: _FOREIGN,
    # The sign-in says these in words of its own: not a refusal, but the step after the password.
    accounts.CodeNeeded: Outcome("not_allowed", 403),
    accounts.CodeRefused: Outcome("not_allowed", 403),
    accounts.StepOver: Outcome("not_allowed", 403),
    accounts.FactorThere: Outcome("conflict", 409),
    accounts.NoFactor: Outcome("not_now", 409),
    accounts.FactorsLeft: Outcome("not_now", 409),
    accounts.NoInvitation: Outcome("not_allowed", 404),
    accounts.SignInRefused: Outcome("not_allowed", 403, message="error.sign_in"),
    # A sign-in answers 303 or 403, whatever the reason; only what is ours is 503.
    accounts.TooMany: Outcome("rate", 403, retry=True, message="error.too_many"),
    accounts.Busy: Outcome("unavailable", 503, retry=True),
    accounts.NameTaken: Outcome("conflict", 409),
    accounts.NameUnfit: Outcome("not_allowed", 400),
    accounts.PasswordUnfit: Outcome("not_allowed", 400),
    accounts.PasswordGuessable: Outcome("not_allowed", 422),
    accounts.NoSuchAccount: Outcome("not_allowed", 404),
    replies.RepliesError: _OURS,
    replies.Refused: _FOREIGN,
    # The page of the replies says each of these in words of its own.
    replies.MayNot: _FOREIGN,
    replies.Unfit: Outcome("bad_frame", 422),
    replies.Changed: Outcome("conflict", 409),
    replies.Full: Outcome("not_now", 409),
    replies.NoSuchReply: Outcome("not_allowed", 404),
    barometer.BarometerError: _OURS,
    barometer.Refused: _FOREIGN,
    # The page of the answers says each of these in words of its own.
    barometer.MayNot: _FOREIGN,
    barometer.Unfit: Outcome("bad_frame", 422),
    barometer.Changed: Outcome("conflict", 409),
    barometer.Done: Outcome("not_now", 409),
    roster.RosterError: _OURS,
    roster.Refused: _FOREIGN,
    # So does the page of the roster.
    roster.MayNot: _FOREIGN,
    roster.NoSuchShift: Outcome("not_allowed", 404),
    roster.Begun: Outcome("not_now", 409),
    roster.NoPlace: Outcome("conflict", 409),
    roster.NotOn: Outcome("conflict", 409),
    roster.AlreadyOn: Outcome("conflict", 409),
    roster.Overlaps: Outcome("conflict", 409),
    roster.OtherTrack: Outcome("conflict", 409),
    roster.CannotServe: Outcome("bad_frame", 422),
    roster.Unfit: Outcome("bad_frame", 422),
    roster.Unsure: Outcome("conflict", 409),
    roster.NothingToClose: Outcome("not_now", 409),
    chair.ChairError: _OURS,
    chair.Refused: _FOREIGN,
    # Its pages say each of these in words of their own.
    chair.MayNot: _FOREIGN,
    chair.Unfit: Outcome("bad_frame", 422),
    chair.Changed: Outcome("conflict", 409),
    chair.NoSuchVersion: Outcome("not_allowed", 404),
    people.PeopleError: _OURS,
    people.Refused: _FOREIGN,
    # The pages of people say each of these in words of their own.
    people.NotYours: _FOREIGN,
    people.Oneself: Outcome("not_now", 409),
    people.LastAdministrator: Outcome("not_now", 409),
    people.Unfit: Outcome("bad_frame", 422),
}


def outcome(error: BaseException) -> Outcome:
    """Return what is said about an error; what nobody has thought of is ours."""
    return next((OUTCOMES[kind] for kind in type(error).__mro__ if kind in OUTCOMES), _OURS)
