# SPDX-License-Identifier: EUPL-1.2
"""Everything that can go wrong with ready replies. All of it is safe to show.

    RepliesError
    └── Refused                 the caller's doing
        ├── MayNot              this sign-in may not change the replies of this service
        ├── Unfit               a text that cannot be a reply; carries where and why
        ├── Changed             somebody else has changed the same reply since it was read
        ├── Full                there are as many as there may be
        └── NoSuchReply         no reply of this id, or nothing to undo

What the store cannot do now is `chat.errors.Unavailable`: there is one such fault in the house.
"""

from __future__ import annotations

from typing import Literal

Why = Literal["empty", "half", "long", "strange", "identity", "placeholder"]
"""No text in the service's own language; a title or a text alone; too long; characters that cannot be seen
or that turn others around; it tells who somebody is; something in braces that nothing fills."""


class RepliesError(Exception):
    """The root of all errors of this package."""


class Refused(RepliesError):
    """The caller asked for something that is not possible; nothing has changed."""


class MayNot(Refused):
    """This sign-in may not change the replies of this service."""


class Unfit(Refused):
    """A text that cannot be a reply."""

    def __init__(self, language: str, why: Why, what: str = "") -> None:
        super().__init__(why)
        self.language = language
        """In which language it stands."""
        self.why = why
        self.what = what
        """The piece that is wrong, where there is one."""


class Changed(Refused):
    """Somebody else has changed the same reply since it was read."""


class Full(Refused):
    """There are as many as there may be."""


class NoSuchReply(Refused):
    """No reply of this id, or nothing to undo."""
