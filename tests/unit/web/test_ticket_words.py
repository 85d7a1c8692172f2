# SPDX-License-Identifier: EUPL-1.2
"""Every sentence of her page is in the catalogue, in every language, for whatever can stand there."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from chat.ids import OrganisationId, ServiceId, Track
from chat.violence import Relation, ViolenceForm
from handover.consent import ConsentRecord, Offer, Yes
from handover.export import TicketDocument
from handover.ids import HandoverId, ReceiverId, TicketId
from handover.inbox import LetterRead
from handover.items import Answer, Contact, ContactWay, Content, Item, Message
from handover.letters import ContactLine, ContactList, ContactStatus, Letter, LetterKind, Writer
from handover.pickup import Sent, View
from handover.ports import StoredTicket
from handover.receivers import ReceivedAt
from handover.ticket import Ticket, TicketState
from tests.texts import LANGUAGES
from web.languages import Languages
from web.visitor.ticket_shown import Showing
from web.visitor.ticket_words import ASKED, DOMAIN, TicketWords, words_typed

WEB = Path(__file__).parents[3] / "web"
NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
KEY = re.compile(r"\b[a-z_]+(?:\.[a-z_0-9]+)+\b|%\(")
"""What a text looks like that is missing, or has a value that was not filled."""
SHOWN = [state for state in TicketState if state is not TicketState.ERASED]


def ticket(state: TicketState, received_at: ReceivedAt, *, opened: bool) -> Ticket:
    """Return a ticket that stands somewhere."""
    return Ticket(
        id=TicketId("t"),
        handover=HandoverId("h"),
        receiver=ReceiverId("r"),
        organisation=OrganisationId("o"),
        sender=OrganisationId("s"),
        track=Track.EXPOSED,
        received_at=received_at,
        granted_at=NOW,
        deadline=NOW + timedelta(days=14),
        state=state,
        opened_at=NOW if opened or state is TicketState.OPENED else None,
    )


@pytest.mark.parametrize("language", LANGUAGES.codes)
@pytest.mark.parametrize(("state", "received_at", "opened"), [*product(SHOWN, ReceivedAt, [False, True])])
def test_every_state_has_words(
    language: str, state: TicketState, received_at: ReceivedAt, *, opened: bool
) -> None:
    """What has happened, what comes next, and what taking it back would do."""
    words, one = TicketWords(language, LANGUAGES), ticket(state, received_at, opened=opened)
    said = [
        *words.state(one, "VK 1"),
        *words.state(one, "VK 1", has_answered=True),
        *words.before_withdrawal(one),
    ]
    assert len(said) >= 6
    assert [sentence for sentence in said if KEY.search(sentence)] == []


def test_what_stays_with_them_is_never_left_out() -> None:
    """Whoever has read it, or received it at delivery, may keep it: nothing says otherwise."""
    words = TicketWords("sv", LANGUAGES)
    for received_at, opened in product(ReceivedAt, [False, True]):
        said = " ".join(words.state(ticket(TicketState.WITHDRAWN, received_at, opened=opened), ""))
        has_nothing = received_at is ReceivedAt.OPENING and not opened
        assert ("De fick aldrig läsa det." in said) is has_nothing
        assert ("kvar" in said) is not has_nothing


@pytest.mark.parametrize(
    ("code", "n"),
    [
        ("ett två tre fyra fem sex", 6),
        ("Ett,två.TRE-fyra\r\nfem  sex!", 6),
        ("a\N{COMBINING RING ABOVE}r", 1),
        ("tre två", 2),
        ("tretvå", 1),
        ("tretvåen", None),
        ("", None),
        ("1 2 3 🎈", None),
    ],
)
def test_words_are_counted_only_where_they_are_kept_apart(code: str, n: int | None) -> None:
    """One run that is longer than any word may be all six."""
    assert words_typed(code, ["en", "två", "tretvå"]) == n


def test_she_is_reminded_in_the_words_of_her_track(tmp_path: Path) -> None:
    """Words of the perpetrator track, where there are any, are used there alone; else the plain ones."""
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Language: sv\\n"\n'
    texts = (("item.a", "plain"), ("item.a.perpetrator", "theirs %(who)s"), ("item.b", "both"))
    entries = "".join(f'\nmsgctxt "script"\nmsgid "{key}"\nmsgstr "{text}"\n' for key, text in texts)
    (tmp_path / "sv").mkdir()
    (tmp_path / "sv" / f"{ASKED}.po").write_text(head + entries, encoding="utf-8")
    words = TicketWords("sv", Languages.load(tmp_path))
    assert words.asked("item.a", Track.PERPETRATOR, who="x") == "theirs x"
    assert words.asked("item.a", Track.EXPOSED) == "plain"
    assert words.asked("item.b", Track.PERPETRATOR) == "both"


def everything() -> View:
    """Return a handover in which everything is there."""
    offer = Offer(
        receiver=ReceiverId("r"),
        name="Mottagningen",
        organisation="Kommunen",
        language="sv",
        notice=("Två personer läser.",),
        notice_version="1",
        hours="på vardagar",
        police=True,
    )
    yes = Yes(
        receiver=offer.receiver,
        notice="1",
        items=tuple(Item),
        secrecy=True,
        data=True,
        measure=True,
        police=True,
        identity=True,
        coordinate=True,
    )
    record = ConsentRecord(
        offer=offer,
        yes=yes,
        purpose="Att få hjälp",
        asked_by="Kim",
        sender="Jouren",
        routine="1",
        track=Track.EXPOSED,
        language="sv",
        given_at=NOW,
        open_by=NOW,
        identity_shared=True,
    )
    documents = [
        TicketDocument(ticket=TicketId("t"), consent=record, shown_sha256="", content=content)
        for content in contents()
    ]
    stored = StoredTicket(
        ticket=ticket(TicketState.ACCEPTED, ReceivedAt.OPENING, opened=True),
        version=1,
        service=ServiceId("linden"),
        public=b"",
        language="sv",
    )
    letters = tuple(
        LetterRead(
            number=number,
            letter=Letter(kind=kind, by=by, text="ord", place="rum", time="tid", at=NOW),
            receiver_comes=by is Writer.VISITOR,
            meeting="m" if kind is LetterKind.MEETING else "",
        )
        for number, (kind, by) in enumerate(product(LetterKind, Writer), 1)
    )
    lines = tuple(ContactLine(status, status) for status in ContactStatus)
    sent = tuple(Sent(stored=stored, document=document, letters=letters) for document in documents)
    return View(sent=sent, contacts=ContactList(lines))


def contents() -> list[Content]:
    """Return contents that together have every item, and every word of each vocabulary."""
    return [
        Content(
            want="a",
            summary="b",
            forms=tuple(ViolenceForm),
            relation=relation,
            children=answer,
            danger="c",
            called_112=answer,
            messages=(Message(1, "visitor", "d"), Message(2, "operator", "e")),
            contact=Contact(way, "f"),
            name="g",
            reach="h",
        )
        for relation, answer, way in product(Relation, Answer, ContactWay)
    ]


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if is_dataclass(value):
        return [text for each in fields(value) for text in _texts(getattr(value, each.name))]
    return [text for each in value for text in _texts(each)] if isinstance(value, tuple) else []


@pytest.mark.parametrize("language", LANGUAGES.codes)
def test_everything_that_can_be_sent_has_words(language: str) -> None:
    """Each item, each vocabulary, each consent, each letter, each contact."""
    page = Showing(TicketWords(language, LANGUAGES), {}).page(everything())
    assert [text for text in _texts(page) if KEY.search(text)] == []
    assert all(len(each.sent.items) == len(Item) for each in page.tickets)
    assert all(len(each.sent.consents) == 6 for each in page.tickets)


def test_templates_ask_for_texts_that_are_there_and_none_is_left_over() -> None:
    """And so do the pages' own notices."""
    asked = set()
    for path in (WEB / "templates" / "visitor" / "ticket").glob("*.html"):
        asked |= set(re.findall(r'_\("([^"]+)"', path.read_text(encoding="utf-8")))
    code = "".join(path.read_text(encoding="utf-8") for path in (WEB / "visitor").glob("ticket*.py"))
    asked |= set(re.findall(r'(?:say|count)\(\s*"([^"]+)"', code)) | set(re.findall(r'"(letter\.\w+)"', code))
    families = set(re.findall(r'say\(\s*f"([a-z.]+\.)\{', code))
    known = {
        key
        for line in (WEB / "locales" / "sv" / f"{DOMAIN}.po").read_text(encoding="utf-8").splitlines()
        if (key := line.removeprefix('msgid "').rstrip('"')) != line.rstrip('"') and key
    }
    assert asked - known == set()
    assert {key for key in known - asked if not any(key.startswith(family) for family in families)} == set()
