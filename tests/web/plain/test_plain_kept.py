# SPDX-License-Identifier: EUPL-1.2
"""What the chat without scripts keeps in memory, for how long, and for whom there is room."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from chat.errors import UnknownToken
from chat.ids import random_id
from tests.outside.operator import Operator
from tests.web.plain.page import Plain, filled
from tests.web.plain.people import meets
from tests.web.running import Running, running
from web.visitor.plain import visit as visit_module
from web.visitor.plain import visits as visits_module
from web.visitor.plain.cookie import form_value
from web.visitor.plain.visit import Code, Visit
from web.visitor.plain.visits import Visits
from web.visitor.ticket_form import TicketForms

SECRET = "Hemligt utkast om flytten"
CODE = "ett två tre fyra fem sexord"


def visits_of(run: Running) -> Visits:
    """Return what a server keeps."""
    owners = (getattr(each, "__self__", None) for each in run.house.chat.rooms.on_over)
    return next(each for each in owners if isinstance(each, Visits))


def visit_of(run: Running, her: Plain) -> Visit:
    """Return her visit."""
    visit = visits_of(run).get(her.cookie)
    assert visit is not None
    return visit


async def goes_away(run: Running, her: Plain, operator: Operator, conversation: str) -> Visit:
    """Let her phone be locked for long enough."""
    visit = visit_of(run, her)
    visits_of(run).lapse(visit)
    gone = await operator.connection.expect("presence", conversation=conversation)
    assert gone["connected"] is False
    return visit


# --- what goes when she goes --------------------------------------------------------------------------------


async def test_words_of_the_talk_go_when_she_is_away(run: Running, her: Plain) -> None:
    """What was said is let go of at once; what she has begun to write waits, and so does her place."""
    operator, conversation = await meets(run, her)
    await her.says("Det här har jag sagt")
    await her.presses("Visa nytt", text=SECRET)
    visit = await goes_away(run, her, operator, conversation)
    assert not visit.entries
    assert not visit.saying
    assert visit.draft == SECRET
    await her.opens()
    assert her.draft() == SECRET
    assert "Det här har jag sagt" in await her.looks()


async def test_end_takes_what_she_has_not_sent_also_while_she_is_away(run: Running, her: Plain) -> None:
    """Nothing of it stays in memory, nor the token that would open what an old copy still holds."""
    operator, conversation = await meets(run, her)
    await her.presses("Visa nytt", text=SECRET)
    visit = await goes_away(run, her, operator, conversation)
    await operator.ends(conversation)
    assert (visit.draft, visit.unsent, visit.asking, visit.token) == ("", None, None, "")
    assert visits_of(run).get(her.cookie) is None
    await her.opens()
    assert "Samtalet är slut" in her.text()


async def test_code_that_is_not_learnt_waits_for_her_who_was_away_at_the_end(
    run: Running, her: Plain
) -> None:
    """Her phone was locked, the talk was ended: nobody can give her the code again, so it stands there."""
    operator, conversation = await meets(run, her)
    visit = await goes_away(run, her, operator, conversation)
    visit.code = Code(random_id(run.house.randomness), CODE, ("Mottagningen",))
    visit.draft = SECRET
    await operator.ends(conversation)
    assert visit.draft == ""
    await her.opens()
    assert all(word in her.page for word in CODE.split())
    assert her.cookie == ""
    await her.opens()
    assert "sexord" not in her.page


async def test_no_token_is_kept_once_it_is_over(
    run: Running, her: Plain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the form that began it nor the visit remembers what opens it; the form begins no other."""
    names: list[str] = []
    was = TicketForms.note_opened

    def note_opened(forms: TicketForms, token: str, name: str) -> None:
        names.append(name)
        was(forms, token, name)

    monkeypatch.setattr(TicketForms, "note_opened", note_opened)
    await her.opens()
    form, button = her.form("Börja chatta")
    sent = filled(form, button, (), {})
    await her.sends(her.path, sent)
    visit = visit_of(run, her)
    assert names == [visit.connection]
    assert names != [her.cookie]
    await her.presses("Avsluta")
    await her.presses("Ja, avsluta")
    assert visit.token == ""
    again = Plain(run.at.url)
    await again.sends(again.path, sent)
    assert (again.status, again.cookie) == (409, "")


