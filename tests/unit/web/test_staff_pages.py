# SPDX-License-Identifier: EUPL-1.2
"""The staff's pages: who gets them, and what they say and do not say."""

from __future__ import annotations

import ast
import re
from types import SimpleNamespace
from typing import Any, get_args

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chat.live.board import Serving
from chat.parts import TransferEnd
from chat.routing import AGE_BANDS, NEEDS, ROLES
from tests.texts import LANGUAGES, TEMPLATES
from tests.unit.web.staff import BRON, EKEN, LINDEN, WEB, Pages, given, row, session
from web.accounts.account import StaffRole
from web.errors import OUTCOMES, NackCode
from web.house import House
from web.languages import ScriptText
from web.operator import pages as operator_pages


@pytest.mark.parametrize("path", ["/console", "/supervisor"])
async def test_page_without_session_leads_to_sign_in(path: str) -> None:
    """Whoever is not signed in is sent to the sign-in."""
    answer = await Pages(session(StaffRole.OPERATOR, [LINDEN])).get(path, {})
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/sign-in")


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/console", StaffRole.COORDINATOR),
        ("/console", StaffRole.RECEIVER),
        ("/supervisor", StaffRole.OPERATOR),
        ("/supervisor", StaffRole.RECEIVER),
    ],
)
async def test_page_of_another_role_is_refused(path: str, role: StaffRole) -> None:
    """An account of another role gets a plain 403 with a way to sign out."""
    who = session(role, [LINDEN])
    answer = await Pages(who).get(path)
    assert answer.status_code == 403
    assert who.csrf in answer.text
    assert "/staff/sign-out" in answer.text


@pytest.mark.parametrize(
    ("path", "role", "own"),
    [("/console", StaffRole.ADMINISTRATOR, "/supervisor"), ("/supervisor", StaffRole.OPERATOR, "/console")],
)
async def test_page_of_another_role_leads_to_ones_own(path: str, role: StaffRole, own: str) -> None:
    """Nobody has to sign out to come right."""
    assert f'href="{own}"' in (await Pages(session(role, [LINDEN])).get(path)).text


async def test_console_carries_csrf_services_and_texts() -> None:
    """The page brings the CSRF value, the account's own services with their tracks, and every script text."""
    who = session(StaffRole.OPERATOR, [LINDEN, EKEN])
    answer = await Pages(who).get("/console")
    assert answer.status_code == 200
    assert f'<meta name="csrf" content="{who.csrf}">' in answer.text
    page = given(answer.text)
    assert [service["id"] for service in page["services"]] == ["linden", "eken"]
    assert {service["track"] for service in page["services"]} == {"exposed"}
    texts = page["texts"]
    assert {name: text for name, text in texts.items() if not name.startswith("her.")} == _script_texts()


async def test_supervisor_has_a_console_without_a_queue() -> None:
    """The page says so to its scripts and in words, and leads to the board; an operator's does not."""
    page = (await Pages(session(StaffRole.SUPERVISOR, [LINDEN])).get("/console?lang=sv")).text
    assert given(page)["supervises"] is True
    assert "Du tar inga samtal ur kön." in page
    assert 'href="/supervisor?lang=sv"' in page
    theirs = (await Pages(session(StaffRole.OPERATOR, [LINDEN])).get("/console")).text
    assert given(theirs)["supervises"] is False
    assert "/supervisor" not in theirs


async def test_console_shows_why_a_service_cannot_open() -> None:
    """A service without its decisions cannot be ticked and says why, as text."""
    answer = await Pages(session(StaffRole.OPERATOR, [BRON])).get("/console")
    assert "beslut &lt;saknas&gt;" in answer.text
    assert re.search(r'value="bron"[^>]* disabled', answer.text)


async def test_console_ticks_the_only_service() -> None:
    """With one service there is nothing to choose."""
    one = await Pages(session(StaffRole.OPERATOR, [LINDEN])).get("/console")
    two = await Pages(session(StaffRole.OPERATOR, [LINDEN, EKEN])).get("/console")
    assert re.search(r'value="linden"[^>]* checked', one.text)
    assert " checked" not in two.text


async def test_console_speaks_the_language_asked_for() -> None:
    """`?lang=en` gives English words and says so."""
    answer = await Pages(session(StaffRole.OPERATOR, [LINDEN])).get("/console?lang=en")
    assert '<html lang="en">' in answer.text
    assert given(answer.text)["texts"]["accept"] == "Accept"


