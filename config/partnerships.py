# SPDX-License-Identifier: EUPL-1.2
"""Reads the `[[partnerships]]` tables of the site file.

Owns what is written about an agreement; what it means stands in `handover/partnership.py`.
"""

from __future__ import annotations

from collections.abc import Collection

from chat.ids import OrganisationId
from config.table import Table
from handover.partnership import Partnership, PartnershipKind


def read_partnership(table: Table, organisations: Collection[str]) -> Partnership | None:
    """Return the partnership of one table, or None when it cannot be one."""
    parties = table.words("parties", example="organisation-id")
    kind = table.choice("kind", PartnershipKind)
    start, end = table.day("start"), table.day("end")
    renew = table.number("renew_months", 24, least=0, most=120)
    notice = table.number("notice_months", 6, least=0, most=60)
    given = table.day("notice_given", needed=False)
    goals = table.words("goals", (), example="more women and children get help")
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