async def test_oldest_entries_go_when_a_talk_is_very_long(
    run: Running, her: Plain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What belongs to an entry goes with it, and her log says that it does not begin at the beginning."""
    monkeypatch.setattr(visit_module, "MOST_CHARACTERS", 200)
    await her.starts()
    await her.says("Ring 070-123 45 67, det är det första jag säger")
    await her.presses("Ta bort och skicka")
    assert "visas inte längre här" not in await her.looks()
    for n in range(3):
        await her.says(f"{n} " + "ord " * 20)
    said = await her.looks()
    assert "Det som skrevs tidigare visas inte längre här." in said
    assert "det första" not in said
    assert not visit_of(run, her).masked


# --- for whom there is room ---------------------------------------------------------------------------------


async def test_talks_that_are_over_keep_nobody_out(
    run: Running, her: Plain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody begins and ends, over and over: the next one finds room, and what is kept stays bounded."""
    monkeypatch.setattr(visits_module, "MOST", 4)
    kept = visits_of(run)
    before = len(kept)
    for _ in range(5):
        await her.starts()
        token = her.cookie
        await her.sends(her.path, {"csrf": form_value(token), "do": "ask_end"})
        form, button = her.form("Ja, avsluta")
        await her.asks("POST", her.path, filled(form, button, (), {}))
        her.cookie = ""
    assert len(kept) <= max(4, before)
    await her.starts()


async def test_room_is_made_by_what_is_least_missed(
    run: Running, her: Plain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else who is away goes first, not she before whom a code stands that she has not learnt."""
    await her.starts()
    other, third = Plain(run.at.url), Plain(run.at.url)
    await other.starts()
    kept = visits_of(run)
    for visit in list(kept._visits.values()):
        kept.lapse(visit)
        if visit not in (visit_of(run, her), visit_of(run, other)):
            kept.forget(visit)
    visit_of(run, her).code = Code(random_id(run.house.randomness), CODE)
    monkeypatch.setattr(visits_module, "MOST", len(kept))
    await third.starts()
    assert kept.get(other.cookie) is None
    assert kept.get(her.cookie) is not None
    for each in (other, third):
        await run.house.chat.visitors.leave_by_token(each.cookie)


async def test_live_talk_is_let_in_however_full_it_is(
    run: Running, her: Plain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a restart nobody is there, and others have come first: she is in a talk that goes on."""
    operator, conversation = await meets(run, her)
    await her.says("Jag är här")
    visit = await goes_away(run, her, operator, conversation)
    visits_of(run).forget(visit)
    monkeypatch.setattr(visits_module, "MOST", 0)
    assert "Jag är här" in await her.looks()


async def test_forged_cookie_takes_no_place_while_the_store_is_asked(
    run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever makes up a token is looked up before anything is kept for them."""
    kept = visits_of(run)
    before = len(kept)
    during: list[int] = []

    async def find(*_: object) -> None:
        during.append(len(kept))
        raise UnknownToken

    monkeypatch.setattr(type(run.house.chat.visitors), "find", find)
    thief = Plain(run.at.url, cookie="A" * 46)
    await thief.asks("GET", thief.path)
    assert during == [before]
    assert len(kept) == before


async def test_one_network_leaves_room_for_the_others(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When two thirds are taken, who has her share already waits; somebody from elsewhere does not."""
    monkeypatch.setattr(visits_module, "MOST", 6)
    monkeypatch.setattr(visits_module, "SHARE", 2)
    async with running(place, limits=True) as run:
        many = [Plain(run.at.url, source=f"127.0.71.{n}") for n in range(1, 6)]
        for each in many[:4]:
            await each.starts()
        await many[4].opens()
        await many[4].presses("Börja chatta")
        assert (many[4].status, many[4].cookie) == (503, "")
        other = Plain(run.at.url, source="127.0.72.1")
        await other.starts()


# --- how often ----------------------------------------------------------------------------------------------


async def test_page_that_is_asked_for_too_often_has_to_wait(
    run: Running, her: Plain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is refused for a while, and her talk goes on."""
    slowly = replace(visits_module.LOOKS, every=timedelta(minutes=1))
    monkeypatch.setattr(visits_module, "LOOKS", slowly)
    await her.starts()
    statuses = [(await her.asks("GET", her.path)).status_code for _ in range(70)]
    assert statuses[0] == 200
    assert 503 in statuses
    assert await run.house.chat.visitors.find(her.cookie)
