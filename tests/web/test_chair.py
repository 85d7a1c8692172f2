# SPDX-License-Identifier: EUPL-1.2
"""What an organisation changes of the site, at a real server: who may, what holds, what others see."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from urllib.parse import urlencode

from chat.ids import ServiceId
from config.overlay import NOTHING
from config.site import OpenWhen
from tests.outside.visitor import Visitor
from tests.web.chair import HOURS, OF_OWN, OWN, Chair, eva
from tests.web.people import signed_in
from tests.web.running import Running
from web.accounts.audit import Audited
from web.chair.matters import ORGANISATION, SERVICE
from web.chair.version import with_values

__all__ = ("eva",)

LINDEN = ServiceId("linden")
HOSTILE = "<img src=x onerror=alert(1)>\"'</textarea><script>alert(2)</script>"
LINE = {
    "item": "new",
    "name.sv": "Vår telefon",
    "channel": "phone",
    "address": "08-123 456 00",
    "source": "vi själva",
    "hours.always": "on",
    "checked": "on",
}


def notice_form(run: Running, **changed: str) -> dict[str, str]:
    """Return the form of linden's notice as it is, with some of its languages changed."""
    texts = run.house.chair.baseline["services"]["linden"]["notice"]
    return {f"notice.{code}": changed.get(code, text) for code, text in texts.items()} | {
        "sure": "other_languages"
    }


async def test_every_role_but_the_administrator_of_the_organisation_is_refused(
    run: Running, eva: Chair
) -> None:
    """To look and to change, every matter: and what is somebody else's answers as what does not exist."""
    own = [
        *(f"/staff/site/linden/{each.name}" for each in SERVICE),
        *(f"{OF_OWN}/{each.name}" for each in ORGANISATION),
    ]
    own += ["/staff/site", "/staff/site/eken", f"{OF_OWN}/history"]
    before = await eva.version()
    for path in own:
        assert (await eva.page(path)).status_code == 200, path
        assert (await run.get(path)).headers["location"].partition("?")[0] == "/staff/sign-in"
    others = "/staff/site/organisations/oppenvarden-vallentuna"
    foreign = ["/staff/site/bron", "/staff/site/bron/hours", "/staff/site/nowhere/hours", f"{others}/lines"]
    foreign += [
        "/staff/site/linden/nothing",
        "/staff/site/linden/lines",
        f"{OF_OWN}/hours",
        f"{others}/history",
    ]
    foreign += ["/staff/site/organisations/nowhere/lines"]
    said = {(answer.status_code, answer.text) for path in foreign for answer in [await eva.page(path)]}
    said |= {
        (answer.status_code, answer.text)
        for path in foreign
        if path.count("/") > 3
        for answer in [await eva.sends(path, number=0)]
    }
    assert len(said) == 1
    assert said.pop()[0] == 403
    for name in ("anna", "birgitta", "mats", "ulla", "ingrid"):
        other = Chair(run, await signed_in(run, name))
        answers = {(await other.page(path)).status_code for path in own}
        answers |= {
            (await other.sends(path, **HOURS, number=0)).status_code for path in own if path.count("/") > 3
        }
        assert answers == {403}, name
    assert await eva.version() == before


async def test_hours_hold_at_once_and_undo_is_one_press(run: Running, eva: Chair) -> None:
    """A conversation that is going on goes on; the audit knows who, where and on which day."""
    _, operator, conversation = await run.talk("anna", "linden")
    saved = await eva.sends("/staff/site/linden/hours", **HOURS)
    assert (saved.status_code, saved.headers["location"]) == (303, "/staff/site/linden?done=saved")
    assert run.house.site.services[LINDEN].chat.hours.expression == "We 03:00-03:01"
    assert (await run.get("/status/linden")).json()["open"] is False
    assert (await run.get("/status/bron")).json()["open"] is True
    await operator.says(conversation, "Jag är kvar.")
    assert "onsdag 03:00–03:01" in (await eva.page("/staff/site/linden?lang=sv")).text
    assert "Öppettider (Kvinnojouren i Vallentuna)" in (await eva.page(f"{OF_OWN}/history?lang=sv")).text
    version = await eva.version()
    assert (await eva.sends(f"{OF_OWN}/history", number=version - 1)).status_code == 303
    assert (await run.get("/status/linden")).json()["open"] is True
    assert (await eva.sends(f"{OF_OWN}/history", number=version)).status_code == 303, "and back again"
    assert (await run.get("/status/linden")).json()["open"] is False
    deeds = [each for each in await run.house.audit.entries() if each.kind is Audited.SITE_CHANGED]
    assert {(each.account, each.place) for each in deeds} >= {("eva", OWN)}


