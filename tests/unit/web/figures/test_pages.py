# SPDX-License-Identifier: EUPL-1.2
"""The pages of the statistics: who sees what, and that page, CSV and JSON say the same in every cell."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from random import Random

import pytest

from chat.grid import Week
from chat.histograms import LASTED, WAITED, wanted
from chat.ids import ServiceId
from chat.published import Figure
from chat.statistics import Counted
from chat.wrapping_up import counters
from tests.unit.web.figures.made import Pages, figure, week
from tests.unit.web.staff import BRON, EKEN, LINDEN, demo_site, session
from web.accounts.account import StaffRole
from web.attachment import BOM

PATH = "/supervisor/statistics"
MARCH = f"{PATH}?service=linden&period=2025-03"
HAMNEN = ServiceId("hamnen")


class Cells(HTMLParser):
    """Reads the cells of every table of a page: section, row, column, text, since."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, int, str, str]] = []
        self._section = self._row = self._text = self._since = ""
        self._place = 0
        self._inside = self._aside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row, a cell or what stands beside its value."""
        given = {name: value or "" for name, value in attrs}
        if tag == "table":
            self._section = given.get("data-section", "")
        elif tag == "tr":
            self._row, self._place = given.get("data-row", ""), 0
        elif tag == "td" and self._row:
            self._inside, self._text, self._since = True, "", ""
        elif given.get("class") == "since":
            self._aside = True
        elif tag == "time":
            self._since = given["datetime"]

    def handle_data(self, data: str) -> None:
        """Read what stands in a cell."""
        if self._inside and not self._aside:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        """End a cell."""
        if tag == "td" and self._inside:
            text = " ".join(self._text.replace("\N{NO-BREAK SPACE}", " ").split())
            self.found.append((self._section, self._row, self._place, text, self._since))
            self._inside, self._place = False, self._place + 1
        elif tag == "span":
            self._aside = False


def much(service: ServiceId, seed: int) -> list[Figure]:
    """Return two years of made figures, every counter now and then."""
    chance = Random(seed)
    names = [
        *(each.value for each in Counted),
        *WAITED.counters,
        *LASTED.counters,
        *(name for several in counters().values() for name in several),
        *(wanted(day, hour) for day in range(7) for hour in range(24)),
    ]
    found = []
    for name in names:
        since = -60
        for later in range(-60, 20):
            if chance.random() < 0.15:
                found.append(figure(name, 7 * chance.randint(1, 60), later, since=since, service=service))
                since = later + 1
    return found


def of_csv(body: bytes) -> list[list[str]]:
    """Return the lines of cells of a CSV file."""
    lines = list(csv.reader(io.StringIO(body.decode("utf-8").removeprefix(BOM)), delimiter=";"))
    return lines[next(place for place, line in enumerate(lines) if len(line) == 7) + 1 :]


@pytest.mark.parametrize(
    "query",
    [
        "service=linden&period=2025",
        "service=linden&period=2025-03",
        "service=linden&period=2025-W11",
        "service=hamnen&period=2025",
        "period=2025",
        "period=2025-03&lang=en",
    ],
)
async def test_page_csv_and_json_say_the_same_in_every_cell(query: str) -> None:
    """They are made of one report in words: none has a cell more, fewer or other."""
    services = [LINDEN, EKEN, HAMNEN]
    figures = [each for number, service in enumerate(services) for each in much(service, number)]
    pages = Pages(session(StaffRole.SUPERVISOR, services), figures)
    page, as_csv, as_json = [await pages.get(f"{PATH}{end}?{query}") for end in ("", ".csv", ".json")]
    shown = Cells(page.text).found
    told = [
        (section["id"], row["id"], place, cell["text"], cell["since"])
        for section in json.loads(as_json.content)["sections"]
        for row in section["rows"]
        for place, cell in enumerate(row["cells"])
    ]
    lines = [
        (section["name"], row["name"], column, cell["how"], cell["value"], cell["unit"], cell["since"])
        for section in json.loads(as_json.content)["sections"]
        for row in section["rows"]
        for column, cell in zip(section["columns"], row["cells"], strict=True)
    ]
    assert sorted(shown) == sorted(told)
    assert [tuple(line) for line in of_csv(as_csv.content)] == lines
    for _, _, _, how, value, unit, _ in lines:
        assert " ".join(filter(None, (how, value, unit))) in {text for *_, text, _ in told}
    assert len(told) > 15


async def test_no_small_figure_and_no_nought_is_ever_said() -> None:
    """Counts are whole sevens, or a dash; what is worked out of them is a share, a rate or a time."""
    pages = Pages(session(StaffRole.SUPERVISOR, [LINDEN]), much(LINDEN, 3))
    for period in ("2025", "2025-03", "2025-W12"):
        told = json.loads((await pages.get(f"{PATH}.json?service=linden&period={period}")).content)
        counts = [
            cell["value"]
            for section in told["sections"]
            if section["id"] != "hours"
            for row in section["rows"]
            for cell in row["cells"]
            if cell["unit"] == "" and "," not in cell["value"]
        ]
        cells = [cell for each in told["sections"] for row in each["rows"] for cell in row["cells"]]
        for cell in cells:
            numbers = (cell["number"], cell["least"], cell["most"])
            assert (cell["value"] == "–") is (numbers == (None, None, None))
            if cell["unit"] in {"", "%"} and cell["value"] != "–":
                assert cell["number"] == float(cell["value"].replace(",", "."))
        assert {"–"} < set(counts)
        assert all(int(value) >= 7 and int(value) % 7 == 0 for value in counts if value != "–")


@pytest.mark.parametrize("end", ["", ".csv", ".json", "/year/2025"])
async def test_who_may_not_see_it_gets_one_answer(end: str) -> None:
    """303 without a sign-in; 403 for another role, a service of others, and one that there is not."""
    nobody = await Pages(None).get(PATH + end)
    assert (nobody.status_code, nobody.headers["location"].partition("?")[0]) == (303, "/staff/sign-in")
    for role in (StaffRole.OPERATOR, StaffRole.RECEIVER):
        assert (await Pages(session(role, [LINDEN])).get(PATH + end)).status_code == 403
    pages = Pages(session(StaffRole.SUPERVISOR, [LINDEN]), much(EKEN, 1))
    theirs, nowhere = [await pages.get(f"{PATH}{end}?service={each}") for each in ("eken", "nowhere")]
    assert theirs.status_code == nowhere.status_code == 403
    assert theirs.text == nowhere.text
    for role in (StaffRole.SUPERVISOR, StaffRole.COORDINATOR):
        assert (await Pages(session(role, [LINDEN])).get(PATH + end)).status_code == 200


async def test_administrator_sees_the_services_that_her_organisation_runs() -> None:
    """And no others, in the list and in the totals."""
    site = demo_site()
    eva = replace(
        session(StaffRole.ADMINISTRATOR, []), organisations=frozenset({site.services[LINDEN].organisation.id})
    )
    pages = Pages(eva, [*much(LINDEN, 1), *much(BRON, 2)])
    page = await pages.get(f"{PATH}?period=2025")
    assert 'value="linden"' in page.text
    assert 'value="eken"' in page.text
    assert "bron" not in page.text
    assert {asked[0] for asked in pages.store.asked} == {LINDEN, EKEN}


@pytest.mark.parametrize(
    "period", ["2026", "2026-11", "2026-W47", "2026-W48", "2027", "x", "2025-03-01", "0"]
)
async def test_what_is_not_over_is_never_shown(period: str) -> None:
    """On a Sunday evening its week still runs: another period, with a word about it, and 404; no file."""
    running = Week.of(date(2026, 11, 22))
    figures = [Figure(LINDEN, "answered", running, running, 777), figure("answered", 88)]
    pages = Pages(session(StaffRole.SUPERVISOR, [LINDEN]), figures)
    page = await pages.get(f"{PATH}?service=linden&period={period}")
    assert page.status_code == 404
    assert "går inte att visa" in page.text
    assert "777" not in page.text
    assert f'value="{period}"' not in page.text
    for end in (".csv", ".json"):
        answer = await pages.get(f"{PATH}{end}?period={period}")
        assert (answer.status_code, answer.content) == (404, b"")
    if period.isdecimal() and period != "0":
        assert (await pages.get(f"{PATH}/year/{period}")).status_code == 403


async def test_page_reads_only_what_it_shows() -> None:
    """Five years are there; a month reads thirteen, and nothing of other services."""
    pages = Pages(session(StaffRole.SUPERVISOR, [LINDEN, EKEN]), much(LINDEN, 1))
    await pages.get(MARCH)
    assert [(each[0], str(each[1].month), str(each[2].month)) for each in pages.store.asked] == [
        ("linden", "2024-03", "2025-03"),
        ("linden", "2025-03", "2025-03"),
    ]


async def test_page_has_nothing_inline_and_names_its_plots() -> None:
    """The policy would refuse it; whoever listens hears what each plot shows."""
    page = (await Pages(session(StaffRole.SUPERVISOR, [LINDEN]), much(LINDEN, 1)).get(MARCH)).text
    assert re.search(r"\son\w+=|\sstyle=|<style|<script", page) is None
    # Each of five twice: for a desk and for a phone.
    assert len(re.findall(r'<svg class="plot', page)) == 10
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for named in re.findall(r'aria-labelledby="([^"]+)"', page):
        assert set(named.split()) <= set(ids)


async def test_csv_is_safe_in_a_spreadsheet() -> None:
    """A service whose name is a formula is a text; å comes through; the file has a neutral name."""
    site = demo_site()
    linden = site.services[LINDEN]
    hostile = replace(linden, name={**linden.name, "sv": '=HYPERLINK("http://evil.example";"å")'})
    pages = Pages(
        session(StaffRole.SUPERVISOR, [LINDEN]), much(LINDEN, 1), replace(site, services={LINDEN: hostile})
    )
    answer = await pages.get(f"{PATH}.csv?service=linden&period=2025")
    assert answer.headers["content-disposition"] == 'attachment; filename="figures-linden-2025.csv"'
    text = answer.content.decode("utf-8")
    assert text.startswith(BOM)
    cells = [cell for line in csv.reader(io.StringIO(text.removeprefix(BOM)), delimiter=";") for cell in line]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    page = (await pages.get(f"{PATH}?service=linden&period=2025")).text
    assert '"http://evil.example"' not in page


async def test_demo_says_that_its_figures_are_made_up() -> None:
    """On the page, on the year's page and in both files; elsewhere nothing says so."""
    for demo in (True, False):
        pages = Pages(session(StaffRole.SUPERVISOR, [LINDEN]), much(LINDEN, 1), demo=demo)
        for path in (PATH, f"{PATH}/year/2025", f"{PATH}.csv", f"{PATH}.json"):
            assert ("Påhittade siffror" in (await pages.get(path)).text) is demo


