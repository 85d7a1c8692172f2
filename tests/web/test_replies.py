# SPDX-License-Identifier: EUPL-1.2
"""Ready replies at a real server: who sees and changes what, forms of our own only, hostile words inert."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from chat.ids import ServiceId
from tests.outside.operator import Operator
from tests.web.people import csrf_of, sends, signed_in
from tests.web.running import Running
from web.accounts.audit import Audited

HOSTILE = "<img src=x onerror=alert(1)>{{ 7*7 }} javascript:alert(1) \"'"


class Desk:
    """Somebody before the page of one service's replies."""

    def __init__(self, run: Running, person: Operator, service: str) -> None:
        self.run, self.person, self.path = run, person, f"/replies/{service}"

    async def page(self, query: str = "") -> httpx.Response:
        """Open it."""
        return await self.person.request("GET", self.path + query)

    async def csrf(self) -> str:
        """Return what the forms carry."""
        return await csrf_of(self.run, self.person)

    async def does(self, do: str, **fields: Any) -> httpx.Response:
        """Send a form."""
        form = {"do": do, "version": "0", "id": "", **fields}
        return await sends(self.run, self.person, self.path, **form)


async def _at_hand(run: Running, person: Operator, service: str, lang: str = "sv") -> tuple[int, Any]:
    answer = await run.get(f"/console/at-hand/{service}?lang={lang}", {"Cookie": person.cookie_header})
    return answer.status_code, answer.json() if answer.status_code == 200 else answer.content


async def test_at_hand_is_told_to_staff_of_the_service(run: Running) -> None:
    """And to who leads it. What is another's and what is nowhere look the same; receivers are refused."""
    anna = await run.operator("anna")
    status, told = await _at_hand(run, anna, "linden")
    assert status == 200
    assert told["edit"] == ""
    assert told["replies"][0]["words"]["en"]["title"] == "Greeting"
    assert told["languages"]["en"]["values"]["service"] == "Kvinnojouren in Vallentuna"
    refused = [await _at_hand(run, anna, name) for name in ("eken", "hamnen", "nowhere", "%00", "LINDEN")]
    assert refused == [(403, b"")] * 5
    assert (await run.get("/console/at-hand/linden")).status_code == 401
    assert (await _at_hand(run, await signed_in(run, "ingrid"), "linden"))[0] == 403
    boss = await signed_in(run, "birgitta")
    assert (await _at_hand(run, boss, "linden"))[1]["edit"] == "/replies/linden?lang=sv"
    assert (await _at_hand(run, boss, "hamnen"))[0] == 403


async def test_lines_come_with_what_is_open_and_a_sentence_in_her_language(run: Running) -> None:
    """112 first, then what is written; no line of the other track, and only chats where somebody answers."""
    anna = await run.operator("anna")
    _, told = await _at_hand(run, anna, "linden")
    kinds = [line["kind"] for line in told["lines"]]
    assert kinds == ["emergency", "chat", *["phone"] * 8, "referral", "referral"]
    assert "020-555 666" not in [line["address"] for line in told["lines"]]
    line = next(each for each in told["lines"] if each["name"] == "Kvinnofridslinjen")
    assert (line["open"], line["when"]) == (True, "Öppet dygnet runt.")
    assert line["say"]["sv"] == (
        "Kvinnofridslinjen: 020-50 50 50. Öppet dygnet runt. Samtal kan synas i telefonens samtalslista."
    )
    assert line["say"]["en"].startswith("Kvinnofridslinjen: 020-50 50 50. Open day and night.")
    assert set(line["say"]) == {"sv", "sv-easy", "en", "ar"}
    judge = run.house.site.services[next(iter(run.house.site.services))].chat.judge
    said = [text for each in told["lines"] for text in each["say"].values()]
    assert [text for text in said if judge.of_operator(text).reasons] == [], "each of them can be sent"

    await run.operator("karin", "bron")
    await run.operator("peter", "hamnen")
    _, told = await _at_hand(run, anna, "linden")
    assert [line["name"] for line in told["lines"] if line["kind"] == "service"] == ["Vallentuna Öppenvård"]


