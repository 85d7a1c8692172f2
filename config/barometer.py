# SPDX-License-Identifier: EUPL-1.2
"""Reads what an organisation is asked once a year: `config/barometer.toml`.

Owns the form of the questions. Must not know who answers, nor where answers are kept.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from config.site import Texts


class Part(StrEnum):
    """The five parts of Kvinnofridsbarometern, Unizon's yearly survey of its member jourer."""

    ORGANISATION = "organisation"
    ROUTINES = "routines"
    MEASURES = "measures"
    PREVENTION = "prevention"
    COMPETENCE = "competence"


class AnswerKind(StrEnum):
    """What an answer is."""

    NUMBER = "number"
    CHOICE = "choice"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question, about the organisation and never about a person."""

    id: str
    part: Part
    kind: AnswerKind
    text: Texts
    choices: Mapping[str, Texts]
    """What may be chosen, by id; empty for another kind."""


@cache
def questions() -> tuple[Question, ...]:
    """Return the questions, in the order of the file."""
    found = tomllib.loads(resources.files("config").joinpath("barometer.toml").read_text(encoding="utf-8"))
    return tuple(
        Question(
            id=each["id"],
            part=Part(each["part"]),
            kind=AnswerKind(each["kind"]),
            text=each["text"],
            choices=found["choices"][each["choices"]] if "choices" in each else {},
        )
        for each in found["questions"]
    )
