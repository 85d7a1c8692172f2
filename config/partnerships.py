# SPDX-License-Identifier: EUPL-1.2
"""Reads the `[[partnerships]]` tables of the site file.

Owns what is written about an agreement; what it means stands in `handover/partnership.py`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from chat.ids import OrganisationId
from config.table import Table
from handover.goals import Goal, Indicator
from handover.partnership import Partnership, PartnershipKind

_FIRST_YEAR, _LAST_YEAR = 1900, 2200
"""Nobody agrees outside of them, and months can be added to what is within."""


def read_partnership(table: Table, organisations: Collection[str]) -> Partnership | None:
    """Return the partnership of one table, or None when it cannot be one."""
    parties = table.words("parties", example="organisation-id")
    kind = table.choice("kind", PartnershipKind)
    start, end = _day(table, "start"), _day(table, "end")
    renew = table.number("renew_months", 24, least=0, most=120)
    notice = table.number("notice_months", 6, least=0, most=60)
    given = _day(table, "notice_given", needed=False)
    goals = _goals(table)
    funding = table.text("funding", "")
    table.finish()
    for party in parties:
        if party not in organisations:
            table.mistake(
                "parties",
                f"There is no organisation “{party}”.",
                f"Choose among {', '.join(organisations) or 'those that you add'}.",
            )
    if len(parties) < 2 and table.has("parties"):
        table.mistake("parties", "A partnership needs two parties.", "Name both organisations.")
    if start and end and end < start:
        table.mistake("end", f"It ends before it starts ({start}).", "Give the last day of the first period.")
    if not start or not end or end < start or len(parties) < 2:
        return None
    return Partnership(
        parties=frozenset(map(OrganisationId, parties)),
        kind=kind,
        start=start,
        end=end,
        renew_months=renew,
        notice_months=notice,
        notice_given=given,
        goals=goals,
        funding=funding,
    )


def _day(table: Table, key: str, *, needed: bool = True) -> date | None:
    day = table.day(key, needed=needed)
    if day is not None and not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        table.mistake(key, f"{day} cannot be right.", "Write the year as in 2026-01-31.")
        return None
    return day


def _goals(table: Table) -> tuple[Goal, ...]:
    """Return the goals: each a text, or a table of a text and the figure that goes with it."""
    written = table.peek("goals")
    if not isinstance(written, list) or not any(isinstance(each, dict) for each in written):
        return tuple(map(Goal, table.words("goals", (), example="more women and children get help")))
    goals = []
    for number, each in enumerate(written):
        path = f"{table.at('goals')}[{number}]"
        if isinstance(each, dict):
            inner = Table(each, path, table.notes)
            goal = inner.text("text", example="more women and children get help")
            indicator = inner.choice("indicator", Indicator) if inner.has("indicator") else None
            inner.finish()
            goals.append(Goal(goal, indicator))
        elif isinstance(each, str) and each.strip():
            goals.append(Goal(each.strip()))
        else:
            table.notes.mistake(
                path, "This is not a goal.", 'Write a text, or { text = "...", indicator = "..." }.'
            )
    return tuple(goals)
