# SPDX-License-Identifier: EUPL-1.2
"""What a site file may say about replies, where to turn and routines, and how mistakes in it are told."""

from __future__ import annotations

from datetime import date

import pytest

from chat.ids import OrganisationId, ServiceId
from config import routines
from config.site import Alarm, RepliesEditedBy
from config.site_file import read_site
from tests.unit.config.sites import RIGHT, TODAY

LINDEN, JOUREN = ServiceId("linden"), OrganisationId("jouren")
REPLY = """
[[services.linden.replies]]
id = "hello"
title.sv = "Hälsning"
text.sv = "Hej, jag heter {alias} på {service}, {organisation}."
"""
REFERRAL = """
[[organisations.jouren.referrals]]
name.sv = "Familjerätten"
what.sv = "Råd om barn"
phone = "08-765 43 21"
web = "https://familjeratten.example/"
hours = "Mo-Fr 08:00-16:00"
verified_at = 2026-10-01
"""


def mistakes(text: str) -> dict[str, str]:
    """Return what is wrong with a site file, by path."""
    return {each.path: each.what for each in read_site(text, today=TODAY, source="it").mistakes}


def warnings(text: str) -> dict[str, str]:
    """Return what is doubtful in a site file, by path."""
    return {each.path: each.what for each in read_site(text, today=TODAY, source="it").warnings}


def test_replies_are_read_in_order() -> None:
    """Supervisors alone may change them, unless the file says otherwise."""
    service = read_site(RIGHT + REPLY, today=TODAY, source="it").whole().services[LINDEN]
    assert [each.id for each in service.replies] == ["hello"]
    assert service.replies_edited_by is RepliesEditedBy.SUPERVISORS
    text = RIGHT.replace("[services.linden]", '[services.linden]\nreplies_edited_by = "operators"')
    service = read_site(text, today=TODAY, source="it").whole().services[LINDEN]
    assert service.replies_edited_by is RepliesEditedBy.OPERATORS


@pytest.mark.parametrize(
    ("was", "becomes", "path"),
    [
        ("{alias}", "{name}", "text.sv"),
        ("{alias}", "{", "text.sv"),
        ("{alias}", "{alias!r}", "text.sv"),
        # It never closes: there is no next opening to tell of.
        ("{alias}", "{opens}", "text.sv"),
        ('title.sv = "Hälsning"', f'title.sv = "{"x" * 61}"', "title.sv"),
        ('title.sv = "Hälsning"', 'title.sv = "Hälsning"\ntitle.en = "Hello"', "text"),
        ('id = "hello"', 'id = "Hello you"', "id"),
        ('id = "hello"', "", "id"),
        ('title.sv = "Hälsning"', "", "title"),
        ('title.sv = "Hälsning"', 'title.sv = "Hälsning"\nlanguage = "sv"', "language"),
    ],
)
def test_mistake_in_a_reply_is_told_with_its_path(was: str, becomes: str, path: str) -> None:
    """So that whoever runs it finds the line."""
    assert list(mistakes(RIGHT + REPLY.replace(was, becomes))) == [f"services.linden.replies[0].{path}"]


def test_reply_may_say_when_a_service_opens_that_closes() -> None:
    """Office hours have a next opening."""
    assert mistakes(RIGHT + REPLY.replace("linden", "bron").replace("{alias}", "{opens}")) == {}


def test_reply_that_could_never_be_sent_is_told() -> None:
    """A number that is no line's; a line's own may stand."""
    told = mistakes(RIGHT + REPLY.replace("{alias}", "070-123 45 67"))
    assert list(told) == ["services.linden.replies[0].text.sv"]
    assert mistakes(RIGHT + REPLY.replace("{alias}", "112")) == {}
    assert mistakes(RIGHT + REFERRAL + REPLY.replace("{alias}", "08-765 43 21")) == {}


def test_replies_twice_too_many_or_in_too_few_languages() -> None:
    """The same id twice is a mistake; what a service speaks and no reply does is worth a word, once."""
    assert list(mistakes(RIGHT + REPLY + REPLY)) == ["services.linden.replies[1].id"]
    many = "".join(REPLY.replace("hello", f"hello-{number}") for number in range(41))
    assert list(mistakes(RIGHT + many)) == ["services.linden.replies"]
    speaks = RIGHT.replace('name.sv = "Jourens chatt"', 'name.sv = "Jourens chatt"\nlanguages = ["sv", "en"]')
    told = warnings(speaks + REPLY + REPLY.replace("hello", "bye"))
    assert told["services.linden.replies"].startswith("2 of 2 are missing in “en”")


