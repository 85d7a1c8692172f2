# SPDX-License-Identifier: EUPL-1.2
"""Finding a chat by a few answers: through the real server, as a browser without scripts does it."""

from __future__ import annotations

import dataclasses
import io
import re
from urllib.parse import urlencode

import httpx
import pytest

from chat.hours import OpeningHours
from chat.ids import ServiceId
from tests.web.running import Running

MARKER = "Zzyzx-by"


async def csrf(run: Running) -> str:
    """Return the token of the form."""
    found = re.search(r'name="csrf" value="([^"]+)"', (await run.get("/")).text)
    assert found is not None
    return found[1]


async def answers(run: Running, origin: str | None = "", **fields: str) -> httpx.Response:
    """Send the form, from our own page if nothing else is said."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if origin is not None:
        headers["Origin"] = origin or run.at.url
    sent = {"csrf": await csrf(run), "lang": "sv"} | fields
    return await run.ask("POST", "/", headers=headers, content=urlencode(sent).encode())


def listed(page: str) -> list[str]:
    """Return the chats of a page in order."""
    return re.findall(r'href="/chat/([a-z]+)', page)


async def test_what_fits_stands_first(run: Running) -> None:
    """A tjejjour for the young; what is meant for others stays, under its own heading."""
    young = await answers(run, age_band="under_18", need="talk")
    assert young.status_code == 200
    assert listed(young.text) == ["eken", "linden", "bron"]
    older = await answers(run, age_band="over_25")
    assert listed(older.text) == ["linden", "bron", "eken"]
    assert older.text.index("Också öppet, men för andra") < older.text.index("/chat/eken")


async def test_whoever_opens_within_a_day_is_shown_with_when(
    run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not open now, but soon: by the clock in Sweden."""
    hours = OpeningHours.parse("03:00-03:01")
    services = run.house.site.services
    linden = services[ServiceId("linden")]
    closed = dataclasses.replace(linden.chat, hours=hours)
    monkeypatch.setitem(services, linden.id, dataclasses.replace(linden, chat=closed))
    monkeypatch.setitem(run.house.chat.lobby.services, linden.id, closed)
    page = (await answers(run, municipality="vallentuna kommun")).text
    soon = page[page.index("Öppnar snart") :]
    assert re.search(r"/chat/linden.*?Öppnar (?:i dag|i morgon) klockan 03:00", soon, re.DOTALL)
    assert listed(page)[:2] == ["eken", "bron"]


async def test_the_two_tracks_never_meet(run: Running) -> None:
    """Who uses violence sees their own chat and line, whoever is exposed never does."""
    theirs = (await answers(run, role="perpetrator")).text
    assert listed(theirs) == ["hamnen"]
    assert "tel:020555666" in theirs
    assert "tel:020505050" not in theirs
    for role in ("exposed", "close"):
        hers = (await answers(run, role=role)).text
        assert "hamnen" not in hers
        assert "tel:020555666" not in hers


async def test_danger_puts_112_and_the_lines_before_every_chat(run: Running) -> None:
    """And says what we cannot do."""
    page = (await answers(run, acute="yes")).text
    places = [page.index(piece) for piece in ("tel:112", "inte skicka hjälp", 'class="lines"', "/chat/")]
    assert places == sorted(places)


async def test_answers_are_in_no_address_and_no_cache(run: Running) -> None:
    """The page that answers is kept nowhere, sets nothing, and carries none of them in a link."""
    answer = await answers(run, role="close", municipality=MARKER, language="en", need="advice")
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert MARKER not in answer.text
    assert not re.findall(r'href="[^"]*(?:close|advice)', answer.text)


async def test_answers_are_in_no_log(run: Running, written: io.StringIO) -> None:
    """Not at the lowest level either."""
    await answers(run, municipality=MARKER, role="perpetrator")
    await run.quiet()
    assert MARKER not in written.getvalue()
    assert "perpetrator" not in written.getvalue()


async def test_without_answers_everything_is_shown_as_before(run: Running) -> None:
    """All may be skipped."""
    page = (await answers(run, need="", role="", municipality="  ", acute="no")).text
    assert "<h1>Vem vill du skriva till?</h1>" in page
    assert set(listed(page)) == {"linden", "eken", "bron", "hamnen"}


@pytest.mark.parametrize("field", ["need", "role", "age_band", "municipality", "language", "lang", "acute"])
@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "\u202e{{7*7}}", "x" * 10_000, "\0", "\ud83d"])
async def test_strange_answers_are_skipped_and_never_shown(run: Running, field: str, text: str) -> None:
    """What nobody offers counts as no answer, or as a place that no service names."""
    answer = await answers(run, **{field: text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")})
    assert answer.status_code == 200
    assert "alert(1)" not in answer.text
    assert "7*7" not in answer.text
    assert "x" * 200 not in answer.text


@pytest.mark.parametrize("origin", ["http://evil.example", "null", None])
async def test_form_of_another_site_is_refused(run: Running, origin: str | None) -> None:
    """As every form."""
    assert (await answers(run, origin, need="talk")).status_code == 403


@pytest.mark.parametrize("token", ["", "AAAA", "A" * 24, "å", "A" * 9_999])
async def test_form_that_is_not_ours_shows_the_empty_form_again(run: Running, token: str) -> None:
    """Refused calmly: she has done nothing wrong, and what is open is still shown."""
    answer = await answers(run, csrf=token, need="talk")
    assert answer.status_code == 403
    assert "öppen för länge" in answer.text
    assert "linden" in listed(answer.text)