async def test_console_has_nothing_inline() -> None:
    """No inline script, style or handler: the policy would refuse it."""
    page = (await Pages(session(StaffRole.OPERATOR, [LINDEN])).get("/console")).text
    assert re.search(r"\son\w+=|\sstyle=|<style", page) is None
    assert set(re.findall(r"<script[^>]*>", page)) == {
        '<script type="application/json" id="page">',
        '<script type="module" src="/static/operator/console.js">',
    }


def test_console_names_every_module_that_it_loads() -> None:
    """What the scripts import from each other is what the page fetches ahead."""
    found, to_read = set(), ["operator/console.js"]
    while to_read:
        module = to_read.pop()
        text = (WEB / "static" / module).read_text(encoding="utf-8")
        for name in re.findall(r'^(?:import|\}) .*?from "(.+?)";', text, re.MULTILINE):
            path = (WEB / "static" / module).parent / name
            imported = path.resolve().relative_to(WEB / "static").as_posix()
            if imported not in found:
                found.add(imported)
                to_read.append(imported)
    assert found == set(operator_pages.MODULES)


async def test_board_shows_figures_of_own_services_only() -> None:
    """A supervisor sees the services of the account, and no other."""
    rows = [
        row(LINDEN, waiting=2, longest_wait_s=431, on_duty=(Serving("Månen", 1, 3),), answered=11),
        row(EKEN),
    ]
    pages = Pages(session(StaffRole.SUPERVISOR, [LINDEN]), rows)
    answer = await pages.get("/supervisor/board")
    assert [line["service"] for line in answer.json()["rows"]] == ["linden"]
    cells = answer.json()["rows"][0]["cells"]
    assert (cells["waiting"], cells["longest"], cells["answered"]) == ("2", "7 min", "11")
    assert cells["on_duty"] == "\u2068Månen\u2069 (1 av 3)"
    assert answer.json()["at"] == "19:05"
    shown = (await pages.get("/supervisor")).text
    assert "Kvinnojouren i Vallentuna" in shown
    assert "Tjejjouren" not in shown


async def test_board_warns_when_somebody_waits_and_nobody_is_there() -> None:
    """Waiting without anybody on duty stands out; waiting beside a volunteer does not."""
    rows = [row(LINDEN, waiting=1), row(EKEN, waiting=1, on_duty=(Serving("Månen", 3, 3),))]
    answer = await Pages(session(StaffRole.SUPERVISOR, [LINDEN, EKEN]), rows).get("/supervisor/board")
    assert [line["alert"] for line in answer.json()["rows"]] == [True, False]


async def test_board_tells_pauses_and_warns_when_all_who_are_there_have_one() -> None:
    """Somebody who has paused takes nobody: with nobody else there, whoever waits waits in vain."""
    mira, kim = Serving("Mira", 1, 1, paused=True), Serving("Kim", 0, 3)
    rows = [row(LINDEN, waiting=1, on_duty=(mira,)), row(EKEN, waiting=1, on_duty=(mira, kim))]
    answer = await Pages(session(StaffRole.SUPERVISOR, [LINDEN, EKEN]), rows).get("/supervisor/board")
    alone, beside = (line["cells"] for line in answer.json()["rows"])
    assert (alone["alert"], beside["alert"]) == ("Någon väntar och alla har paus", "")
    assert beside["on_duty"] == "\u2068Mira\u2069 (1 av 1, paus), \u2068Kim\u2069 (0 av 3)"


async def test_board_shows_why_a_service_cannot_open() -> None:
    """The reason stands where otherwise open or closed does, as text."""
    rows = [row(BRON, open=False, cannot_open="beslut <saknas>")]
    answer = await Pages(session(StaffRole.SUPERVISOR, [BRON]), rows).get("/supervisor")
    assert "Kan inte öppna: beslut &lt;saknas&gt;" in answer.text


async def test_console_brings_each_service_its_own_routine() -> None:
    """The site's words in the console's language; what the site leaves out is not there."""
    page = given((await Pages(session(StaffRole.OPERATOR, [LINDEN])).get("/console?lang=en")).text)
    routine = page["services"][0]["routine"]
    assert set(routine) == {"acute", "concern", "honour"}
    assert routine["acute"]["text"].startswith("Ask her to call 112")
    assert (routine["acute"]["tag"], routine["acute"]["direction"]) == ("en", "ltr")


async def test_console_knows_the_words_for_what_was_taken_out() -> None:
    """Those of every language that a visitor may write in."""
    masks = given((await Pages(session(StaffRole.OPERATOR, [LINDEN])).get("/console")).text)["masks"]
    assert {"telefonnummer", "phone number"} <= set(masks)
    nobody = given((await Pages(session(StaffRole.OPERATOR, [])).get("/console")).text)
    assert nobody["masks"] == []


