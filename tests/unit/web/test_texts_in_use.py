# SPDX-License-Identifier: EUPL-1.2
"""Every text that the code says is in a catalogue, and every text of a catalogue is said somewhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, get_args

import pytest

from chat.violence import Relation, ViolenceForm
from handover.items import Answer, ContactWay, Item
from handover.receivers import ReceivedAt
from moderation.verdict import Kind
from tests.texts import LANGUAGES
from tests.unit.web.said import Said, found_in
from web.catalogues import HERS, SOURCE, STAFF
from web.errors import NackCode

BOTH = ("refusals.py", "errors.py", "connection.py", "languages.py")
HER_SIDE = ("visitor", "opening_words.py", "templates/visitor", "static/visitor", "exit_questions.py", *BOTH)
STAFF_SIDE = (
    "operator",
    "supervisor",
    "receiver",
    "accounts",
    "barometer",
    "figures",
    "audit",
    "chair",
    "people",
    "replies",
    "roster",
    "staff_page.py",
    "staffing",
    "templates/people",
    "templates/staff",
    "templates/receiver",
    "static/operator",
    *BOTH,
)

WHO: Final = ("visitor", "self", "other")
MORE: Final = ("", ".more")
OVER: Final = ("visitor", "operator", "expired", "closed", "gone", "elsewhere", "unreachable")
YES: Final = ("secrecy", "data", "measure", "police", "identity", "coordinate")

# What may stand in the gap of an id that is put together. A new one fails the test until it is declared here.
HER_FAMILIES: Final[dict[str, Iterable[str]]] = {
    "acute.{}": ("yes", "no"),
    "age_band.{}": ("under_18", "18_25", "over_25"),
    "answer.{}": Answer,
    "asked{}": MORE,
    "asked.over{}": MORE,
    "code.{}": ("wrong", "count", "slow", "busy", "over", "closed"),
    "contact.{}": ("planned", "coordinator", "taken_over", "done"),
    "danger.{}": WHO,
    "danger.yes.{}": ("self", "other"),
    "declined{}": MORE,
    "delivery.{}": ("sending", "later", "sent", "masked", "failed", "refused", "lost"),
    "done.{}": ("recalled", "withdrawn", "renewed", "comes", "stays_away"),
    "fault.{}": ("aids", "shift", "time", "room", "form", "languages"),
    "form.{}": ViolenceForm,
    "found.{}": ("open", "empty", "soon", "others"),
    "instead.{}": ("closed", "nobody", "long"),
    "item.{}": (*Item, "times"),
    "kind.{}": (*Kind, "other"),
    "lack.{}": ("items", "secrecy", "data", "police", "identity"),
    "letter.at.{}": ("hers", "wrote", "accepted", "declined"),
    "meeting.they.{}": ("yes", "no"),
    "message.{}": ("visitor", "operator"),
    "nack.{}": get_args(NackCode),
    "near.{}": WHO,
    "need.{}": ("talk", "advice", "shelter", "stop_violence"),
    "next.{}": ("opened", "answered", "accepted"),
    "next.delivered.{}": ReceivedAt,
    "open.{}": ("short", "long"),
    "over.{}": OVER,
    "over.{}.text": OVER,
    "relation.{}": Relation,
    "state.{}": ("answered", "declined", "returned"),
    "state.delivered.{}": ReceivedAt,
    "taken_back{}": MORE,
    "trouble.{}": ("conflict", "not_now", "not_allowed", "bad_frame", "later", "changed", "gone"),
    "way.{}": ContactWay,
    "yes.{}": YES,
    "{}.{}": ("role.exposed", "role.close", "role.perpetrator"),
    "{}.some": ("felt", "helped", "again"),
    "{}.why": ("age_band", "municipality"),
    # Whoever uses violence is asked in other words about these.
    "{}.perpetrator": (
        "form.latent",
        "form.material",
        "form.neglect",
        "item.danger",
        "item.forms",
        "item.relation",
        "relation.honour",
    ),
}

BY_NAME: Final = {"felt", "helped", "again"}
"""Said by the page under the names that the server hands it: what she is asked after the end."""

NO_TEXTS: Final = {"tick.{}", "{}_word"}
"""Put together in the same way: a field of a form, and the type of a frame."""

# Nobody but staff reads these; the tests of each side hold what stands in the gap.
# fmt: off
STAFF_FAMILIES: Final = (
    "about.{}", "after.{}", "agreed.{}", "agreement.{}", "alarm.{}_{}", "answer.{}", "answers.{}_{}",
    "author.{}", "away.{}", "board.{}", "by.{}", "channel.{}", "choose.{}", "choose.{}_hint", "column.{}",
    "cover.{}", "covered.{}", "csv.{}", "day_{}", "deed.{}", "desktop.{}", "done.{}", "emergency.{}",
    "ended.{}", "entry.{}", "field.{}", "file.{}", "form.{}", "goal.{}", "handed.{}{}", "her.{}", "her.{}.{}",
    "hint.{}", "intake.{}", "item.{}", "item.{}.perpetrator", "keys.cap_{}", "keys.in_{}", "keys.{}",
    "kind.{}", "known.{}", "language.{}", "languages.{}", "letter.{}", "level.{}", "link.{}", "matter.{}",
    "mistake.guessable.{}",
    "nack.identity_{}",
    "nack.{}", "note.{}", "other.{}", "over.{}", "part.{}", "placeholder.{}", "practice.tip.{}",
    "practice.{}.{}", "problem.{}", "question.{}", "reasons.{}", "refused.{}", "refused.own.{}",
    "relation.{}", "returned.{}",
    "role.{}", "role.{}_hint", "roles.{}", "routine.{}", "row.{}", "section.{}", "sheets.{}", "short.{}",
    "sound.{}", "sounds.{}", "source.{}", "state.{}", "status.{}", "sure.{}", "tested.{}", "think.{}",
    "tile.{}_{}", "tonight.{}", "trouble.{}", "unfit.{}", "unit.{}", "way.{}", "weekday.{}", "words.{}",
    "wrapup.{}", "wrapup.{}.perpetrator", "wrapup.{}.{}", "wrong.{}", "yes.{}",
)
# fmt: on


def ids(*, hers: bool) -> set[str]:
    """Return the ids of one side's texts in Swedish."""
    return {id_ for _, _, id_ in LANGUAGES.known(SOURCE, hers=hers)}


