# SPDX-License-Identifier: EUPL-1.2
"""Everything that can go wrong when people are managed. All of it is safe to show.

    PeopleError
    └── Refused                 the caller's doing
        ├── NotYours            unknown, of another organisation, or not wholly of one's own: all look the
        same ├── Oneself             nobody changes their own account here
        ├── LastAdministrator   an organisation would be left without an administrator
        └── Unfit               an account that cannot be; carries why

What the store cannot do now is `chat.errors.Unavailable`: there is one such fault in the house.
"""

from __future__ import annotations

from web.accounts.fitting import Misfit


class PeopleError(Exception):
    """The root of all errors of this package."""


class Refused(PeopleError):
    """The caller asked for something that is not possible; nothing has changed."""


class NotYours(Refused):
    """Unknown, of another organisation, or not wholly of one's own."""


class Oneself(Refused):
    """Nobody changes their own rights, or shuts themselves out."""


class LastAdministrator(Refused):
    """An organisation would be left without anybody who runs it."""


class Unfit(Refused):
    """An account that cannot be."""

    def __init__(self, why: Misfit) -> None:
        super().__init__(why)
        self.why = why
