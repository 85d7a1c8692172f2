# SPDX-License-Identifier: EUPL-1.2
"""Who is on duty and what room they have."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.duty import Places, places, track_of
from chat.errors import NotAllowed
from chat.ids import ServiceId, Track
from tests.unit.chat.making import FEW, NOON, A, B, a_duty, a_service

STOP = a_service("stop", track=Track.PERPETRATOR)


def test_track_is_the_one_of_all_services() -> None:
    """Several services of one track make one shift."""
    assert track_of([a_service("jour"), a_service("tjej")]) is Track.EXPOSED
    assert track_of([STOP]) is Track.PERPETRATOR


@pytest.mark.parametrize("services", [[], [a_service(), STOP]])
def test_track_mixed_or_missing_is_refused(services: list[object]) -> None:
    """Nobody is on duty for both tracks at once, nor for nothing."""
    with pytest.raises(NotAllowed):
        track_of(services)  # type: ignore[arg-type]  # parametrize knows no service


def test_places_count_those_who_serve_now() -> None:
    """Somebody away or on duty elsewhere gives no place; what they hold elsewhere takes one."""
    duties = [a_duty("a"), a_duty("b", "jour", "tjej"), a_duty("c", away_since=NOON), a_duty("d", "tjej")]
    assert places(a_service(capacity=3), duties, {A: 1, B: 2}) == Places(slots=6, free=3)


def test_places_of_nobody_are_none() -> None:
    """Without anybody on duty there is neither a slot nor a free one."""
    assert places(a_service(), [], {}) == Places(slots=0, free=0)


@FEW
@given(st.lists(st.integers(0, 9), max_size=6), st.integers(1, 5))
def test_places_never_pass_the_capacity(loads: list[int], capacity: int) -> None:
    """Somebody who holds too many (the capacity was lowered) takes no place from the others."""
    duties = [a_duty(str(number)) for number in range(len(loads))]
    found = places(
        a_service(capacity=capacity), duties, dict(zip((duty.id for duty in duties), loads, strict=True))
    )
    assert 0 <= found.free <= found.slots == capacity * len(duties)


def test_serves_needs_service_and_socket() -> None:
    """With the switch off, or without a socket, nobody serves."""
    assert a_duty("a").serves(ServiceId("jour"))
    assert not a_duty("a").serves(ServiceId("tjej"))
    assert not a_duty("a", away_since=NOON).serves(ServiceId("jour"))