async def test_shares_are_drawn_where_they_can_be_said() -> None:
    """A line through the few months in which they can be would be of those alone."""
    many = [
        figure(name, times, later)
        for later in range(-52, 4)
        for name, times in (("answered", 140), ("abandoned_waiting", 35))
    ]
    for told, drawn in ((many, True), (many[-12:], False)):
        page = (await Pages(session(StaffRole.SUPERVISOR, [LINDEN]), told).get(MARCH)).text
        assert ('id="plot-shares-title"' in page) is drawn
        assert ("Andelen går inte att säga så här tätt." in page) is not drawn


async def test_share_of_a_year_is_drawn_of_as_short_parts_as_can_say_it() -> None:
    """Also of a small service; the table, the plot and the files have the same parts."""
    for answered, weeks, parts in ((140, 4, []), (56, 4, [8]), (14, 4, [4]), (28, 13, [2]), (7, 13, [])):
        told = [
            figure(name, times, later)
            for later in range(-62, 44, weeks)
            for name, times in (("answered", answered), ("abandoned_waiting", 7))
        ]
        pages = Pages(session(StaffRole.SUPERVISOR, [LINDEN]), told)
        page = (await pages.get(f"{PATH}?service=linden&period=2025")).text
        assert page.count('id="plot-shares-title"') == (answered > 7)
        assert ("Det är för få samtal för att säga andelen." in page) is (answered == 7)
        sections = (await pages.get(f"{PATH}.json?service=linden&period=2025")).json()["sections"]
        found = [section for section in sections if section["id"] == "shares"]
        assert [len(section["rows"]) for section in found] == parts


