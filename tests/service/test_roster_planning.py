# SPDX-License-Identifier: EUPL-1.2
"""Shifts made in one go, and a service that is closed before its time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chat.hours import OpeningHours
from tests.service.roster_room import (
    EKEN,
    EVA,
    HAMNEN,
    LINDEN,
    SARA,
    SITE,
    ULLA,
    Room,
    at,
    session,
)
from web.accounts.account import StaffRole
from web.roster.errors import MayNot, NoSuchShift, NothingToClose, Unfit, Unsure
from web.roster.shift import (
    ShiftId,
    Take,
    id_in,
)


async def test_series_with_one_shift_that_cannot_be_makes_none(room: Room) -> None:
    """All or nothing."""
    good = (at("2026-11-25 18:00"), at("2026-11-25 21:00"))
    with pytest.raises(Unfit, match="past"):
        await room.roster.make(
            ULLA, room.eken, [good, (at("2026-11-23 18:00"), at("2026-11-23 21:00"))], 2, 1
        )
    assert await room.store.between([EKEN], at("2026-11-01 00:00"), at("2026-12-01 00:00")) == []
    with pytest.raises(MayNot):
        await room.roster.make(SARA, room.eken, [good], 2, 1)


async def test_same_form_twice_makes_nothing_twice(room: Room) -> None:
    """What is there at the same times is left out, unless it was cancelled; other times are other shifts."""
    spans = [(at(f"2026-11-{day} 18:00"), at(f"2026-11-{day} 21:00")) for day in (25, 26, 27)]
    first = await room.roster.make(ULLA, room.eken, spans[:2], 2, 1)
    assert (first.there, first.first) == (0, spans[0][0])
    again = await room.roster.make(ULLA, room.eken, spans, 2, 1)
    assert again.there == 2
    with pytest.raises(Unfit, match="there"):
        await room.roster.make(ULLA, room.eken, spans, 2, 1)
    assert len(await room.roster.series(EKEN, first.series)) == 2
    assert [each.starts_at for each in await room.roster.series(EKEN, again.series)] == [spans[2][0]]
    await room.roster.withdraw(ULLA, room.eken, id_in(first.series, 0))
    assert (await room.roster.make(ULLA, room.eken, spans, 2, 1)).there == 1
    assert (await room.roster.make(ULLA, SITE.services[LINDEN], spans, 2, 1)).there == 0


async def test_whole_series_is_withdrawn_and_nothing_else(room: Room) -> None:
    """What begins later; whoever was on one sees that it is cancelled, one with nobody on it is gone."""
    kept = await room.has("2026-11-26 12:00", "2026-11-26 15:00")
    spans = [(at(f"2026-11-{day} 18:00"), at(f"2026-11-{day} 21:00")) for day in (24, 25, 26)]
    made = await room.roster.make(ULLA, room.eken, spans, 2, 1)
    _, second, _ = await room.roster.series(EKEN, made.series)
    await room.does(SARA, second, Take("sara"))
    for who in (SARA, session("mats", StaffRole.SUPERVISOR, HAMNEN)):
        with pytest.raises(MayNot):
            await room.roster.withdraw(who, room.eken, second.id)
    for id_ in ("", made.series[:5], "nowhere"):
        with pytest.raises(NoSuchShift):
            await room.roster.withdraw(ULLA, room.eken, ShiftId(id_))
    with pytest.raises(NoSuchShift):
        await room.roster.withdraw(ULLA, SITE.services[LINDEN], second.id)
    room.clock.moment = at("2026-11-24 18:30")
    assert await room.roster.withdraw(ULLA, room.eken, second.id) == 2
    told = await room.roster.of(EKEN, date(2026, 11, 23), timedelta(weeks=1))
    assert [(each.starts_at, each.cancelled) for each in told.shifts] == [
        (spans[0][0], False),
        (second.starts_at, True),
        (kept.starts_at, False),
    ]
    assert [each.cancelled for each in await room.roster.mine(SARA)] == [True]


async def test_closing_that_may_not_be_meant_is_asked_about_once(room: Room) -> None:
    """Nothing is closed before they say yes; no colleague is named whatever they say."""
    service = replace(room.eken, chat=replace(room.eken.chat, hours=OpeningHours("24/7")))
    late, words = at("2026-11-25 10:00"), {"sv": "Vi hör av oss i morgon."}
    with pytest.raises(Unsure) as asked:
        await room.roster.close(ULLA, service, late, words)
    assert (list(asked.value.doubts), asked.value.until) == (["length", "promise"], late)
    assert await room.roster.closing(EKEN) is None
    with pytest.raises(Unfit, match="name"):
        await room.roster.close(ULLA, service, late, {"sv": "Sara är sjuk."}, sure=True)
    assert (await room.roster.close(ULLA, service, late, words, sure=True)).words == words


async def test_service_is_closed_by_hand_with_words_and_opened_again(room: Room) -> None:
    """From now until the end of the opening; once it is over there is nothing to take back."""
    await room.has("2026-11-24 18:00", "2026-11-24 21:00", "sara")
    service = await room.now("2026-11-24 18:30")
    closing = await room.roster.close(ULLA, service, None, {"sv": "Vi är sjuka i kväll.", "en": ""})
    assert closing.ends_at == at("2026-11-24 21:00")
    service = await room.now()
    assert not service.chat.hours.is_open(room.clock.now())
    assert service.closed_words == {"sv": "Vi är sjuka i kväll."}
    assert await room.roster.closing(EKEN) == closing
    assert await room.roster.reopen(ULLA, service)
    service = await room.now()
    assert service.chat.hours.is_open(room.clock.now())
    assert service.closed_words == {}
    await room.roster.close(ULLA, service, at("2026-11-24 19:00"), {"sv": "Vi har möte."})
    assert not (await room.now()).chat.hours.is_open(room.clock.now())
    service = await room.now("2026-11-24 19:00")
    assert service.chat.hours.is_open(room.clock.now()), "it opens by itself"
    assert service.closed_words == {}
    assert not await room.roster.reopen(ULLA, service)


async def test_closing_again_is_measured_by_the_hours_without_the_first(room: Room) -> None:
    """Else the second would find nothing to close, or the opening after."""
    await room.has("2026-11-24 18:00", "2026-11-24 21:00", "sara")
    service = await room.now("2026-11-24 18:30")
    await room.roster.close(ULLA, service, None, {})
    service = await room.now("2026-11-24 19:00")
    again = await room.roster.close(ULLA, service, None, {"sv": "Vi är sjuka."})
    assert (again.starts_at, again.ends_at) == (room.clock.now(), at("2026-11-24 21:00"))


async def test_closing_is_for_who_leads_and_its_words_are_judged(room: Room) -> None:
    """No number of anybody goes out by it."""
    await room.has("2026-11-24 18:00", "2026-11-24 21:00", "sara")
    service = await room.now("2026-11-24 18:30")
    for who in (SARA, session("mats", StaffRole.SUPERVISOR, HAMNEN), session("ingrid", StaffRole.RECEIVER)):
        with pytest.raises(MayNot):
            await room.roster.close(who, service, None, {})
        with pytest.raises(MayNot):
            await room.roster.reopen(who, service)
    with pytest.raises(Unfit, match="identity"):
        await room.roster.close(EVA, service, None, {"sv": "Ring Anna på 070-123 45 67."})
    nobody = replace(service, chat=replace(service.chat, hours=OpeningHours("24/7", staffed=())))
    with pytest.raises(NothingToClose):
        await room.roster.close(EVA, nobody, None, {})
    assert await room.roster.closing(EKEN) is None
