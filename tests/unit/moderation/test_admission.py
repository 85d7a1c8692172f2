# SPDX-License-Identifier: EUPL-1.2
"""Who may start: a flood pays and is bounded, and whoever comes from elsewhere hardly notices it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from moderation.admission import ALL, CROWD_PLACES, OWN, PACE, PLACES, Admission, Admitted, Busy, WorkNeeded
from moderation.work import FIRST_BITS, MOST_BITS

START = datetime(2026, 11, 20, 18, tzinfo=UTC)
SECOND = timedelta(seconds=1)
SCHOOL, ELSEWHERE = b"s" * 16, b"e" * 16


def network(number: int) -> bytes:
    """Return one of many networks."""
    return number.to_bytes(16)


def test_admission_lets_a_whole_school_in_without_work() -> None:
    """Thirty at once from one network, and then one every ten seconds."""
    admission = Admission()
    for _ in range(OWN.burst):
        assert admission.judge(SCHOOL, START, has_worked=False, waiting=0) == Admitted()
    assert admission.judge(SCHOOL, START, has_worked=False, waiting=0) == WorkNeeded(FIRST_BITS)
    later = START + 10 * SECOND
    assert admission.judge(SCHOOL, later, has_worked=False, waiting=0) == Admitted()


def test_admission_asks_other_networks_for_nothing_while_one_is_busy() -> None:
    """What is not let in counts for nobody."""
    admission = Admission()
    for _ in range(10_000):
        admission.judge(SCHOOL, START, has_worked=False, waiting=0)
    assert admission.judge(ELSEWHERE, START, has_worked=False, waiting=0) == Admitted()


def test_admission_asks_everybody_when_many_networks_come_at_once() -> None:
    """A flood from many addresses, each within its own allowance."""
    admission = Admission()
    verdicts = [admission.judge(network(n), START, has_worked=False, waiting=0) for n in range(ALL.burst + 1)]
    assert verdicts[:-1] == [Admitted()] * ALL.burst
    assert verdicts[-1] == WorkNeeded(FIRST_BITS)


def test_admission_asks_for_more_work_the_longer_a_flood_lasts_and_forgets_it_afterwards() -> None:
    """Up to the ceiling; some minutes after it, for none."""
    admission, now, asked = Admission(), START, []
    for _ in range(60 * 20):
        now += SECOND / 20
        verdict = admission.judge(SCHOOL, now, has_worked=False, waiting=0)
        if isinstance(verdict, WorkNeeded):
            asked.append(verdict.bits)
            admission.judge(SCHOOL, now, has_worked=True, waiting=0)
    assert asked == sorted(asked)
    assert (asked[0], asked[-1]) == (FIRST_BITS, MOST_BITS)
    now += timedelta(minutes=5)
    assert admission.judge(ELSEWHERE, now, has_worked=False, waiting=0) == Admitted()
    now += timedelta(minutes=30)
    assert admission.judge(SCHOOL, now, has_worked=False, waiting=0) == Admitted()


def test_admission_keeps_half_of_its_pace_for_those_from_elsewhere() -> None:
    """A network that works as fast as it can does not use up what others need."""
    admission, now, let_in = Admission(), START, {SCHOOL: 0, ELSEWHERE: 0}
    for second in range(120):
        for _ in range(200):
            verdict = admission.judge(SCHOOL, now, has_worked=True, waiting=0)
            let_in[SCHOOL] += verdict == Admitted()
        verdict = admission.judge(network(second), now, has_worked=True, waiting=0)
        let_in[ELSEWHERE] += verdict == Admitted()
        now += SECOND
    assert let_in[ELSEWHERE] == 120
    assert let_in[SCHOOL] <= OWN.burst + 20 + 10 * 120


def test_admission_keeps_a_third_of_the_places_for_those_from_elsewhere() -> None:
    """A network beyond its allowance waits for a place earlier than others do."""
    admission = Admission()
    for _ in range(OWN.burst):
        admission.judge(SCHOOL, START, has_worked=False, waiting=0)
    for waiting, of_the_crowd, others in (
        (CROWD_PLACES - 1, Admitted(), Admitted()),
        (CROWD_PLACES, Busy(60 * SECOND), Admitted()),
        (PLACES, Busy(60 * SECOND), Busy(60 * SECOND)),
    ):
        assert admission.judge(SCHOOL, START, has_worked=True, waiting=waiting) == of_the_crowd
        assert admission.judge(ELSEWHERE, START, has_worked=False, waiting=waiting) == others


def test_admission_never_refuses_for_good() -> None:
    """Her network's flood may go on: asking again, with work, she gets in before long."""
    admission, now, tries = Admission(), START, 0
    for _ in range(10_000):
        admission.judge(SCHOOL, now, has_worked=True, waiting=0)
    while admission.judge(SCHOOL, now, has_worked=True, waiting=0) != Admitted():
        tries, now = tries + 1, now + 10 * SECOND
    assert tries <= 1


@given(
    st.lists(
        st.tuples(st.integers(0, 400), st.integers(0, 3), st.booleans(), st.integers(0, 1_100)), max_size=400
    )
)
def test_admission_never_lets_in_more_than_its_bounds(
    asked: list[tuple[int, int, bool, int]],
) -> None:
    """Whoever asks however often: the pace of the whole is kept, and nobody beyond the last place."""
    admission, now, let_in, without_work = Admission(), START, 0, 0
    for pause, who, has_worked, waiting in asked:
        now += timedelta(milliseconds=pause)
        verdict = admission.judge(network(who), now, has_worked=has_worked, waiting=waiting)
        if verdict == Admitted():
            let_in += 1
            without_work += not has_worked
            assert waiting < PLACES
        passed = now - START
        assert let_in <= PACE.burst + passed // PACE.every
        assert without_work <= ALL.burst + passed // ALL.every + 1


def test_admission_forgets_networks_when_their_names_change() -> None:
    """At midnight the bytes that stand for a network are others; what all have taken stays."""
    admission = Admission()
    for _ in range(OWN.burst):
        admission.judge(SCHOOL, START, has_worked=False, waiting=0)
    admission.forget_rested(START)
    assert admission.judge(SCHOOL, START, has_worked=False, waiting=0) == WorkNeeded(FIRST_BITS)
    admission.forget_networks()
    assert admission.judge(SCHOOL, START, has_worked=False, waiting=0) == Admitted()


def test_admission_believes_no_more_starts_elsewhere_than_can_be_let_in_there() -> None:
    """Whoever tells of thousands at once makes work for nobody, and no more than a burst is counted."""
    admission = Admission()
    for number in range(6_000):
        admission.note(network(number), START)
    assert admission.judge(ELSEWHERE, START + 3 * SECOND, has_worked=False, waiting=0) == Admitted()
    assert admission.judge(network(5_999), START + 3 * SECOND, has_worked=False, waiting=0) == Admitted()
