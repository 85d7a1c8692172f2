# SPDX-License-Identifier: EUPL-1.2
"""Talking without scripts: both sides, through the real server and database."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import NoReturn

import pytest

from chat.errors import Unavailable
from tests.outside.visitor import Visitor
from tests.web.plain.page import Plain, filled
from tests.web.plain.people import meets
from tests.web.running import Running, running
from web.visitor.plain import visits
from web.visitor.plain.cookie import form_value


async def test_two_talk_and_one_ends(run: Running, her: Plain) -> None:
    """She waits, is met, writes and reads; at the end nothing of it is left, and no cookie."""
    await her.opens()
    assert her.status == 200
    assert her.headers["cache-control"] == "no-store"
    for told in ("Vad som sparas", "en kaka", "Är du i fara just nu?", "Börja chatta"):
        assert told in her.text()
    await her.presses("Börja chatta")
    operator = await run.operator("anna", "linden", alias="Kim")
    conversation = await operator.sees_waiting()
    assert "Du är näst på tur." in await her.looks()
    await her.says("Hej, är någon där?")
    assert her.draft() == ""
    await operator.accepts(conversation)
    assert "Du chattar med Kim" in (said := await her.looks())
    assert "Hej, är någon där?" in said
    await operator.says(conversation, "Hej. Jag är här.")
    assert "Hej. Jag är här." in await her.looks()
    await operator.connection.send("typing", conversation=conversation)
    await operator.ends(conversation)
    assert "Samtalet visas inte här längre." in await her.looks()
    await her.opens()
    assert "Tack för att du skrev." in her.text()
    assert her.cookie == ""
    await her.opens()
    assert "Börja chatta" in her.text()


async def test_what_tells_who_she_is_is_asked_about_first(run: Running, her: Plain) -> None:
    """Nothing is stored before she has said how; each way does what it says."""
    operator, conversation = await meets(run, her)
    await her.says("Ring 070-123 45 67")
    assert "Det ser ut som ett telefonnummer." in her.text()
    assert "Ring [telefonnummer]" in her.text()
    assert "Ring" not in await her.looks()
    await her.presses("Ändra texten")
    assert her.draft() == "Ring 070-123 45 67"
    await her.presses("Skicka")
    await her.presses("Ta bort och skicka")
    await operator.hears(conversation, "Ring [telefonnummer]")
    assert "Vi tog bort: ett telefonnummer." in await her.looks()
    await her.says("Ring 070-123 45 67 nu")
    await her.presses("Skicka ändå")
    await operator.hears(conversation, "Ring 070-123 45 67 nu")


async def test_name_is_not_asked_about_again(run: Running, her: Plain) -> None:
    """She says so once; a number is still asked about."""
    operator, conversation = await meets(run, her)
    await her.says("Jag heter Fatima Karlsson")
    assert "Det ser ut som ett namn." in her.text()
    await her.presses("Fråga inte om namn igen")
    await operator.hears(conversation, "Jag heter Fatima Karlsson")
    await her.says("Jag heter Fatima Karlsson som sagt")
    await operator.hears(conversation, "Jag heter Fatima Karlsson som sagt")
    await her.says("Jag heter Fatima Karlsson, 070-123 45 67")
    assert "Det ser ut som ett telefonnummer." in her.text()


async def test_pressed_twice_is_said_once(run: Running, her: Plain) -> None:
    """The same form again, also at the same moment, is the same message; so is the start."""
    await her.opens()
    form, button = her.form("Börja chatta")
    sent = filled(form, button, (), {})
    first, second = await asyncio.gather(*(her.asks("POST", her.path, sent) for _ in range(2)))
    assert first.headers["set-cookie"] == second.headers["set-cookie"]
    operator = await run.operator("anna", "linden", alias="Kim")
    conversation = await operator.sees_waiting()
    await operator.accepts(conversation)
    await her.opens()
    form, button = her.form("Skicka")
    sent = filled(form, button, (), {"text": "En gång\r\noch inte två"})
    await asyncio.gather(*(her.asks("POST", her.path, sent) for _ in range(3)))
    await her.asks("POST", her.path, sent)
    assert (await her.looks()).count("En gång och inte två") == 1
    await operator.says(conversation, "Jag läser")
    said = [frame for frame in operator.connection.seen if frame["type"] == "said"]
    assert [frame["text"] for frame in said] == ["En gång\noch inte två"]


async def test_form_of_a_talk_that_is_over_begins_no_other(run: Running, her: Plain) -> None:
    """Whoever goes back after she has left, and sends the first form again, is shown the page and no talk."""
    await her.opens()
    form, button = her.form("Börja chatta")
    sent = filled(form, button, (), {})
    await her.sends(her.path, sent)
    await her.presses("Lämna snabbt")
    assert her.cookie == ""
    await her.sends(her.path, sent)
    assert her.status == 409
    assert her.cookie == ""
    assert run.house.chat.lobby.waiting == 0


async def test_her_words_survive_what_is_refused(
    run: Running, her: Plain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too long, or no store to keep them: they stand in her field again, and go from there."""
    operator, conversation = await meets(run, her)
    long = "ord " * 501
    await her.says(long)
    assert "Meddelandet är för långt." in her.text()
    assert her.draft() == long.strip()
    await her.presses("Skicka", text="Kortare")
    await operator.hears(conversation, "Kortare")
    monkeypatch.setattr(type(run.house.chat.rooms.store), "append", _cannot)
    await her.says("Just nu går det inte")
    assert "Det gick inte att spara just nu." in her.text()
    assert her.draft() == "Just nu går det inte"
    monkeypatch.undo()
    await her.presses("Skicka")
    await operator.hears(conversation, "Just nu går det inte")


