# SPDX-License-Identifier: EUPL-1.2
"""What stands on the barometer of one organisation: counted, known from the site, and answered.

Owns which lines there are, in the five parts. Page, CSV and JSON are all made of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from chat.ids import OrganisationId, ServiceId, Track
from config.barometer import AnswerKind, Part, Question, questions
from web.barometer.answers import Given
from web.figures.periods import Period
from web.figures.report import ABANDONED, EXIT, OF_YEAR, WANTED
from web.figures.tally import Tally, rate, share, total
from web.figures.values import Cell, Counted
from web.figures.wording import Words
from web.house import House
from web.languages import language_name, listed, long_date

DOMAIN: Final = "barometer"


@dataclass(frozen=True, slots=True)
class Line:
    """One line, in words. `value` is empty where nothing has been answered."""

    id: str
    name: str
    value: str
    source: str
    """`counted`, `known` or `answered`."""


@dataclass(frozen=True, slots=True)
class SaidPart:
    """One of the five parts."""

    id: Part
    name: str
    lines: tuple[Line, ...]


async def parts(
    house: House, organisation: OrganisationId, period: Period, given: Given, language: str
) -> list[SaidPart]:
    """Return the five parts for one organisation and year."""
    tallies: dict[Track, dict[ServiceId, Tally]] = {}
    for service in house.site.services_of(organisation):
        figures = await house.figures.told(service.chat.id, period.first, period.last, OF_YEAR)
        tallies.setdefault(service.chat.track, {})[service.chat.id] = Tally(figures)
    texts = house.languages.texts(language, DOMAIN)
    counted = _counted(tallies, period, Words(house, language))
    known = _Known(house, organisation, period, language).lines()
    return [
        SaidPart(
            part,
            texts.gettext(f"part.{part}"),
            (
                *known.get(part, ()),
                *counted.get(part, ()),
                *(_answer(each, given, language) for each in questions() if each.part is part),
            ),
        )
        for part in Part
    ]


def text_of(texts: Mapping[str, str], language: str) -> str:
    """Return a text of the questions in a language of the staff."""
    return texts.get(language, texts["sv"])


def _answer(question: Question, given: Given, language: str) -> Line:
    answer = given.answers.get(question.id, "")
    if question.kind is AnswerKind.CHOICE and answer in question.choices:
        answer = text_of(question.choices[answer], language)
    return Line(question.id, text_of(question.text, language), answer, "answered")


def _counted(
    tallies: Mapping[Track, Mapping[ServiceId, Tally]], period: Period, words: Words
) -> dict[Part, list[Line]]:
    """Return what the counters know. The two tracks are never added up."""
    found: dict[Part, list[Line]] = {}
    for track, of_track in tallies.items():
        of_whom = listed([words.service(each) for each in of_track], words.language)
        for part, name, cell in _cells(list(of_track.values()), period):
            said = words.say(f"row.{name}")
            line = Line(
                name if len(tallies) == 1 else f"{name} {track}",
                said if len(tallies) == 1 else f"{said} ({of_whom})",
                words.cell(cell).text,
                "counted",
            )
            found.setdefault(part, []).append(line)
    return found


def _cells(tallies: Sequence[Tally], period: Period) -> Iterator[tuple[Part, str, Cell]]:
    def each(*names: str) -> list[Counted | None]:
        return [tally.of(name, period) for tally in tallies for name in names]

    def over_all(*names: str) -> Counted | None:
        return total(each(*names))

    yield Part.ORGANISATION, "shifts", over_all("shifts")
    yield Part.ORGANISATION, "per_shift", rate(each("answered"), each("shifts"))
    yield Part.MEASURES, "demand", over_all(*WANTED)
    yield Part.MEASURES, "answered", over_all("answered")
    yield Part.MEASURES, "share", share(each("answered"), each(*ABANDONED))
    yield Part.MEASURES, "refused_closed", over_all("refused_closed")
    for name in ("handover_sent", "handover_opened", "handover_accepted", *EXIT):
        yield Part.MEASURES, name, over_all(name)
    yield Part.COMPETENCE, "supervised", over_all("supervised")


class _Known:
    """What the site says of an organisation: today, whatever the year is that is told."""

    def __init__(self, house: House, organisation: OrganisationId, period: Period, language: str) -> None:
        self._house = house
        self._id = organisation
        self._period = period
        self._language = language
        self._texts = house.languages.texts(language, DOMAIN)

    def lines(self) -> dict[Part, list[Line]]:
        return {
            Part.ORGANISATION: [self._chats(), self._languages()],
            Part.ROUTINES: [self._reporting(), *self._decisions()],
            Part.PREVENTION: list(self._agreements()),
        }

    def _line(self, id_: str, value: str) -> Line:
        return Line(id_, self._texts.gettext(f"known.{id_}"), value, "known")

    def _chats(self) -> Line:
        words = Words(self._house, self._language)
        names = [words.service(each.chat.id) for each in self._house.site.services_of(self._id)]
        return self._line("chats", listed(names, self._language))

    def _languages(self) -> Line:
        codes = dict.fromkeys(
            code for each in self._house.site.services_of(self._id) for code in each.languages
        )
        return self._line("languages", listed([self._spoken(code) for code in codes], self._language))

    def _spoken(self, code: str) -> str:
        name = language_name(code, self._language)
        return self._texts.gettext("language.easy") % {"language": name} if code.endswith("-easy") else name

    def _reporting(self) -> Line:
        written = self._house.site.organisations[self._id].reporting_text
        return self._line("reporting", text_of(written, self._language) if written else "")

    def _decisions(self) -> Iterator[Line]:
        organisation = self._house.site.organisations[self._id]
        for id_, decision in (
            ("documentation", organisation.documentation_decision),
            ("disposal", organisation.disposal_decision),
        ):
            if decision is not None:
                yield self._line(id_, f"{decision.reference}, {long_date(decision.date, self._language)}")

    def _agreements(self) -> Iterator[Line]:
        names = {id_: each.name for id_, each in self._house.site.organisations.items()}
        for each in self._house.site.partnerships:
            if self._id in each.parties and each.in_force(self._period.last.monday):
                others = [names[party] for party in each.parties if party != self._id and party in names]
                yield self._line("agreement", listed(sorted(others), self._language))
                for goal in each.goals:
                    yield self._line("goal", goal.text)
