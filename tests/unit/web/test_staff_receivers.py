# SPDX-License-Identifier: EUPL-1.2
"""Who a volunteer may choose to hand over to: what the console is told about each, and who is told."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest

from chat.violence import Relation, ViolenceForm
from handover.consent import MOST_RECEIVERS
from handover.drafting import Draft
from handover.items import MOST_MESSAGES, Answer, ContactWay, Item
from tests.texts import LANGUAGES
from tests.unit.web.staff import BRON, EKEN, LINDEN, WEB, Pages, given, session
from web.accounts.account import StaffRole

COUNSELLOR = "kurator-vardcentralen"
SCRIPT = (WEB / "static" / "operator" / "handover.js").read_text(encoding="utf-8")


async def _of(service: str, path: str = "", **more: Any) -> dict[str, Any]:
    pages = Pages(session(StaffRole.OPERATOR, [LINDEN, EKEN, BRON]), **more)
    answer = await pages.get(f"/console/receivers/{service}{path}")
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


async def test_receivers_of_a_service_are_those_of_its_track() -> None:
    """The two tracks are never shown to each other."""
    told = await _of("linden")
    assert {each["id"] for each in told["receivers"]} == {
        "mottagningen-vallentuna",
        COUNSELLOR,
        "brottsoffer-polisen",
        "kvinnojouren-stod",
    }
    assert "samverkan-bollnas" not in str(told)


async def test_receiver_is_told_with_what_a_choice_needs() -> None:
    """Whose it is, when it reads, whether police work there, and what the visitor reads about it."""
    told = {each["id"]: each for each in (await _of("linden"))["receivers"]}
    police = told["brottsoffer-polisen"]
    assert (police["name"], police["organisation"]) == (
        "Polisens brottsoffersamordnare i Täby",
        "Polisen i Täby",
    )
    assert (police["police"], police["hours"]) == (True, "måndag till fredag klockan 8 till 16")
    assert police["notice"][0].startswith("Samordnaren läser")
    assert [each["police"] for each in told.values()].count(True) == 1
    assert all(each["why"] == "" for each in told.values())
    assert "function_address" not in str(told)


async def test_receiver_without_agreement_says_so_and_stands_last() -> None:
    """A partnership that is not in force keeps it from being chosen; the others come first."""
    receivers = (await _of("bron"))["receivers"]
    shut = {each["id"]: each["why"] for each in receivers if each["why"]}
    assert set(shut) == {COUNSELLOR, "brottsoffer-polisen"}
    assert shut[COUNSELLOR] == "Det finns inget avtal med \u2068Vårdcentralen i Vallentuna\u2069 just nu."
    assert [bool(each["why"]) for each in receivers] == [False, False, True, True]


async def test_receiver_without_key_says_so() -> None:
    """An agreement is not enough: somebody must be able to open what is sent."""
    told = {each["id"]: each["why"] for each in (await _of("linden", without_key=[COUNSELLOR]))["receivers"]}
    assert told.pop(COUNSELLOR) == "Mottagaren har inte börjat ta emot här än."
    assert set(told.values()) == {""}


async def test_lines_are_those_that_she_can_call() -> None:
    """Telephone lines of the track, without 112, which stands elsewhere."""
    lines = (await _of("linden"))["lines"]
    assert {"name": "Kvinnofridslinjen", "address": "020-50 50 50"}.items() <= lines[0].items()
    assert not [line for line in lines if line["address"] == "112" or line["address"].startswith("https")]
    assert "Välj att sluta" not in str(lines)


async def test_receivers_are_told_in_the_language_asked_for() -> None:
    """`?lang=en`: names, notices and reasons."""
    told = await _of("bron", "?lang=en")
    counsellor = next(each for each in told["receivers"] if each["id"] == COUNSELLOR)
    assert counsellor["name"] == "The counsellor at the health centre in Vallentuna"
    assert counsellor["why"].startswith("There is no agreement with")


async def test_console_brings_the_receivers_of_each_service() -> None:
    """The page has what the address answers, so that the panel is never empty."""
    pages = Pages(session(StaffRole.OPERATOR, [LINDEN, BRON]))
    page = given((await pages.get("/console")).text)
    assert set(page["receivers"]) == {"linden", "bron"}
    assert page["receivers"]["bron"] == (await pages.get("/console/receivers/bron")).json()


@pytest.mark.parametrize(
    ("role", "services"),
    [
        (StaffRole.OPERATOR, [EKEN]),
        (StaffRole.OPERATOR, []),
        (StaffRole.SUPERVISOR, [EKEN]),
        (StaffRole.ADMINISTRATOR, [LINDEN]),
        (StaffRole.RECEIVER, [LINDEN]),
    ],
)
async def test_receivers_are_for_operators_of_the_service(role: StaffRole, services: list[Any]) -> None:
    """What is foreign and what does not exist look the same."""
    pages = Pages(session(role, services))
    foreign, unknown = [await pages.get(f"/console/receivers/{name}") for name in ("linden", "nowhere")]
    assert (foreign.status_code, foreign.content) == (403, b"")
    assert (unknown.status_code, unknown.content, unknown.headers) == (403, b"", foreign.headers)


async def test_receivers_need_a_session() -> None:
    """401 without, whatever is asked for."""
    pages = Pages(session(StaffRole.OPERATOR, [LINDEN]))
    assert [(await pages.get(f"/console/receivers/{name}", {})).status_code for name in ("linden", "x")] == [
        401,
        401,
    ]


# --- the panel and the domain say the same ------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES.for_staff)
def test_every_answer_of_a_handover_has_words(language: str) -> None:
    """Each item, form, relation, way and answer; and no words for what there is not."""
    texts = LANGUAGES.script_texts(language, "handover")
    wanted: dict[str, Iterable[str]] = {
        "form": ViolenceForm,
        "relation": Relation,
        "way": ContactWay,
    }
    for family, values in wanted.items():
        named = {name.partition(".")[2] for name in texts if name.startswith(f"{family}.")}
        assert named == {str(value) for value in values}


@pytest.mark.parametrize("language", LANGUAGES.for_staff)
async def test_preview_has_the_words_that_she_reads(language: str) -> None:
    """Every item, answer and author, word for word as on her own page, and nothing else of that page."""
    page = (await Pages(session(StaffRole.OPERATOR, [LINDEN])).get(f"/console?lang={language}")).text
    texts = {name: text for name, text in given(page)["texts"].items() if name.startswith("her.")}
    consent = LANGUAGES.script_texts(language, "consent")
    assert texts == {name: consent[name.removeprefix("her.")] for name in texts}
    wanted: dict[str, Iterable[str]] = {
        "item": [*Item, "times"],
        "form": ViolenceForm,
        "relation": Relation,
        "answer": Answer,
        "way": ContactWay,
        "message": ("visitor", "operator"),
        "items": ("why",),
    }
    for family, values in wanted.items():
        assert [value for value in values if f"her.{family}.{value}" not in texts] == []
    assert {name.split(".")[1] for name in texts} == set(wanted)


async def test_console_knows_what_is_taken_out_of_messages() -> None:
    """The kinds that the service's policy masks, by name."""
    page = (await Pages(session(StaffRole.OPERATOR, [LINDEN])).get("/console")).text
    (service,) = given(page)["services"]
    assert {"phone", "name", "address"} <= set(service["masked"])