async def _cannot(*_: object, **__: object) -> NoReturn:
    raise Unavailable


async def test_old_form_keeps_her_words_and_sends_nothing(run: Running, her: Plain) -> None:
    """A wrong CSRF value: 403, her words in the field, and a form that works."""
    operator, conversation = await meets(run, her)
    await her.opens()
    await her.presses("Skicka", text="Kvar", csrf="fel")
    assert (her.status, her.draft()) == (403, "Kvar")
    assert "Kvar" not in await her.looks()
    await her.presses("Skicka")
    await operator.hears(conversation, "Kvar")


async def test_danger_is_told_and_marked(run: Running, her: Plain) -> None:
    """What sounds like danger is asked about, with 112; she may also say so without being asked."""
    operator, _ = await meets(run, her)
    await her.says("Han är här nu och har en kniv, hjälp")
    assert "Är du i fara just nu?" in her.text()
    assert "Ring 112" in her.text()
    await her.presses("Nej")
    await her.presses("Jag är i fara nu")
    await operator.connection.expect("acute")
    assert "Kim får veta att det är bråttom." in her.text()


async def test_socket_and_page_take_over_from_each_other(run: Running, her: Plain) -> None:
    """One seat: a socket that takes it leaves the page a question, and the page can take it back."""
    await meets(run, her)
    await her.says("Från sidan")
    socket = Visitor(run.at, "linden")
    socket.token = her.cookie
    await socket.resumes()
    await socket.hears("Från sidan")
    await her.opens()
    assert "Samtalet är öppet i ett annat fönster" in her.text()
    assert "Från sidan" not in her.text()
    assert "Från sidan" not in await her.looks()
    await her.sends(her.path, {"do": "say", "text": "Oskickat", "csrf": form_value(her.cookie)})
    assert "Oskickat" in her.text()
    await her.presses("Fortsätt här")
    assert await socket.connection.closed() == 4003
    assert "Från sidan" in await her.looks()


