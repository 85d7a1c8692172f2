# SPDX-License-Identifier: EUPL-1.2
"""A plan in words: sentences, the lines of the table, and the squares of the plot.

Owns how numbers of people, hours and waits are said. Works nothing out: `plan.py` does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor, inf
from typing import Any, Final

from babel.numbers import format_decimal

from chat.staffing import AnsweredWithin
from web.languages import Languages, weekday
from web.staffing import plot
from web.staffing.plan import Line, Reached, Wish, busiest

DOMAIN: Final = "staffing"
_A_MONDAY: Final = date(2024, 1, 1)
_LONG: Final = 180
"""From so many minutes on a wait is not told more exactly."""


@dataclass(frozen=True, slots=True)
class Words:
    """Says it in one language."""

    languages: Languages
    language: str

    def say(self, key: str, **values: str | int) -> str:
        """Return a text."""
        text = self.languages.texts(self.language, DOMAIN).gettext(key)
        return text % values if values else text

    def count(self, key: str, n: int) -> str:
        """Return a text with a number of something."""
        return self.languages.texts(self.language, DOMAIN).ngettext(key, key, n) % {"n": n}

    def day(self, number: int) -> str:
        """Return `måndag` of 0."""
        return weekday(_A_MONDAY + timedelta(days=number), self.language)

    def number(self, value: float) -> str:
        """Return a number with at most one decimal."""
        return format_decimal(round(value, 1), format="0.#", locale=self.language)

    def wait(self, minutes: float) -> str:
        """Return a wait in whole minutes, rounded up: nobody is told less than it is."""
        if minutes < 1:
            return self.say("wait.short")
        return self.say("wait.long") if minutes > _LONG else self.count("wait.minutes", ceil(minutes))

    def people(self, line: Line) -> str:
        """Return `2 personer`."""
        return self.say("people.many") if line.needed is None else self.count("people", line.needed.people)

    # --- sentences ---

    def sentences(self, lines: Sequence[Line], wish: Wish) -> list[str]:
        """Return what the plan comes to, the most important first."""
        most = busiest(lines)
        if most is None:
            return [self.say("said.never")]
        said = [
            self.say(
                "said.most",
                day=self.day(most.weekday).capitalize(),
                hours=_span(most.peak, most.peak + 1),
                n=self.number(most.an_hour),
                people=self.people(most),
                each=self.count("said.each", wish.capacity),
            )
        ]
        if most.needed is not None:
            said.append(self._then(most.needed, wish))
        if most.fewer is not None:
            said.append(self._with_fewer(most.fewer, wish))
        opened = [line for line in lines if line.is_open]
        numbers = [line.needed.people for line in opened if line.needed is not None]
        if len(numbers) == len(opened):
            if set(numbers) == {1}:
                said.append(self.say("said.one"))
            whole = sum(people * line.length for people, line in zip(numbers, opened, strict=True))
            said.append(self.count("said.whole", whole))
        return said

    def target(self, wish: Wish) -> str:
        """Return what is to be reached."""
        if isinstance(wish.target, AnsweredWithin):
            share, minutes = str(round(100 * wish.target.share)), self.number(wish.target.minutes)
            return self.say("target.share", share=share, minutes=minutes)
        return self.say("target.mean", minutes=self.number(wish.target.minutes))

    def _then(self, reached: Reached, wish: Wish) -> str:
        return self.say(
            "said.then",
            share=_of_100(reached.share),
            minutes=self.number(wish.within),
            wait=self.wait(reached.wait),
        )

    def _with_fewer(self, reached: Reached, wish: Wish) -> str:
        people = self.count("people", reached.people)
        if reached.wait == inf:
            return self.say("said.grows", people=people)
        return self.say(
            "said.fewer",
            people=people.capitalize(),
            share=_of_100(reached.share),
            minutes=self.number(wish.within),
            wait=self.wait(reached.wait),
        )

    # --- the table and the plot ---

    def row(self, line: Line) -> dict[str, Any]:
        """Return a line of the table."""
        return {
            "day": self.day(line.weekday).capitalize(),
            "hours": _span(line.first, line.until),
            "shut": "" if line.is_open else self.say("shut"),
            "an_hour": self.number(line.an_hour),
            "people": self.people(line),
            "share": "–" if line.needed is None else _of_100(line.needed.share),
            "wait": "–" if line.needed is None else self.wait(line.needed.wait),
        }

    def drawn(self, lines: Sequence[Line], about: str) -> str:
        """Return the plot."""
        squares: Mapping[tuple[int, int], plot.Square] = {
            (line.weekday, hour): self._square(line, hour)
            for line in lines
            for hour in range(line.first, line.until)
        }
        days = [self.day(each)[:3] for each in range(7)]
        return plot.week(self.say("plot.title"), about, days, squares, id_="week")

    def _square(self, line: Line, hour: int) -> plot.Square:
        people = line.needed.people if line.needed is not None else None
        whole = self.say(
            "plot.square",
            day=self.day(line.weekday),
            hours=_span(hour, hour + 1),
            people=self.people(line),
        )
        if not line.is_open:
            whole = f"{whole} {self.say('shut')}"
        said = "…" if people is None else str(people)
        return plot.Square(people or 0, said, whole, line.is_open)


def _span(first: int, until: int) -> str:
    """Return `18–21`."""
    return f"{first:02}–{until:02}"


def _of_100(share: float) -> str:
    """Return how many of 100, rounded down: no target is told to be reached that is not."""
    return str(floor(100 * share + 1e-9))
