# SPDX-License-Identifier: EUPL-1.2
"""Reads the `[[organisations.ID.referrals]]` tables: where staff may point somebody to, near where they are.

Owns how much of it there may be and when it is too old to trust. Must not know where it is shown.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from chat.hours import OpeningHours
from config.addresses import wrong_link
from config.ages import year_before
from config.site import Referral
from config.table import Table

MOST: Final = 60

_PHONE = re.compile(r"\+?[0-9][0-9 –-]{1,18}[0-9]")


def read_referrals(table: Table, language: str, today: date, *, unverified: bool) -> tuple[Referral, ...]:
    """Return the referrals of one organisation, in order; what is wrong with them is noted there.

    One that nobody has verified is left out, unless `unverified`.
    """
    referrals = tuple(_read(inner, language, today) for inner in table.listed_tables("referrals"))
    if len(referrals) > MOST:
        table.mistake(
            "referrals", f"There are {len(referrals)} of them.", f"Choose the {MOST} that help most."
        )
    return tuple(each for each in referrals if unverified or each.verified_at)


def _read(table: Table, language: str, today: date) -> Referral:
    referral = Referral(
        name=table.texts("name", language),
        what=table.texts("what", language),
        phone=table.text("phone", ""),
        web=table.text("web", ""),
        hours=table.text("hours", ""),
        note=table.texts("note", language, needed=False),
        verified_at=_verified(table, today),
    )
    table.finish()
    if not (referral.phone or referral.web):
        table.mistake("phone", "There is no way to reach it.", 'Add phone = "020-00 00 00", or web.')
    if referral.phone and not _PHONE.fullmatch(referral.phone):
        table.mistake(
            "phone", f"“{referral.phone}” is not a telephone number.", "Write it as in 020-50 50 50."
        )
    wrong = wrong_link(referral.web) if referral.web else None
    if wrong:
        table.mistake("web", *wrong)
    if referral.hours:
        try:
            OpeningHours.parse(referral.hours)
        except ValueError as error:
            table.mistake("hours", f"The hours cannot be read: {error}.", "Write it as in Mo-Fr 08:30-16:30.")
    return referral


def _verified(table: Table, today: date) -> date | None:
    if not table.has("verified_at"):
        table.warning(
            "verified_at",
            "It has not been verified, and is not shown until it is.",
            "Check number and hours at their source, then add the date.",
        )
        return None
    day = table.day("verified_at")
    if day is not None and day > today:
        table.mistake("verified_at", f"{day} has not come yet.", "Give the date on which it was checked.")
    elif day is not None and day < year_before(today):
        table.warning(
            "verified_at",
            f"It was verified on {day}, more than 12 months ago.",
            "Check number and hours again, then change the date.",
        )
    return day