async def test_whoever_read_the_old_notice_reads_the_new_one_first(run: Running, eva: Chair) -> None:
    """A start with the old version gets `conflict`; with the new one she comes in."""
    before = run.house.site.services[LINDEN].chat.notice_version
    changed = notice_form(run, sv="Vi är volontärer. {reporting_text} Skriv inte ditt namn.")
    unsure = await eva.sends("/staff/site/linden/notice", **{**changed, "sure": ""})
    assert unsure.status_code == 200, "another language says what it said: that is asked first"
    assert (await eva.sends("/staff/site/linden/notice", **changed)).status_code == 303
    late = Visitor(run.at, "linden")
    await late.connect()
    nack = await late.asks_to_start(service="linden", language="sv", notice=before)
    assert (nack["type"], nack["code"]) == ("nack", "conflict")
    await late.connection.close()
    visitor = await run.visitor("linden")
    assert visitor.token
    page = unescape((await run.get("/chat/linden?lang=sv")).text)
    assert "Vi är volontärer. Om vi får veta vem du är" in page


async def test_duty_is_never_lost_without_a_word(run: Running, eva: Chair) -> None:
    """Neither with a new text, nor when an old version without it comes back: each is confirmed first."""
    texts = run.house.chair.baseline["organisations"][OWN]["reporting_text"]
    form = {f"reporting_text.{code}": text for code, text in texts.items()}
    path = f"{OF_OWN}/reporting_text"
    nothing = await eva.sends(path, **dict.fromkeys(form, "."), sure="other_languages changes_duty")
    assert nothing.status_code == 422
    assert nothing.text.count("säger inget om när") == len(texts)
    other = {**form, "reporting_text.sv": "Vi kan behöva berätta om barn.", "sure": "other_languages"}
    asked = await eva.sends(path, **other)
    assert asked.status_code == 200
    assert "blir en annan (svenska)" in asked.text
    gone = await eva.sends("/staff/site/linden/notice", **notice_form(run, sv="Vi är volontärer."))
    assert gone.status_code == 200
    assert "försvinner ur den första texten (svenska)" in gone.text
    before = await eva.version()
    sure = notice_form(run, sv="Vi är volontärer.") | {"sure": "other_languages drops_duty"}
    assert (await eva.sends("/staff/site/linden/notice", **sure)).status_code == 303
    assert (await eva.sends(f"{OF_OWN}/history", number=0)).status_code == 303, "with it, as the file says"
    asked = await eva.sends(f"{OF_OWN}/history", number=before + 1)
    assert asked.status_code == 200
    assert "försvinner ur den första texten (svenska)" in asked.text
    assert "{reporting_text}" in run.house.chair.baseline["services"]["linden"]["notice"]["sv"]
    assert await eva.version() == before + 2
    confirm = re.search(r'<form class="notice".*?</form>', asked.text, re.DOTALL)
    assert confirm is not None
    said = dict(re.findall(r'name="(\w+)" value="([^"]*)"', confirm[0]))
    assert said["number"] == str(before + 1)
    assert (await eva.sends(f"{OF_OWN}/history", **said)).status_code == 303
    assert run.house.site.services[LINDEN].notice["sv"] == "Vi är volontärer."


async def test_host_address_may_frame_at_once_and_no_longer_when_it_is_gone(run: Running, eva: Chair) -> None:
    """The policy of her page is that of this minute; the chat's own address is asked about."""

    async def ancestors(service: str = "linden") -> str:
        policy = (await run.get(f"/chat/{service}")).headers["content-security-policy"]
        return policy.partition("frame-ancestors ")[2].partition(";")[0]

    form = {"addresses": "www.jouren.example/kontakt"}
    assert (await eva.sends(f"{OF_OWN}/host_origins", **form)).status_code == 303
    assert "https://www.jouren.example" in await ancestors()
    assert "https://www.jouren.example" not in await ancestors("bron")
    for bad in ("https://*.example", "http://jouren.example", "https://a.example; script-src *"):
        assert (await eva.sends(f"{OF_OWN}/host_origins", addresses=bad)).status_code == 422
    assert (await eva.sends(f"{OF_OWN}/host_origins", addresses="", sure="no_address")).status_code == 303
    assert "jouren.example" not in await ancestors()
    asked = await eva.sends(f"{OF_OWN}/host_origins", addresses="https://127.0.0.1:9")
    assert (asked.status_code, "127.0.0.1:9" in await ancestors()) == (200, False)


