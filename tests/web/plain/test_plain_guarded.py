# SPDX-License-Identifier: EUPL-1.2
"""Who tries something at the chat without scripts: foreign pages, forged cookies, hostile words."""

from __future__ import annotations

import asyncio
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest

from chat.errors import UnknownToken
from config.site import PublicService
from moderation.admission import Admitted
from tests.outside.visitor import Visitor
from tests.web.plain.page import NAME, Plain, filled, is_elsewhere
from tests.web.plain.people import meets
from tests.web.running import Running, running
from web import limits
from web.visitor.plain import acting, visits
from web.visitor.plain.asks import kinds_in as kinds_of
from web.visitor.plain.cookie import form_value

WORDS = "Silverräven sover i kvarnen"
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "</textarea></form><form action=https://evil.example method=post>",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1) %(alias)s %s %",
    "\u202e\u2066omvänt\u200b\U000e0041",
    "<meta http-equiv=refresh content='0; url=https://evil.example'>",
)


async def is_live(run: Running, token: str) -> bool:
    """Tell whether a conversation goes on."""
    try:
        await run.house.chat.visitors.find(token)
    except UnknownToken:
        return False
    return True


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example"])
async def test_foreign_page_can_do_nothing(run: Running, her: Plain, origin: str) -> None:
    """Even with her cookie: 403 for every form, and the talk goes on."""
    await meets(run, her)
    token = her.cookie
    fields = {"csrf": form_value(token), "do": "say", "once": "A" * 22, "text": WORDS}
    for path, sent in ((her.path, fields), (her.path, fields | {"do": "end"}), (f"{her.path}/leave", {})):
        answer = await her.asks("POST", path, sent, origin=origin)
        assert answer.status_code == 403
        assert WORDS not in answer.text
    assert WORDS not in await her.looks()
    assert await is_live(run, token)


async def test_nothing_is_done_without_the_forms_own_value(run: Running, her: Plain) -> None:
    """No value, a wrong one, one of another talk, one of a page before the start: 403, and nothing said."""
    operator, _ = await meets(run, her)
    await her.opens()
    other = Plain(run.at.url, "eken")
    await other.starts()
    before = Plain(run.at.url)
    await before.opens()
    strange = before.forms()[0].fields["csrf"]
    for csrf in ("", "x", "\ud800".encode("utf-8", "replace").decode(), form_value(other.cookie), strange):
        for do in ("say", "end", "acute", "ask_end", "answer", "guest"):
            fields = {"csrf": csrf, "do": do, "once": "A" * 22, "text": WORDS, "proposal": "1"}
            assert (await her.asks("POST", her.path, fields)).status_code == 403
    assert not [frame for frame in operator.connection.seen if frame["type"] in {"said", "ended", "acute"}]
    started = await before.asks("POST", before.path, {"do": "start", "csrf": form_value(other.cookie)})
    assert started.status_code == 403
    await other.opens()
    await other.presses("Lämna snabbt")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_looking_changes_nothing(run: Running, her: Plain, method: str) -> None:
    """Whatever stands in the address: no talk begins, none ends, nothing is said."""
    waiting = run.house.chat.lobby.waiting
    for more in ("", "?do=start", "?do=start&csrf=x", "/log", "/leave"):
        answer = await her.asks(method, her.path + more)
        assert answer.status_code in {200, 405}
        assert "set-cookie" not in answer.headers
    assert run.house.chat.lobby.waiting == waiting
    await meets(run, her)
    token = her.cookie
    value = form_value(token)
    for more in (
        f"?do=end&csrf={value}",
        f"?do=say&text=x&once={'A' * 22}",
        "/leave",
        f"/log?do=end&csrf={value}",
    ):
        await her.asks(method, her.path + more)
    assert await is_live(run, token)
    assert her.cookie == token