def test_panel_knows_the_bounds_of_the_domain() -> None:
    """What the script says about lengths and numbers is what a draft is checked against."""
    longest = {name: int(most) for name, most in re.findall(r"(\w+): (\d+)", _line("LONGEST"))}
    bounds = {field: Draft.__annotations__[field] for field in ("want", "summary", "danger", "purpose")}
    assert longest == {"want": 1_000, "summary": 2_000, "danger": 1_000, "times": 200, "purpose": 1_000}
    assert bounds == {"want": "Words", "summary": "Long", "danger": "Words", "purpose": "Words"}
    assert _line("MOST_MESSAGES") == str(MOST_MESSAGES)
    assert _line("MOST_RECEIVERS") == str(MOST_RECEIVERS)
    forms = re.search(r"FORMS = .*?\[(.*?)\]", SCRIPT, re.DOTALL)
    assert forms is not None
    assert re.findall(r'"(\w+)"', forms[1]) == [form.value for form in ViolenceForm]
    for field, values in (("relation", Relation), ("children", Answer), ("way", ContactWay)):
        found = re.search(rf"{field}: \[(.*?)\]", SCRIPT)
        assert found is not None
        assert re.findall(r'"(\w+)"', found[1]) == [value.value for value in values]


def _line(name: str) -> str:
    found = re.search(rf"export const {name} = (.*?);", SCRIPT)
    assert found is not None
    return found[1]


def test_handover_catalogues_are_whole() -> None:
    """Every language has every text of a handover."""
    assert [problem for problem in LANGUAGES.problems() if "handover.po" in problem] == []


def test_handover_catalogue_has_every_text_that_is_used_and_no_other() -> None:
    """What templates and Python name stands in the catalogue."""
    whole = "\n".join(
        path.read_text(encoding="utf-8")
        for path in (*(WEB / "templates" / "staff").iterdir(), WEB / "operator" / "receivers.py")
    )
    named = set(re.findall(r'(?:handover|gettext)\("([\w.]+)"\)', whole))
    for macro, families in (("writing", ("field", "hint")), ("choosing", ("field",))):
        fields = re.findall(rf'{{{{ {macro}\("(\w+)"', whole)
        assert fields
        named |= {f"{family}.{field}" for family in families for field in fields}
    texts = (WEB / "locales" / "sv" / "handover.po").read_text(encoding="utf-8")
    found = set(re.findall(r'(?<!msgctxt "script"\n)msgid "([\w.]+)"', texts))
    assert named == found


async def test_panel_has_no_field_for_who_she_is() -> None:
    """Neither name nor number nor address: those are hers to write, on her own screen."""
    page = (await Pages(session(StaffRole.OPERATOR, [LINDEN])).get("/console")).text
    assert "Här finns inget fält för namn, telefon eller adress." in page
    written = set(re.findall(r'data-write="(\w+)"', page))
    assert written == {"want", "summary", "danger", "times", "purpose"}
