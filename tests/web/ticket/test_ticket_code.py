# SPDX-License-Identifier: EUPL-1.2
"""The empty page, and the code that opens it: what is forgiven, what is refused, what is never told."""

from __future__ import annotations

import re

import pytest

from chat.errors import Unavailable
from tests.web.handed import COUNSELLOR, INTAKE, Tickets
from tests.web.ticket_page import comes, with_code

TELLING = re.compile(
    r"våld|violen|abuse|misshand|jour|samtal|chat|stöd|kvinno|tjej|socialtj|polis|ticket-|danger|fara|hot|112",
    re.IGNORECASE,
)


async def test_page_says_nothing_of_what_it_is_for(at: Tickets) -> None:
    """Whoever guesses the address learns nothing from texts, names, headers, styles or whence they came."""
    her = comes(at)
    await her.opens()
    sheet = await at.run.get("/static/visitor/ticket.css")
    for what in (her.page, sheet.text):
        assert TELLING.findall(what) == []
    assert "<title>Kod</title>" in her.page
    assert her.headers["cache-control"] == "no-store"
    assert "set-cookie" not in her.headers
    plain = re.sub(r'name="csrf" value="[^"]+"', "", her.page)
    await her.opens(Referer=f"{at.run.at.url}/chat/linden", Cookie="a=b")
    assert re.sub(r'name="csrf" value="[^"]+"', "", her.page) == plain
    assert her.is_at_the_empty_page()


async def test_page_speaks_the_language_that_is_asked_for(at: Tickets) -> None:
    """An unknown one is Swedish."""
    her = comes(at)
    await her.opens("?lang=en")
    assert 'lang="en"' in her.page
    assert her.sees("Your code")
    await her.opens("?lang=xx")
    assert her.sees("Din kod")


async def test_no_yes_means_no_page(at: Tickets) -> None:
    """A code that she never used, its words in another order, one run of letters: the very same page."""
    unused = await at.asked_but_not_yes()
    known = unused.split()
    pages = set()
    for code in (unused, " ".join(reversed(known)), "a b c d e f", "a" * 399, "🎈 \u202e <1>", "%{{7*7}}"):
        her = comes(at)
        await her.enters(code)
        assert her.status == 403
        assert her.sees("Koden gick inte att använda. Titta på orden en gång till.")
        assert code not in her.page
        pages.add(re.sub(r'name="csrf" value="[^"]+"', "", her.page))
        assert "autofocus" in her.page
    assert len(pages) == 1


@pytest.mark.parametrize(
    ("code", "n"), [("fel", 1), ("melon två tre fyra fem", 5), ("<bb>, " * 7, 7), ("åå\n" * 130, 130)]
)
async def test_number_of_words_is_told_when_it_is_wrong(at: Tickets, code: str, n: int) -> None:
    """Six is no secret; which words there are is not told here."""
    her = comes(at)
    await her.enters(code)
    assert her.status == 403
    assert her.sees(f"Det är sex ord. Du skrev {n}.")
    assert "autofocus" in her.page
    assert not her.sees(code.split(maxsplit=1)[0])


@pytest.mark.parametrize(
    "typed",
    ["{}", "  {}  ", "{upper}", "{commas}", "{lines}", "{joined}", "{dashes}."],
    ids=["plain", "spaces", "capitals", "commas", "lines", "joined", "dashes"],
)
async def test_code_opens_however_it_is_typed(at: Tickets, typed: str) -> None:
    """Capitals, commas, line breaks and missing spaces are forgiven."""
    code = await at.hands_over(INTAKE)
    words = code.split()
    her = comes(at)
    await her.enters(
        typed.format(
            code,
            upper=code.upper(),
            commas=", ".join(words).capitalize(),
            lines="\r\n".join(words),
            joined="".join(words),
            dashes="-".join(words),
        )
    )
    assert her.status == 200
    assert her.sees("Socialtjänstens mottagning i Vallentuna Det väntar på att bli läst.")