async def test_mere_look_at_the_head_does_not_keep_her_here(
    run: Running, her: Plain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something that looks at addresses in her place does not make her seem present."""
    operator, conversation = await meets(run, her)
    monkeypatch.setattr(visits, "LIVES_S", 0.3)
    await her.looks()
    ask = asyncio.create_task(operator.connection.expect("presence", conversation=conversation))
    while not ask.done():
        await her.asks("HEAD", her.path)
        await her.asks("HEAD", f"{her.path}/log")
    assert (await ask)["connected"] is False


@pytest.mark.parametrize("how", ["cut", "flipped", "empty", "long", "twice", "foreign"])
async def test_forged_cookie_opens_nothing_and_is_taken_back(run: Running, her: Plain, how: str) -> None:
    """All look alike: the talk is over, the cookie is cleared, and nothing stays in memory."""
    await her.starts()
    real = her.cookie
    forged = {
        "cut": real[:-1],
        "flipped": real[:-2] + ("A" if real[-2] != "A" else "B") + real[-1],
        "empty": "x",
        "long": "A" * 5_000,
        "twice": f"{real}; {NAME}={real}",
        "foreign": "../../linden",
    }[how]
    thief = Plain(run.at.url, cookie=forged)
    await thief.opens()
    assert "Samtalet är slut" in thief.text() or how == "twice"
    assert "iframe" not in thief.page
    thief.cookie = forged
    assert "Samtalet visas inte" in await thief.looks()
    answer = await thief.asks("POST", thief.path, {"do": "end", "csrf": form_value(forged)})
    assert answer.status_code == 200
    assert await is_live(run, real)


async def test_wrong_service_leads_to_her_own_talk(run: Running, her: Plain) -> None:
    """She has one talk: another service's page leads to it, and a start there begins none."""
    await her.starts()
    waiting = run.house.chat.lobby.waiting
    answer = await her.asks("GET", "/chat/eken/plain")
    assert (answer.status_code, answer.headers["location"]) == (303, "/chat/linden/plain?other=1")
    fresh = Plain(run.at.url, "eken")
    await fresh.opens()
    form, button = fresh.form("Börja chatta")
    await her.sends("/chat/eken/plain", filled(form, button, (), {}))
    assert "Skriv här" in her.text()
    assert run.house.chat.lobby.waiting == waiting
    assert (await her.asks("GET", "/chat/nowhere/plain")).status_code == 404
    assert (await her.asks("GET", "/chat/nowhere/plain/log")).status_code == 404


async def test_words_stand_in_no_address_header_or_log(
    run: Running, her: Plain, written: io.StringIO
) -> None:
    """Only in the body of what she sends and of what she is shown; the token only in the cookie."""
    await meets(run, her)
    token = her.cookie
    await her.says(WORDS)
    assert WORDS in await her.looks()
    answers = [await her.asks("GET", her.path), await her.asks("GET", f"{her.path}/log")]
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store"
        assert token not in answer.text
        assert "set-cookie" not in answer.headers
        assert WORDS not in str(answer.headers)
    assert "frame-ancestors 'none'" in answers[0].headers["content-security-policy"]
    assert "frame-ancestors 'self'" in answers[1].headers["content-security-policy"]
    await her.presses("Lämna snabbt")
    assert not any(word in address for address in her.asked_for for word in ("Silver", token))
    assert "Silverräven" not in written.getvalue()
    assert token not in written.getvalue()


async def test_hostile_words_are_only_words(run: Running, her: Plain) -> None:
    """From her and to her, in the log, in her field, in a question about them: inert, and byte for byte."""
    operator, conversation = await meets(run, her)
    for text in HOSTILE:
        await her.says(text)
        if "Det ser ut som" in her.text():
            await her.presses("Skicka ändå")
        await operator.hears(conversation, text)
        her.page = (await her.asks("GET", f"{her.path}/log")).text
        assert not re.search(r"<(script|img|form|textarea)\b", her.page)
        assert her.page.count("<meta http-equiv") == 1
        await her.opens()
        await her.presses("Skicka", text=text, csrf="fel")
        assert her.draft() == text
        assert "<script" not in her.page
        await her.presses("Skicka", text="")


async def test_way_out_ends_the_talk_and_leads_away(run: Running, her: Plain) -> None:
    """The button, and the ping of the link beside it: the operator is told, and the cookie is gone."""
    operator, conversation = await meets(run, her)
    token = her.cookie
    await her.opens()
    await her.presses("Lämna snabbt")
    assert her.status == 303
    assert is_elsewhere(her.headers["location"], run.at.url)
    assert her.cookie == ""
    ended = await operator.connection.expect("ended", conversation=conversation)
    assert ended["reason"] == "left_quickly"
    her.cookie = token
    await her.opens()
    assert "Samtalet är slut" in her.text()
    assert her.cookie == ""


async def test_under_load_she_waits_instead_of_working(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever shares her network with a flood is let in after a while, once for each time that she waited."""
    async with running(place, limits=True) as run:
        source = "127.0.77.1"
        network = bytes((127, 0, 77))
        while isinstance(run.house.limits.start(network, 0), Admitted):
            pass
        her = Plain(run.at.url, source=source)
        await her.opens()
        await her.presses("Börja chatta")
        assert her.status == 503
        assert "Vänta ungefär 30 sekunder" in her.text()
        assert her.headers["retry-after"] == "30"
        assert her.cookie == ""
        await her.presses("Börja chatta")
        assert her.status == 503
        monkeypatch.setattr(limits, "WAITED_S", 0)
        form, button = her.form("Börja chatta")
        await her.presses("Börja chatta")
        assert her.cookie
        other = Plain(run.at.url, source=source)
        await other.opens()
        fields = other.form("Börja chatta")[0].fields | {"ticket": form.fields["ticket"]}
        await other.sends(other.path, fields)
        assert other.status == 503
        assert button.label == "Börja chatta"


async def test_closed_service_says_so_and_where_else_to_turn(
    run: Running, her: Plain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no button; a form from before it closed is told the same. A changed notice is shown anew."""
    await her.opens()
    form, button = her.form("Börja chatta")
    sent = filled(form, button, (), {})
    await her.sends(her.path, sent | {"notice": "old"})
    assert "Texten här nedanför har ändrats" in her.text()
    service = run.house.chat.rooms.services
    closed = {id_: replace(each, cannot_open="test") for id_, each in service.items()}
    monkeypatch.setattr(run.house.chat.rooms, "services", closed)
    monkeypatch.setattr(run.house.chat.lobby, "services", closed)
    await her.sends(her.path, sent)
    assert "Chatten tar inte emot fler just nu." in her.text()
    assert "Andra sätt att få hjälp" in her.text()
    assert "Börja chatta" not in her.text()
    assert her.cookie == ""


@pytest.mark.parametrize("do", ["decide", "say"])
async def test_long_form_is_refused_before_anybody_looks_at_it(
    run: Running, her: Plain, monkeypatch: pytest.MonkeyPatch, do: str
) -> None:
    """Looking at 60 kB holds everybody up: it is told of, and no more is kept than her field takes."""
    await her.starts()
    looked: list[int] = []

    def kinds_in(service: PublicService, text: str, language: str) -> tuple[str, ...]:
        looked.append(len(text))
        return kinds_of(service, text, language)

    monkeypatch.setattr(acting, "kinds_in", kinds_in)
    fields = {
        "csrf": form_value(her.cookie),
        "do": do,
        "how": "mask" if do == "decide" else "",
        "once": "A" * 22,
    }
    await her.sends(her.path, fields | {"text": "070-123 45 67 " * 4_000})
    assert looked == []
    assert "Meddelandet är för långt." in her.text()
    assert len(her.draft()) == acting.LONGEST
    await her.sends(her.path, fields | {"text": "070-123 45 67 " * 100, "once": "B" * 22})
    assert looked


async def test_who_writes_too_often_is_told_before_anybody_looks(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Her words stay; what is looked at is bounded as what is sent."""
    async with running(place, limits=True) as run:
        her = Plain(run.at.url)
        await her.starts()
        monkeypatch.setattr(type(run.house.limits), "may_say", lambda *_: False)
        monkeypatch.setattr(acting, "kinds_in", None)
        for do in ("say", "decide"):
            fields = {"csrf": form_value(her.cookie), "do": do, "how": "mask" if do == "decide" else ""}
            await her.sends(her.path, fields | {"once": "A" * 22, "text": WORDS})
            assert "lite för fort" in her.text()
            assert her.draft() == WORDS
        await her.presses("Lämna snabbt")


async def test_only_a_form_of_hers_takes_the_talk_from_the_other_window(run: Running, her: Plain) -> None:
    """“Fortsätt här” with a wrong value leaves it where it is."""
    await meets(run, her)
    socket = Visitor(run.at, "linden")
    socket.token = her.cookie
    await socket.resumes()
    await her.sends(her.path, {"do": "here", "csrf": "fel"})
    assert "Samtalet är öppet i ett annat fönster" in her.text()
    await her.presses("Fortsätt här")
    assert "Skriv här" in her.text()
    assert await socket.connection.closed() == 4003
