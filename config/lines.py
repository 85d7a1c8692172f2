# SPDX-License-Identifier: EUPL-1.2
"""Reads the `[lines.*]` tables of the site file, and an organisation's own: other ways to get help.

Owns when a line is too old to trust. Must not know where lines are shown.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Final

from chat.hours import OpeningHours
from chat.ids import Track
from config.addresses import LONGEST, wrong_link
from config.ages import year_before
from config.site import Channel, Line
from config.table import LANGUAGE, Table

MOST_OWN: Final = 12
"""Lines of one organisation, beside those that all have."""

_PHONE = re.compile(r"\+?[0-9][0-9 –-]{1,18}[0-9]")


def read_line(name: str, table: Table, today: date) -> Line:
    """Return the line of one table; what is wrong with it is noted there."""
    tracks = tuple(table.words("tracks", (), example=Track.EXPOSED))
    for track in tracks:
        if track not in set(Track):
            table.mistake("tracks", f"“{track}” is not a track.", f"Choose among {', '.join(Track)}.")
    emergency = table.flag("emergency")
    line = Line(
        id=name,
        name=table.texts("name", LANGUAGE),
        channel=table.choice("channel", Channel),
        address=table.text("address", example="020-00 00 00"),
        hours=table.text("hours", example="24/7"),
        note=table.texts("note", LANGUAGE, needed=False),
        source=table.text("source", example="who says so, and where"),
        verified_at=_verified(table, today, emergency=emergency),
        tracks=tracks,
        emergency=emergency,
    )
    _check_address(line, table)
    if len(line.source) > LONGEST or not line.source.isprintable():
        table.mistake(
            "source", "It is too long, or has signs that cannot be seen.", "Write who says so, and where."
        )
    if line.hours:
        try:
            OpeningHours.parse(line.hours)
        except ValueError as error:
            table.mistake(
                "hours",
                f"The hours cannot be read: {error}.",
                "Write it as in 24/7 or Mo-Fr 08:30-16:30.",
            )
    table.finish()
    return line


def read_own_lines(owner: str, table: Table, today: date, *, unverified: bool) -> tuple[Line, ...]:
    """Return the lines of one organisation's `lines` tables; what is wrong with them is noted there.

    They are shown with its own services only. One that nobody has verified is left out, unless `unverified`.
    """
    lines = []
    for name, inner in table.named_tables("lines", needed=False):
        line = read_line(name, inner, today)
        if line.emergency:
            inner.mistake(
                "emergency", "The emergency line is the same for everybody.", "Take emergency out of it."
            )
        # Not to be mixed up with a line of the whole site: no id has a point in it.
        lines.append(replace(line, id=f"{owner}.{name}"))
    if len(lines) > MOST_OWN:
        table.mistake("lines", f"There are {len(lines)} of them.", f"Choose the {MOST_OWN} that help most.")
    return tuple(line for line in lines if unverified or line.verified_at)


def _check_address(line: Line, table: Table) -> None:
    if not line.address:
        return
    if line.channel is Channel.PHONE:
        if not _PHONE.fullmatch(line.address):
            table.mistake(
                "address", f"“{line.address}” is not a telephone number.", "Write it as in 020-50 50 50."
            )
        return
    wrong = wrong_link(line.address)
    if wrong:
        table.mistake("address", *wrong)


def _verified(table: Table, today: date, *, emergency: bool) -> date | None:
    if not table.has("verified_at"):
        shown = "It is shown all the same." if emergency else "It is not shown until it is."
        table.warning(
            "verified_at",
            f"The line has not been verified. {shown}",
            "Check number and hours at their source, then add the date.",
        )
        return None
    day = table.day("verified_at")
    if day is None:
        return None
    if day > today:
        table.mistake("verified_at", f"{day} has not come yet.", "Give the date on which it was checked.")
    elif day < year_before(today):
        table.warning(
            "verified_at",
            f"The line was verified on {day}, more than 12 months ago.",
            "Check number and hours again, then change the date.",
        )
    return day
