# SPDX-License-Identifier: EUPL-1.2
"""The board's lines: their order, when each opens or closes, and what a page of one or of many looks like."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chat.ids import ServiceId
from chat.live.board import BoardRow, Serving
from handover.ids import ReceiverId
from handover.ports import Count
from tests.texts import LANGUAGES
from tests.unit.web.staff import LINDEN, NOW, Pages, row, session
from web.accounts.account import StaffRole
from web.supervisor.rows import MANY, Telling

INTAKE = ReceiverId("mottagningen-vallentuna")
ANNA = Serving("Alva", 1, 3)


def told(rows: list[BoardRow], language: str = "sv", now: datetime = NOW) -> list[dict[str, Any]]:
    """Return the lines in words."""
    return Telling(language, LANGUAGES.texts(language, "staff"), now).rows(rows, {}, {})


def of(number: int, **figures: Any) -> BoardRow:
    """Return the row of one of many services."""
    return row(ServiceId(f"s{number}"), **figures)


def test_many_services_begin_with_those_that_need_somebody() -> None:
    """Nobody there for who waits, who waits long, who waits, nobody there yet, who is there, the closed."""
    rows = [
        of(0, open=False), of(1), of(2, on_duty=(ANNA,)), of(3, waiting=1, on_duty=(ANNA,)), of(4, waiting=2),
        of(5), of(6, active=1), of(7, waiting=1, on_duty=(ANNA._replace(paused=True),)),
        of(8, waiting=1, longest_wait_s=600, on_duty=(ANNA,)),
    ]  # fmt: skip
    assert len(rows) > MANY
    lines = told(rows)
    assert [line["service"] for line in lines] == ["s4", "s7", "s8", "s3", "s1", "s5", "s6", "s2", "s0"]
    assert [line["busy"] for line in lines] == [True] * 8 + [False]
    assert [line["alert"] for line in lines] == [True] * 3 + [False] * 6
    assert lines[2]["cells"]["alert"] == "Någon har väntat länge"


def test_few_services_never_move() -> None:
    """Whoever looks after a few knows where each stands."""
    rows = [of(each, waiting=each) for each in range(MANY - 1)]
    assert [line["service"] for line in told(rows)] == [each.service for each in rows]


@pytest.mark.parametrize(
    ("figures", "state"),
    [
        ({}, "Öppen"),
        ({"closes_at": NOW + timedelta(hours=2)}, "Öppen till 21:05"),
        ({"closes_at": NOW + timedelta(hours=7)}, "Öppen till måndag 02:05"),
        ({"closes_at": NOW + timedelta(days=3)}, "Öppen"),
        (
            {"closes_at": NOW + timedelta(minutes=25), "takes_new": False},
            "Stänger 19:30, tar inga nya samtal",
        ),
        ({"open": False}, "Stängd"),
        ({"open": False, "opens_at": NOW + timedelta(hours=1)}, "Stängd, öppnar 20:05"),
        ({"open": False, "opens_at": NOW + timedelta(days=2)}, "Stängd, öppnar tisdag 19:05"),
        (
            {"open": False, "opens_at": datetime(2026, 12, 24, 17, tzinfo=UTC)},
            "Stängd, öppnar 24 december 18:00",
        ),
        ({"cannot_open": "x", "open": False, "opens_at": NOW}, "Kan inte öppna: x"),
    ],
)
def test_line_says_until_when(figures: dict[str, Any], state: str) -> None:
    """By the clock in Sweden, with the day where it is another."""
    (line,) = told([of(0, on_duty=(ANNA,), **figures)])
    assert line["cells"]["state"] == state


async def test_one_service_has_no_table_to_look_at_and_many_can_be_narrowed_down() -> None:
    """The page knows how many there are; without scripts there is nothing to narrow with."""
    one = (await Pages(session(StaffRole.SUPERVISOR, [LINDEN]), [row(LINDEN)]).get("/supervisor")).text
    assert '<table class="board single"' in one
    assert 'data-part="narrow"' not in one
    pages = Pages(session(StaffRole.SUPERVISOR, [LINDEN]), [row(LINDEN)] * MANY)
    many = (await pages.get("/supervisor")).text
    assert '<table class="board many"' in many
    assert 'data-part="narrow" hidden' in many


async def test_open_chat_with_nobody_on_duty_stands_out_before_anybody_waits() -> None:
    """In words and by a mark of its own; what is closed and what somebody looks after has neither."""
    paused = ANNA._replace(paused=True)
    rows = [
        of(0),
        of(1, on_duty=(paused,)),
        of(2, on_duty=(paused, ANNA)),
        of(3, open=False),
        of(4, waiting=1),
        of(5, takes_new=False),
    ]
    lines = told(rows)
    assert [line["alone"] for line in lines] == [True, True, False, False, False, False]
    assert lines[0]["cells"]["state"] == "Öppen, men ingen är i tjänst"
    assert lines[1]["cells"]["state"] == "Öppen, men alla har paus"
    # Where somebody waits, that is what is told, once.
    assert (lines[4]["cells"]["state"], lines[4]["alert"]) == ("Öppen", True)
    page = (
        await Pages(session(StaffRole.SUPERVISOR, [LINDEN]), [row(LINDEN)]).get("/supervisor?lang=en")
    ).text
    assert 'data-alone="true"' in page
    assert "Open, but nobody is on duty" in page
    assert 'href="/staff/roster/linden?lang=en"' in page


async def test_board_reads_no_count_of_handovers(monkeypatch: pytest.MonkeyPatch) -> None:
    """What came of them is told by the statistics alone, for services and for units."""

    async def counts(*_: Any) -> list[Count]:
        raise AssertionError("the board has asked")

    for units in ((), (INTAKE,)):
        pages = Pages(session(StaffRole.SUPERVISOR, [LINDEN], units))
        house = pages._house()
        house.office.handovers.store.counts = counts
        monkeypatch.setattr(Pages, "_house", lambda _, house=house: house)
        assert (await pages.get("/supervisor/board")).status_code == 200
        monkeypatch.undo()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "–"),
        (0, "under 1 min"),
        (59, "under 1 min"),
        (60, "1 min"),
        (3599, "59 min"),
        (3660, "1 h 1 min"),
    ],
)
async def test_board_tells_the_longest_wait_in_words(seconds: int | None, words: str) -> None:
    """Waiting is told in whole minutes, and nobody waiting is told as a dash."""
    pages = Pages(session(StaffRole.SUPERVISOR, [LINDEN]), [row(LINDEN, longest_wait_s=seconds)])
    answer = await pages.get("/supervisor/board")
    assert answer.json()["rows"][0]["cells"]["longest"] == words
