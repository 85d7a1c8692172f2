# SPDX-License-Identifier: EUPL-1.2
"""Everything that can go wrong with accounts and sign-ins.

Safe to show: at the sign-in none of it tells whether an account exists.

    AccountsError
    └── Refused                 the caller's doing
        ├── SignInRefused       unknown name, wrong password or disabled account: the three look the same
        ├── TooMany             too many attempts; carries the seconds to wait
        │   └── Busy            too many sign-ins at once, whoever's they are; carries the seconds to wait
        ├── NameTaken           an account of this name exists                  (command line only)
        ├── NameUnfit           not 1 to 64 visible characters                  (command line only)
        ├── PasswordUnfit       shorter than 10 or longer than 256 characters   (command line only)
        └── NoSuchAccount       no account of this name                         (command line only)

What the store cannot do now is `chat.errors.Unavailable`: there is one such fault in the house.
"""

from __future__ import annotations


class AccountsError(Exception):
    """The root of all errors of this package."""


class Refused(AccountsError):
    """The caller asked for something that is not possible; nothing has changed."""


class SignInRefused(Refused):
    """Unknown name, wrong password or disabled account: the three are never told apart."""


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


class NoSuchAccount(Refused):
    """There is no account of this name."""