def expanded(families: dict[str, Iterable[str]]) -> set[str]:
    """Return every id that is put together; what has several gaps is declared whole."""
    return {
        str(value) if pattern.count("{}") > 1 else pattern.replace("{}", str(value))
        for pattern, values in families.items()
        for value in values
    }


@pytest.fixture(scope="module")
def her_side() -> Said:
    """Read what her side says."""
    return found_in(HER_SIDE)


@pytest.fixture(scope="module")
def staff_side() -> Said:
    """Read what the sides of staff say."""
    return found_in(STAFF_SIDE)


def test_every_domain_is_hers_or_of_staff() -> None:
    """A new catalogue is a decision: must she have it in every language?"""
    assert set(LANGUAGES.counted(SOURCE)) <= {*HERS, *STAFF}


def test_ids_that_are_put_together_are_declared(her_side: Said, staff_side: Said) -> None:
    """Else nobody could tell which texts they need."""
    assert her_side.patterns - NO_TEXTS == set(HER_FAMILIES)
    assert staff_side.patterns == set(STAFF_FAMILIES)


def test_her_side_says_nothing_that_is_not_there(her_side: Said) -> None:
    """An id would stand on her page instead of a text."""
    assert (her_side.said | expanded(HER_FAMILIES)) - ids(hers=True) - {"nack.lost_claim"} == set()


def test_every_text_of_hers_is_said(her_side: Said) -> None:
    """A text that nobody says is work for every translator."""
    said = her_side.said | her_side.named | expanded(HER_FAMILIES) | BY_NAME
    assert ids(hers=True) - said == set()


def test_staff_sides_say_nothing_that_is_not_there(staff_side: Said) -> None:
    """Some of what the console says is hers: it shows what she reads."""
    assert staff_side.said - ids(hers=False) - ids(hers=True) == set()


def test_every_text_of_staff_is_said(staff_side: Said) -> None:
    """What begins as an id that is put together is left to the side's own tests."""
    begun = tuple(pattern.partition("{")[0] for pattern in STAFF_FAMILIES)
    unsaid = ids(hers=False) - staff_side.said - staff_side.named
    assert {id_ for id_ in unsaid if not id_.startswith(begun)} == set()
