# SPDX-License-Identifier: EUPL-1.2
"""From what her code opens to what her page shows: nothing reaches a template that is not named here.

Owns the values that `ticket/page.html` knows. Decides nothing, and knows no request.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from handover.consent import ConsentRecord, Offer
from handover.export import TicketDocument
from handover.ids import ReceiverId
from handover.inbox import LetterRead
from handover.items import Content, Item
from handover.letters import ContactList, ContactStatus, LetterKind, Writer
from handover.pickup import Sent, View
from handover.receivers import Receiver
from handover.ticket import Ticket, TicketState
from web.languages import Worded, direction, in_language, isolated, tag
from web.visitor.ticket_words import TicketWords

_HELP = frozenset({TicketState.DECLINED, TicketState.RETURNED, TicketState.EXPIRED})


@dataclass(frozen=True, slots=True)
class LetterShown:
    """One letter. `text` is somebody's own words, in whatever language."""

    heading: str
    text: str
    hers: bool


@dataclass(frozen=True, slots=True)
class MeetingShown:
    """One meeting, on however many tickets it was proposed."""

    name: str
    place: str
    time: str
    text: str
    comes: bool | None
    """What she has answered."""
    may_answer: bool
    others: tuple[str, ...]
    """Who else has answered, and what."""


@dataclass(frozen=True, slots=True)
class ItemShown:
    """One thing that she sent: a heading, and each value; `own` are words as somebody wrote them."""

    heading: str
    values: tuple[str, ...]
    own: bool


@dataclass(frozen=True, slots=True)
class SentShown:
    """What one receiver got, exactly as it was sent."""

    items: tuple[ItemShown, ...]
    purpose: str
    said_yes: str
    consents: tuple[str, ...]
    notice: tuple[Worded, ...]


@dataclass(frozen=True, slots=True)
class TicketShown:
    """One receiver's ticket."""

    id: str
    name: Worded
    state: tuple[str, ...]
    hours: Worded | None
    """When they read what comes, while it waits there."""
    letters: tuple[LetterShown, ...]
    sent: SentShown
    live: bool
    asks: bool
    """They have written, and she may answer."""
    may_renew: bool


@dataclass(frozen=True, slots=True)
class ContactShown:
    """One authority that she has to deal with."""

    name: str
    status: str
    note: str


@dataclass(frozen=True, slots=True)
class PageShown:
    """Everything that her page shows."""

    tickets: tuple[TicketShown, ...]
    meetings: tuple[MeetingShown, ...]
    contacts: tuple[ContactShown, ...]
    contacts_done: str
    help: bool
    """Something went no further: what she can do instead is shown."""