async def test_year_is_told_in_sentences() -> None:
    """What was counted in words, what was too little in other words, and the goals of the agreement."""
    figures = [
        figure("answered", 812),
        figure("abandoned_waiting", 40),
        figure("refused_closed", 96),
        figure("handover_sent", 12),
        figure("handover_declined", 7),
        figure("exit_felt_yes", 140),
        figure("exit_felt_some", 56),
        figure("exit_felt_no", 28),
        figure("exit_helped_no", 7),
        *(figure(name, 90) for name in WAITED.counters[:4]),
    ]
    pages = Pages(session(StaffRole.SUPERVISOR, [LINDEN, EKEN]), figures)
    page = (await pages.get(f"{PATH}/year/2025")).text
    assert "Under 2025 ville någon chatta omkring 948 gånger." in page
    assert "96 gånger var chatten stängd när någon kom." in page
    assert "12 gånger sa någon ja till att lämnas vidare" in page
    assert "7 sa mottagaren nej till." in page
    felt = "Vi frågar efteråt om det kändes bra att skriva. Av dem som svarade sa 140 ja, 56 lite och 28 nej."
    helped = "Av dem som svarade sa 7 nej. De som sa ja och lite är för få att visa."
    assert felt in page
    assert helped in page, "what is not good is said as well, and what is hidden too"
    assert "skulle skriva igen" not in page, "nothing is told of it"
    assert "Fler kvinnor och barn får hjälp och skydd" in page
    assert "Under 2025 var det så få som ville chatta att siffran inte visas." in page
    english = (await pages.get(f"{PATH}/year/2025?lang=en&service=linden")).text
    assert "In 2025 somebody wanted to chat about 948 times." in english
    assert "Tjejjouren" not in english


