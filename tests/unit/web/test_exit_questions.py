# SPDX-License-Identifier: EUPL-1.2
"""Who may answer what is asked after the end, and how often."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from chat.ids import ServiceId
from chat.statistics import EXIT_ANSWERS, EXIT_QUESTIONS, Counted
from tests.service.standing import SeededRandomness
from web.exit_questions import LIVES, MOST, ExitQuestions

NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
"""Half past midnight in Sweden: the day counts there."""
LINDEN = ServiceId("linden")


class Asking:
    """One process's handles, with chance that repeats."""

    def __init__(self) -> None:
        self.handles = ExitQuestions()
        self._randomness = SeededRandomness(1)

    def new(self, now: datetime = NOW) -> str:
        """Return a new handle."""
        return self.handles.new(LINDEN, now, self._randomness)

    def name(
        self, handle: str, question: str = "felt", answer: str = "yes", now: datetime = NOW
    ) -> str | None:
        """Return what one answer is counted as."""
        count = self.handles.take(handle, question, answer, now)
        return None if count is None else count.name


def test_each_question_counts_once() -> None:
    """Also with another answer; the other questions still count, then the handle is nothing."""
    asking = Asking()
    handle = asking.new()
    assert asking.name(handle) == Counted.EXIT_FELT_YES
    assert asking.name(handle, answer="no") is None
    assert asking.name(handle, "helped", "some") == Counted.EXIT_HELPED_SOME
    assert asking.name(handle, "again", "no") == Counted.EXIT_AGAIN_NO
    assert all(asking.name(handle, question) is None for question in EXIT_QUESTIONS)


def test_every_question_and_answer_has_a_counter_of_its_own() -> None:
    """None is forgotten, and no two share one."""
    asking = Asking()
    names = {
        asking.name(asking.new(), question, answer) for question in EXIT_QUESTIONS for answer in EXIT_ANSWERS
    }
    assert None not in names
    assert len(names) == len(EXIT_QUESTIONS) * len(EXIT_ANSWERS)


def test_count_is_of_the_local_day_and_of_nothing_else() -> None:
    """Service, day and name are all there is."""
    asking = Asking()
    count = asking.handles.take(asking.new(), "felt", "no", NOW)
    assert count is not None
    assert (count.service, str(count.day), count.name, count.by) == (
        "linden",
        "2026-11-23",
        "exit_felt_no",
        1,
    )


def test_what_is_no_answer_leaves_the_question_open() -> None:
    """Unknown words count nothing and use nothing up."""
    asking = Asking()
    handle = asking.new()
    for question, answer in (
        ("felt", "YES"),
        ("felt", ""),
        ("", "yes"),
        ("x" * 9_999, "yes"),
        ("felt", "yes\0"),
    ):
        assert asking.name(handle, question, answer) is None
    assert asking.name(handle) == Counted.EXIT_FELT_YES


def test_forged_and_old_handles_count_nothing() -> None:
    """After half an hour, or without one of ours."""
    asking = Asking()
    handle = asking.new()
    assert asking.name(handle[:-1] + ("A" if handle[-1] != "A" else "B")) is None
    assert asking.name("") is None
    assert asking.name(handle, now=NOW + LIVES) is None
    assert asking.name(handle, now=NOW + LIVES - timedelta(seconds=1)) == Counted.EXIT_FELT_YES


def test_handles_are_bounded_and_the_oldest_goes_first() -> None:
    """A flood of ends costs no more memory than this, and the newest can still be answered."""
    asking = Asking()
    first, second = asking.new(), asking.new()
    for _ in range(MOST - 1):
        newest = asking.new()
    assert asking.name(first) is None
    assert asking.name(second) is not None
    assert asking.name(newest) is not None
    asking.new(NOW + LIVES)
    assert len(asking.handles._handles) == 1
