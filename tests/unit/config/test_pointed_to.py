# SPDX-License-Identifier: EUPL-1.2
"""What an organisation sets itself never lets more through than the very addresses that it points to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.ids import OrganisationId, ServiceId
from config.identity import browser_identity
from config.site import PublicService, Site
from config.site_file import read_site
from moderation.verdict import Verdict
from tests.unit.config.sites import RIGHT, TODAY
from tests.unit.moderation.test_identity_in_the_browser import different

JOUREN, LINDEN = OrganisationId("jouren"), ServiceId("linden")
PAGE, UNDER = "https://www.familjeratten.example/Råd/barn", "https://familjeratten.example/"
FIXED = "08-765 43 21"
TELLING = (
    "Ring 070-123 45 67",
    "sms:a +46 70 123 45 67 eller 0046701234567",
    "noll sju noll ett två tre fyra fem sex sju",
    "850709-9805 är mitt personnummer",
    "19850709-9805",
    "ring 08-123 456 78",
    "facebook.com/anna.andersson.71",
    "https://www.facebook.com/anna.andersson.71",
    "www.instagram.com/anna",
    "https://m.facebook.com/",
    "familjeratten.se/personal/anna-andersson",
    "https://familjeratten.se/barn?namn=anna",
    "https://anna.familjeratten.se/",
    "www.familjeratten.se/barnen",
    "anna@familjeratten.se",
)
"""What is looked for, and is no address that anybody here points to."""

phones = st.one_of(
    st.sampled_from(
        ["070-123 45 67", "+46 70 123 45 67", "0046701234567", "0701", "234567", "1985", "070", "9 8"]
    ),
    st.from_regex(r"\A[0-9]{3,6}\Z"),
)
links = st.sampled_from(
    [
        "https://www.facebook.com/",
        "https://facebook.com/anna",
        "https://m.facebook.com",
        "https://www.instagram.com/",
        "https://familjeratten.se/",
        "https://www.familjeratten.se/barn",
        "https://familjeratten.se/personal/",
    ]
)


def referral(phone: str = "", web: str = "") -> dict[str, Any]:
    """Return one as a form sets it."""
    item = {"name": {"sv": "X"}, "what": {"sv": "Y"}, "verified_at": TODAY.isoformat()}
    return item | {key: value for key, value in (("phone", phone), ("web", web)) if value}


def line(address: str) -> dict[str, Any]:
    """Return one as a form sets it."""
    channel = "web" if "://" in address else "phone"
    item = {"channel": channel, "address": address, "hours": "24/7", "source": "X"}
    return item | {"name": {"sv": "X"}, "verified_at": TODAY.isoformat()}


def site_with(referrals: Sequence[dict[str, Any]] = (), lines: Sequence[dict[str, Any]] = ()) -> Site:
    """Return the site in which an organisation has set these."""
    named = {f"own-{at}": each for at, each in enumerate(lines)}
    overlay = {"organisations": {"jouren": {"referrals": list(referrals), "lines": named}}}
    reading = read_site(RIGHT, today=TODAY, source="it", overlays={JOUREN: overlay})
    assert reading.set_aside == {}
    return reading.whole()


def service_with(*addresses: str) -> PublicService:
    """Return the service whose organisation points to these, half of them as lines."""
    referrals = [referral(web=each) if "://" in each else referral(phone=each) for each in addresses[::2]]
    return site_with(referrals, [line(each) for each in addresses[1::2]]).services[LINDEN]


USUAL = service_with()


@given(st.lists(st.one_of(phones, links), max_size=20))
def test_nothing_that_is_set_changes_what_is_thought_of_anything_else(addresses: list[str]) -> None:
    """On neither side, whatever is pointed to and however often: no identity data passes by it."""
    judge = service_with(*addresses).chat.judge
    for text in TELLING:
        assert judge.of_operator(text) == USUAL.chat.judge.of_operator(text), text
        ours, theirs = (each.of_visitor(text, language="sv") for each in (judge, USUAL.chat.judge))
        assert ours == theirs, text


def test_everything_here_is_found_where_nothing_is_set() -> None:
    """Else the property would hold of nothing."""
    for text in TELLING:
        assert USUAL.chat.judge.of_operator(text).verdict is Verdict.REFUSE, text


@pytest.mark.parametrize("given", [(FIXED, PAGE), (PAGE, FIXED)], ids=["page line", "phone line"])
def test_the_very_address_passes_on_both_sides(given: tuple[str, ...]) -> None:
    """As it was written, at home and from abroad, with and without what a browser leaves out."""
    judge = service_with(*given).chat.judge
    for text in (
        "Ring 08-765 43 21.",
        "+46 8 765 43 21",
        f"Läs {PAGE}.",
        "familjeratten.example/råd/barn/",
        "www.familjeratten.example",
    ):
        assert judge.of_operator(text).verdict is Verdict.ALLOW, text
        assert judge.of_visitor(text, language="sv").text == text


@pytest.mark.parametrize(
    "text",
    [f"{PAGE}/anna", f"{PAGE}?anna", f"{PAGE}-anna", f"{UNDER}anna", "https://anna.familjeratten.example/"],
)
def test_what_is_under_or_beside_an_address_does_not(text: str) -> None:
    """A host is not let through for one of its pages, and no page for its front."""
    assert service_with(UNDER, PAGE).chat.judge.of_operator(text).verdict is Verdict.REFUSE


def test_both_sides_of_the_chat_see_the_same_of_it() -> None:
    """The browser asks her about just what the server would take out."""
    own = service_with(PAGE, FIXED, "https://www.facebook.com/", "070-123 45 67").moderation
    texts = [
        *TELLING,
        PAGE,
        f"{PAGE}/",
        f"{PAGE}/anna",
        UNDER,
        f"{UNDER}anna",
        FIXED,
        "läs familjeratten.example.",
    ]
    rules = browser_identity("sv", (), own.hosts, own.numbers)
    assert different(rules, texts) == []