@pytest.mark.parametrize("period", ["2000", "2000-01", "2000-W01"])
async def test_first_period_of_the_list_has_a_trend_from_before_it(period: str) -> None:
    """The trend goes back to what cannot be asked for."""
    pages = Pages(session(StaffRole.SUPERVISOR, [LINDEN]), [figure("answered", 7)])
    assert (await pages.get(f"{PATH}?service=linden&period={period}")).status_code == 200
    assert (await pages.get(f"{PATH}/year/2000")).status_code == 200


async def test_figure_of_several_weeks_says_since_when() -> None:
    """With the day on which its weeks begin."""
    pages = Pages(session(StaffRole.SUPERVISOR, [LINDEN]), [figure("answered", 7, 1, since=-5)])
    page = (await pages.get(MARCH)).text
    assert f'<time datetime="{week(-5).monday.isoformat()}">' in page


async def test_list_of_pages_marks_the_page_that_one_is_at() -> None:
    """The board's address begins like this one's, and is not where one is."""
    page = (await Pages(session(StaffRole.SUPERVISOR, [LINDEN])).get(f"{PATH}/year/2025")).text
    assert re.findall(r'<a href="([^"]+)" aria-current="page">', page) == [PATH]


@pytest.mark.parametrize(
    "path", [f"{PATH}.csv?period=2025", f"{PATH}.json?period=2025-12", f"{PATH}/year/2025"]
)
async def test_what_is_not_closed_in_the_books_is_not_over(path: str) -> None:
    """However late it is: a dash would say that there were few, and later there would be a figure."""
    pages = Pages(session(StaffRole.SUPERVISOR, [LINDEN]), [figure("answered", 70)])
    assert (await pages.get(path)).status_code == 200
    pages.told_until = Week(date(2025, 12, 15))
    assert (await pages.get(path)).status_code in {403, 404}
    assert "2025-12" not in (await pages.get(PATH)).text


async def test_both_tracks_of_one_organisation_are_never_added_up() -> None:
    """Those who live with violence and those who use it stand in tables of their own, also in one house."""
    site = demo_site()
    hamnen = replace(site.services[HAMNEN], organisation=site.services[LINDEN].organisation)
    services = {**site.services, HAMNEN: hamnen}
    assert hamnen.chat.track is not site.services[LINDEN].chat.track
    figures = [figure("answered", 140 * 7, service=each) for each in (LINDEN, EKEN, HAMNEN)]
    boss = session(StaffRole.SUPERVISOR, [LINDEN, EKEN, HAMNEN])
    pages = Pages(boss, figures, site=replace(site, services=services))
    told = json.loads((await pages.get(f"{PATH}.json?period=2025-03")).content)
    lines = [[row["id"] for row in section["rows"]] for section in told["sections"]]
    assert lines == [["linden", "eken", "total"], ["hamnen"]]
