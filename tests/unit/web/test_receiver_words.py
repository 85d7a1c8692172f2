# SPDX-License-Identifier: EUPL-1.2
"""Every text that the receiver's pages ask for is in the catalogue, and no text there is never asked for."""

from __future__ import annotations

import re

from chat.violence import Relation, ViolenceForm
from handover.items import Answer, ContactWay, Item
from handover.letters import ContactStatus, LetterKind
from handover.ticket import TicketState
from tests.texts import LANGUAGES
from tests.unit.web.staff import WEB
from web.receiver.contact_list import Unfit
from web.receiver.reading import DONE
from web.receiver.samrad import DONE as DONE_TOGETHER
from web.receiver.wording import OTHER_TRACK

BY_VALUE = {
    *(f"item.{each.value}" for each in Item),
    *(f"item.{each.value}.perpetrator" for each in OTHER_TRACK),
    *(f"form.{each.value}" for each in ViolenceForm),
    *(f"relation.{each.value}" for each in Relation),
    *(f"answer.{each.value}" for each in Answer),
    *(f"way.{each.value}" for each in ContactWay),
    *(f"letter.{each.value}" for each in LetterKind),
    *(f"status.{each.value}" for each in ContactStatus),
    *(f"state.{each.value}" for each in TicketState if each is not TicketState.ERASED),
    *(f"other.{each.value}" for each in TicketState),
    *(f"done.{each}" for each in DONE | DONE_TOGETHER),
    *(each.value for each in Unfit),
    *(f"yes.{each}" for each in ("secrecy", "data", "measure", "police", "identity", "coordinate")),
    *(f"ended.{each}" for each in ("declined", "returned", "expired", "withdrawn", "recalled")),
    *(f"{at}.{each}" for at in ("over", "cover") for each in ("withdrawn", "expired")),
    *(f"by.{each}" for each in ("visitor", "operator")),
    *(f"cover.{each}" for each in ("opening", "delivery")),
}


def _asked() -> set[str]:
    asked = set(BY_VALUE)
    for path in (WEB / "templates" / "receiver").glob("*.html"):
        text = path.read_text(encoding="utf-8")
        asked |= set(re.findall(r'_\("([^"]+)"[,)]', text)) | set(re.findall(r'ngettext\("([^"]+)"', text))
    for path in (WEB / "receiver").glob("*.py"):
        asked |= set(re.findall(r'"([a-z]+\.[a-z_]+)"', path.read_text(encoding="utf-8")))
    return asked


def _known() -> set[str]:
    text = (WEB / "locales" / "sv" / "receiver.po").read_text(encoding="utf-8")
    return set(re.findall(r'^msgid "(.+)"$', text, re.MULTILINE))


def test_catalogue_holds_what_the_pages_ask_for() -> None:
    """A value that is added to a vocabulary cannot be left without words."""
    texts = LANGUAGES.texts("sv", "receiver")
    assert sorted(_asked() - _known()) == []
    assert texts.gettext("inbox.heading") == "Inkorg"


def test_catalogue_holds_nothing_else() -> None:
    """A text that no page shows is not kept up."""
    assert sorted(_known() - _asked()) == []


def test_words_make_no_promise_and_shout_at_nobody() -> None:
    """The house's way to speak: no exclamation marks, no client, no offer, no case that is none yet."""
    for language in ("sv", "en"):
        text = (WEB / "locales" / language / "receiver.po").read_text(encoding="utf-8")
        said = " ".join(re.findall(r'^msgstr(?:\[\d\])? "(.+)"$', text, re.MULTILINE))
        assert "!" not in said
        assert re.findall(r"(?i)\b(klient|offer|ärende|användare|client|victim|user)\b", said) == []