async def test_own_line_stands_on_own_pages_only(run: Running, eva: Chair) -> None:
    """After those of all; taken away it is gone."""
    assert (await eva.sends(f"{OF_OWN}/lines", **LINE)).status_code == 303
    page = (await run.get("/chat/linden?lang=sv")).text
    assert page.index("112") < page.index("Vår telefon")
    assert page.index("Kvinnofridslinjen") < page.index("Vår telefon")
    for other in ("/chat/bron?lang=sv", "/?lang=sv"):
        assert "Vår telefon" not in (await run.get(other)).text
    assert "Kontrollerat" in (await eva.page(f"{OF_OWN}/lines?lang=sv")).text
    assert (await eva.sends(f"{OF_OWN}/lines", do="remove", item="own-1")).status_code == 303
    assert "Vår telefon" not in (await run.get("/chat/linden?lang=sv")).text
    assert (await eva.sends(f"{OF_OWN}/lines", do="remove", item="own-1")).status_code == 404


async def test_two_who_change_the_same_see_each_other_and_two_matters_do_not_meet(
    run: Running, eva: Chair
) -> None:
    """The later one keeps what they wrote beside the other's; another matter is no quarrel."""
    path, version = "/staff/site/linden/alone", await eva.version()
    assert (await eva.sends(path, version=version, **{"alone.sv": "Ring Anna först."})).status_code == 303
    late = await eva.sends(path, version=version, **{"alone.sv": "Ring Maria först."})
    assert late.status_code == 409
    assert "Ring Anna först." in late.text
    assert "Ring Maria först." in late.text
    (again,) = set(re.findall(r'name="version" value="(\d+)"', late.text))
    assert (await eva.sends("/staff/site/eken/hours", version=version, **HOURS)).status_code == 303
    assert (await eva.sends(path, version=again, **{"alone.sv": "Ring Maria först."})).status_code == 303
    assert run.house.site.services[LINDEN].alone["sv"] == "Ring Maria först."
    assert run.house.site.services[ServiceId("eken")].chat.hours.expression == "We 03:00-03:01"
    assert (await eva.sends(f"{OF_OWN}/history", version=version, number=0)).status_code == 409


async def test_preview_shows_and_changes_nothing(run: Running, eva: Chair) -> None:
    """Her page stands in a frame without scripts; what is hostile stands there as text."""
    before = await eva.version()
    form = notice_form(run, sv=f"Hej {HOSTILE}") | {"do": "preview"}
    seen = await eva.sends("/staff/site/linden/notice?lang=sv", **form)
    assert seen.status_code == 200
    (frame,) = re.findall(r'<iframe sandbox="allow-same-origin" srcdoc="([^"]*)"', seen.text)
    assert "Hej &lt;img src=x" in unescape(frame)
    assert 'id="start-bar">' in unescape(frame)
    assert 'id="plain" hidden>' in unescape(frame)
    assert "<img" not in seen.text
    assert "<script>alert" not in unescape(frame)
    assert await eva.version() == before
    assert "Hej" not in (await run.get("/chat/linden?lang=sv")).text
    week = await eva.sends("/staff/site/linden/hours?lang=sv", do="preview", **HOURS)
    assert week.text.count("03:00–03:01") == 1
    assert week.text.count("stängt") >= 6


async def test_preview_of_a_closed_chat_is_that_of_its_next_opening(run: Running, eva: Chair) -> None:
    """She writes at daytime and is open in the evening: what she wrote is on the page that she looks at."""
    assert (await eva.sends("/staff/site/linden/hours", **HOURS)).status_code == 303
    assert (await run.get("/status/linden")).json()["open"] is False
    notice = notice_form(run, sv="Vi svarar två kvällar. {reporting_text}") | {"do": "preview"}
    kept = {f"kept.{code}": "Allt raderas i natt." for code in ("sv", "sv-easy", "en", "ar")}
    for matter, words, form in (
        ("notice", "Vi svarar två kvällar.", notice),
        ("kept", "Allt raderas i natt.", kept | {"do": "preview"}),
    ):
        seen = (await eva.sends(f"/staff/site/linden/{matter}?lang=sv", **form)).text
        (frame,) = re.findall(r'srcdoc="([^"]*)"', seen)
        assert words in unescape(frame)
        assert "Öppet till 03:01" in unescape(frame)
        told = re.search(
            r"Chatten är stängd nu. Så här är sidan när chatten öppnar, onsdag [^.]*03:00.", seen
        )
        assert told is not None
    assert "Vi svarar två kvällar." not in (await run.get("/chat/linden?lang=sv")).text


