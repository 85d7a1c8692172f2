# SPDX-License-Identifier: EUPL-1.2
"""The tables of the roster: what comes back, that only one of two wins a place, and that the old is gone."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chat.adapters.sql.database import Database
from chat.ids import ServiceId
from web.roster.adapters.sql import SqlRosterStore
from web.roster.closing import Closing
from web.roster.errors import NoPlace, Overlaps
from web.roster.ports import RosterStore
from web.roster.shift import Hold, Known, SeriesId, Shift, ShiftId, Take, changed, id_in, series_of

LINDEN, EKEN = ServiceId("linden"), ServiceId("eken")
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def shift(id_: str, begins: float = 6, *, service: ServiceId = LINDEN, wanted: int = 1) -> Shift:
    """Return a new shift of three hours."""
    start = NOW + begins * HOUR
    return Shift(
        id=ShiftId(id_), service=service, starts_at=start, ends_at=start + 3 * HOUR, wanted=wanted, fewest=1
    )


@pytest.fixture
def two(databases: tuple[Database, Database]) -> tuple[RosterStore, RosterStore]:
    """Two stores on one new database, as two processes have them."""
    one, other = databases
    return SqlRosterStore(one), SqlRosterStore(other)


async def test_what_is_stored_comes_back_as_it_was(two: tuple[RosterStore, RosterStore]) -> None:
    """In another process too, every field; the version goes up by one."""
    one, other = two
    await one.add([shift("a", wanted=3), shift("b", service=EKEN)])
    (found,) = await other.between([LINDEN], NOW, NOW + 24 * HOUR)
    assert found == replace(shift("a", wanted=3), version=1)
    held = {"anna": Hold.TAKEN, "maja": Hold.OFFERED, "sara": Hold.ABSENT}
    after = replace(found, held=held, fewest=2, cancelled=True, starts_at=NOW + HOUR)
    assert await other.save(after, {})
    assert await one.shift(ShiftId("a")) == replace(after, version=2)
    assert await one.shift(ShiftId("b")) == replace(shift("b", service=EKEN), version=1)
    assert await one.shift(ShiftId("nowhere")) is None


async def test_shifts_are_found_by_service_and_time(two: tuple[RosterStore, RosterStore]) -> None:
    """What touches the stretch, in order; its edges are not in it."""
    store = two[0]
    await store.add(
        [shift("late", 9), shift("early", 1), shift("over", -3), shift("next", 12), shift("x", service=EKEN)]
    )
    found = await store.between([LINDEN], NOW, NOW + 12 * HOUR)
    assert [each.id for each in found] == ["early", "late"]
    assert [each.id for each in await store.between([LINDEN, EKEN], NOW + 6 * HOUR, NOW + 7 * HOUR)] == ["x"]
    assert await store.between([], NOW, NOW + 12 * HOUR) == []


async def test_shifts_made_in_one_go_are_found_and_cancelled_together(
    two: tuple[RosterStore, RosterStore],
) -> None:
    """Only those of the service that begin later; what is there at the same times is not stored again."""
    one, other = two
    series, another = SeriesId("_" * 18), SeriesId("x" * 18)
    new = [replace(shift("", begins), id=id_in(series, at)) for at, begins in enumerate((-1, 6, 12))]
    assert await one.add(new) == 3
    assert await other.add([replace(each, id=id_in(another, at)) for at, each in enumerate(new)]) == 0
    longer = replace(new[1], id=id_in(another, 7), ends_at=new[1].ends_at + HOUR)
    assert await other.add([longer]) == 1
    assert [series_of(each.id) for each in await other.series(LINDEN, series)] == [series] * 3
    assert await other.series(EKEN, series) == []
    held = replace((await one.series(LINDEN, series))[1], held={"anna": Hold.TAKEN})
    assert await one.save(held, {"anna": 0})
    read = await one.shift(held.id)
    assert read is not None
    stamp = await one.stamps(NOW - 24 * HOUR)
    assert await other.cancel_series(LINDEN, series, NOW) == 2
    assert await one.stamps(NOW - 24 * HOUR) != stamp
    assert not await one.save(read, {}), "whoever read it before is too late"
    assert [each.id for each in await one.series(LINDEN, series)] == [new[0].id]
    assert await other.cancel_series(LINDEN, series, NOW) == 0
    kept = await one.shift(longer.id)
    assert kept is not None
    assert not kept.cancelled
    again = [replace(each, id=id_in(another, at)) for at, each in enumerate(new)]
    assert await one.add(again) == 2, "what is cancelled stands in nobody's way"


async def test_shifts_of_somebody_are_found_with_how_often_they_changed(
    two: tuple[RosterStore, RosterStore],
) -> None:
    """Not those she dropped out of, nor those that are over."""
    store = two[0]
    await store.add([shift("a"), shift("b", 20), shift("over", -5)])
    assert await store.of("anna", NOW) == (0, [])
    for id_, hold in (("a", Hold.TAKEN), ("b", Hold.ABSENT), ("over", Hold.TAKEN)):
        found = await store.shift(ShiftId(id_))
        assert found is not None
        count, _ = await store.of("anna", NOW)
        assert await store.save(replace(found, held={"anna": hold}), {"anna": count})
    count, shifts = await two[1].of("anna", NOW)
    assert (count, [each.id for each in shifts]) == (3, ["a"])
    assert await store.save(replace(shifts[0], cancelled=True), {})
    assert [each.cancelled for each in (await two[1].of("anna", NOW))[1]] == [True], "she is to see that"


async def test_too_late_stores_nothing_at_all(two: tuple[RosterStore, RosterStore]) -> None:
    """Neither an old version of the shift, nor an old count of the person, nor a first count of two."""
    one, other = two
    await one.add([shift("a", wanted=3), shift("b", 20)])
    read = await one.shift(ShiftId("a"))
    assert read is not None
    assert await one.save(replace(read, held={"anna": Hold.TAKEN}), {"anna": 0})
    assert not await other.save(replace(read, held={"maja": Hold.TAKEN}), {"maja": 0})
    assert await other.of("maja", NOW) == (0, [])
    elsewhere = await other.shift(ShiftId("b"))
    assert elsewhere is not None
    for count in (0, 2):
        assert not await other.save(replace(elsewhere, held={"anna": Hold.TAKEN}), {"anna": count})
    assert await one.shift(ShiftId("b")) == elsewhere
    assert (await one.of("anna", NOW))[0] == 1


async def race(two: tuple[RosterStore, RosterStore], rounds: int) -> None:
    """Let two try for one place, and one person for two shifts at once, over and over again."""
    stores = two

    async def takes(store: RosterStore, id_: ShiftId, who: str) -> bool:
        found = await store.shift(id_)
        assert found is not None
        count, others = await store.of(who, NOW)
        try:
            after = changed(found, Take(who), Known(NOW, {who: others}, {}))
        except (NoPlace, Overlaps):
            return False
        return await store.save(after, {who: count})

    for number in range(rounds):
        place, left, right = (ShiftId(f"{name}{number}") for name in ("place", "left", "right"))
        begins = 6 + 3 * number
        await stores[0].add([shift(place, begins), shift(left, begins), shift(right, begins)])
        won = await asyncio.gather(takes(stores[0], place, "anna"), takes(stores[1], place, "maja"))
        found = await stores[0].shift(place)
        assert found is not None
        assert (sum(won), len(found.on)) == (1, 1)
        both = await asyncio.gather(takes(stores[0], left, "sara"), takes(stores[1], right, "sara"))
        assert sum(both) == 1
        assert (
            len([each for each in (await stores[1].of("sara", found.starts_at))[1] if each.overlaps(found)])
            == 1
        )


async def test_one_place_is_never_two_people_s(two: tuple[RosterStore, RosterStore]) -> None:
    """Nor is anybody in two places at once, however close they come."""
    await race(two, 25)


@pytest.mark.thorough
async def test_one_place_is_never_two_people_s_many_times(
    two: tuple[RosterStore, RosterStore],
) -> None:
    """The same for long."""
    await race(two, 300)


async def test_stamp_is_another_one_after_every_change(two: tuple[RosterStore, RosterStore]) -> None:
    """Also after one in another process; what is long over has no part in it."""
    one, other = two
    await one.add([shift("other", service=EKEN)])
    before = await one.stamps(NOW)
    assert LINDEN not in before
    await other.add([shift("a")])
    stamps = [await one.stamps(NOW)]
    found = await other.shift(ShiftId("a"))
    assert found is not None
    assert await other.save(replace(found, held={"anna": Hold.TAKEN}), {})
    stamps.append(await one.stamps(NOW))
    assert len({each[LINDEN] for each in stamps}) == 2
    assert {each[EKEN] for each in stamps} == {before[EKEN]}
    await other.add([shift("over", -48)])
    assert await one.stamps(NOW) == stamps[-1]


async def test_what_is_long_over_is_forgotten_with_its_people(two: tuple[RosterStore, RosterStore]) -> None:
    """Whoever has no shift left is nowhere; others keep their count."""
    store = two[0]
    await store.add([shift("old", -48), shift("new")])
    for id_, names in (("old", ("anna", "maja")), ("new", ("maja",))):
        found = await store.shift(ShiftId(id_))
        assert found is not None
        counts = {name: (await store.of(name, NOW))[0] for name in names}
        assert await store.save(replace(found, held=dict.fromkeys(names, Hold.TAKEN)), counts)
    await store.close(Closing(service=LINDEN, starts_at=NOW - 48 * HOUR, ends_at=NOW - 45 * HOUR))
    await store.forget_before(NOW - 24 * HOUR)
    assert await store.shift(ShiftId("old")) is None
    assert (await store.of("anna", NOW - 99 * HOUR), (await store.of("maja", NOW))[0]) == ((0, []), 2)
    assert await store.closings() == []


async def test_service_has_one_closing_and_it_is_taken_back_once(
    two: tuple[RosterStore, RosterStore],
) -> None:
    """A later one stands in the place of the one before."""
    one, other = two
    first = Closing(service=LINDEN, starts_at=NOW, ends_at=NOW + HOUR, words={"sv": "Vi är sjuka. ü"})
    await one.close(first)
    await other.close(Closing(service=EKEN, starts_at=NOW, ends_at=NOW + HOUR))
    assert (await other.closings())[1] == first
    later = replace(first, ends_at=NOW + 2 * HOUR, words={})
    await other.close(later)
    assert [each for each in await one.closings() if each.service == LINDEN] == [later]
    assert await one.reopen(LINDEN)
    assert not await other.reopen(LINDEN)
    assert [each.service for each in await one.closings()] == [EKEN]
