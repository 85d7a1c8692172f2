# SPDX-License-Identifier: EUPL-1.2
"""The form about a conversation that is over, or another contact: what it asks, in words, for each track.

Owns which words stand for which answer. The answers themselves are `chat/wrapping_up.py`.
"""

from __future__ import annotations

import gettext
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from chat.ids import Track
from chat.violence import ViolenceForm
from chat.wrapping_up import THEMES, AgeBand, Channel, Outcome, RelationTold

DOMAIN: Final = "wrapup"
"""The catalogue."""

OWN_LEGEND: Final = frozenset({"violence", "relation"})
"""What the perpetrator track is asked in other words."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer. An empty `value`: it was not told."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the form. `name`: the field of the frame."""

    name: str
    legend: str
    several: bool
    """Whether more than one answer may be ticked."""
    options: Sequence[Option]


@dataclass(frozen=True, slots=True)
class Form:
    """The questions of one track."""

    track: Track
    questions: Sequence[Question]


def forms(tracks: Collection[str], texts: gettext.NullTranslations) -> list[Form]:
    """Return the form of each of these tracks."""
    return [Form(track, tuple(_questions(track, texts))) for track in Track if track.value in tracks]


def channels(texts: gettext.NullTranslations) -> Question:
    """Return the question how a contact came; chats are counted where they end."""
    others = [each for each in Channel if each is not Channel.CHAT]
    return _question("channel", texts.gettext("wrapup.channel"), others, texts, several=False)


def _questions(track: Track, texts: gettext.NullTranslations) -> Iterator[Question]:
    asked: Sequence[tuple[str, Sequence[StrEnum], bool]] = (
        ("violence", tuple(ViolenceForm), True),
        ("relation", tuple(RelationTold), False),
        ("themes", THEMES[track], True),
        ("outcome", tuple(Outcome), False),
        ("age_band", tuple(AgeBand), False),
    )
    for name, answers, several in asked:
        own = track is Track.PERPETRATOR and name in OWN_LEGEND
        legend = texts.gettext(f"wrapup.{name}.perpetrator" if own else f"wrapup.{name}")
        yield _question(name, legend, answers, texts, several=several)


def _question(
    name: str, legend: str, answers: Sequence[StrEnum], texts: gettext.NullTranslations, *, several: bool
) -> Question:
    options = [Option(each.value, texts.gettext(f"wrapup.{name}.{each.value}")) for each in answers]
    if name in {"relation", "age_band"}:
        # What was pressed by mistake can be taken back.
        options.append(Option("", texts.gettext("wrapup.untold")))
    return Question(name, legend, several, options)
