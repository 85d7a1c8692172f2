# SPDX-License-Identifier: EUPL-1.2
"""One shift as a value: who may take, leave, offer and take over a place, and what planners may change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chat.ids import ServiceId, Track
from web.roster.errors import (
    AlreadyOn,
    Begun,
    NoPlace,
    NoSuchShift,
    NotOn,
    OtherTrack,
    Overlaps,
    Unfit,
)
from web.roster.shift import (
    AHEAD,
    LATE,
    Cancel,
    Change,
    Hold,
    Known,
    Leave,
    Offer,
    Plan,
    Remove,
    Restore,
    Shift,
    ShiftId,
    Take,
    TakeOver,
    changed,
    check_plan,
    comers,
)

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LINDEN, EKEN, HAMNEN = ServiceId("linden"), ServiceId("eken"), ServiceId("hamnen")
TRACKS = {LINDEN: Track.EXPOSED, EKEN: Track.EXPOSED, HAMNEN: Track.PERPETRATOR}
HOUR = timedelta(hours=1)


def shift(
    begins: float = 96, hours: float = 3, *, service: ServiceId = LINDEN, id_: str = "one", **held: Hold
) -> Shift:
    """Return a shift of two places that begins so many hours from now."""
    start = NOW + begins * HOUR
    return Shift(
        id=ShiftId(id_),
        service=service,
        starts_at=start,
        ends_at=start + hours * HOUR,
        wanted=2,
        fewest=1,
        held=held,
    )


def does(one: Shift, change: Change, *others: Shift, now: datetime = NOW) -> Shift:
    """Return what a change makes of a shift, for people who have these other shifts."""
    return changed(one, change, Known(now, dict.fromkeys(comers(change, one), others), TRACKS))


def test_place_is_taken_and_given_back_in_good_time() -> None:
    """Long before, the place is simply open again."""
    taken = does(shift(), Take("anna"))
    assert (taken.on, taken.places, taken.is_short) == (("anna",), 1, False)
    left = does(taken, Leave("anna"))
    assert (left.on, left.absent, left.places, left.needs_somebody) == ((), (), 2, False)


@pytest.mark.parametrize(
    ("begins", "late"), [(48.1, False), (48, False), (47.9, True), (1, True), (-1, True)]
)
def test_place_that_is_given_back_late_needs_somebody(begins: float, late: bool) -> None:
    """From two days before on, and while the shift runs."""
    assert timedelta(hours=48) == LATE
    left = does(shift(begins, anna=Hold.TAKEN), Leave("anna"))
    assert left.on == ()
    assert left.places == 2
    assert (left.needs_somebody, left.absent) == (late, ("anna",) if late else ())


def test_somebody_else_or_the_same_person_takes_the_place_of_who_dropped_out() -> None:
    """As soon as every place is taken nobody is missed any more; who could not come may come after all."""
    left = shift(20, anna=Hold.ABSENT)
    both = does(does(left, Take("maja")), Take("sara"))
    assert (both.on, both.places, both.needs_somebody) == (("maja", "sara"), 0, False)
    one = does(replace(left, wanted=5), Take("maja"))
    assert (one.needs_somebody, one.held) == (False, {"maja": Hold.TAKEN}), "though there are places left"
    two = shift(20, anna=Hold.ABSENT, sara=Hold.ABSENT)
    assert does(two, Take("maja")).absent == ("sara",)
    assert does(two, Take("sara")).absent == ("anna",)
    back = does(left, Take("anna"))
    assert (back.on, back.absent) == (("anna",), ())


def test_place_is_swapped_in_one_go() -> None:
    """It stays hers until it is another's, and never is nobody's or of both."""
    offered = does(shift(anna=Hold.TAKEN, maria=Hold.TAKEN), Offer("anna", offered=True))
    assert (offered.on, offered.places) == (("anna", "maria"), 0)
    assert does(offered, TakeOver("maja", "anna")).on == ("maja", "maria")
    kept = does(offered, Offer("anna", offered=False))
    with pytest.raises(NoPlace):
        does(kept, TakeOver("maja", "anna"))


@pytest.mark.parametrize(
    ("one", "change", "error"),
    [
        (shift(anna=Hold.TAKEN), Take("anna"), AlreadyOn),
        (shift(anna=Hold.OFFERED), Take("anna"), AlreadyOn),
        (shift(sara=Hold.TAKEN, maja=Hold.OFFERED), Take("anna"), NoPlace),
        (shift(-0.5), Take("anna"), Begun),
        (shift(0), Take("anna"), Begun),
        (shift(-0.5, sara=Hold.OFFERED), TakeOver("anna", "sara"), Begun),
        (shift(sara=Hold.ABSENT), TakeOver("anna", "sara"), NoPlace),
        (shift(), TakeOver("anna", "sara"), NoPlace),
        (shift(anna=Hold.TAKEN, sara=Hold.OFFERED), TakeOver("anna", "sara"), AlreadyOn),
        (shift(anna=Hold.OFFERED), TakeOver("anna", "anna"), AlreadyOn),
        (shift(sara=Hold.TAKEN), Leave("anna"), NotOn),
        (shift(anna=Hold.ABSENT), Leave("anna"), NotOn),
        (shift(), Offer("anna", offered=True), NotOn),
        (shift(-0.5, anna=Hold.TAKEN), Offer("anna", offered=True), Begun),
        (shift(), Remove("anna"), NotOn),
        (shift(-3), Take("anna", planned=True), Begun),
        (shift(-3, anna=Hold.TAKEN), Leave("anna"), Begun),
        (shift(-3), Cancel(), Begun),
    ],
)
def test_what_cannot_be_is_refused(one: Shift, change: Change, error: type[Exception]) -> None:
    """Each with the reason of its own."""
    with pytest.raises(error):
        does(one, change)


def test_nobody_is_in_two_places_at_once() -> None:
    """Also in another service; shifts that only touch are no trouble, nor is a cancelled one."""
    one = shift(96, 3)
    for begins, hours in ((94, 3), (97, 1), (96, 3), (95.9, 10)):
        there = shift(begins, hours, service=EKEN, id_="two", maja=Hold.TAKEN)
        with pytest.raises(Overlaps):
            does(one, Take("maja"), there)
        with pytest.raises(Overlaps):
            does(replace(one, held={"anna": Hold.OFFERED}), TakeOver("maja", "anna"), there)
        does(one, Take("maja"), replace(there, cancelled=True))
        does(one, Take("maja"), replace(there, held={"maja": Hold.ABSENT}))
    for begins, hours in ((93, 3), (99, 3)):
        assert does(one, Take("maja"), shift(begins, hours, id_="two", maja=Hold.TAKEN)).on == ("maja",)


def test_nobody_has_shifts_of_both_tracks() -> None:
    """However far apart; planners put nobody there either."""
    there = shift(300, service=HAMNEN, id_="two", maja=Hold.TAKEN)
    for change in (Take("maja"), Take("maja", planned=True)):
        with pytest.raises(OtherTrack):
            does(shift(), change, there)
    assert does(shift(300, service=HAMNEN), Take("peter"), there).on == ("peter",)


def test_planner_puts_people_on_while_it_runs_and_takes_them_off_without_a_trace() -> None:
    """Until it is over."""
    running = shift(-1, anna=Hold.ABSENT)
    assert does(running, Take("maja", planned=True)).on == ("maja",)
    assert does(running, Remove("anna")).held == {}


def test_cancelled_shift_is_left_alone() -> None:
    """It has no places and nobody on it, and still tells who it was cancelled for."""
    cancelled = does(shift(anna=Hold.TAKEN), Cancel())
    assert (cancelled.on, cancelled.places, cancelled.is_short, cancelled.held) == (
        (),
        0,
        False,
        {"anna": Hold.TAKEN},
    )
    for change in (Take("maja"), Leave("anna"), Cancel(), Remove("anna")):
        with pytest.raises(NoSuchShift):
            does(cancelled, change)


def test_cancelling_is_taken_back_for_those_who_have_nothing_else_by_now() -> None:
    """Nobody is in two places, nor on both tracks; who had said no has still said so; twice is as once."""
    before = shift(anna=Hold.TAKEN, maria=Hold.OFFERED, sara=Hold.ABSENT)
    cancelled = does(before, Cancel())
    assert comers(Restore(), cancelled) == ("anna", "maria")
    assert does(cancelled, Restore()) == before
    assert does(before, Restore()) == before
    elsewhere = shift(97, id_="two", service=EKEN, anna=Hold.TAKEN)
    other_track = shift(300, id_="three", service=HAMNEN, maria=Hold.TAKEN)
    assert does(cancelled, Restore(), elsewhere, other_track).held == {"sara": Hold.ABSENT}
    with pytest.raises(Begun):
        does(replace(cancelled, ends_at=NOW), Restore())


def test_shift_is_moved_with_who_is_on_it_unless_somebody_is_elsewhere_then() -> None:
    """Nor below the number of people who are on it."""
    one = shift(96, 3, anna=Hold.TAKEN, maria=Hold.TAKEN)
    later = Plan(one.starts_at + HOUR, one.ends_at + 2 * HOUR, 4, 2)
    moved = does(one, later, one)
    assert (moved.starts_at, moved.wanted, moved.fewest, moved.on) == (later.starts_at, 4, 2, one.on)
    with pytest.raises(Overlaps):
        does(one, later, shift(100, 1, id_="two", anna=Hold.TAKEN))
    with pytest.raises(Unfit, match="fewer"):
        does(one, replace(later, wanted=1, fewest=1))


@pytest.mark.parametrize(
    ("begins", "hours", "wanted", "fewest", "why"),
    [
        (10, 0.4, 2, 1, "length"),
        (10, 16.1, 2, 1, "length"),
        (10, -3, 2, 1, "length"),
        (-4, 3, 2, 1, "past"),
        (AHEAD / HOUR + 1, 3, 2, 1, "far"),
        (10, 3, 0, 0, "number"),
        (10, 3, 21, 1, "number"),
        (10, 3, 2, 3, "number"),
        (10, 3, 2, 0, "number"),
    ],
)
def test_plan_that_cannot_be_says_why(
    begins: float, hours: float, wanted: int, fewest: int, why: str
) -> None:
    """At the edges just inside it can."""
    start = NOW + begins * HOUR
    with pytest.raises(Unfit, match=f"^{why}$"):
        check_plan(Plan(start, start + hours * HOUR, wanted, fewest), NOW)


@pytest.mark.parametrize(
    ("begins", "hours", "wanted", "fewest"), [(-2.9, 3, 1, 1), (AHEAD / HOUR, 16, 20, 20), (1, 0.5, 2, 1)]
)
def test_plan_at_the_edge_can_be(begins: float, hours: float, wanted: int, fewest: int) -> None:
    """Running already, a year ahead, half an hour."""
    start = NOW + begins * HOUR
    check_plan(Plan(start, start + hours * HOUR, wanted, fewest), NOW)