async def test_forms_of_others_are_refused(at: Tickets) -> None:
    """A foreign, missing or null origin is 403; a token that is not this page's opens nothing."""
    code = await at.hands_over(INTAKE)
    her = comes(at)
    await her.opens()
    [form] = her.forms()
    for origin in ("https://evil.example", "null", ""):
        await her.sends("/ticket", form.fields | {"code": code}, origin)
        assert her.status == 403
        assert her.is_at_the_empty_page()
    for token in ("", "x", "A" * 43, form.fields["csrf"][:-2], "å" * 43):
        await her.sends("/ticket", {"code": code, "csrf": token})
        assert her.is_at_the_empty_page()
    await her.enters(code)
    inside = next(each for each in her.forms() if "Jag vill ta tillbaka det" in each.buttons).fields
    for token in ("", form.fields["csrf"]):
        await her.sends("/ticket", inside | {"do": "take_back", "csrf": token, "once": "x"})
        assert her.is_at_the_empty_page()
    await her.enters(code)
    assert her.sees("har inte öppnat det än")


async def test_nothing_is_ever_in_an_address(at: Tickets) -> None:
    """Every form goes to the same address, and no link carries more than a language or leads elsewhere."""
    her = await with_code(at, INTAKE, COUNSELLOR)
    assert {form.action for form in her.forms()} == {"/ticket", "/ticket/leave"}
    assert "set-cookie" not in her.headers
    assert her.headers["cache-control"] == "no-store"
    assert re.findall(r'href="([^"]+)"', her.page) == [
        "/static/visitor/icon.svg",
        "/static/visitor/ticket.css",
        "/static/visitor/exit.js",
        "/static/visitor/posting.js",
        "tel:112",
    ]


async def test_too_many_at_once_are_asked_to_wait(at: Tickets, monkeypatch: pytest.MonkeyPatch) -> None:
    """The queue for codes is full: 503, when to come back, one calm sentence; right and wrong alike."""
    code = await at.hands_over(INTAKE)

    async def full(*_: object) -> bytes:
        raise Unavailable

    monkeypatch.setattr(at.run.house.office.handovers.stretching, "stretch", full)
    for typed in (code, "fel"):
        her = comes(at)
        await her.enters(typed)
        assert (her.status, her.headers["retry-after"]) == (503, "5")
        assert her.sees("Det går inte just nu. Vänta en liten stund och försök igen.")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"code=%ED%A0%80%00&csrf=%FF&lang=%00",
        b"visit=%ED%A0%80&csrf=%00&do=withdraw&ticket=..%2F..",
        b"visit=&do=take_back&ticket=&once=",
        b"code=" + b"a" * 60_000,
        b"&".join(b"visit=x" for _ in range(60)),
        b"lang=" + b"%F0%9F%8E%88" * 1_000,
    ],
)
async def test_whatever_is_sent_is_answered_with_the_empty_page(at: Tickets, body: bytes) -> None:
    """No fault, and nothing of it on the page."""
    headers = {"Origin": at.run.at.url, "Content-Type": "application/x-www-form-urlencoded"}
    answer = await at.run.ask("POST", "/ticket", headers=headers, content=body)
    assert answer.status_code == 200
    assert "Sidan har stängts." in answer.text
    assert len(answer.text) < 5_000


async def test_hostile_fields_of_a_visit_change_nothing(at: Tickets) -> None:
    """Another's ticket, an unknown act, a meeting that is none: refused, and nothing has changed."""
    theirs = await with_code(at)
    ticket = next(form for form in theirs.forms() if "Jag vill ta tillbaka det" in form.buttons).fields[
        "ticket"
    ]
    her = await with_code(at)
    inside = next(form for form in her.forms() if "Stäng" in form.buttons).fields
    for act in ("add", "take_back", "renew", "withdraw", "meet"):
        for name in (ticket, "", "../..", "\ud7ff\0"):
            fields = inside | {"do": act, "ticket": name, "text": "hej", "once": f"{act}{name}"}
            await her.sends("/ticket", fields | {"meeting": name, "comes": "yes"})
            assert her.status in {404, 409}
    await her.sends("/ticket", inside | {"do": "__init__"})
    assert her.sees("Det väntar på att bli läst.")
    await theirs.presses("Se om något har hänt")
    assert theirs.sees("Det väntar på att bli läst.")
    assert not theirs.sees("hej")
