# SPDX-License-Identifier: EUPL-1.2
"""What can be said about one message, in one order: from nothing to no.

Owns the verdicts, the kinds of identity data and the judgement that explains itself. Knows no rule.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum

from msgspec import Struct

from moderation.danger import Danger


class Verdict(IntEnum):
    """What becomes of a message, or of a piece of it; of several the highest stands."""

    ALLOW = 0
    """It is said as it stands."""
    ASK = 1
    """Her page asks her first; whoever does not ask may say it."""
    MASK = 2
    """Her page asks her first; what she has not said yes to is replaced before it is stored."""
    COVER = 3
    """It is said and stored; whoever reads it sees it after one click."""
    REFUSE = 4
    """It is not said."""


class Kind(StrEnum):
    """What identity data there is."""

    PERSONNUMMER = "personnummer"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    POSTCODE = "postcode"
    VEHICLE = "vehicle"
    IBAN = "iban"
    ACCOUNT = "account"
    LINK = "link"
    HANDLE = "handle"
    NAME = "name"


PLACES = frozenset({Kind.ADDRESS, Kind.POSTCODE})
"""What tells where somebody is: in acute danger its loss is told to both sides."""


class Judgement(Struct, frozen=True, kw_only=True):
    """What is made of one message, and why.

    `reasons` are stable codes such as `identity.phone`, `danger.acute.weapon`, `conduct.threat`; none carries
    a word of the message.
    """

    text: str
    """As it may be stored."""
    verdict: Verdict = Verdict.ALLOW
    reasons: tuple[str, ...] = ()
    masked: tuple[Kind, ...] = ()
    """What was replaced, each kind once, in order."""
    danger: Danger | None = None
    cover: str | None = None
    """Why it is covered for whoever reads it."""

    @property
    def seen_first(self) -> Kind | None:
        """The identity data that stands first in it, as far as any was seen."""
        kinds = (
            reason.removeprefix("identity.") for reason in self.reasons if reason.startswith("identity.")
        )
        return next((Kind(kind) for kind in kinds), None)