async def test_hours_of_a_chat_that_shifts_open_promise_no_more_than_the_shifts(
    run: Running, eva: Chair
) -> None:
    """The form, the list and the preview say what opens it; without a shift that is asked about."""
    before = run.house.site
    linden = before.services[LINDEN]
    alone = replace(linden.chat, hours=replace(linden.chat.hours, staffed=()))
    opened_by_shifts = replace(linden, chat=alone, open_when=OpenWhen.STAFFED)
    form = {"hours.Fr.1.from": "00:00", "hours.Fr.1.until": "24:00"}
    run.house.site = replace(before, services={**before.services, LINDEN: opened_by_shifts})
    try:
        page = (await eva.page("/staff/site/linden/hours?lang=sv")).text
        asked = (await eva.sends("/staff/site/linden/hours?lang=sv", **form)).text
        listed = (await eva.page("/staff/site/linden?lang=sv")).text
    finally:
        run.house.site = before
    assert "Chatten öppnar bara när tillräckligt många har tagit ett pass" in page
    assert 'href="/staff/roster/linden?lang=sv"' in page
    assert "Ingen har tagit ett pass de närmaste sju dagarna" in asked
    assert asked.count(">stängt<") == 7
    assert "bara när tillräckligt många har ett pass" in listed
    assert "tagit ett pass" not in (await eva.page("/staff/site/eken/hours?lang=sv")).text


async def test_words_that_tell_who_somebody_is_are_refused_with_everything_that_was_written(
    run: Running, eva: Chair
) -> None:
    """A private number in a text; once the line is the organisation's own, it may stand there."""
    form = notice_form(run, sv="Ring 08-123 456 00. {reporting_text}")
    refused = await eva.sends("/staff/site/linden/notice?lang=sv", **form)
    assert refused.status_code == 422
    assert "Egna nummer och länkar" in refused.text
    assert "Ring 08-123 456 00." in refused.text
    assert (await eva.sends(f"{OF_OWN}/lines", **LINE)).status_code == 303
    assert (await eva.sends("/staff/site/linden/notice", **form)).status_code == 303


async def test_form_of_another_session_or_origin_or_size_changes_nothing(run: Running, eva: Chair) -> None:
    """And one that asks for nothing that there is."""
    other = await run.session_of(await signed_in(run, "birgitta"))
    assert other is not None
    path, before = "/staff/site/linden/hours", await eva.version()
    for csrf in (other.csrf, ""):
        assert (await eva.sends(path, csrf=csrf, **HOURS)).status_code == 403
        assert (await eva.sends(f"{OF_OWN}/history", csrf=csrf, number=0)).status_code == 403
    assert (await eva.sends(path, do="explode", **HOURS)).status_code == 400
    assert (await eva.sends(path, do="remove", **HOURS)).status_code == 404
    assert (await eva.sends(f"{OF_OWN}/history", number=before + 7)).status_code == 404
    for version in ("", "-1", "1e3", "9" * 30, "٣"):
        assert (await eva.sends(path, version=version, **HOURS)).status_code == 409
    session = await run.session_of(eva.person)
    assert session is not None
    body = urlencode({"csrf": session.csrf, "do": "save", "version": 0, **HOURS}).encode()
    cookie = {"Cookie": eva.person.cookie_header, "Content-Type": "application/x-www-form-urlencoded"}
    for origin in ({}, {"Origin": "https://evil.example"}):
        assert (await run.ask("POST", path, headers={**cookie, **origin}, content=body)).status_code == 403
    much = body + b"&x=" + b"x" * 10_000_000
    own = {**cookie, "Origin": run.at.url}
    assert (await run.ask("POST", path, headers=own, content=much)).status_code == 413
    assert await eva.version() == before


async def test_what_no_longer_fits_the_file_is_set_aside_and_said(run: Running, eva: Chair) -> None:
    """The server goes on by the file alone; the page says so, and nothing broken can be brought back."""
    house, session = run.house, await run.session_of(eva.person)
    assert session is not None
    newest = await house.chair.now(OWN)
    broken = with_values(NOTHING, [(("services", "linden", ("hours",)), "alltid")])
    store = house.chair._store
    stored = type(newest)(
        organisation=OWN,
        number=newest.number + 1,
        account="eva",
        day=house.clock.now().date(),
        overlay=broken,
    )
    assert await store.save(stored)
    await house.site_now.changed()
    assert house.site.services[LINDEN].chat.hours.expression != "alltid"
    assert "services.linden.hours" in (await eva.page("/staff/site?lang=sv")).text
    assert (await eva.sends("/staff/site/linden/hours", **HOURS)).status_code == 303, (
        "mended by setting it anew"
    )
    assert house.chair.set_aside == {}
    refused = await eva.sends(f"{OF_OWN}/history?lang=sv", number=stored.number)
    assert refused.status_code == 422
    assert "services.linden.hours" in refused.text
