# SPDX-License-Identifier: EUPL-1.2
"""Who may sign in, and what a sign-in is.

Owns the values `Account`, `StaffSession` and `SignedIn`, and which names and passwords are fit. Knows no
store and no hash function.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NewType

from chat.ids import DutyId, OrganisationId, ServiceId
from chat.sealing import Token
from handover.ids import ReceiverId
from web.accounts.errors import NameUnfit, PasswordUnfit

AccountId = NewType("AccountId", str)
"""22 characters of base64url: 16 random bytes."""

_ACCOUNT_ID = re.compile(r"[A-Za-z0-9_-]{22}")

LONGEST_SESSION = timedelta(hours=16)
"""A daily key lives a whole day longer than its own day: no session outlives the key it is found by."""

LONGEST_NAME = 64
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 256


class StaffRole(StrEnum):
    """What an account is for."""

    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    RECEIVER = "receiver"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


AT_CONSOLE: Final = frozenset({StaffRole.OPERATOR, StaffRole.SUPERVISOR})
"""Who may sit at a console: a supervisor without a queue, for those who raise a hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One person of the staff."""

    id: AccountId
    name: str
    """The name they sign in with, in the form of `sign_in_name`."""
    role: StaffRole
    services: frozenset[ServiceId]
    units: frozenset[ReceiverId] = frozenset()
    """The receiving units that it works at, or looks after."""
    organisations: frozenset[OrganisationId] = frozenset()
    """The organisations that it runs, with all their services: an administrator's."""
    password_hash: str = field(repr=False)
    disabled: bool = False
    second_factor: bool = False
    """Whether a code is asked for after the password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSession:
    """One live sign-in. `id` is all that the chat sees of it."""

    id: DutyId
    account: str
    """The account's name. Never on the wire to a visitor, never in a log."""
    role: StaffRole
    services: frozenset[ServiceId]
    units: frozenset[ReceiverId] = frozenset()
    organisations: frozenset[OrganisationId] = frozenset()
    token: Token = field(repr=False)
    expires_at: datetime

    @property
    def csrf(self) -> str:
        """What every form and the console's first frame of this session carry."""
        return csrf_of(self.token)

    def is_own_csrf(self, text: str) -> bool:
        """Tell whether `text` is this session's CSRF token, in a time that tells nothing."""
        return hmac.compare_digest(self.csrf.encode(), text.encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new sign-in: `token` goes into the cookie and is kept nowhere."""

    token: str = field(repr=False)
    session: StaffSession
    by_recovery_code: bool = False
    """The second factor was one of the codes on paper: it is used up."""


def is_account_id(text: str) -> bool:
    """Tell whether `text` has the form of an `AccountId`: nothing else is ever looked up as one."""
    return _ACCOUNT_ID.fullmatch(text) is not None


def csrf_of(token: Token) -> str:
    """Return 43 characters of base64url that only the token tells, and that do not tell the token."""
    digest = hmac.digest(token.text().encode(), b"jourchatt staff csrf", hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def sign_in_name(text: str) -> str:
    """Return the one form of a name, under which it is stored and looked up however it is typed.

    Raises:
        NameUnfit: not 1 to 64 visible characters.
    """
    name = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).strip()
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise NameUnfit("a name is 1 to 64 visible characters")
    return name


def check_password(text: str) -> None:
    """Look whether a new password is fit. Length is what makes it strong: nothing else is asked of it.

    Raises:
        PasswordUnfit: shorter than 10 or longer than 256 characters, or not text.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        raise PasswordUnfit("the password is not valid Unicode") from None
    if not SHORTEST_PASSWORD <= len(text) <= LONGEST_PASSWORD:
        raise PasswordUnfit("a password is 10 to 256 characters")
