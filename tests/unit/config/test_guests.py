# SPDX-License-Identifier: EUPL-1.2
"""What she reads before somebody from a receiver's own chat comes: whose words, and which version."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from config.guests import with_chat_notice
from config.receivers import standard_texts
from config.site import Site
from config.site_file import read_site
from config.table import Notes
from handover.ids import ReceiverId
from handover.inviting import Host
from tests.unit.config.sites import TODAY

DEMO = Path(__file__).parents[3] / "config" / "demo.toml"
INTAKE, BOLLNAS = ReceiverId("mottagningen-vallentuna"), ReceiverId("samverkan-bollnas")


def demo() -> Site:
    """Return the demo's site."""
    site = read_site(DEMO.read_text(encoding="utf-8"), today=TODAY, source="demo", unverified=True).site
    assert site is not None
    return site


def test_chat_speaks_for_itself() -> None:
    """Its own notice, as whoever starts there reads it, stands after the sentence that says whose it is."""
    site = demo()
    receiver = site.receivers[INTAKE]
    assert receiver.chat is not None
    chat = site.services[receiver.chat]
    for language in ("sv", "en"):
        shown, texts = receiver.chat_notice_in(language)
        assert shown == language
        assert texts[1] == chat.notice[language]
        assert chat.organisation.name in texts[0]
        assert not any("{" in text for text in texts)


def test_other_language_falls_back() -> None:
    """A language that the chat does not have is read in one that it has."""
    shown, texts = demo().receivers[INTAKE].chat_notice_in("fi")
    assert shown == "sv"
    assert texts


@pytest.mark.parametrize(("name", "police"), [(INTAKE, False), (BOLLNAS, True)])
def test_authority_and_police_are_named(name: ReceiverId, *, police: bool) -> None:
    """What a public body may have to write down, and whether police work there."""
    receiver = demo().receivers[name]
    texts = receiver.chat_notice_in("sv")[1]
    assert (standard_texts()["sv"]["police"] in texts) is police
    assert any("behöva skriva ner" in text for text in texts)


def test_every_word_is_in_the_version() -> None:
    """Another notice of the chat gives another version; a receiver without a chat has none."""
    site = demo()
    receiver = site.receivers[INTAKE]
    assert receiver.chat is not None
    chat = site.services[receiver.chat]
    other = replace(chat, notice={**chat.notice, "en": "Other words."})
    again = with_chat_notice(receiver, {chat.id: other}, Notes())
    assert again.chat_version != receiver.chat_version
    assert with_chat_notice(receiver, site.services, Notes()) == receiver


def test_hosts_are_those_with_a_chat() -> None:
    """And they name the organisation that runs the chat, which may be another than the receiver's."""
    site = demo()
    hosts = site.hosts()
    assert hosts.keys() == {INTAKE, BOLLNAS}
    chat = site.receivers[INTAKE].chat
    assert chat is not None
    assert hosts[INTAKE] == Host(chat, site.services[chat].organisation.id)
    assert hosts[INTAKE].organisation != site.receivers[INTAKE].organisation
