# SPDX-License-Identifier: EUPL-1.2
"""What is said beside her place without scripts: as the waiting room with scripts says it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chat.conversation import Phase
from chat.ids import ServiceId
from chat.live.notices import QueueMoved, Welcomed
from tests.texts import LANGUAGES
from tests.unit.web.test_plain_visit import Clock
from web.visitor.plain import room
from web.visitor.plain.visit import Visit
from web.visitor.plain.words import PlainWords

NINE = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)


def waiting(place: QueueMoved) -> Visit:
    """Return somebody who waits at a place and writes Arabic."""
    here = Visit("", "connection", Clock())
    here.deliver(Welcomed("token", ServiceId("linden"), Phase.WAITING, 0))
    here.language = "ar"
    here.deliver(place)
    return here


def told(place: QueueMoved, language: str = "sv", *, lost: bool = False) -> str:
    """Return what is said."""
    lines = room.about(PlainWords(language, LANGUAGES), waiting(place), lost=lost)
    return " ".join(lines).replace("\u2068", "").replace("\u2069", "")


def test_room_says_when_it_closes_and_that_it_has() -> None:
    """By the clock in Sweden; closed with somebody here is not closed with nobody."""
    assert told(QueueMoved(0, None, here=True)) == ""
    assert "stänger klockan 21:00" in told(QueueMoved(0, None, here=True, closes_at=NINE))
    assert "så länge någon är här" in told(QueueMoved(0, None, here=True, closed=True))
    assert "ingen är kvar" in told(QueueMoved(0, None, here=False, closed=True))


def test_room_names_the_language_that_nobody_here_writes() -> None:
    """In the words of the page's language; not to somebody who has been answered."""
    place = QueueMoved(0, None, here=True, understood=False)
    assert "skriver på arabiska" in told(place)
    assert "العربية" in told(place, "ar")
    assert told(place, lost=True) == ""


@pytest.mark.parametrize(
    ("place", "wants"),
    [
        (QueueMoved(0, (0, 5), here=True), False),
        (QueueMoved(9, (20, 30), here=True), False),
        (QueueMoved(9, (20, 31), here=True), True),
        (QueueMoved(0, None, here=True), False),
        (QueueMoved(0, None, here=False), True),
    ],
)
def test_others_are_named_where_nobody_can_answer_soon(place: QueueMoved, *, wants: bool) -> None:
    """As with scripts: nobody here, or more than half an hour."""
    assert room.wants_others(waiting(place)) is wants
