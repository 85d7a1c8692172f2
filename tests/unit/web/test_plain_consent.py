# SPDX-License-Identifier: EUPL-1.2
"""Her answer without scripts, pure: what is empty is not sent, what is not ticked is not said."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from chat.ids import Track
from chat.violence import ViolenceForm
from handover.consent import Offer, Proposal
from handover.ids import ReceiverId
from handover.items import Contact, ContactWay, Content, Item, Message
from web.visitor.plain import consent

ONE, OTHER = ReceiverId("one"), ReceiverId("other")
CODE = "ett två tre fyra fem sex"
TICKED = {"tick.secrecy": "yes", "tick.data": "yes"}


def offer(receiver: ReceiverId, **more: Any) -> Offer:
    """Return a receiver as she is shown it."""
    return Offer(
        receiver=receiver,
        name=receiver.title(),
        organisation="Kommunen",
        language="sv",
        notice=("Så här är det.",),
        notice_version="n1",
        hours="",
        **more,
    )


def asked(*offers: Offer) -> consent.Asking:
    """Return the beginning of an answer to a question about much."""
    content = Content(
        want="Veta mer",
        summary="Något",
        forms=(ViolenceForm.DIGITAL,),
        messages=(Message(3, "visitor", "Hej"), Message(5, "visitor", "Han")),
        contact=Contact(ContactWay.CODE, "på morgonen"),
    )
    proposal = Proposal(
        content=content,
        offers=offers or (offer(ONE),),
        purpose="Hjälp",
        asked_by="Kim",
        sender="Jouren",
        language="sv",
        track=Track.EXPOSED,
    )
    return consent.asking(7, proposal, "A" * 22)


def tick(asking: consent.Asking, *fields: str, to: ReceiverId = ONE, goes: bool = True) -> None:
    """Send one receiver's screen."""
    asking.wishes[to] = consent.ticked(dict.fromkeys(fields, "yes"), goes=goes)


def test_nothing_is_ticked_at_first() -> None:
    """A question that was only looked at goes to nobody."""
    asking = asked()
    assert asking.going() == []
    assert asking.lacking(offer(ONE)) == ("items",)


def test_what_she_empties_or_leaves_out_is_not_sent() -> None:
    """Her own words, the messages that she kept, and nothing that no receiver gets."""
    asking = asked()
    fields = {"want": "  Annat\r\när bättre ", "summary": " ", "way": "code", "times": "", "message.5": "yes"}
    asking.draft = consent.with_items(asking.draft, fields, asking.proposal.content)
    tick(asking, "item.want", "item.summary", "item.forms", "item.messages", *TICKED)
    frame = consent.answer_of(asking, CODE, str.upper)
    assert frame.yes[0].items == (Item.WANT, Item.MESSAGES)
    assert frame.content is not None
    assert (frame.content.want, frame.content.summary) == ("ANNAT\nÄR BÄTTRE", "")
    assert frame.content.messages == (5,)
    assert frame.content.contact is None
    assert (frame.proposal, frame.code, frame.id) == (7, CODE, "A" * 22)


def test_message_that_was_not_proposed_cannot_be_added() -> None:
    """A forged box names nothing."""
    asking = asked()
    draft = consent.with_items(
        asking.draft, {"message.4": "yes", "message.3": "yes"}, asking.proposal.content
    )
    assert draft.messages == (3,)


@pytest.mark.parametrize(
    ("fields", "more", "lacks"),
    [
        ((), {}, ("items",)),
        (("item.want",), {}, ("secrecy", "data")),
        (("item.want", "tick.secrecy"), {}, ("data",)),
        (("item.want", *TICKED), {"police": True}, ("police",)),
        (("item.want", "tick.police", *TICKED), {"police": True}, ()),
        (("item.name", *TICKED), {}, ("identity",)),
        (("item.name", "tick.identity", *TICKED), {}, ()),
    ],
)
def test_yes_lacks_what_each_receiver_needs(
    fields: tuple[str, ...], more: dict[str, Any], lacks: tuple[str, ...]
) -> None:
    """Items, the two consents, police where they work, and who she is where that is told."""
    one = offer(ONE, **more)
    asking = asked(one)
    asking.draft = consent.with_items(asking.draft, {"name": "Fatima"}, asking.proposal.content)
    tick(asking, *fields)
    assert asking.lacking(one) == lacks
    assert (asking.going() == [one]) is (lacks == ())


def test_consent_for_nothing_is_not_said() -> None:
    """Police and coordination where there is none, and identity without a name, leave no trace."""
    asking = asked()
    tick(asking, "item.want", "tick.police", "tick.identity", "tick.coordinate", *TICKED)
    (yes,) = consent.answer_of(asking, CODE, str).yes
    assert not any((yes.police, yes.identity, yes.coordinate, yes.measure))


def test_only_one_receiver_may_hold_her_help_together() -> None:
    """Who was chosen first stays; the other is not even asked."""
    one, other = offer(ONE, may_coordinate=True), offer(OTHER, may_coordinate=True)
    asking = asked(one, other)
    tick(asking, "item.want", "tick.coordinate", *TICKED)
    tick(asking, "item.want", *TICKED, to=OTHER)
    assert asking.coordinates(other) is one
    assert [yes.coordinate for yes in consent.answer_of(asking, CODE, str).yes] == [True, False]


def test_text_that_grows_when_it_is_cleaned_is_cut() -> None:
    """What stands in the place of a number may be longer than the number: the frame still holds it."""
    asking = asked()
    asking.draft = consent.with_items(asking.draft, {"times": "1" * 200}, asking.proposal.content)
    tick(asking, "item.contact", *TICKED)
    frame = consent.answer_of(asking, CODE, lambda text: text + "[telefonnummer]")
    assert frame.content is not None
    assert frame.content.contact is not None
    assert len(frame.content.contact.times) == 200


def test_value_that_nobody_offered_is_refused() -> None:
    """A forged choice does not become a frame."""
    asking = asked()
    asking.draft = consent.with_items(asking.draft, {"way": "pigeon"}, asking.proposal.content)
    tick(asking, "item.contact", *TICKED)
    with pytest.raises(msgspec.ValidationError):
        consent.answer_of(asking, CODE, str)
