# SPDX-License-Identifier: EUPL-1.2
"""The answers of one organisation for one year: what they are, and which can be taken.

Owns the values. Pure: knows no store, no sign-in and no page.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from config.barometer import AnswerKind, Question
from web.barometer.errors import Changed, Done, Unfit, Why

LONGEST: Final = 400
"""Signs of a text: a few sentences about an organisation."""
LARGEST: Final = 99_999

_UNSEEN: Final = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
_TURNS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What turns the writing around it."""


@dataclass(frozen=True, slots=True)
class Given:
    """What has been answered. A number is its digits, a choice its id."""

    answers: Mapping[str, str] = field(default_factory=dict)
    done: date | None = None
    """The day on which somebody marked the year as done; nothing changes afterwards."""


def answered(
    before: tuple[int, Given],
    read: int,
    given: Mapping[str, str],
    asked: Iterable[Question],
    tells_who: Callable[[str], bool],
) -> Given:
    """Return the answers after a form. `read` is the version that whoever filled it in had seen.

    A question that is left empty has no answer; what the form has besides questions is left out.

    Raises:
        Done: the year is done.
        Changed: `before` is of another version.
        Unfit: an answer cannot be taken.
    """
    version, now = before
    if now.done is not None:
        raise Done
    if read != version:
        raise Changed
    answers: dict[str, str] = {}
    wrong: dict[str, Why] = {}
    for question in asked:
        text = unicodedata.normalize("NFC", given.get(question.id, "").replace("\r\n", "\n")).strip()
        if not text:
            continue
        why = _wrong_with(question, text, tells_who)
        if why is not None:
            wrong[question.id] = why
        answers[question.id] = str(int(text)) if question.kind is AnswerKind.NUMBER and why is None else text
    if wrong:
        raise Unfit(wrong)
    return Given(answers)


def _wrong_with(question: Question, text: str, tells_who: Callable[[str], bool]) -> Why | None:
    match question.kind:
        case AnswerKind.NUMBER:
            fits = text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST))
            return None if fits else "number"
        case AnswerKind.CHOICE:
            return None if text in question.choices else "choice"
        case AnswerKind.TEXT:
            return _wrong_with_text(text, tells_who)


def _wrong_with_text(text: str, tells_who: Callable[[str], bool]) -> Why | None:
    if len(text) > LONGEST:
        return "long"
    signs = text.replace("\n", " ")
    if any(unicodedata.category(sign) in _UNSEEN or sign in _TURNS for sign in signs):
        return "strange"
    return "identity" if tells_who(text) else None
