# SPDX-License-Identifier: EUPL-1.2
"""A sanction asks for work and marks one start, for an hour at most; it refuses nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from moderation.admission import Admission, Admitted, WorkNeeded
from moderation.sanctions import BITS, LASTS, MOST, Sanction, Sanctions, Unsafe

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HERE, THERE = b"here", b"there"


def one(id_: str = "a", service: str = "linden", since: datetime = NOON) -> Sanction:
    """Return a sanction."""
    return Sanction(id=id_, service=service, reason=Unsafe.THREAT, since=since)


def test_covers_its_network_for_an_hour() -> None:
    """Neither another network nor a minute longer."""
    sanctions = Sanctions()
    sanctions.add(HERE, one())
    assert sanctions.covers(HERE, NOON)
    assert sanctions.covers(HERE, NOON + LASTS - MINUTE)
    assert not sanctions.covers(HERE, NOON + LASTS)
    assert not sanctions.covers(THERE, NOON)


def test_marks_the_first_start_in_its_service_only() -> None:
    """What is begun in another service is another supervisor's business, and a second start is not told."""
    sanctions = Sanctions()
    sanctions.add(HERE, one())
    sanctions.note_start(HERE, "eken", NOON + MINUTE)
    sanctions.note_start(THERE, "linden", NOON + MINUTE)
    (shown,) = sanctions.in_force(["linden"], NOON)
    assert shown.started_at is None
    sanctions.note_start(HERE, "linden", NOON + 2 * MINUTE)
    sanctions.note_start(HERE, "linden", NOON + 3 * MINUTE)
    (shown,) = sanctions.in_force(["linden"], NOON)
    assert shown.started_at == NOON + 2 * MINUTE


def test_is_shown_and_lifted_by_its_own_services() -> None:
    """Another service sees and lifts nothing; a lifted one is gone at once."""
    sanctions = Sanctions()
    sanctions.add(HERE, one("a"))
    sanctions.add(THERE, one("b", since=NOON + MINUTE))
    assert [each.id for each in sanctions.in_force(["linden"], NOON + MINUTE)] == ["b", "a"]
    assert sanctions.in_force(["eken"], NOON) == []
    assert not sanctions.lift("a", ["eken"])
    assert sanctions.lift("a", ["linden"])
    assert not sanctions.lift("a", ["linden"])
    assert not sanctions.covers(HERE, NOON)


def test_the_newest_stands() -> None:
    """Two on one network are one, as long as the newer."""
    sanctions = Sanctions()
    sanctions.add(HERE, one("a"))
    sanctions.add(HERE, one("b", since=NOON + 30 * MINUTE))
    assert [each.id for each in sanctions.in_force(["linden"], NOON + 40 * MINUTE)] == ["b"]


def test_memory_is_bounded() -> None:
    """The oldest give way; what is over is forgotten."""
    sanctions = Sanctions()
    for number in range(MOST + 5):
        sanctions.add(str(number).encode(), one(str(number)))
    assert len(sanctions.in_force(["linden"], NOON)) == MOST
    assert not sanctions.covers(b"0", NOON)
    assert sanctions.in_force(["linden"], NOON + LASTS) == []


def test_new_networks_forget_all() -> None:
    """Tomorrow's bytes mean other networks."""
    sanctions = Sanctions()
    sanctions.add(HERE, one())
    sanctions.forget_networks()
    assert not sanctions.covers(HERE, NOON)


def test_a_start_takes_work_and_is_let_in() -> None:
    """However often it is asked, work is the most that it takes: nobody is refused."""
    admission = Admission()
    for _ in range(5):
        asked = admission.judge(HERE, NOON, has_worked=False, waiting=0, least=BITS)
        assert asked == WorkNeeded(BITS)
        assert admission.judge(HERE, NOON, has_worked=True, waiting=0, least=BITS) == Admitted()
    assert admission.judge(THERE, NOON, has_worked=False, waiting=0) == Admitted()
