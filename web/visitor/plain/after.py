# SPDX-License-Identifier: EUPL-1.2
"""What she is asked after the end, without scripts: one question a page, each answer a form, none needed.

Owns the way from one to the next. No cookie is left from the talk then, and no address may tell that there
was one: an answer is redirected with a cookie that the very next page takes away again. It carries a handle
(`web/exit_questions.py`), which knows nothing of the talk. Knows no conversation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from chat.ids import ServiceId
from chat.statistics import EXIT_ANSWERS, EXIT_QUESTIONS
from web.house import House
from web.visitor import asked
from web.visitor.plain.answering import is_client_id
from web.visitor.plain.visit import Visit
from web.visitor.plain.words import PlainWords

_MARK: Final = "after"


@dataclass(frozen=True, slots=True)
class After:
    """Where she is: `turn` questions are behind her; after the last come thanks. `handle`: for the rest."""

    handle: str
    turn: int = 0

    def text(self) -> str:
        """Return it as the value of a cookie."""
        return f"{_MARK}.{self.turn}.{self.handle}"


def read(text: str) -> After | None:
    """Return what a cookie says; None when it is of something else."""
    mark, _, rest = text.partition(".")
    turn, _, handle = rest.partition(".")
    turns = {str(each): each for each in range(len(EXIT_QUESTIONS) + 1)}
    if mark != _MARK or turn not in turns or not is_client_id(handle):
        return None
    return After(handle, turns[turn])


def first(house: House, service: ServiceId, visit: Visit) -> After | None:
    """Return the first question for somebody whose talk was answered and has ended as it should."""
    if not visit.was_met or visit.over not in asked.ASKED_AFTER:
        return None
    if visit.code is not None or visit.draft:
        return None  # a tap would take from her what she has not learnt, or not sent
    return After(asked.new_handle(house, service))


async def note(house: House, fields: Mapping[str, str]) -> After | None:
    """Count an answer; return what comes next, or None when she wants no more."""
    handle, question, answer = (fields.get(name, "") for name in ("handle", "question", "answer"))
    if not is_client_id(handle) or question not in EXIT_QUESTIONS or answer not in EXIT_ANSWERS:
        return None
    await asked.note(house, handle, question, answer)
    return After(handle, EXIT_QUESTIONS.index(question) + 1)


def shown(words: PlainWords, after: After | None) -> dict[str, Any] | None:
    """Return the question with its answers, or the thanks."""
    if after is None:
        return None
    if after.turn == len(EXIT_QUESTIONS):
        return {"text": words.afterwards("thanks"), "intro": "", "answers": []}
    question = EXIT_QUESTIONS[after.turn]
    return {
        "text": words.afterwards(question),
        "intro": words.afterwards("intro"),
        "handle": after.handle,
        "question": question,
        "answers": [(answer, _worded(words, question, answer)) for answer in EXIT_ANSWERS],
        "skip": words.afterwards("skip"),
    }


def _worded(words: PlainWords, question: str, answer: str) -> str:
    return words.afterwards(f"{question}.some" if answer == "some" else answer)
