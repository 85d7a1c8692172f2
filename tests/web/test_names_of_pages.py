# SPDX-License-Identifier: EUPL-1.2
"""The list of pages: each is called in its heading and its title as on the list, and all have the list."""

from __future__ import annotations

import re
from html import unescape

from tests.outside.operator import Operator
from tests.web.people import signed_in
from tests.web.running import Running

_LINK = re.compile(r'<li><a href="([^"]+)"( aria-current="page")?>([^<]+)</a></li>')
_ELSEWHERE = frozenset({"/console"})
"""A place of work with a head of its own."""


async def test_each_page_is_called_as_on_the_list(run: Running) -> None:
    """In both languages, for everybody who has a list; the page that one is at is marked."""
    seen = set()
    for name in ("eva", "birgitta", "ulla"):
        person = await signed_in(run, name)
        for lang in ("sv", "en"):
            for href, called in await listed(person, f"/staff/me?lang={lang}"):
                if href.partition("?")[0] in _ELSEWHERE:
                    continue
                page = await person.request("GET", href)
                assert (page.status_code, part(page.text, "title")) == (200, called), href
                # One chat alone has its page at once, with its name beside.
                assert re.fullmatch(rf"{re.escape(called)}( .+)?", part(page.text, "h1")), href
                assert [each[0] for each in _LINK.findall(page.text) if each[1]] == [href]
                seen.add(href.partition("?")[0])
    assert {"/supervisor", "/replies", "/staff/site", "/supervisor/staffing", "/staff/roster"} <= seen


async def test_page_of_somebody_else_has_the_way_back(run: Running) -> None:
    """The list, the account and the way out, as everywhere; none of it is marked."""
    for name, path in (("birgitta", "/staff/people"), ("anna", "/supervisor"), ("ulla", "/replies/linden")):
        person = await signed_in(run, name)
        page = await person.request("GET", path)
        assert page.status_code == 403
        assert [each[1] for each in _LINK.findall(page.text)].count("") == len(_LINK.findall(page.text)) > 1
        assert 'href="/staff/me"' in page.text
        assert 'action="/staff/sign-out"' in page.text


async def listed(person: Operator, path: str) -> list[tuple[str, str]]:
    """Return the addresses and names of the list on a page."""
    page = await person.request("GET", path)
    return [(unescape(href), unescape(called)) for href, _, called in _LINK.findall(page.text)]


def part(page: str, tag: str) -> str:
    """Return what can be read in the first element of a kind."""
    found = re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
    assert found is not None
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[1])).split())
