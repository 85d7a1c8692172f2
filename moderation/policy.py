# SPDX-License-Identifier: EUPL-1.2
"""What a service has decided about each kind of identity data, and whether it shields its volunteers.

Owns the defaults and how one finding becomes a verdict. Pure and small enough to be read by whoever answers
for a service. Knows no text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from moderation.verdict import Kind, Verdict

FOR_HER: Final = (Verdict.ALLOW, Verdict.ASK, Verdict.MASK)
"""What may be decided about what a visitor writes: nothing that she says is refused for its content."""


class Policy(Struct, frozen=True, kw_only=True):
    """One service's decisions."""

    identity: Mapping[Kind, Verdict] = {}
    """What differs from `MASK`, by kind; each one of `FOR_HER`."""
    danger: bool = True
    """Whether staff are shown that a message sounds like danger."""
    shield: bool = True
    """Whether threats and harassment against staff are covered."""

    def of_visitor(self, kind: Kind) -> Verdict:
        """Return what becomes of a piece that a visitor writes and has not said yes to keeping."""
        return self.identity.get(kind, Verdict.MASK)


def of_operator(kind: Kind) -> Verdict:
    """Return what becomes of a piece that an operator writes, in every service alike.

    Staff give no number, address, handle or link of their own, nor repeat hers where she may be read over the
    shoulder; lines and the service's own hosts are never found at all. A name is theirs to use: they appear
    under one.
    """
    return Verdict.ALLOW if kind is Kind.NAME else Verdict.REFUSE
