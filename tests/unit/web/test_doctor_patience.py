# SPDX-License-Identifier: EUPL-1.2
"""The doctor waits for no place longer than its bound, however slowly that place goes on answering."""

from __future__ import annotations

import threading

import pytest

from web.doctor.outside import _tells
from web.doctor.patience import within
from web.doctor.readings import Answer


def test_place_that_never_ends_is_left() -> None:
    """It is said that it took too long, and the next place is looked at."""
    over = threading.Event()

    def drips() -> str:
        over.wait()
        return "late"

    seen = within(drips, None, 0.01)
    over.set()
    assert seen is None


@pytest.mark.parametrize(
    ("status", "page", "tells"),
    [
        (200, 502, True),
        (503, 200, True),
        (307, 404, True),
        (404, 200, False),
        (403, 200, False),
        (502, 502, False),
    ],
)
def test_what_only_the_inside_may_ask_is_closed_where_it_says_nothing(
    status: int, page: int, *, tells: bool
) -> None:
    """A /readyz that says 503 to the world is open; a proxy that reaches nobody tells nothing."""
    assert _tells(status, Answer(page)) is tells


def test_answer_and_error_pass_through() -> None:
    """As if it had been asked directly."""
    assert within(lambda: "seen", None) == "seen"
    with pytest.raises(ZeroDivisionError):
        within(lambda: str(1 // 0), None)