async def test_she_is_there_while_her_page_asks_and_away_when_it_stops(
    run: Running, her: Plain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The operator sees both; her log brings her back with all that was said."""
    operator, conversation = await meets(run, her)
    await her.says("Jag går nu")
    monkeypatch.setattr(visits, "LIVES_S", 0.05)
    await her.opens()
    gone = await operator.connection.expect("presence", conversation=conversation)
    assert gone["connected"] is False
    monkeypatch.undo()
    assert "Jag går nu" in await her.looks()
    back = await operator.connection.expect("presence", conversation=conversation)
    assert back["connected"] is True


async def test_restart_loses_nothing(place: Path) -> None:
    """The cookie opens the talk in a new process, and the form that lay before her still sends."""
    async with running(place) as run:
        her = Plain(run.at.url)
        await her.starts()
        await her.says("Före")
        port, page = run.port, her.page
    async with running(place, port=port) as run:
        assert "Före" in await her.looks()
        her.page = page
        await her.presses("Skicka", text="Efter")
        assert "Efter" in await her.looks()
        await her.presses("Lämna snabbt")


async def test_two_tabs_are_one(run: Running, her: Plain) -> None:
    """They share the cookie and so the seat: both read, both write, and none takes it from the other."""
    operator, conversation = await meets(run, her)
    tab = Plain(run.at.url, cookie=her.cookie)
    await asyncio.gather(her.says("Från den ena"), tab.says("Från den andra"))
    for each in (her, tab):
        said = await each.looks()
        assert "Från den ena" in said
        assert "Från den andra" in said
    await tab.presses("Lämna snabbt")
    ended = await operator.connection.expect("ended", conversation=conversation)
    assert ended["reason"] == "left_quickly"
    assert "Samtalet visas inte här längre." in await her.looks()


async def test_store_away_is_told_and_her_words_wait(
    run: Running, her: Plain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can tell whether her talk goes on: the log asks again, and her words are in a field to send."""
    operator, conversation = await meets(run, her)
    await her.opens()
    monkeypatch.setattr(visits, "LIVES_S", 0.05)
    await her.looks()
    await operator.connection.expect("presence", conversation=conversation)
    monkeypatch.undo()
    monkeypatch.setattr(type(run.house.chat.rooms.store), "find", _cannot)
    log = await her.asks("GET", f"{her.path}/log")
    assert "Vi får ingen kontakt just nu." in log.text
    assert 'http-equiv="refresh"' in log.text
    await her.presses("Skicka", text="Håll fast det här")
    assert her.status == 503
    assert her.headers["retry-after"] == "5"
    assert her.draft() == "Håll fast det här"
    monkeypatch.undo()
    await her.presses("Skicka")
    await operator.hears(conversation, "Håll fast det här")


async def test_only_so_many_are_here_at_once(
    run: Running, her: Plain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the bound she is asked to wait, and nothing is begun."""
    monkeypatch.setattr(visits, "MOST", 0)
    await her.opens()
    await her.presses("Börja chatta")
    assert (her.status, her.cookie) == (503, "")
    assert "Vänta ungefär 60 sekunder" in her.text()


async def test_browser_that_takes_no_cookie_is_told_why(run: Running, her: Plain) -> None:
    """She comes to the first page again, and reads what it may be."""
    await her.opens()
    form, button = her.form("Börja chatta")
    answer = await her.asks("POST", her.path, filled(form, button, (), {}))
    token, her.cookie = her.cookie, ""
    await her.opens(answer.headers["location"])
    assert "stoppar webbläsaren kakan" in her.text()
    her.cookie = token


async def test_no_address_tells_afterwards_that_she_has_begun(run: Running, her: Plain) -> None:
    """Where the cookie comes, the page that asks for it leads on: the plain address stays in the history."""
    await her.starts()
    assert her.asked_for[-1] == her.path
    assert "Skriv här" in her.text()
    asked = await her.asks("GET", her.asked_for[-2])
    assert (asked.status_code, asked.headers["location"]) == (303, her.path)
    await her.presses("Lämna snabbt")
    await her.opens(her.path)
    assert "stoppar webbläsaren kakan" not in her.text()
