# SPDX-License-Identifier: EUPL-1.2
"""People at a real server: who may do what with whom, what a link opens, and being shut out at once."""

from __future__ import annotations

import asyncio
import re
from html import unescape

import httpx
import pytest

from chat.ids import ServiceId
from tests.web.peopling import PASSWORD, Invited, Person, account, given_a_factor, joins, link_in, seated
from tests.web.running import Running
from web.accounts.account import StaffRole
from web.accounts.audit import Audited

ACTS = ("change", "disable", "enable", "reset", "remove_factor")


def bare(answer: httpx.Response) -> tuple[object, ...]:
    """Return what an answer tells, without the token that differs from sign-in to sign-in."""
    text = re.sub(r'name="csrf" value="[^"]+"', "", answer.text)
    headers = {key: value for key, value in answer.headers.items() if key != "date"}
    headers["set-cookie"] = re.sub("=[^;]+", "=", headers.get("set-cookie", ""), count=1)
    return answer.status_code, headers, text


async def audited(run: Running, kind: Audited, name: str) -> int:
    """Return how often somebody did this with Vallentuna's people."""
    entries = await run.house.audit.entries()
    return sum(
        each.times or 0
        for each in entries
        if (each.kind, each.account, each.place) == (kind, name, "kvinnojouren-vallentuna")
    )


@pytest.mark.parametrize("name", ["anna", "birgitta", "ulla", "ingrid"])
async def test_no_other_role_manages_people(run: Running, name: str) -> None:
    """403 for every page and every form, the same whether what it names is there or not."""
    somebody, anna = await seated(run, name), await account(run, "maria")
    pages = [
        await somebody.request("GET", f"/staff/people{path}")
        for path in ("", "/invite", f"/{anna.id}", "/nobody")
    ]
    forms = [await somebody.does(f"/staff/people/{anna.id}", do=do) for do in (*ACTS, "explode")]
    forms += [
        await somebody.does(path, id="x", label="Lisa", role="operator", service__linden="on")
        for path in ("/staff/people/invite", "/staff/people/links", "/staff/people/nobody")
    ]
    first = bare(pages[0])
    assert first[0] == 403
    assert [each for each in (*pages, *forms) if bare(each) != first] == []
    assert await account(run, "maria") == anna


