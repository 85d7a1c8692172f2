# SPDX-License-Identifier: EUPL-1.2
"""From what her code opens to what her page shows: nothing reaches a template that is not named here.

Owns the values that `ticket/page.html` knows. Decides nothing, and knows no request.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from handover.consent import ConsentRecord, Offer
from handover.export import TicketDocument
from handover.ids import ReceiverId
from handover.inbox import LetterRead
from handover.items import Content, Item
from handover.letters import ContactStatus, LetterKind, Writer
from handover.pickup import Sent, View
from handover.receivers import Receiver
from handover.ticket import Ticket, TicketState
from web.languages import Worded, direction, in_language, isolated, listed, tag
from web.visitor.ticket_words import TicketWords

_DID = {LetterKind.ACCEPTED: "accepted", LetterKind.DECLINED: "declined"}
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
    who: tuple[str, ...]
    """Who proposes it and who is invited besides her, a thought each."""
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
    """They have written, and she has not answered."""
    may_renew: bool
    recalls: bool
    """Taking it back now leaves nothing with them."""


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
class _Invited:
    """One receiver's share of a meeting."""

    ticket: Ticket
    offer: Offer
    read: LetterRead


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
            contacts=tuple(self._contacts(view)),
            contacts_done=self.words.count("contacts.done", done, all=str(len(view.contacts.lines))),
            help=any(sent.stored.ticket.state in _HELP for sent in view.sent),
        )

    def ticket(self, sent: Sent) -> TicketShown:
        """Return one receiver's ticket."""
        ticket, offer = sent.stored.ticket, sent.document.consent.offer
        name = self.name(offer)
        waits = ticket.state is TicketState.DELIVERED
        has_answered = _has_answered(sent)
        return TicketShown(
            id=ticket.id,
            name=name,
            state=tuple(self.words.state(ticket, _reference(sent.letters), has_answered=has_answered)),
            hours=self._hours(offer) if waits else None,
            letters=tuple(
                self._letter(each) for each in sent.letters if each.letter.kind is not LetterKind.MEETING
            ),
            sent=self._sent(sent.document, name.text),
            live=ticket.is_live,
            asks=ticket.state is TicketState.ANSWERED and not has_answered,
            may_renew=ticket.state is TicketState.ACCEPTED,
            recalls=ticket.can_be_recalled,
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
        did = "hers" if hers else _DID.get(letter.kind, "wrote")
        return LetterShown(
            self.words.say(f"letter.at.{did}", when=self.words.moment(letter.at)), letter.text, hers
        )

    def _meetings(self, view: View) -> Iterator[MeetingShown]:
        together: dict[str, list[_Invited]] = {}
        for sent in view.sent:
            for read in sent.letters:
                if read.letter.kind is LetterKind.MEETING:
                    share = _Invited(sent.stored.ticket, sent.document.consent.offer, read)
                    together.setdefault(read.meeting, []).append(share)
        for meeting, invited in sorted(together.items(), key=lambda each: each[1][0].read.letter.at):
            letter = invited[0].read.letter
            answers = [each.read.visitor_comes for each in invited if each.read.visitor_comes is not None]
            # What is over is over for the meeting too; without whoever called it there is none.
            there = [each for each in invited if each.ticket.is_live]
            is_on = bool(there) and all(each.ticket.is_live for each in invited if each.ticket.coordinates)
            yield MeetingShown(
                name=meeting,
                place=letter.place,
                time=letter.time,
                text=letter.text,
                who=tuple(self._who(there)) if is_on else (),
                comes=answers[0] if answers else None,
                may_answer=is_on,
                others=tuple(
                    self.words.say(
                        f"meeting.they.{_yes_no(each.read.receiver_comes)}", who=self._name_of(each.offer)
                    )
                    for each in there
                    if is_on and each.read.receiver_comes is not None
                ),
            )

    def _who(self, invited: Sequence[_Invited]) -> Iterator[str]:
        """Yield who proposes a meeting, who is invited besides her, and that police are."""
        for each in invited:
            if each.ticket.coordinates:
                yield self.words.say("meeting.from", coordinator=self._name_of(each.offer))
        others = [self._name_of(each.offer) for each in invited if not each.ticket.coordinates]
        if others:
            all_ = listed([self.words.say("meeting.you"), *others], self.words.language)
            yield self.words.say("meeting.invited", all=all_)
        else:
            yield self.words.say("meeting.alone")
        if any(each.offer.police for each in invited):
            yield self.words.say("meeting.police")

    def _name_of(self, offer: Offer) -> str:
        """Return what a receiver is called, as it stands in a sentence."""
        return isolated(self.name(offer).text)

    def _contacts(self, view: View) -> Iterator[ContactShown]:
        who = next(
            (
                self._name_of(sent.document.consent.offer)
                for sent in view.sent
                if sent.stored.ticket.coordinates
            ),
            self.words.say("contact.coordinator"),
        )
        for line in view.contacts.lines:
            yield ContactShown(line.name, self.words.say(f"contact.{line.status}", receiver=who), line.note)

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
        say, asked = self.words.say, partial(self.words.asked, track=document.consent.track)
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
                sender = isolated(record.sender)
                yield self.words.asked(f"yes.{key}", record.track, sender=sender, receiver=isolated(receiver))


def _order(sent: Sent) -> int:
    """What waits for her comes first, what is over last."""
    ticket = sent.stored.ticket
    waits_for_her = ticket.state is TicketState.ANSWERED and not _has_answered(sent)
    return 0 if waits_for_her else 1 if ticket.is_live else 2


def _has_answered(sent: Sent) -> bool:
    """Tell whether what was written last, but for meetings, is hers."""
    written = [each.letter.by for each in sent.letters if each.letter.kind is not LetterKind.MEETING]
    return bool(written) and written[-1] is Writer.VISITOR


def _reference(letters: tuple[LetterRead, ...]) -> str:
    return next((each.letter.reference for each in reversed(letters) if each.letter.reference), "")


def _yes_no(answer: bool | None) -> str:  # noqa: FBT001 - what somebody has answered
    return "yes" if answer else "no"