def test_referral_is_read_and_staff_may_give_its_number() -> None:
    """Neither number nor address of it is taken for somebody's own, on either side."""
    site = read_site(RIGHT + REFERRAL, today=TODAY, source="it").whole()
    (referral,) = site.organisations[JOUREN].referrals
    assert (referral.phone, referral.name["sv"]) == ("08-765 43 21", "Familjerätten")
    said = "Ring 08-765 43 21, eller läs på https://familjeratten.example/."
    judge = site.services[LINDEN].chat.judge
    assert judge.of_operator(said).reasons == ()
    assert judge.of_visitor(said, language="sv").text == said
    assert read_site(RIGHT, today=TODAY, source="it").whole().services[LINDEN].chat.judge.of_operator(
        said
    ).reasons == ("identity.phone", "identity.link")


@pytest.mark.parametrize(
    ("was", "becomes", "path"),
    [
        ('phone = "08-765 43 21"', 'phone = "ring oss"', "phone"),
        ('web = "https://familjeratten.example/"', 'web = "http://familjeratten.example/"', "web"),
        ('hours = "Mo-Fr 08:00-16:00"', 'hours = "ibland"', "hours"),
        ("verified_at = 2026-10-01", "verified_at = 2027-10-01", "verified_at"),
        ('what.sv = "Råd om barn"', "", "what"),
        ('phone = "08-765 43 21"\nweb = "https://familjeratten.example/"', "", "phone"),
    ],
)
def test_mistake_in_a_referral_is_told_with_its_path(was: str, becomes: str, path: str) -> None:
    """As for a line."""
    text = RIGHT + REFERRAL.replace(was, becomes)
    assert list(mistakes(text)) == [f"organisations.jouren.referrals[0].{path}"]


def test_referral_that_nobody_has_verified_is_left_out() -> None:
    """With a warning; a demonstration shows it."""
    text = RIGHT + REFERRAL.replace("verified_at = 2026-10-01", "")
    assert "organisations.jouren.referrals[0].verified_at" in warnings(text)
    assert read_site(text, today=TODAY, source="it").whole().organisations[JOUREN].referrals == ()
    shown = read_site(text, today=TODAY, source="it", unverified=True).whole()
    assert len(shown.organisations[JOUREN].referrals) == 1
    old = RIGHT + REFERRAL.replace("2026-10-01", "2025-10-01")
    assert "organisations.jouren.referrals[0].verified_at" in warnings(old)


def test_cards_are_whole_in_both_languages_of_staff() -> None:
    """Every subject once, as many pieces in each language, and short enough to be read in a hurry."""
    assert [card.about for card in routines.cards()] == list(Alarm)
    for card in routines.cards():
        for lists in (card.do, card.say, card.avoid):
            assert set(lists) == set(card.heading) == {"sv", "en"}
            assert len(lists["sv"]) == len(lists["en"]) > 0
            assert all(len(text) <= 140 for texts in lists.values() for text in texts)


def test_honour_card_never_sends_anybody_to_the_family() -> None:
    """What it says to do about the family is not to; the other cards do not speak of it."""
    (honour,) = [card for card in routines.cards() if card.about is Alarm.HONOUR]
    assert honour.do["sv"][0].startswith("Kontakta aldrig familj")
    for text in (*honour.say["sv"], *honour.do["sv"]):
        if "famil" in text.lower():
            assert "aldrig" in text.lower() or "inte" in text.lower(), text


def test_cards_that_may_be_sent_tell_nothing_of_anybody() -> None:
    """What is put in as it stands passes the judge that the volunteer's words pass."""
    judge = read_site(RIGHT, today=TODAY, source="it").whole().services[LINDEN].chat.judge
    said = [text for card in routines.cards() for texts in card.say.values() for text in texts]
    assert [text for text in said if judge.of_operator(text).reasons] == []


def test_cards_grow_old() -> None:
    """A year after they were verified somebody must read them again."""
    assert list(routines.look(date(2027, 11, 26))) == []
    assert [each.path for each in routines.look(date(2027, 11, 27))] == ["config/routines.toml"]


def test_routine_of_a_service_may_be_about_honour_and_children() -> None:
    """Beside what a message may sound like."""
    text = RIGHT + '[services.linden.routine]\nhonour.sv = "Ring bakjouren."\nchildren.sv = "Följ rutinen."\n'
    service = read_site(text, today=TODAY, source="it").whole().services[LINDEN]
    assert set(service.routine) == {Alarm.HONOUR, Alarm.CHILDREN}