async def test_cards_carry_the_service_s_own_words_and_what_binds_it(run: Running) -> None:
    """Own words stand beside the baseline, and the duty to report is the organisation's own text."""
    _, told = await _at_hand(run, await run.operator("anna"), "linden", "en")
    assert told["routine"] == run.house.site.services[ServiceId("linden")].routine_version != ""
    cards = {card["about"]: card for card in told["cards"]}
    assert cards["honour"]["own"]["text"].startswith("Call the jour's back-up")
    assert cards["self"]["own"] is None
    assert cards["children"]["duty"]["text"].startswith("If we learn who you are")
    assert cards["acute"]["duty"] is None
    assert cards["self"]["do"][0].startswith("Ask straight out")


@pytest.mark.parametrize(
    ("name", "own", "foreign"),
    [
        ("birgitta", ("linden", "eken", "bron"), ("hamnen",)),
        ("mats", ("hamnen",), ("linden", "eken", "bron")),
        ("anna", (), ("linden", "eken", "hamnen")),
        ("maja", ("eken",), ("linden", "bron")),
        ("ingrid", (), ("linden", "eken")),
    ],
)
async def test_page_is_for_those_who_may(
    run: Running, name: str, own: tuple[str, ...], foreign: tuple[str, ...]
) -> None:
    """Every role and service, to look and to change: what is nowhere looks like what is another's."""
    person = await signed_in(run, name)
    for service in own:
        assert (await Desk(run, person, service).page()).status_code == 200
    bodies = set()
    for service in (*foreign, "nowhere"):
        desk = Desk(run, person, service)
        answers = [await desk.page(), await desk.does("hide", id="hello"), await desk.does("preview")]
        assert {answer.status_code for answer in answers} == {403}
        bodies |= {answer.text for answer in answers}
    assert len(bodies) == 1
    start = await person.request("GET", "/replies")
    assert start.status_code == (403 if not own else 303 if len(own) == 1 else 200)
    assert (await run.get("/replies/linden")).headers["location"].partition("?")[0] == "/staff/sign-in"


async def test_change_reaches_the_console_and_is_counted_by_day(run: Running) -> None:
    """Write, hide, order, take back: the next answer has it. The audit knows who and in which service."""
    boss = Desk(run, await signed_in(run, "birgitta"), "linden")
    anna = await run.operator("anna")

    async def shown() -> list[str]:
        _, told = await _at_hand(run, anna, "linden")
        return [reply["words"]["sv"]["title"] for reply in told["replies"]]

    before = await shown()
    made = await boss.does("save", **{"title.sv": "Nytt", "text.sv": "Nytt svar från {alias}."})
    assert made.status_code == 303
    assert await shown() == [*before, "Nytt"]
    (new,) = re.findall(r'id="reply-(own-[a-z0-9]+)"', (await boss.page()).text)
    assert parse_qs(urlsplit(made.headers["location"]).query)["done"] == ["save"]
    assert (await boss.does("up", id=new)).status_code == 303
    assert (await shown())[-2] == "Nytt"
    assert (await boss.does("hide", id=new, version=1)).status_code == 303
    assert await shown() == before
    assert (await boss.does("undo", id=new, version=2)).status_code == 303
    assert "Nytt" in await shown()
    assert (await boss.does("hide", id=new, version=3)).status_code == 303
    assert (await boss.does("remove", id=new, version=4)).status_code == 303
    assert new not in (await boss.page()).text
    deeds = [each for each in await run.house.audit.entries() if each.kind is Audited.REPLIES_CHANGED]
    assert {(each.account, each.place) for each in deeds} == {("birgitta", "linden")}


