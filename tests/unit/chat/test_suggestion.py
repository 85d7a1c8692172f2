# SPDX-License-Identifier: EUPL-1.2
"""Which service: what she is shown for what she chose to answer. Noon UTC is 13:00 in Sweden that day."""

from __future__ import annotations

from typing import Any

import pytest

from chat.hours import OpeningHours
from chat.ids import ServiceId, Track
from chat.routing import Answers, ServiceFacts, Suggestion, suggest
from tests.unit.chat.making import NOON, minutes


def facts(name: str, hours: str = "24/7", **told: Any) -> ServiceFacts:
    """Return a service that fits everybody who is exposed."""
    usual: dict[str, Any] = {"track": Track.EXPOSED}
    return ServiceFacts(id=ServiceId(name), hours=OpeningHours(hours), **(usual | told))


STOP = facts("stop", track=Track.PERPETRATOR)
TJEJ = facts("tjej", age_bands=frozenset({"under_18", "18_25"}))


def test_open_stands_first_and_soon_is_by_opening() -> None:
    """What is open comes first; what opens within a day follows; the rest is not shown."""
    services = [
        facts("evening", "18:00-21:00"),
        facts("open"),
        facts("sunday", "Su 10:00-12:00"),
        facts("at14", "14:00-15:00"),
    ]
    assert suggest(services, Answers(), NOON) == Suggestion(
        open=(ServiceId("open"),),
        soon=((ServiceId("at14"), NOON + minutes(60)), (ServiceId("evening"), NOON + minutes(300))),
    )


@pytest.mark.parametrize("role", [None, "exposed", "close", "nonsense"])
def test_the_other_track_is_never_shown_unasked(role: str | None) -> None:
    """Only somebody who says that they use violence meets the services for it."""
    assert suggest([STOP, facts("jour")], Answers(role=role), NOON).open == ("jour",)


def test_who_uses_violence_is_shown_their_own_track_only() -> None:
    """The services of the exposed never appear on that side, however few there are."""
    assert suggest([STOP, facts("jour")], Answers(role="perpetrator"), NOON) == Suggestion(open=(STOP.id,))


@pytest.mark.parametrize(
    ("age", "first"), [("under_18", "tjej"), ("over_25", "jour"), ("nonsense", "jour"), (None, "jour")]
)
def test_age_puts_the_one_made_for_her_first(age: str | None, first: str) -> None:
    """A tjejjour stands first for the young; a skipped or unknown answer changes nothing."""
    assert suggest([facts("jour"), TJEJ], Answers(age_band=age), NOON).open[0] == first


def test_what_does_not_fit_is_kept_apart() -> None:
    """A service for others is shown last, as better than a closed door, never among the fitting."""
    found = suggest([TJEJ, facts("jour")], Answers(age_band="over_25"), NOON)
    assert (found.open, found.others) == (("jour",), ("tjej",))


def test_municipality_counts_most() -> None:
    """Hers stands before the one for everybody, and another's among the others, in any case of letters."""
    services = [
        facts("all"),
        facts("there", municipalities=frozenset({"Trollhättan"})),
        facts("here", municipalities=frozenset({"Vallentuna"})),
    ]
    found = suggest(services, Answers(municipality="VALLENTUNA"), NOON)
    assert (found.open, found.others) == (("here", "all"), ("there",))


def test_need_and_language_must_be_met_where_they_are_named() -> None:
    """A service that names its needs and languages is for those; easy Swedish is Swedish."""
    talk = facts("talk", needs=frozenset({"talk"}), languages=frozenset({"sv", "ar"}))
    assert suggest([talk], Answers(need="talk", language="sv-easy"), NOON).open == ("talk",)
    assert suggest([talk], Answers(need="shelter"), NOON).open == ()
    assert suggest([talk], Answers(language="pl"), NOON).others == ("talk",)


def test_service_that_cannot_open_is_not_shown() -> None:
    """A municipal service without its decisions is no suggestion, open or soon."""
    assert suggest([facts("oppen", can_open=False)], Answers(), NOON) == Suggestion()


def test_last_minutes_are_not_open_but_the_next_opening_is_soon() -> None:
    """After the cutoff nothing new starts, so the next opening is what she is shown."""
    hours = OpeningHours.parse("10:00-13:10", last_chat_minutes=15)
    found = suggest([ServiceFacts(id=ServiceId("jour"), track=Track.EXPOSED, hours=hours)], Answers(), NOON)
    assert (found.open, found.soon) == ((), ((ServiceId("jour"), NOON + minutes(21 * 60)),))


def test_acute_puts_the_lines_first() -> None:
    """In danger now, 112 and the lines stand above every chat."""
    assert suggest([], Answers(acute=True), NOON).lines_first