async def test_board_figures_need_a_session_of_the_role() -> None:
    """The figures are refused without a session (401) and for another role (403)."""
    operator = Pages(session(StaffRole.OPERATOR, [LINDEN]), [row(LINDEN)])
    assert (await operator.get("/supervisor/board", {})).status_code == 401
    assert (await operator.get("/supervisor/board")).status_code == 403


async def test_sign_in_page_says_the_error_and_keeps_the_name() -> None:
    """After a refusal the sentence is announced, the name kept as text, and the password empty."""
    context = {"csrf": "c", "error": "error.sign_in", "name": '"><b>', "language": "sv"}
    page = await _sign_in(context)
    assert "Namnet och lösenordet hör inte ihop" in page
    assert 'value="&#34;&gt;&lt;b&gt;"' in page
    assert 'autocomplete="current-password"' in page
    assert page.count(" autofocus") == 1


async def test_sign_in_page_without_error_has_none() -> None:
    """The first time there is a form and no sentence of blame."""
    page = await _sign_in({"csrf": "c", "error": None, "name": "", "language": "sv"})
    assert 'role="alert"' not in page
    assert 'name="csrf" value="c"' in page


async def _sign_in(context: dict[str, Any]) -> str:
    house = SimpleNamespace(languages=LANGUAGES, templates=TEMPLATES)

    async def show(request: Request) -> Response:
        return House.page(house, request, "staff/sign_in.html", context, domain="staff")  # type: ignore[arg-type]

    context |= {"query": "", "other_languages": [("en", "English")]}
    transport = httpx.ASGITransport(app=Starlette(routes=[Route("/", show)]))
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.example") as browser:
        return (await browser.get("/")).text


CATALOGUES = (
    "chair",
    "staff",
    "handover",
    "warm",
    "returning",
    "wrapup",
    "notes",
    "supervision",
    "replies",
    "alerting",
    "transfer",
    "shift",
)
"""What the console's page hands to its scripts."""


def test_staff_catalogues_are_whole() -> None:
    """Every language has every text of the staff's pages."""
    assert [problem for problem in LANGUAGES.problems() if "staff.po" in problem] == []


OWN_TEXTS = ("audit", "barometer", "figures", "replies", "roster", "site", "staffing")
"""How templates of pages with a catalogue of their own begin; a test beside each holds its texts."""


def test_staff_catalogue_has_every_text_that_is_used() -> None:
    """What templates, scripts and refusals name stands in the catalogue."""
    texts = LANGUAGES.texts("sv", "staff")
    templates = "\n".join(
        path.read_text(encoding="utf-8")
        for path in (WEB / "templates" / "staff").iterdir()
        if not path.name.startswith(OWN_TEXTS)
    )
    python = "\n".join(
        path.read_text(encoding="utf-8").replace("from __future__ import annotations", "")
        for path in (WEB / "supervisor").glob("*.py")
    )
    named = set(re.findall(r"""\b_\(['"]([\w.]+)['"]""", templates))
    named |= {
        node.value
        for node in ast.walk(ast.parse(python))
        if isinstance(node, ast.Constant) and str(node.value).startswith("board.")
    }
    named |= {f"nack.{code}" for code in (*get_args(NackCode), "lost_claim")}
    shown_in_forms = {"error.sign_in", "error.too_many", "error.stale_form"}
    named |= shown_in_forms | {
        outcome.message for outcome in OUTCOMES.values() if outcome.code == "unavailable"
    }
    assert [name for name in sorted(named) if texts.gettext(name) == name] == []


@pytest.mark.parametrize("language", LANGUAGES.codes)
def test_intake_answers_are_shown_in_words(language: str) -> None:
    """Every answer that she can choose before the start has words in the console."""
    texts = LANGUAGES.script_texts(language, "staff")
    answers = [("need", NEEDS), ("age_band", AGE_BANDS), ("role", ROLES)]
    wanted = [f"answers.{name}_{value}" for name, values in answers for value in values]
    assert [name for name in wanted if not texts.get(name)] == []
    assert sorted(wanted) == sorted(name for name in texts if name.startswith("answers."))


def test_staff_scripts_name_only_texts_that_are_there() -> None:
    """Every text that a script of the console asks for by name is handed to it, and none is left over."""
    texts = _script_texts()
    scripts = "\n".join(
        path.read_text(encoding="utf-8") for path in (WEB / "static" / "operator").glob("*.js")
    )
    named = set(re.findall(r'"([a-z_]+(?:\.[a-z_]+)?)"', scripts))
    families = set(re.findall(r"`([a-z]+)\.\$\{", scripts))
    for call in re.findall(r"say\(page, \"([\w.]+)\"", scripts):
        assert call in texts, call
    left_over = [name for name in texts if name not in named and name.partition(".")[0] not in families]
    assert left_over == []


