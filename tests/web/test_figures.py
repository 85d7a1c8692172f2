# SPDX-License-Identifier: EUPL-1.2
"""Statistics and a year's answers at a real server: who sees what, own forms only, hostile words inert."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from chat.ids import OrganisationId
from config.barometer import questions
from tests.outside.operator import Operator
from tests.web.people import sends, signed_in
from tests.web.running import Running
from web.languages import long_date

OURS = "kvinnojouren-vallentuna"
FIGURES, BAROMETER = "/supervisor/statistics", "/supervisor/barometer"
ADDRESSES = (
    FIGURES,
    f"{FIGURES}.csv",
    f"{FIGURES}.json",
    f"{FIGURES}/year/2025",
    BAROMETER,
    f"{BAROMETER}/2025",
    f"{BAROMETER}/2025.csv",
    f"{BAROMETER}/2025.json",
    f"{BAROMETER}/2025/answers",
)
FIGURES_OF: dict[str, str] = {"birgitta": "linden", "mats": "hamnen", "ulla": "eken", "eva": "linden"}
"""Who sees statistics, and of what at least."""


async def _answers(run: Running, person: Operator, year: int, **fields: Any) -> httpx.Response:
    path = f"{BAROMETER}/{year}/answers?organisation={OURS}"
    return await sends(run, person, path, **{"do": "save", "version": "0", **fields})


async def _said(run: Running, person: Operator, year: int) -> dict[str, Any]:
    answer = await person.request("GET", f"{BAROMETER}/{year}.json?organisation={OURS}")
    assert answer.status_code == 200
    told: dict[str, Any] = json.loads(answer.content)
    return told


@pytest.mark.parametrize("year", ["9" * 5_000, "0", "-1", "20 25", "２０２５", "2025-03"])
async def test_year_that_is_none_is_nobodys(run: Running, year: str) -> None:
    """However long its number is: 403 as for what is somebody else's, and never an error of ours."""
    people = [await signed_in(run, name) for name in ("eva", "anna")]
    for address in (path for path in ADDRESSES if "2025" in path):
        path = address.replace("2025", quote(year))
        assert (await run.get(path)).status_code == 303
        assert {(await each.request("GET", path)).status_code for each in people} == {403}


async def test_each_role_sees_its_own_and_nothing_else(run: Running) -> None:
    """Every address for every role: its own, or one and the same refusal; and none without a sign-in."""
    for name in ("anna", "birgitta", "mats", "ulla", "eva", "ingrid"):
        person = await signed_in(run, name)
        for path in ADDRESSES:
            allowed = name in FIGURES_OF if path.startswith(FIGURES) else name == "eva"
            answer = await person.request("GET", path)
            assert answer.status_code == (200 if allowed else 403), (name, path)
        for theirs in ("bron" if name != "birgitta" else "hamnen", "nowhere", "%00", "LINDEN"):
            assert (await person.request("GET", f"{FIGURES}.json?service={theirs}")).status_code == 403
    for path in ADDRESSES:
        answer = await run.get(path)
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/staff/sign-in")


async def test_files_are_files_and_nobody_keeps_them(run: Running) -> None:
    """Saved under a neutral name; no cache on the way has them."""
    birgitta = await signed_in(run, "birgitta")
    for end, kind in ((".csv", "text/csv"), (".json", "application/json")):
        answer = await birgitta.request("GET", f"{FIGURES}{end}?service=linden&period=2025")
        assert answer.headers["content-type"].startswith(kind)
        assert answer.headers["content-disposition"] == f'attachment; filename="figures-linden-2025{end}"'
        assert "no-store" in answer.headers["cache-control"]


@pytest.mark.parametrize("year", ["2026", "2027", "1999", "0", "99999999999999999999", "-1", "x"])
async def test_year_that_is_not_over_is_not_there(run: Running, year: str) -> None:
    """Neither to read nor to answer."""
    eva = await signed_in(run, "eva")
    for path in (f"{BAROMETER}/{year}", f"{BAROMETER}/{year}/answers", f"{BAROMETER}/{year}.csv"):
        assert (await eva.request("GET", path)).status_code in {403, 404}


@pytest.mark.parametrize("theirs", ["oppenvarden-vallentuna", "trygghetens-hus-bollnas", "nowhere"])
async def test_year_of_another_organisation_is_as_one_that_is_not_there(run: Running, theirs: str) -> None:
    """Neither read, on the page or in a file, nor answered with a form of one's own."""
    assert (theirs in run.house.site.organisations) is (theirs != "nowhere")
    eva = await signed_in(run, "eva")
    for end in ("", ".csv", ".json", "/answers"):
        answer = await eva.request("GET", f"{BAROMETER}/2025{end}?organisation={theirs}")
        assert answer.status_code == 403, end
    fields = {"do": "done", "version": "0", "q.volunteers": 1}
    answer = await sends(run, eva, f"{BAROMETER}/2025/answers?organisation={theirs}", **fields)
    assert answer.status_code == 403
    version, given = await run.house.barometer.of(OrganisationId(theirs), 2025)
    assert (version, given.answers) == (0, {})


