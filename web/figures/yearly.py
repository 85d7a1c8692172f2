# SPDX-License-Identifier: EUPL-1.2
"""A year in plain sentences, for a board and a municipality.

Owns which sentences there are and when one is said. The figures come from a report, in words already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from web.figures.wording import NONE, SaidCell, SaidReport, SaidRow, Words
from web.languages import listed

KEYS: Final = ("demand", "answered", "share", "abandoned_waiting", "refused_closed", "shifts", "per_shift")
"""The lines of the short table beside the sentences."""


_ANSWERS: Final = {
    "year.asked_felt": (
        ("exit_felt_yes", "said.yes"),
        ("exit_felt_some", "said.some"),
        ("exit_felt_no", "said.no"),
    ),
    "year.asked_helped": (
        ("exit_helped_yes", "said.yes"),
        ("exit_helped_some", "said.some"),
        ("exit_helped_no", "said.no"),
    ),
    "year.asked_again": (
        ("exit_again_yes", "said.yes"),
        ("exit_again_some", "said.perhaps"),
        ("exit_again_no", "said.no"),
    ),
}
"""Each question afterwards, with its answers: counter and word."""
_BECAME: Final = (
    ("handover_opened", "year.opened"),
    ("handover_accepted", "year.accepted"),
    ("handover_declined", "year.declined"),
    ("handover_returned", "year.returned"),
    ("handover_expired", "year.expired"),
)


def paragraphs(said: SaidReport, words: Words) -> list[str]:
    """Return what there is to say of one service's year, in order."""
    told = (_demand(said, words), _times(said, words), _after(said, words), _hard(said, words))
    return [text for text in map(" ".join, told) if text]


def _demand(said: SaidReport, words: Words) -> Iterator[str]:
    year = said.period
    now = {row.id: row.cells[0] for row in _rows(said, "demand")}
    before = {row.id: row.cells[1] for row in _rows(said, "demand")}
    if not _is(now["demand"]):
        yield words.say("year.demand_none", year=year)
        return
    yield words.say("year.demand", year=year, n=now["demand"].text)
    if _is(before["demand"]):
        yield words.say("year.before", n=before["demand"].text)
    if _is(now["refused_closed"]):
        yield words.say("year.closed", n=now["refused_closed"].text)
    if _is(now["answered"]):
        yield words.say("year.answered", n=now["answered"].text)
    if _is(now["share"]):
        yield words.say("year.share", n=now["share"].text)
    if _is(now["per_shift"]) and _is(now["shifts"]):
        yield words.say("year.shifts", n=now["shifts"].text, each=now["per_shift"].text)


def _times(said: SaidReport, words: Words) -> Iterator[str]:
    waits = {row.id: row.cells[0] for row in _rows(said, "waits")}
    if _is(waits["p50"]):
        yield words.say("year.wait", n=waits["p50"].text)
    if _is(waits["p90"]):
        yield words.say("year.wait_long", n=waits["p90"].text)
    lengths = {row.id: row.cells[0] for row in _rows(said, "lengths")}
    if _is(lengths["p50"]):
        yield words.say("year.length", n=lengths["p50"].text)


def _after(said: SaidReport, words: Words) -> Iterator[str]:
    asked = {row.id: row.cells[0] for row in _rows(said, "exit")}
    for question in _ANSWERS:
        yield from _answers(question, asked, words)
    handed = {row.id: row.cells[0] for row in _rows(said, "handovers")}
    if _is(handed["handover_sent"]):
        yield words.say("year.handed", n=handed["handover_sent"].text)
        for counter, text in _BECAME:
            if _is(handed[counter]):
                yield words.say(text, n=handed[counter].text)
    else:
        yield words.say("year.handed_none")


def _answers(question: str, asked: Mapping[str, SaidCell], words: Words) -> Iterator[str]:
    """Say all three answers, the good ones and the others alike; of each that is hidden, that it is."""
    answers = {words.say(word): asked[counter] for counter, word in _ANSWERS[question]}
    shown = [f"{cell.text} {word}" for word, cell in answers.items() if _is(cell)]
    hidden = [word for word, cell in answers.items() if not _is(cell)]
    if not shown:
        return
    yield words.say(question)
    yield words.say("year.said", said=listed(shown, words.language))
    if hidden:
        yield words.say("year.said_few", said=listed(hidden, words.language))


def _hard(said: SaidReport, words: Words) -> Iterator[str]:
    hard = {row.id: row.cells[0] for row in _rows(said, "hard")}
    unsafe = [cell for id_, cell in hard.items() if id_.startswith("unsafe_") and _is(cell)]
    if unsafe:
        yield words.say("year.unsafe", n=sum(int(cell.value) for cell in unsafe))
    if _is(hard["rescued"]):
        yield words.say("year.rescued", n=hard["rescued"].text)


def _rows(said: SaidReport, id_: str) -> Sequence[SaidRow]:
    return next(section for section in said.sections if section.id == id_).rows


def _is(cell: SaidCell) -> bool:
    return cell.value != NONE
