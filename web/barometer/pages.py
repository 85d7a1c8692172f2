# SPDX-License-Identifier: EUPL-1.2
"""The pages of the barometer: a list of years, one printable page for each, its form, and the same as files.

Owns the addresses and what the forms carry. Decides nothing about answers: `service.py` does. A year that is
not over, and an organisation that somebody else runs, answer as what does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from chat.hours import local_day
from chat.ids import OrganisationId
from config.barometer import Part, questions
from moderation.verdict import Verdict
from web.accounts.rights import Deed
from web.attachment import CSV, JSON, attached, nested, table
from web.barometer.answers import LARGEST, LONGEST, Given
from web.barometer.errors import Changed, Done, Refused, Unfit, Why
from web.barometer.lines import DOMAIN, SaidPart, parts, text_of
from web.errors import outcome
from web.figures.periods import Period, is_over, read_year, year
from web.figures.wording import Words
from web.house import House
from web.languages import long_date
from web.staff_page import AtPage, at_form, at_page, not_yours

PATH: Final = "/supervisor/barometer"
YEARS: Final = 5
"""So many years back may be answered and read."""


@dataclass(frozen=True, slots=True)
class _At:
    """Who is at the barometer of which organisation and year."""

    at: AtPage
    organisation: OrganisationId
    period: Period

    @property
    def house(self) -> House:
        return self.at.house

    def say(self, key: str, **values: str | int) -> str:
        return self.at.say(DOMAIN, key, **values)

    def link(self, end: str = "", **more: str) -> str:
        query = {"organisation": self.organisation, **more}
        if self.at.query:
            query["lang"] = self.at.language
        return f"{PATH}/{self.period}{end}?{urlencode(query)}"


async def years(request: Request) -> Response:
    """Answer `GET /supervisor/barometer`: the years of each organisation that somebody runs."""
    at = await at_page(request, Deed.ANSWER_YEARLY)
    if isinstance(at, Response):
        return at
    last = await _last_year(at.house)
    runs = [each for each in at.house.may_run(at.session) if at.house.site.services_of(each)]
    listed = [
        (at.house.site.organisations[each].name, [await _state(at, each, number) for number in _years(last)])
        for each in runs
    ]
    return at.page(request, "staff/barometer_years.html", {"organisations": listed}, domain=DOMAIN)


async def show(request: Request) -> Response:
    """Answer `GET /supervisor/barometer/{year}`: one printable page."""
    at = await _at(request, await at_page(request, Deed.ANSWER_YEARLY))
    if isinstance(at, Response):
        return at
    _, given = await at.house.barometer.of(at.organisation, int(str(at.period)))
    context = {
        **_about(at),
        "parts": await parts(at.house, at.organisation, at.period, given, at.at.language),
        "done": long_date(given.done, at.at.language) if given.done else "",
        "saved": "saved" in request.query_params,
        "form": at.link("/answers"),
        "csv": at.link(".csv"),
        "json": at.link(".json"),
        "today": Words(at.house, at.at.language).today(),
    }
    return at.at.page(request, "staff/barometer.html", context, domain=DOMAIN)


async def as_file(request: Request) -> Response:
    """Answer `GET /supervisor/barometer/{year}.csv` and `.json`: what the page says."""
    at = await _at(request, await at_page(request, Deed.ANSWER_YEARLY))
    if isinstance(at, Response):
        return at
    _, given = await at.house.barometer.of(at.organisation, int(str(at.period)))
    said = await parts(at.house, at.organisation, at.period, given, at.at.language)
    kind = request.url.path.rpartition(".")[2]
    name = f"year-{at.organisation}-{at.period}.{kind}"
    if kind == "json":
        return attached(_json(at, said, given), JSON, name)
    return attached(_csv(at, said), CSV, name)


async def form(request: Request) -> Response:
    """Answer `GET /supervisor/barometer/{year}/answers`: the form, or the page where the year is done."""
    at = await _at(request, await at_page(request, Deed.ANSWER_YEARLY))
    if isinstance(at, Response):
        return at
    version, given = await at.house.barometer.of(at.organisation, int(str(at.period)))
    if given.done is not None:
        return RedirectResponse(at.link(), 303)
    return _form(request, at, version, given.answers, {})


async def answer(request: Request) -> Response:
    """Answer `POST /supervisor/barometer/{year}/answers`: 303 to the page, or the form with what is wrong.

    403 for a form of another session, 409 when somebody else was faster or the year is done, 422 for answers
    that cannot be taken.
    """
    at = await _at(request, await at_form(request, Deed.ANSWER_YEARLY))
    if isinstance(at, Response):
        return at
    fields = at.at.fields
    given = {each.id: fields.get(f"q.{each.id}", "") for each in questions()}
    done = local_day(at.house.clock.now()) if fields.get("do") == "done" else None
    number = int(str(at.period))
    try:
        await at.house.barometer.answer(
            at.at.session, at.organisation, number, at.at.number("version"), given, _judge(at), done
        )
    except Refused as error:
        return await _refused(request, at, given, error)
    return RedirectResponse(at.link(saved="1"), 303)


async def _refused(request: Request, at: _At, given: Mapping[str, str], error: Refused) -> Response:
    version, now = await at.house.barometer.of(at.organisation, int(str(at.period)))
    wrong: Mapping[str, Why] = {}
    match error:
        case Unfit(why=why):
            wrong, told = why, at.say("mistakes")
        case Changed():
            told = at.say("changed")
        case Done():
            told, given = at.say("is_done"), now.answers
        case _:
            told = at.say("may_not")
    return _form(request, at, version, given, wrong, told=told, status=outcome(error).status)


def _form(
    request: Request,
    at: _At,
    version: int,
    answers: Mapping[str, str],
    wrong: Mapping[str, Why],
    *,
    told: str = "",
    status: int = 200,
) -> Response:
    values = {"longest": LONGEST, "largest": LARGEST}
    asked = {
        at.say(f"part.{part}"): [
            {
                "id": each.id,
                "kind": each.kind,
                "text": text_of(each.text, at.at.language),
                "answer": answers.get(each.id, ""),
                "mistake": at.say(f"unfit.{wrong[each.id]}", **values) if each.id in wrong else "",
                "choices": {id_: text_of(name, at.at.language) for id_, name in each.choices.items()},
            }
            for each in questions()
            if each.part is part
        ]
        for part in Part
    }
    context = {
        **_about(at),
        "version": version,
        "asked": asked,
        "told": told,
        "action": at.link("/answers"),
        "page": at.link(),
        "longest": LONGEST,
    }
    return at.at.page(request, "staff/barometer_form.html", context, domain=DOMAIN, status=status)


async def _at(request: Request, at: AtPage | Response) -> _At | Response:
    if isinstance(at, Response):
        return at
    house = at.house
    period = read_year(request.path_params["year"])
    runs = [each for each in house.may_run(at.session) if house.site.services_of(each)]
    wanted = request.query_params.get("organisation") or (runs[0] if len(runs) == 1 else "")
    if wanted not in runs or period is None or period.first.year not in _years(await _last_year(house)):
        return not_yours(request, house, at.session, at.language)
    return _At(at, OrganisationId(wanted), period)


async def _state(at: AtPage, organisation: OrganisationId, number: int) -> dict[str, Any]:
    version, given = await at.house.barometer.of(organisation, number)
    state = "done" if given.done else "begun" if version else "new"
    page = _At(at, organisation, year(number))
    return {"year": number, "href": page.link(), "state": page.say(f"state.{state}")}


async def _last_year(house: House) -> int:
    """Return the last year that is over, all its weeks."""
    last = await house.told_until()
    return last.year if is_over(year(last.year), last) else last.year - 1


def _years(last: int) -> list[int]:
    return list(range(last, last - YEARS, -1))


def _about(at: _At) -> dict[str, Any]:
    return {
        "year": str(at.period),
        "dates": Words(at.house, at.at.language).dates(at.period),
        "name": at.house.site.organisations[at.organisation].name,
        "back": PATH + at.at.query,
        "demo": at.house.demo,
    }


def _judge(at: _At) -> Callable[[str], bool]:
    judge = at.house.site.services_of(at.organisation)[0].chat.judge

    def tells_who(text: str) -> bool:
        return judge.of_operator(text).verdict is Verdict.REFUSE

    return tells_who


def _csv(at: _At, said: list[SaidPart]) -> bytes:
    today = Words(at.house, at.at.language).today()
    head = [at.say(f"csv.{each}") for each in ("part", "line", "value", "source")]
    lines = [
        [part.name, line.name, line.value, at.say(f"source.{line.source}", day=today)]
        for part in said
        for line in part.lines
    ]
    about = [[at.house.site.organisations[at.organisation].name, str(at.period)]]
    demo = [[at.say("demo")]] if at.house.demo else []
    return table([*about, *demo, [], head, *lines])


def _json(at: _At, said: list[SaidPart], given: Given) -> bytes:
    whole = {
        "organisation": at.organisation,
        "name": at.house.site.organisations[at.organisation].name,
        "year": int(str(at.period)),
        "made_up": at.house.demo,
        "done": given.done.isoformat() if given.done else None,
        "known_on": local_day(at.house.clock.now()).isoformat(),
        "parts": [
            {
                "id": part.id,
                "name": part.name,
                "lines": [
                    {"id": line.id, "name": line.name, "value": line.value, "source": line.source}
                    for line in part.lines
                ],
            }
            for part in said
        ],
    }
    return nested(whole)


routes: Final = [
    Route(PATH, years, methods=["GET"]),
    Route(PATH + "/{year}.csv", as_file, methods=["GET"]),
    Route(PATH + "/{year}.json", as_file, methods=["GET"]),
    Route(PATH + "/{year}/answers", form, methods=["GET"]),
    Route(PATH + "/{year}/answers", answer, methods=["POST"]),
    Route(PATH + "/{year}", show, methods=["GET"]),
]