async def test_nobody_who_has_not_signed_in_sees_any_of_it(run: Running) -> None:
    """303 to the sign-in for pages, and for forms."""
    nobody = Person(run, "nobody")
    for path in (
        "/staff/people",
        "/staff/people/invite",
        "/staff/people/x",
        "/staff/me",
        "/staff/second-factor",
    ):
        answer = await nobody.request("GET", path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/staff/sign-in")
    for path in ("/staff/people/invite", "/staff/people/x", "/staff/me", "/staff/second-factor"):
        assert (await nobody.does(path, do="disable")).status_code == 303


async def test_list_shows_ones_own_people_only(run: Running) -> None:
    """With what they do; nobody of another organisation, and no place of one."""
    eva = await seated(run, "eva")
    page = unescape((await eva.request("GET", "/staff/people")).text)
    for name in ("anna", "maria", "maja", "ulla", "astrid", "eva"):
        assert f"<bdi>{name}</bdi>" in page
    for name in ("karin", "peter", "mats", "ingrid", "gunnar"):
        assert f"<bdi>{name}</bdi>" not in page
    assert "Öppenvården" not in page
    assert "Personer" in page


async def test_foreign_and_unknown_people_look_the_same(run: Running) -> None:
    """Page and every form: byte for byte, and nothing changes."""
    eva, peter = await seated(run, "eva"), await account(run, "peter")
    ids = (peter.id, "A" * 22, "x", "%00", "a" * 300)
    seen = {repr(bare(await eva.request("GET", f"/staff/people/{id_}"))) for id_ in ids}
    for do in ACTS:
        fields = {"role": "operator", "service__linden": "on"}
        seen |= {repr(bare(await eva.does(f"/staff/people/{id_}", do=do, **fields))) for id_ in ids}
    seen.add(repr(bare(await eva.does("/staff/people/links", id="A" * 22))))
    assert len(seen) == 1
    assert seen.pop().startswith("(403")
    assert await account(run, "peter") == peter


async def test_form_of_another_session_or_origin_changes_nothing(run: Running) -> None:
    """403, also with somebody else's token, and for the forms about oneself."""
    eva, anna = await seated(run, "eva"), await seated(run, "anna")
    before = await account(run, "maria")
    path = await eva.finds("maria")
    own = ((path, {"do": "disable"}), ("/staff/people/invite", {"label": "L", "role": "operator"}))
    for address, fields in (*own, ("/staff/me", {"do": "others"}), ("/staff/second-factor", {"do": "drop"})):
        for csrf in ("", "x", anna.csrf):
            assert (await eva.does(address, csrf=csrf, **fields)).status_code == 403
        cookie = {"Cookie": eva.cookie_header, "Content-Type": "application/x-www-form-urlencoded"}
        for origin in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
            body = f"csrf={eva.csrf}&do=disable".encode()
            answer = await run.ask("POST", address, headers={**cookie, **origin}, content=body)
            assert answer.status_code == 403
    assert await account(run, "maria") == before


async def test_link_is_for_one_who_chooses_name_and_password(run: Running) -> None:
    """Opened often, used once; then she works where she was invited to, and it is recorded by day only."""
    eva = await seated(run, "eva")
    invited = await audited(run, Audited.INVITED, "eva")
    path = await eva.invites("Lisa, ny i höst")
    listed = (await eva.request("GET", "/staff/people")).text
    assert "Lisa, ny i höst" in listed
    assert path.rpartition("/")[2] not in listed
    lisa = Invited(run, "lisa")
    for _ in range(2):
        page = await lisa.opens(path)
        assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "strict-origin"
    assert page.headers["x-robots-tag"] == "noindex"
    assert (await lisa.uses(path, again="något annat")).status_code == 422
    assert (await lisa.uses(path, password="kort", again="kort")).status_code == 422
    for guessable, said in (
        ("Iloveyou2026", "ett av de vanligaste"),
        ("Kvinnojouren Vallentuna", "ord som ligger nära till hands"),
        ("qwertyuiopasdf", "mönster"),
    ):
        answer = await lisa.uses(path, password=guessable, again=guessable)
        assert answer.status_code == 422
        assert said in answer.text
        assert guessable not in answer.text
    assert (await lisa.uses(path, name="ANNA")).status_code == 409
    assert (await lisa.uses(path, csrf="x")).status_code == 403
    assert (await lisa.uses(path)).status_code == 200
    assert (await lisa.enters()).headers["location"] == "/console"
    assert "Lisa, ny i höst" not in (await eva.request("GET", "/staff/people")).text
    made = await account(run, "lisa")
    assert made.role is StaffRole.OPERATOR
    assert made.services == {ServiceId("linden")}
    assert not made.organisations
    assert await audited(run, Audited.INVITED, "eva") == invited + 1
    assert await audited(run, Audited.JOINED_STAFF, "lisa") == 1


async def test_links_that_are_not_good_look_alike(run: Running) -> None:
    """Used, taken back, guessed, cut, long: one page, for looking and for using, that tells nothing."""
    eva, somebody = await seated(run, "eva"), Invited(run, "någon")
    used, taken = await eva.invites("A"), await eva.invites("B")
    assert (await somebody.uses(used, name="använd")).status_code == 200
    listed = (await eva.request("GET", "/staff/people")).text
    id_ = re.search(r"<bdi>B</bdi>.*?name=\"id\" value=\"([^\"]+)\"", listed, re.DOTALL)
    assert id_ is not None
    assert (await eva.does("/staff/people/links", id=id_[1])).status_code == 303
    paths = (used, taken, f"/staff/invitation/{'A' * 43}", used[:-1], f"/staff/invitation/{'x' * 2000}")
    looked = {repr(bare(await somebody.opens(path))) for path in paths}
    assert len(looked) == 1
    sent = {repr(bare(await somebody.uses(path, name="ingen"))) for path in paths}
    assert sent == looked
    assert "404" in looked.pop()
    assert "ingen" not in {each.name for each in await run.house.accounts.list()}


async def test_two_who_use_one_link_at_once_make_one_account(run: Running) -> None:
    """The other reads that the link is not good."""
    eva = await seated(run, "eva")
    path = await eva.invites("Två")
    both = [Invited(run, f"tvilling-{at}") for at in range(2)]
    answers = await asyncio.gather(*(each.uses(path) for each in both))
    assert sorted(each.status_code for each in answers) == [200, 404]


@pytest.mark.parametrize(
    "fields",
    [
        {"role": "operator", "service__hamnen": "on"},
        {"role": "operator", "service__linden": "on", "service__bron": "on"},
        {"role": "administrator", "organisation__trygghetens-hus-bollnas": "on"},
        {"role": "receiver", "unit__samverkan-bollnas": "on"},
        {"role": "operator", "service__nowhere": "on"},
    ],
)
async def test_nobody_gives_what_they_do_not_have(run: Running, fields: dict[str, str]) -> None:
    """Neither in an invitation nor in a change; the answer is that of any page that is not one's own."""
    eva = await seated(run, "eva")
    before = await account(run, "sara")
    foreign = bare(await eva.request("GET", "/staff/people/nobody"))
    invited = await eva.does("/staff/people/invite", label="X", **fields)
    changed = await eva.does(await eva.finds("sara"), do="change", **fields)
    assert bare(invited) == bare(changed) == foreign
    assert await account(run, "sara") == before


async def test_account_that_cannot_be_is_said_with_the_form_kept(run: Running) -> None:
    """422 and what is missing; what was written and ticked is still there, and inert."""
    eva = await seated(run, "eva")
    label = '"><script>alert(1)</script>{{ 7*7 }}'
    answer = await eva.does("/staff/people/invite", label=label, role="receiver", service__eken="on")
    assert answer.status_code == 422
    assert "minst en mottagning" in answer.text
    assert "<script>alert" not in answer.text
    assert unescape(answer.text).count(label) == 1
    assert re.search(r'name="service.eken" checked', answer.text)
    assert re.search(r'value="receiver" checked', answer.text)
    for wrong in ({"label": ""}, {"label": "x" * 65}, {"label": "a\u202eb"}):
        answer = await eva.does("/staff/people/invite", role="operator", service__linden="on", **wrong)
        assert answer.status_code == 422
    assert (await eva.does("/staff/people/invite", label="L", role="boss")).status_code == 400


@pytest.mark.usefixtures("_unwatched")
async def test_disabled_person_loses_console_and_visitor_at_once(run: Running) -> None:
    """4001, her visitor is back at the front, and there is no way in until it is opened."""
    eva = await seated(run, "eva")
    lisa = await joins(run, "lisa-s")
    await lisa.connects()
    await lisa.goes_on_duty("linden", alias="Alva")
    visitor = await run.visitor("linden")
    await lisa.accepts(await lisa.sees_waiting())
    await visitor.connection.expect("joined")
    path = await eva.finds("lisa-s")
    assert (await eva.does(path, do="disable")).headers["location"] == f"{path}?done=disable"
    assert await lisa.connection.closed() == 4001
    await visitor.connection.expect("left")
    assert (await visitor.connection.expect("queue"))["ahead"] == 0
    assert (await lisa.request("GET", "/console")).status_code == 303
    assert (await lisa.enters()).status_code == 403
    assert "avstängt och utloggat" in (await eva.request("GET", f"{path}?done=disable")).text
    assert (await eva.does(path, do="enable")).status_code == 303
    assert (await lisa.enters()).status_code == 303
    assert await audited(run, Audited.DISABLED, "eva") >= 1


@pytest.mark.usefixtures("_unwatched")
@pytest.mark.parametrize("do", ["change", "reset"])
async def test_changed_person_loses_the_console_at_once(run: Running, do: str) -> None:
    """Other services and a new password end every sign-in too: here at once, without the watch's help."""
    eva = await seated(run, "eva")
    mia = await joins(run, f"mia-{do}")
    await mia.connects()
    path = await eva.finds(f"mia-{do}")
    answer = await eva.does(path, do=do, role="operator", service__eken="on")
    assert await mia.connection.closed() == 4001
    made = await account(run, f"mia-{do}")
    if do == "change":
        assert answer.status_code == 303
        assert made.services == {ServiceId("eken")}
        assert (await mia.enters()).status_code == 303
        return
    assert (await mia.enters()).status_code == 403
    link = link_in(answer)
    assert "Välj ett nytt lösenord" in (await mia.opens(link)).text
    answer = await mia.uses(link, name="eva", password="ett helt nytt", again="ett helt nytt")
    assert answer.status_code == 200
    assert (await mia.enters(password=PASSWORD)).status_code == 403
    assert (await mia.enters(password="ett helt nytt")).status_code == 303
    assert (await mia.opens(link)).status_code == 404


async def test_shared_account_can_only_lose_what_is_ones_own(run: Running) -> None:
    """It is shown without the other organisation, and can be neither shut out nor reset."""
    eva, name = await seated(run, "eva"), "delad"
    services = map(ServiceId, ("linden", "bron"))
    await run.house.accounts.add(name, PASSWORD, StaffRole.OPERATOR, services)
    factors, shared = run.house.accounts.factors, (await account(run, name)).id
    await given_a_factor(run, shared)
    path = await eva.finds(name)
    page = (await eva.request("GET", path)).text
    assert "Kontot hör också till en annan organisation" in page
    assert "service.bron" not in page
    assert "service.eken" not in page
    assert 'value="disable"' not in page
    foreign = bare(await eva.request("GET", "/staff/people/nobody"))
    for fields in (
        {"do": "disable"},
        {"do": "reset"},
        {"do": "remove_factor"},
        {"do": "change", "role": "supervisor", "service__linden": "on"},
        {"do": "change", "role": "operator", "service__linden": "on", "service__eken": "on"},
    ):
        assert bare(await eva.does(path, **fields)) == foreign
    assert await factors._store.factor(shared) is not None
    answer = await eva.does(path, do="change", role="operator")
    assert answer.headers["location"] == "/staff/people?done=change"
    assert (await account(run, name)).services == {ServiceId("bron")}
    assert bare(await eva.request("GET", path)) == foreign


async def test_nobody_changes_themselves_and_the_last_administrator_stays(run: Running) -> None:
    """Two who shut each other out at once: one of them stays, and can let the other in again."""
    eva = await seated(run, "eva")
    own = await eva.finds("eva")
    for do in ACTS:
        answer = await eva.does(own, do=do, role="supervisor", service__linden="on")
        assert answer.status_code == 409, do
        assert "ditt eget konto" in answer.text
    bo = await joins(run, "bo-adm", StaffRole.ADMINISTRATOR)
    others = (await eva.finds("bo-adm"), own)
    answers = await asyncio.gather(eva.does(others[0], do="disable"), bo.does(others[1], do="disable"))
    there = [not (await account(run, name)).disabled for name in ("eva", "bo-adm")]
    assert sorted(there) == [False, True]
    assert sorted(each.status_code == 303 and "done" in each.headers["location"] for each in answers) == [
        False,
        True,
    ]
    await run.house.accounts.reset("eva", run.staff("eva").password)
    await run.house.accounts.disable("bo-adm")
    run.sign_ins.pop("eva", None)


@pytest.mark.usefixtures("_unwatched")
async def test_own_page_changes_the_password_and_ends_the_others(run: Running) -> None:
    """The old one is asked for; this sign-in stays, the console elsewhere closes."""
    mine = await joins(run, "mina")
    there = Person(run, "mina")
    await there.enters()
    session = await run.session_of(there)
    assert session is not None
    there.csrf = session.csrf
    await there.connects()
    page = (await mine.request("GET", "/staff/me")).text
    assert "Kvinnojouren" in page
    wrong = {"before": "fel fras helt", "after": "en helt ny fras", "again": "en helt ny fras"}
    assert (await mine.does("/staff/me", do="password", **wrong)).status_code == 403
    right = {**wrong, "before": PASSWORD}
    assert (await mine.does("/staff/me", do="password", **{**right, "again": "annat"})).status_code == 422
    assert (
        await mine.does("/staff/me", do="password", **{**right, "after": "k", "again": "k"})
    ).status_code == 400
    assert (await mine.does("/staff/me", do="explode")).status_code == 400
    assert (await mine.does("/staff/me", do="password", **right)).status_code == 303
    assert await there.connection.closed() == 4001
    assert (await mine.request("GET", "/staff/me")).status_code == 200
    assert (await there.enters()).status_code == 403
    assert (await there.enters(password="en helt ny fras")).status_code == 303
    assert (await mine.does("/staff/me", do="others")).status_code == 303
    assert (await there.request("GET", "/console")).status_code == 303
    assert (await mine.request("GET", "/console")).status_code == 200