@dataclass(frozen=True, slots=True)
class Showing:
    """Shows what a code opens, in one language."""

    words: TicketWords
    receivers: Mapping[ReceiverId, Receiver]
    """Those of the site file: they may know their name in more languages than a ticket does."""

    def page(self, view: View) -> PageShown:
        """Return the whole page."""
        done = sum(line.status is ContactStatus.DONE for line in view.contacts.lines)
        return PageShown(
            tickets=tuple(self.ticket(sent) for sent in sorted(view.sent, key=_order)),
            meetings=tuple(self._meetings(view)),
            contacts=tuple(self._contacts(view.contacts)),
            contacts_done=self.words.count("contacts.done", done, all=str(len(view.contacts.lines))),
            help=any(sent.stored.ticket.state in _HELP for sent in view.sent),
        )

    def ticket(self, sent: Sent) -> TicketShown:
        """Return one receiver's ticket."""
        ticket, offer = sent.stored.ticket, sent.document.consent.offer
        name = self.name(offer)
        waits = ticket.state is TicketState.DELIVERED
        return TicketShown(
            id=ticket.id,
            name=name,
            state=tuple(self.words.state(ticket, _reference(sent.letters))),
            hours=self._hours(offer) if waits else None,
            letters=tuple(
                self._letter(each) for each in sent.letters if each.letter.kind is not LetterKind.MEETING
            ),
            sent=self._sent(sent.document, name.text),
            live=ticket.is_live,
            asks=ticket.state is TicketState.ANSWERED,
            may_renew=ticket.state is TicketState.ACCEPTED,
        )

    def name(self, offer: Offer) -> Worded:
        """Return what a receiver is called."""
        known = self.receivers.get(offer.receiver)
        names = {offer.language: offer.name} | (dict(known.names) if known is not None else {})
        return in_language(names, self.words.language, offer.language)

    def _hours(self, offer: Offer) -> Worded | None:
        known = self.receivers.get(offer.receiver)
        texts = known.hours_texts if known is not None else {offer.language: offer.hours}
        hours = in_language(texts, self.words.language, offer.language)
        return hours if hours.text else None

    # --- letters and meetings ---

    def _letter(self, read: LetterRead) -> LetterShown:
        letter = read.letter
        hers = letter.by is Writer.VISITOR
        who = self.words.say("letter.hers" if hers else "letter.theirs")
        heading = self.words.say("letter.from", who=who, when=self.words.moment(letter.at))
        return LetterShown(heading, letter.text, hers)

    def _meetings(self, view: View) -> Iterator[MeetingShown]:
        together: dict[str, list[tuple[Ticket, str, LetterRead]]] = {}
        for sent in view.sent:
            name = self.name(sent.document.consent.offer).text
            for read in sent.letters:
                if read.letter.kind is LetterKind.MEETING:
                    together.setdefault(read.meeting, []).append((sent.stored.ticket, name, read))
        for meeting, invited in sorted(together.items(), key=lambda each: each[1][0][2].letter.at):
            letter = invited[0][2].letter
            answers = [read.visitor_comes for _, _, read in invited if read.visitor_comes is not None]
            yield MeetingShown(
                name=meeting,
                place=letter.place,
                time=letter.time,
                text=letter.text,
                comes=answers[0] if answers else None,
                may_answer=any(ticket.is_live for ticket, _, _ in invited),
                others=tuple(
                    self.words.say(f"meeting.they.{_yes_no(read.receiver_comes)}", who=isolated(name))
                    for _, name, read in invited
                    if read.receiver_comes is not None
                ),
            )

    def _contacts(self, contacts: ContactList) -> Iterator[ContactShown]:
        for line in contacts.lines:
            yield ContactShown(line.name, self.words.say(f"contact.{line.status}"), line.note)

    # --- what she sent ---

    def _sent(self, document: TicketDocument, receiver: str) -> SentShown:
        record = document.consent
        offer = record.offer
        return SentShown(
            items=tuple(self._item(document, item) for item in Item if document.content[item]),
            purpose=record.purpose,
            said_yes=self.words.say("sent.yes.at", when=self.words.moment(record.given_at)),
            consents=tuple(self._consents(record, receiver)),
            notice=tuple(
                Worded(text, tag(offer.language), direction(offer.language)) for text in offer.notice
            ),
        )

    def _item(self, document: TicketDocument, item: Item) -> ItemShown:
        content: Content = document.content
        say, asked = self.words.say, self.words.asked
        match item:
            case Item.FORMS:
                values, own = tuple(asked(f"form.{form}") for form in content.forms), False
            case Item.RELATION:
                values, own = (asked(f"relation.{content.relation}"),), False
            case Item.CHILDREN | Item.CALLED_112:
                values, own = (asked(f"answer.{content[item]}"),), False
            case Item.CONTACT if content.contact is not None:
                way, times = content.contact.way, content.contact.times
                values, own = (asked(f"way.{way}"), *((times,) if times else ())), False
            case Item.MESSAGES:
                who = {"visitor": say("letter.hers"), "operator": isolated(document.consent.asked_by)}
                values, own = (
                    tuple(
                        say("sent.message", who=who.get(each.by, each.by), text=each.text)
                        for each in content.messages
                    ),
                    True,
                )
            case _:
                values, own = (str(content[item]),), True
        return ItemShown(asked(f"item.{item}"), values, own)

    def _consents(self, record: ConsentRecord, receiver: str) -> Iterator[str]:
        for key in ("secrecy", "data", "measure", "police", "identity", "coordinate"):
            if getattr(record.yes, key):
                yield self.words.asked(
                    f"yes.{key}", sender=isolated(record.sender), receiver=isolated(receiver)
                )


def _order(sent: Sent) -> int:
    """What waits for her comes first, what is over last."""
    ticket = sent.stored.ticket
    return 0 if ticket.state is TicketState.ANSWERED else 1 if ticket.is_live else 2


def _reference(letters: tuple[LetterRead, ...]) -> str:
    return next((each.letter.reference for each in reversed(letters) if each.letter.reference), "")


def _yes_no(answer: bool | None) -> str:  # noqa: FBT001 - what somebody has answered
    return "yes" if answer else "no"
