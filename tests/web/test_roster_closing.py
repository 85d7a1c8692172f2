# SPDX-License-Identifier: EUPL-1.2
"""Closing by hand and new shifts at a real server: what she reads, and what is asked or said of a slip."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from chat.hours import STOCKHOLM
from tests.web.people import signed_in
from tests.web.roster_desk import EKEN, HERS, Desk
from tests.web.running import Running
from web.roster.telling import about_shifts, warnings_in_words


async def test_closing_by_hand_tells_her_why_wherever_it_says_closed(run: Running, ulla: Desk) -> None:
    """In the words of the organisation, inert; who waits stays; taken back it is as before."""
    visitor = await run.visitor("eken")
    tonight = await ulla.makes(timedelta(), hours=0.5)
    assert "Ingen än. 1 behövs, 2 får plats" in (await ulla.page()).text
    assert (await run.get("/status/eken")).json()["open"]
    words = "Vi är sjuka i kväll <b>alla</b>. {{ 7*7 }}"
    until = f"{(run.house.clock.now() + timedelta(hours=3)).astimezone(STOCKHOLM):%H:%M}"
    closed = await ulla.does("close", time=until, **{"words.sv": words})
    assert closed.status_code == 303
    assert not (await run.get("/status/eken")).json()["open"]
    for path in HERS:
        shown = await run.get(path)
        assert words in (shown.json()["state"] if path.startswith("/others") else unescape(shown.text))
        assert "<b>alla" not in shown.text or path.startswith("/others")
    assert words not in unescape((await run.get("/chat/linden?lang=sv")).text)
    assert (await visitor.says("Är ni kvar?"))["type"] == "ack"
    page = unescape((await ulla.page()).text)
    assert "Stängd för hand till" in page
    assert words in page
    board = await (await signed_in(run, "birgitta")).request("GET", "/supervisor?lang=sv")
    assert "Stängd för hand till" in unescape(board.text)
    assert [
        each.text.startswith("Tjejjouren i Vallentuna är stängd för hand")
        for each in await warnings_in_words(run.house, [EKEN], "sv")
    ] == [True]
    card = (await ulla.page()).text.partition(f'id="shift-{tonight}"')[2].partition("</article>")[0]
    assert "Chatten är stängd för hand" in card
    session = await run.session_of(await signed_in(run, "sara"))
    assert session is not None
    told = await about_shifts(run.house, session, "sv")
    assert told[0].startswith("Tjejjouren i Vallentuna är stängd för hand till"), "before she begins"
    assert (await ulla.does("reopen")).status_code == 303
    assert (await run.get("/status/eken")).json()["open"]
    assert words not in unescape((await run.get(HERS[0])).text)
    assert (await ulla.does("reopen")).status_code == 409


@pytest.mark.parametrize(
    ("do", "fields", "says"),
    [
        ("close", {"time": "23:59", "words.sv": "Ring 070-123 45 67."}, "pekar ut någon"),
        ("close", {"time": "23:59", "words.sv": "Maria är sjuk."}, "nämner någon som arbetar hos er"),
        ("close", {"time": "kväll", "words.sv": "Hej"}, "Skriv ett klockslag"),
        ("close", {"words.sv": "Hej"}, "Skriv ett klockslag"),
        *(
            (
                "make",
                {"day": day, "begins": "24:00", "ends": "24:00", "wanted": "2", "fewest": "1"},
                "Skriv dag",
            )
            for day in ("9999-12-31", "0001-01-01")
        ),
        (
            "make",
            {"day": "2026-12-01", "begins": "18:00", "ends": "21:00", "until": "2026-12-31", "fewest": "1"},
            "inga veckodagar",
        ),
        (
            "make",
            {"day": "2026-12-01", "begins": "18:00", "ends": "21:00", "weekday.3": "on", "fewest": "1"},
            "ingen sista dag",
        ),
        (
            "make",
            {"day": "2026-12-01", "begins": "18:00", "ends": "18:10", "wanted": "2", "fewest": "1"},
            "minst en halvtimme",
        ),
        (
            "make",
            {"day": "i morgon", "begins": "18:00", "ends": "21:00", "wanted": "2", "fewest": "1"},
            "Skriv dag och tid",
        ),
        (
            "make",
            {"day": "2026-12-01", "begins": "18:00", "ends": "21:00", "wanted": "٣", "fewest": "1"},
            "1 till 20",
        ),
    ],
)
async def test_form_that_cannot_be_says_why_and_keeps_what_was_written(
    run: Running, do: str, fields: dict[str, str], says: str
) -> None:
    """422, and nothing is lost."""
    desk = Desk(run, await signed_in(run, "ulla"), "linden")
    refused = await desk.does(do, **fields)
    assert refused.status_code == 422
    page = unescape(refused.text)
    assert says in page
    assert all(text in page for key, text in fields.items() if not key.startswith("weekday"))


async def test_new_shifts_are_counted_and_can_be_taken_back(run: Running, ulla: Desk) -> None:
    """How many, from when until when; sent again nothing is made; taken back they are out of sight."""
    day = (run.house.clock.now() + timedelta(days=40)).astimezone(STOCKHOLM)
    form = {"begins": "18:00", "ends": "21:00", "wanted": 2, "fewest": 1}
    several = {"day": f"{day:%Y-%m-%d}", "until": f"{day + timedelta(days=2):%Y-%m-%d}"} | {
        f"weekday.{number}": "on" for number in range(7)
    }
    made = await ulla.does("make", **form, **several)
    query = urlsplit(made.headers["location"]).query
    page = (await ulla.page(f"?{query}")).text
    assert "3 pass är tillagda, från" in page
    assert page.count("<article") == 3, "the page is the one that they are on"
    assert "finns redan" in (again := await ulla.does("make", **form, **several)).text
    assert again.status_code == 422
    sara = Desk(run, await signed_in(run, "sara"), "eken")
    assert "tillagda" not in (await sara.page(f"?{query}")).text
    of = parse_qs(query)["of"][0]
    assert (await sara.does("withdraw", id=of)).status_code == 403
    back = await ulla.does("withdraw", id=of)
    page = (await ulla.page(f"?{urlsplit(back.headers['location']).query}")).text
    assert "3 pass är inställda" in page
    assert "<article" not in (await ulla.page(f"?{query}")).text
    assert (await ulla.does("withdraw", id=of)).status_code == 404
    for odd in ("?done=make&of=%00&n=x", "?done=withdraw&n=99999", "?done=leave&of=nowhere", "?done=put"):
        assert (await ulla.page(odd)).status_code == 200


async def test_closing_that_may_not_be_meant_is_asked_about(run: Running, ulla: Desk) -> None:
    """Once, for just what was sent; and nothing is closed before the yes."""
    await run.operator("sara", "eken", alias="Vera")
    past = f"{(run.house.clock.now() - timedelta(hours=2)).astimezone(STOCKHOLM):%H:%M}"
    form = {"time": past, "words.sv": "Vera är sjuk, men vi hör av oss."}
    asked = await ulla.does("close", **form)
    assert asked.status_code == 409
    page = unescape(asked.text)
    assert all(
        text in page
        for text in (
            "mer än tolv timmar",
            "någon hör av sig",
            "någon i tjänst har i chatten",
            "Besökarna läser:",
        )
    )
    assert (await run.get("/status/eken")).json()["open"]
    meant = re.search(r'name="sure" value="([^"]*)"', asked.text)
    assert meant is not None
    sure = unescape(meant[1])
    assert (await ulla.does("close", **{**form, "words.sv": "Vi ringer dig."}, sure=sure)).status_code == 409
    assert (await ulla.does("close", **form, sure=sure)).status_code == 303
    assert not (await run.get("/status/eken")).json()["open"]
