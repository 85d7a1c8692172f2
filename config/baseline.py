# SPDX-License-Identifier: EUPL-1.2
"""What every organisation of an installation inherits: it may be tightened, and never loosened.

Owns `Baseline` and what becomes of an organisation's or service's own values under it: each method returns
the stricter of the two, so that nothing that is set anywhere can get around it. Must not know where own
values come from, or how a loosening is told (`baseline_table.py`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import Final

from chat.catalogue import Deadlines
from config.alarms import Alarm
from config.versions import version_of
from moderation.policy import Policy
from moderation.verdict import Kind, Verdict

ROLES: Final = ("operator", "supervisor", "receiver", "coordinator", "administrator")
"""The roles that can be asked for a second factor."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Least and most of a number, both included."""

    least: int
    most: int

    def nearest(self, number: int) -> int:
        """Return the number, or the bound that it is beyond."""
        return max(self.least, min(self.most, number))


AUDIT_DAYS: Final = Bounds(30, 730)
"""How long who did what may be kept at all: shorter helps nobody who asks, longer is a register of staff."""
USUAL_AUDIT_DAYS: Final = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What all are held to. Nothing is asked by an empty one."""

    routine: Mapping[Alarm, Mapping[str, str]] = field(default_factory=dict)
    """What all staff do; a service's own words stand after it."""
    identity: Mapping[Kind, Verdict] = field(default_factory=dict)
    """What must become of each kind of identity data at least."""
    danger: bool = False
    """Whether staff must be shown that a message sounds like danger."""
    shield: bool = False
    """Whether threats and harassment against staff must be covered."""
    deadlines: Mapping[str, Bounds] = field(default_factory=dict)
    """Least and most seconds, by the name of the deadline."""
    second_factor: frozenset[str] = frozenset()
    """The roles that must have a second factor everywhere."""
    audit_days: Bounds = AUDIT_DAYS

    @property
    def version(self) -> str:
        """Another one when anything in it is another; empty when nothing is asked."""
        if self == Baseline():
            return ""
        exact = {
            "routine": {alarm: sorted(texts.items()) for alarm, texts in self.routine.items()},
            "identity": {kind: int(verdict) for kind, verdict in self.identity.items()},
            "danger": self.danger,
            "shield": self.shield,
            "deadlines": {key: [each.least, each.most] for key, each in self.deadlines.items()},
            "second_factor": sorted(self.second_factor),
            "audit_days": [self.audit_days.least, self.audit_days.most],
        }
        return version_of({key: json.dumps(value, sort_keys=True) for key, value in exact.items()})

    def routine_of(self, own: Mapping[Alarm, Mapping[str, str]]) -> dict[Alarm, Mapping[str, str]]:
        """Return what is said to staff: these words, and after them the service's own.

        Where one of the two is not in a language, it comes in Swedish there, or else in any: nothing that is
        asked is left out because nobody has translated it.
        """
        return {
            alarm: _after(self.routine.get(alarm, {}), own.get(alarm, {}))
            for alarm in Alarm
            if alarm in self.routine or alarm in own
        }

    def policy_of(self, own: Policy) -> Policy:
        """Return what is decided about what is written: for each kind the stricter."""
        decided = {
            kind: max(own.of_visitor(kind), self.identity.get(kind, Verdict.ALLOW))
            for kind in {*own.identity, *self.identity}
        }
        return Policy(
            identity={kind: verdict for kind, verdict in decided.items() if verdict is not Verdict.MASK},
            danger=own.danger or self.danger,
            shield=own.shield or self.shield,
        )

    def deadlines_of(self, own: Deadlines) -> Deadlines:
        """Return the deadlines, each within its bounds."""
        held = {}
        for each in fields(Deadlines):
            span: timedelta = getattr(own, each.name)
            bounds = self.deadlines.get(each.name)
            held[each.name] = (
                span if bounds is None else timedelta(seconds=bounds.nearest(round(span.total_seconds())))
            )
        return Deadlines(**held)

    def second_factor_of(self, own: Collection[str]) -> frozenset[str]:
        """Return the roles of an organisation that must have a second factor: these, and its own besides."""
        return self.second_factor | frozenset(own)

    def audit_days_of(self, own: int) -> int:
        """Return how long an organisation keeps who did what."""
        return self.audit_days.nearest(own)


def _after(first: Mapping[str, str], then: Mapping[str, str]) -> Mapping[str, str]:
    if not first or not then:
        return first or then
    return {code: f"{_in(code, first)}\n\n{_in(code, then)}" for code in dict.fromkeys((*first, *then))}


def _in(code: str, texts: Mapping[str, str]) -> str:
    return next(texts[each] for each in (code, code.partition("-")[0], "sv", *texts) if each in texts)
