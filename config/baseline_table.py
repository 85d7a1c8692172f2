# SPDX-License-Identifier: EUPL-1.2
"""Reads the `[baseline]` table of the site file, and notes where somebody's own values would loosen it.

Owns the words about a loosening. What the baseline makes of own values is decided in `baseline.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final

from chat.catalogue import Deadlines
from config.alarms import Alarm
from config.baseline import AUDIT_DAYS, ROLES, USUAL_AUDIT_DAYS, Baseline, Bounds
from config.table import Table
from moderation.policy import Policy
from moderation.verdict import Kind, Verdict

SECONDS: Final[Mapping[str, Bounds]] = {
    "offer_rings": Bounds(10, 300),
    "waiting_place_kept": Bounds(30, 900),
    "active_parked": Bounds(60, 3600),
    "code_parked": Bounds(3600, 86_400),
    "operator_lost": Bounds(30, 600),
    "transfer_offered": Bounds(30, 600),
    "typing_shown": Bounds(2, 30),
}
"""Least and most seconds of each deadline: a tunnel must not lose her place, nor a ghost keep one."""


class Choice(StrEnum):
    """What may be decided about a kind of identity data."""

    ALLOW = "allow"
    ASK = "ask"
    MASK = "mask"


def read_baseline(table: Table | None, language: str) -> Baseline:
    """Return what all organisations are held to; what is wrong with it is noted there."""
    if table is None:
        return Baseline()
    routine = read_routine(table.table("routine", needed=False), language)
    moderation = table.table("moderation", needed=False)
    asked: dict[str, object] = {}
    if moderation is not None:
        asked = {
            "identity": read_identity(moderation),
            "danger": moderation.flag("danger"),
            "shield": moderation.flag("shield"),
        }
        moderation.finish()
    baseline = Baseline(
        routine=routine,
        deadlines=_deadlines(table.table("deadlines", needed=False)),
        second_factor=read_second_factor(table),
        audit_days=_bounds(table, "audit_days", AUDIT_DAYS),
        **asked,  # type: ignore[arg-type]  # as read three lines above
    )
    table.finish()
    return baseline


def read_routine(table: Table | None, language: str) -> dict[Alarm, dict[str, str]]:
    """Return what staff do, in somebody's own words: when somebody is in danger, and about what is hard."""
    if table is None:
        return {}
    routine = {alarm: table.texts(alarm, language) for alarm in Alarm if table.has(alarm)}
    table.finish()
    return routine


def read_second_factor(table: Table) -> frozenset[str]:
    """Return the roles that must have a second factor at the sign-in."""
    roles = table.words("second_factor", (), example="administrator")
    for role in roles:
        if role not in ROLES:
            table.mistake("second_factor", f"“{role}” is no role.", f"Choose among: {', '.join(ROLES)}.")
    return frozenset(roles)


def read_identity(table: Table) -> dict[Kind, Verdict]:
    """Return what is decided about each kind of identity data that the key `identity` of a table names."""
    given = table.peek("identity")
    if given is None:
        return {}
    if not isinstance(given, dict):
        chosen = Verdict[table.choice("identity", Choice).name]
        return dict.fromkeys(Kind, chosen)
    inner = table.table("identity")
    if inner is None:
        return {}
    decided = {kind: Verdict[inner.choice(kind, Choice).name] for kind in Kind if inner.has(kind)}
    inner.finish()
    return decided


def read_deadlines(table: Table | None, baseline: Baseline) -> Deadlines:
    """Return a service's deadlines under a baseline; what would loosen it is noted there."""
    usual = baseline.deadlines_of(Deadlines())
    if table is None:
        return usual
    own = Deadlines(
        **{
            key: timedelta(
                seconds=table.number(
                    key, int(getattr(usual, key).total_seconds()), least=each.least, most=each.most
                )
            )
            for key, each in SECONDS.items()
        }
    )
    table.finish()
    held = baseline.deadlines_of(own)
    for key, bounds in baseline.deadlines.items():
        if getattr(held, key) != getattr(own, key):
            _loosens(table, key, f"{bounds.least} to {bounds.most} seconds", _between(bounds))
    return held


def held_policy(own: Policy, table: Table, baseline: Baseline) -> Policy:
    """Return what a service has decided under a baseline; what would loosen it is noted in its table."""
    held = baseline.policy_of(own)
    for kind in Kind:
        least = held.of_visitor(kind)
        if least is not own.of_visitor(kind):
            word = Choice[least.name]
            _loosens(table, "identity", f"“{word}” for {kind}", f'Write {kind} = "{word}", or leave it out.')
    for key, asked in (("danger", held.danger != own.danger), ("shield", held.shield != own.shield)):
        if asked:
            _loosens(table, key, f"{key} = true", "Leave it out.")
    return held


def read_audit_days(table: Table, baseline: Baseline) -> int:
    """Return how many days an organisation keeps who did what; what would loosen the baseline is noted."""
    usual = baseline.audit_days_of(USUAL_AUDIT_DAYS)
    own = table.number("audit_days", usual, least=AUDIT_DAYS.least, most=AUDIT_DAYS.most)
    held = baseline.audit_days_of(own)
    if held != own:
        bounds = baseline.audit_days
        _loosens(table, "audit_days", f"{bounds.least} to {bounds.most} days", _between(bounds))
    return held


def _loosens(table: Table, key: str, asked: str, mend: str) -> None:
    table.mistake(key, f"This would loosen the baseline, which asks for {asked}.", mend)


def _between(bounds: Bounds) -> str:
    return f"Choose a number from {bounds.least} to {bounds.most}, or leave it out."


def _deadlines(table: Table | None) -> dict[str, Bounds]:
    if table is None:
        return {}
    found = {key: _bounds(table, key, each) for key, each in SECONDS.items() if table.has(key)}
    table.finish()
    return found


def _bounds(table: Table, key: str, widest: Bounds) -> Bounds:
    inner = table.table(
        key, needed=False, example=f"{key} = {{ least = {widest.least}, most = {widest.most} }}"
    )
    if inner is None:
        return widest
    least, most = (
        inner.number(name, default, least=widest.least, most=widest.most)
        for name, default in (("least", widest.least), ("most", widest.most))
    )
    inner.finish()
    if least > most:
        table.mistake(key, f"{least} is more than {most}.", "Let least be at most as large as most.")
        return widest
    return Bounds(least, most)
