# SPDX-License-Identifier: EUPL-1.2
"""What every store keeps of a form: its counters, all of them or none."""

from __future__ import annotations

import asyncio
from datetime import date

from chat.ids import ServiceId, Track
from chat.ports import Store
from chat.violence import ViolenceForm
from chat.wrapping_up import THEMES, AgeBand, Channel, WrapUp, counts_of

LINDEN = ServiceId("linden")
DAY = date(2026, 11, 18)
EVERYTHING = WrapUp(
    service=LINDEN,
    channel=Channel.LETTER,
    violence=tuple(ViolenceForm),
    themes=THEMES[Track.EXPOSED],
    age_band=AgeBand.FROM_65,
)


async def test_forms_at_the_same_moment_all_add_up(store: Store) -> None:
    """The longest names fit, and no increment is lost between two writers."""
    counts = counts_of(EVERYTHING, Track.EXPOSED, DAY)
    await asyncio.gather(*(store.count(counts) for _ in range(20)))
    assert await store.counters([LINDEN], DAY) == {LINDEN: {str(count.name): 20 for count in counts}}