def test_no_text_of_a_handover_stands_in_the_place_of_another() -> None:
    """The console gets several catalogues as one."""
    names = [name for domain in CATALOGUES for name in LANGUAGES.script_texts("sv", domain)]
    assert len(names) == len(set(names))


def test_catalogue_about_guests_is_whole() -> None:
    """Every language has all of it, and her scripts name nothing else and leave nothing over."""
    assert [problem for problem in LANGUAGES.problems() if "/warm.po" in problem] == []
    hers = LANGUAGES.script_texts("sv", "warm", "visitor").keys()
    scripts = [WEB / "static" / "visitor" / name for name in ("warm.js", "warm_model.js")]
    named = set(re.findall(r'"([a-z_.]+)"', "\n".join(path.read_text(encoding="utf-8") for path in scripts)))
    assert hers - named - {"trouble.changed", "trouble.later", "trouble.gone"} == set()
    used = _used("warm")
    texts = LANGUAGES.texts("sv", "warm")
    assert used
    assert [name for name in sorted(used) if texts.gettext(name) == name] == []


def test_catalogue_about_giving_a_conversation_away_is_whole() -> None:
    """Every language has all of it, and her scripts name nothing else and leave nothing over."""
    assert [problem for problem in LANGUAGES.problems() if "/transfer.po" in problem] == []
    hers = LANGUAGES.script_texts("sv", "transfer", "visitor").keys()
    scripts = [WEB / "static" / "visitor" / name for name in ("warm.js", "warm_model.js")]
    named = set(re.findall(r'"([a-z_.]+)"', "\n".join(path.read_text(encoding="utf-8") for path in scripts)))
    assert hers - named == set()
    told = (WEB / "static" / "operator" / "transfer_told.js").read_text(encoding="utf-8")
    ends = {f"returned.{why}" for why in TransferEnd if why is not TransferEnd.TAKEN_BACK}
    texts = {name for name in LANGUAGES.script_texts("sv", "transfer") if name.startswith("returned.")}
    assert texts == ends
    assert '"taken_back"' in told


def test_catalogue_about_supervisors_is_whole() -> None:
    """Both languages have all of it, and the console's template names nothing else."""
    assert [problem for problem in LANGUAGES.problems() if "/supervision.po" in problem] == []
    texts = LANGUAGES.texts("sv", "supervision")
    used = _used("supervision")
    assert len(used) > 10
    assert [name for name in sorted(used) if texts.gettext(name) == name] == []


def test_catalogue_about_coming_back_is_whole() -> None:
    """Every language has all of it, and her scripts name nothing else and leave nothing over."""
    assert [problem for problem in LANGUAGES.problems() if "/returning.po" in problem] == []
    hers = LANGUAGES.script_texts("sv", "returning", "visitor").keys()
    scripts = (WEB / "static" / "visitor").glob("returning*.js")
    named = set(re.findall(r'"([a-z_.]+)"', "\n".join(path.read_text(encoding="utf-8") for path in scripts)))
    assert hers - named == set()
    template = (WEB / "templates" / "staff" / "console_returning.html").read_text(encoding="utf-8")
    texts = LANGUAGES.texts("sv", "returning")
    used = re.findall(r'\breturning\("([\w.]+)"\)', template)
    assert used
    assert [name for name in used if texts.gettext(name) == name] == []


def _used(domain: str) -> set[str]:
    """Return the texts of a catalogue that the console's templates say."""
    templates = (WEB / "templates" / "staff").glob("console*.html")
    said = re.compile(rf"\b{domain}\([\"']([\w.]+)[\"']\)")
    return {name for path in templates for name in said.findall(path.read_text(encoding="utf-8"))}


def _script_texts() -> dict[str, ScriptText]:
    """Return every text that the console's page hands to its scripts."""
    texts: dict[str, ScriptText] = {}
    for domain in CATALOGUES:
        texts |= LANGUAGES.script_texts("sv", domain)
    return texts


async def test_console_tells_what_a_shift_must_know() -> None:
    """The routine and the message of the evening stand in the page, and names to choose from."""
    answer = await Pages(session(StaffRole.OPERATOR, [LINDEN])).get("/console")
    page = given(answer.text)
    (linden,) = page["services"]
    assert (linden["capacity"], linden["speaks"]) == (3, ["ar", "en"])
    assert linden["alone"]["text"].startswith("Ta ett samtal i taget.")
    assert "Bakjouren finns på telefon hela kvällen" in answer.text
    assert "Be henne ringa 112" in answer.text
    assert len(page["aliases"]) >= 30
