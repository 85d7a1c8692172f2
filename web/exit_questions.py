# SPDX-License-Identifier: EUPL-1.2
"""Who may answer what is asked after the end: a handle for each conversation that was answered and is over.

Owns the handles. A handle is made by chance when the end is shown; it knows the service and which questions
are left, and nothing of the conversation. All of it is in the memory of this process: after a restart nobody
can answer any more, and nobody is told so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from chat.ids import Randomness, ServiceId, random_id
from chat.statistics import EXIT_QUESTIONS, Count, answered_after

LIVES: Final = timedelta(minutes=30)
MOST: Final = 10_000
"""Handles at once, a few hundred bytes each: far more conversations than end in half an hour. Beyond that the
oldest is forgotten."""


@dataclass(slots=True)
class _Left:
    service: ServiceId
    until: datetime
    questions: set[str]


@dataclass(slots=True, eq=False)
class ExitQuestions:
    """The handles of this process, the oldest first."""

    _handles: dict[str, _Left] = field(default_factory=dict)

    def new(self, service: ServiceId, now: datetime, randomness: Randomness) -> str:
        """Return a handle with which each question can be answered once for this service."""
        self._forget_old(now)
        while len(self._handles) >= MOST:
            del self._handles[next(iter(self._handles))]
        handle = random_id(randomness)
        self._handles[handle] = _Left(service, now + LIVES, set(EXIT_QUESTIONS))
        return handle

    def take(self, handle: str, question: str, answer: str, now: datetime) -> Count | None:
        """Return what one answer adds to the counters, once; None for whatever is not to be counted."""
        left = self._handles.get(handle)
        if left is None or now >= left.until or question not in left.questions:
            return None
        count = answered_after(left.service, question, answer, now)
        if count is None:
            return None
        left.questions.remove(question)
        if not left.questions:
            del self._handles[handle]
        return count

    def _forget_old(self, now: datetime) -> None:
        """They lie in the order of their ends, so only the first can be over."""
        for handle in list(self._handles):
            if now < self._handles[handle].until:
                return
            del self._handles[handle]