async def test_answers_are_given_kept_and_done(run: Running) -> None:
    """Saved, changed, refused with what was written still there, done, and then nothing changes any more."""
    eva = await signed_in(run, "eva")
    saved = await _answers(run, eva, 2024, **{"q.volunteers": 12, "q.area": "Åmål <b>& Säffle"})
    assert (saved.status_code, saved.headers["location"]) == (
        303,
        f"{BAROMETER}/2024?organisation={OURS}&saved=1",
    )
    page = (await eva.request("GET", saved.headers["location"])).text
    assert "Åmål &lt;b&gt;&amp; Säffle" in page
    assert "Svaren är sparade." in page

    for wrong, said in (
        (("q.volunteers", "tolv"), "Skriv ett helt tal"),
        (("q.area", "Ring 070-174 06 05"), "vem någon är"),
    ):
        refused = await _answers(run, eva, 2024, version=1, **{"q.missing": "Mer om heder", **dict([wrong])})
        assert refused.status_code == 422
        assert said in refused.text
        assert "Mer om heder" in refused.text
    older = await _answers(run, eva, 2024, **{"q.volunteers": 99})
    assert older.status_code == 409
    assert 'value="99"' in older.text
    assert 'name="version" value="1"' in older.text

    done = await _answers(run, eva, 2024, version=1, do="done", **{"q.volunteers": 14, "q.area": "=1+1"})
    assert done.status_code == 303
    after = await _answers(run, eva, 2024, version=2, **{"q.volunteers": 99})
    assert after.status_code == 409
    told = await _said(run, eva, 2024)
    assert told["done"] is not None
    lines = {line["id"]: line["value"] for part in told["parts"] for line in part["lines"]}
    assert (lines["volunteers"], lines["area"], lines["missing"]) == ("14", "=1+1", "")
    assert {each.id for each in questions()} <= set(lines)
    as_csv = (await eva.request("GET", f"{BAROMETER}/2024.csv?organisation={OURS}")).content.decode(
        "utf-8-sig"
    )
    assert "'=1+1" in as_csv
    form = await eva.request("GET", f"{BAROMETER}/2024/answers")
    assert form.status_code == 303


async def test_only_a_form_of_ones_own_is_taken(run: Running) -> None:
    """No token, another's, another origin, another role, another's organisation: nothing is stored."""
    eva, birgitta = await signed_in(run, "eva"), await signed_in(run, "birgitta")
    theirs = await run.session_of(birgitta)
    assert theirs is not None
    tries = [
        await _answers(run, eva, 2023, csrf="", **{"q.volunteers": 1}),
        await _answers(run, eva, 2023, csrf=theirs.csrf, **{"q.volunteers": 1}),
        await _answers(run, birgitta, 2023, **{"q.volunteers": 1}),
    ]
    assert [answer.status_code for answer in tries] == [403, 403, 403]
    session = await run.session_of(eva)
    assert session is not None
    headers = {
        "Cookie": eva.cookie_header,
        "Origin": "https://evil.example",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    body = f"csrf={session.csrf}&do=done&version=0&q.volunteers=1".encode()
    foreign = await run.ask("POST", f"{BAROMETER}/2023/answers", headers=headers, content=body)
    assert foreign.status_code == 403
    told = await _said(run, eva, 2023)
    assert told["done"] is None
    assert {
        line["value"] for part in told["parts"] for line in part["lines"] if line["source"] == "answered"
    } == {""}


async def test_barometer_says_the_same_everywhere(run: Running) -> None:
    """Page, CSV and JSON have the same lines, and what is counted is what the statistics show."""
    eva = await signed_in(run, "eva")
    told = await _said(run, eva, 2025)
    page = (await eva.request("GET", f"{BAROMETER}/2025")).text
    as_csv = (await eva.request("GET", f"{BAROMETER}/2025.csv")).content.decode("utf-8-sig")
    lines = [(part["name"], line["name"], line["value"]) for part in told["parts"] for line in part["lines"]]
    for part, name, value in lines:
        assert f"<dt>{name}</dt>" in page
        assert value in page
        assert f"{part};{name};{value};" in as_csv.replace('"', "")
    assert page.count("<dt>") == len(lines)
    known = [line for part in told["parts"] for line in part["lines"] if line["source"] == "known"]
    read = long_date(date.fromisoformat(told["known_on"]), "sv")
    assert page.count(f"ur era uppgifter den {read}") == len(known), "of today, whatever year is told"
    assert as_csv.count(f"ur era uppgifter den {read}") == len(known)
    assert "rutinkort" not in page.lower(), "nobody of theirs has said that they have read those"
