# SPDX-License-Identifier: EUPL-1.2
"""Everything that can go wrong with accounts and sign-ins.

Safe to show: at the sign-in none of it tells whether an account exists.

    AccountsError
    └── Refused                 the caller's doing
        ├── SignInRefused       unknown name, wrong password or disabled account: the three look the same
        ├── CodeNeeded          the password is right; carries what the form with the code brings back
        ├── CodeRefused         after the right password: the code is wrong, too old or used before
        ├── StepOver            what the form brought back from the password's step is too old, or not ours
        ├── FactorThere         the account has a second factor already
        ├── NoFactor            the account has none
        ├── FactorsLeft         there are second factors still              (command line only)
        ├── TooMany             too many attempts; carries the seconds to wait
        │   └── Busy            too many sign-ins at once, whoever's they are; carries the seconds to wait
        ├── NoInvitation        a link that never was, was used, taken back or is too old: all look the same
        ├── NameTaken           an account of this name exists      (command line and invited people only)
        ├── NameUnfit           not 1 to 64 visible characters      (the same)
        ├── PasswordUnfit       shorter than 10 or longer than 256 characters
        │   └── PasswordGuessable  among the first that are tried; carries why
        └── NoSuchAccount       no account of this name             (command line only)

What the store cannot do now is `chat.errors.Unavailable`: there is one such fault in the house. Two of them,
`PhoneUnreadable` and `KeyElsewhere`, are told apart here, because trying again does not help.
"""

from __future__ import annotations

from typing import Final

from chat.errors import Unavailable
from web.accounts.guessable import Why

_HELPS = "choose four words that do not belong together"
_GUESSABLE: Final = {
    Why.COMMON: f"this password is one of the commonest, or nearly: {_HELPS}",
    Why.NEAR: f"this password is made of words that lie near, as names from here and seasons do: {_HELPS}",
    Why.PATTERN: f"this password is a pattern or a repetition: {_HELPS}",
}


class AccountsError(Exception):
    """The root of all errors of this package."""


class Refused(AccountsError):
    """The caller asked for something that is not possible; nothing has changed."""


class SignInRefused(Refused):
    """Unknown name, wrong password or disabled account: the three are never told apart."""


class CodeNeeded(Refused):
    """The password is right, and the account has a second factor."""

    def __init__(self, step: str) -> None:
        super().__init__("a code is needed")
        self.step = step
        """What the form with the code brings back: the password's step, signed and good for minutes."""


class CodeRefused(Refused):
    """The code is wrong, too old or was used before: the three are never told apart."""

    def __init__(self, account: str = "") -> None:
        super().__init__("this code is not good")
        self.account = account
        """Whose sign-in it was, where that is known: for the audit log, never for the page."""


class PhoneUnreadable(Unavailable):
    """No phone's code can be looked at: the key that second factors are sealed under is missing or another.

    Trying again does not help; the codes on paper are good.
    """


class KeyElsewhere(Unavailable):
    """No second factor can be set up at this host: the key that counts is not in its key directory.

    Trying again does not help; whoever runs the server copies the file.
    """

    def __init__(self) -> None:
        super().__init__(
            "the key that second factors are sealed under is not in the key directory of this host"
        )


class StepOver(Refused):
    """The password's step is too old, or belongs to another page or an earlier password."""


class FactorThere(Refused):
    """The account has a second factor already."""


class NoFactor(Refused):
    """The account has no second factor."""


class FactorsLeft(Refused):
    """There are second factors still, under the key that counts."""

    def __init__(self) -> None:
        super().__init__(
            "there are second factors still (jourchatt staff list tells whose): remove them first"
        )


class NoInvitation(Refused):
    """Unknown, used, taken back and expired: the four are never told apart."""


class TooMany(Refused):
    """Too many attempts: this one was not looked at."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("too many attempts")
        self.retry_after = retry_after
        """Whole seconds to wait, at least 1."""


class Busy(TooMany):
    """More sign-ins at once than the server checks: this one was not looked at, and does not count."""


class NameTaken(Refused):
    """An account of this name exists."""


class NameUnfit(Refused):
    """The name is not 1 to 64 visible characters without spaces at its ends."""


class PasswordUnfit(Refused):
    """The password is shorter than 10 or longer than 256 characters."""


class PasswordGuessable(PasswordUnfit):
    """The password is among the first that somebody tries who wants to get in."""

    def __init__(self, why: Why) -> None:
        super().__init__(_GUESSABLE[why])
        self.why = why


class NoSuchAccount(Refused):
    """There is no account of this name."""
