# SPDX-License-Identifier: EUPL-1.2
"""What staff tell in a few presses after a conversation or another contact, and what is counted as what.

Owns the vocabularies and the names of their counters. There is no free text, on purpose: a sentence would be
a record of somebody. Which answers were given together is not kept either: a row of answers is a row about a
person, and in a small service anybody could tell whose. Knows no conversation, no store and no clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from msgspec import Struct

from chat.counted import Count, ToldCounter
from chat.errors import OtherVocabulary
from chat.ids import ServiceId, Track
from chat.violence import Relation, ViolenceForm


class Channel(StrEnum):
    """How somebody came."""

    CHAT = "chat"
    PHONE = "phone"
    VISIT = "visit"
    LETTER = "letter"
    """By e-mail too."""
    SOCIAL = "social"


class RelationTold(StrEnum):
    """Between whom it happens, as far as it was told."""

    PARTNER = Relation.PARTNER.value
    FAMILY = Relation.FAMILY.value
    HONOUR = Relation.HONOUR.value
    CASUAL = Relation.CASUAL.value
    OTHER = "other"


class Theme(StrEnum):
    """What was talked about."""

    TALK = "talk"
    SAFETY_PLANNING = "safety_planning"
    SHELTER = "shelter"
    CHILDREN = "children"
    HEALTH = "health"
    JUSTICE = "justice"
    ECONOMY = "economy"
    HOUSING = "housing"
    OWN_VIOLENCE = "own_violence"
    STOPPING = "stopping"
    ANGER = "anger"
    CONTROL = "control"
    SEPARATION = "separation"
    SUBSTANCES = "substances"
    OWN_EXPOSURE = "own_exposure"
    OTHER = "other"


class Outcome(StrEnum):
    """What became of it: facts only. Whether it was any good is for her to say, and she is asked."""

    TALKED = "talked"
    LINE = "line"
    HANDED_OVER = "handed_over"
    LEFT_EARLY = "left_early"
    UNCLEAR = "unclear"


class AgeBand(StrEnum):
    """How old, only if it was told. Never guessed, and never taken from what she answered before the chat."""

    UNDER_18 = "under_18"
    FROM_18 = "18_25"
    FROM_26 = "26_64"
    FROM_65 = "over_65"


THEMES: Final[Mapping[Track, tuple[Theme, ...]]] = {
    Track.EXPOSED: (
        Theme.TALK,
        Theme.SAFETY_PLANNING,
        Theme.SHELTER,
        Theme.CHILDREN,
        Theme.HEALTH,
        Theme.JUSTICE,
        Theme.ECONOMY,
        Theme.HOUSING,
        Theme.OWN_VIOLENCE,
        Theme.OTHER,
    ),
    Track.PERPETRATOR: (
        Theme.STOPPING,
        Theme.ANGER,
        Theme.CONTROL,
        Theme.SEPARATION,
        Theme.CHILDREN,
        Theme.HEALTH,
        Theme.SUBSTANCES,
        Theme.JUSTICE,
        Theme.OWN_EXPOSURE,
        Theme.OTHER,
    ),
}
"""What may have been talked about in a service of each track; the two are never asked about alike."""

UNTOLD: Final = "untold"
"""What a question that was left open counts as, so that shares are of all who were asked about."""


class WrapUp(Struct, frozen=True, kw_only=True):
    """What was told about one conversation, or one contact that came another way. All but `channel` optional.

    Each counts one in its service, on the local day: that on which the conversation ended, or today for a
    contact. The docstrings of the fields are the rules, and stand so in `docs/statistics.md`.
    """

    service: ServiceId
    channel: Channel
    """One for each form, so it is how many forms there are. No conversation has two."""
    violence: tuple[ViolenceForm, ...] = ()
    """One for each form of violence that was told of, so one person may count in several."""
    relation: RelationTold | None = None
    """One: who it comes from, or in the perpetrator track whom it is used against."""
    themes: tuple[Theme, ...] = ()
    """One for each theme that was talked about, so one person may count in several."""
    outcome: Outcome | None = None
    """One: what became of it."""
    age_band: AgeBand | None = None
    """One: how old she or he is, if it was told."""


ASKED: Final[Mapping[str, tuple[str, type[StrEnum]]]] = {
    "violence": ("violence", ViolenceForm),
    "relation": ("relation", RelationTold),
    "theme": ("themes", Theme),
    "outcome": ("outcome", Outcome),
    "age": ("age_band", AgeBand),
}
"""By what stands in the name of a counter: which field it is, and what may be answered."""


def counts_of(told: WrapUp, track: Track, day: date) -> tuple[Count, ...]:
    """Return what one form adds to the counters: one in each, and none twice.

    `track`: of its service. `day`: the local day that it belongs to.

    Raises:
        OtherVocabulary: a theme of the other track.
    """
    if not set(told.themes) <= set(THEMES[track]):
        raise OtherVocabulary
    return tuple(Count(told.service, day, name) for name in _names_of(told))


def _names_of(told: WrapUp) -> Iterator[ToldCounter]:
    yield counter("channel", told.channel)
    answers: Mapping[str, tuple[StrEnum | None, ...]] = {
        "violence": told.violence,
        "relation": (told.relation,),
        "theme": told.themes,
        "outcome": (told.outcome,),
        "age": (told.age_band,),
    }
    for asked, given in answers.items():
        # What was ticked twice was ticked.
        yield from (counter(asked, answer or UNTOLD) for answer in dict.fromkeys(given or (None,)))


def counter(asked: str, answer: str) -> ToldCounter:
    """Return the name of the counter of one answer."""
    return ToldCounter(f"told_{asked}_{answer}")


def counters() -> Mapping[str, tuple[ToldCounter, ...]]:
    """Return the names of all counters that a form may add to, by the field of `WrapUp`."""
    names = {"channel": tuple(counter("channel", each) for each in Channel)}
    for asked, (field, answers) in ASKED.items():
        names[field] = tuple(counter(asked, each) for each in (*answers, UNTOLD))
    return names