async def test_two_who_change_one_reply_both_keep_their_words(run: Running) -> None:
    """The later one sees the earlier one's text beside what they wrote, and may save it over that."""
    one = Desk(run, await signed_in(run, "maja"), "eken")
    other = Desk(run, await signed_in(run, "birgitta"), "eken")
    first = {"id": "end", "title.sv": "Hej då", "text.sv": "Det som den ena skrev."}
    late = {"id": "end", "title.sv": "Hej då", "text.sv": "Det som den andra skrev."}
    assert (await one.does("save", **first)).status_code == 303
    refused = await other.does("save", **late)
    assert refused.status_code == 409
    assert "Det som den ena skrev." in refused.text
    assert "Det som den andra skrev." in refused.text
    (version,) = set(
        re.findall(
            r'name="id" value="end">\s*<input type="hidden" name="version" value="(\d+)"', refused.text
        )
    )
    assert (await other.does("save", **late, version=version)).status_code == 303
    _, told = await _at_hand(run, await run.operator("maja"), "eken")
    assert [each["words"]["sv"]["text"] for each in told["replies"]][-1] == "Det som den andra skrev."


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"title.sv": "Hej"}, "finns bara rubriken eller bara svaret"),
        ({"title.en": "Hello", "text.en": "Hello."}, "måste finnas på svenska"),
        ({"title.sv": "Hej", "text.sv": "Ring 070-123 45 67."}, "ett nummer, en adress eller en länk"),
        ({"title.sv": "Hej", "text.sv": "Jag är {namn}."}, "står {namn}"),
        ({"title.sv": "Hej", "text.sv": "x" * 1001}, "för långt på svenska"),
        ({"title.sv": "Hej", "text.sv": "Hej\u202e."}, "tecken som inte syns"),
    ],
)
async def test_words_that_cannot_be_a_reply_stay_in_the_form(
    run: Running, fields: dict[str, str], says: str
) -> None:
    """422, what is wrong, and everything that was written."""
    desk = Desk(run, await signed_in(run, "birgitta"), "linden")
    refused = await desk.does("save", **fields)
    assert refused.status_code == 422
    page = unescape(refused.text)
    assert says in page
    assert all(text in page for text in fields.values())


async def test_hostile_words_are_shown_as_they_stand(run: Running) -> None:
    """Markup and template signs do nothing, in the form, in its preview, and on the way to the console."""
    desk = Desk(run, await signed_in(run, "mats"), "hamnen")
    words = {"title.sv": "<b>fet</b>", "text.sv": HOSTILE.replace("{{ 7*7 }}", "")}
    seen = await desk.does("preview", **words)
    assert seen.status_code == 200
    assert "<img" not in seen.text
    assert "&lt;img src=x" in seen.text
    braces = await desk.does("save", **{**words, "text.sv": HOSTILE})
    assert braces.status_code == 422
    assert "49" not in braces.text.replace("2049", "")
    assert (await desk.does("preview", id="nowhere", version="x" * 20, **words)).status_code == 200


async def test_form_of_another_session_or_origin_changes_nothing(run: Running) -> None:
    """And one that asks for nothing that there is."""
    desk = Desk(run, await signed_in(run, "birgitta"), "linden")
    other = Desk(run, await signed_in(run, "mats"), "hamnen")
    assert (await desk.does("hide", id="hello", csrf=await other.csrf())).status_code == 403
    assert (await desk.does("hide", id="hello", csrf="")).status_code == 403
    assert (await desk.does("explode", id="hello")).status_code == 400
    assert (await desk.does("hide", id="nowhere")).status_code == 404
    for version in ("", "-1", "1e3", "9" * 30, "٣"):
        assert (await desk.does("hide", id="hello", version=version)).status_code == 409
    cookie = {"Cookie": desk.person.cookie_header, "Content-Type": "application/x-www-form-urlencoded"}
    body = f"csrf={await desk.csrf()}&do=hide&id=hello&version=0".encode()
    for origin in ({}, {"Origin": "https://evil.example"}):
        answer = await run.ask("POST", "/replies/linden", headers={**cookie, **origin}, content=body)
        assert answer.status_code == 403
    assert 'data-hidden="true"' not in (await desk.page()).text
