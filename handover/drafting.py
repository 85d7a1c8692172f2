# SPDX-License-Identifier: EUPL-1.2
"""From what an operator writes together with her to the proposal that she is shown.

Owns `Draft`. What tells who somebody is never enters a proposal: staff are refused, and messages of the
conversation are masked. Pure: who looks at the texts, and what was said, come as arguments.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from chat.violence import Relation, ViolenceForm
from handover.consent import MOST_RECEIVERS, Offer, Proposal
from handover.errors import IdentityInText, Incomplete, ProposalTooLong
from handover.ids import ReceiverId
from handover.items import MOST_MESSAGES, Answer, Content, GivenContact, Item, Long, Message, Words
from handover.receivers import Receiver
from moderation.judge import Judge
from moderation.verdict import Verdict

LONGEST_PROPOSAL: Final = 24_000
"""Bytes: with the frame around it, it fits the 32 KiB that the wire takes."""

Seq = Annotated[int, Meta(ge=1, le=2**53)]
"""The number of a message; no greater than what a script counts exactly and every database holds."""


class Draft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the operator drafts with her. It has no field for what tells who she is."""

    receivers: Annotated[tuple[ReceiverId, ...], Meta(min_length=1, max_length=MOST_RECEIVERS)]
    purpose: Words
    want: Words = ""
    summary: Long = ""
    forms: Annotated[tuple[ViolenceForm, ...], Meta(max_length=len(ViolenceForm))] = ()
    relation: Relation | None = None
    children: Answer | None = None
    danger: Words = ""
    called_112: Answer | None = None
    messages: Annotated[tuple[Seq, ...], Meta(max_length=MOST_MESSAGES)] = ()
    """The seqs of messages to send along."""
    contact: GivenContact | None = None


def content_of(draft: Draft, said: Sequence[Message], judge: Judge, language: str) -> Content:
    """Return the items of a draft. `said` are the messages that it names, as they were said.

    Raises:
        IdentityInText: a text tells who somebody is. She may tell that herself, in an item of its own.
        Incomplete: it names a message that was never said.
    """
    if {message.seq for message in said} != set(draft.messages):
        raise Incomplete
    content = Content(
        want=draft.want.strip() or None,
        summary=draft.summary.strip() or None,
        forms=tuple(form for form in ViolenceForm if form in draft.forms),
        relation=draft.relation,
        children=draft.children,
        danger=draft.danger.strip() or None,
        called_112=draft.called_112,
        contact=draft.contact.kept() if draft.contact is not None else None,
        messages=tuple(
            replace(message, text=judge.of_visitor(message.text, language=language).text) for message in said
        ),
    )
    for field, text in (*content.texts(), ("purpose", draft.purpose)):
        if _tells_who(judge, text):
            raise IdentityInText(field)
    return content


def without_identity(content: Content, judge: Judge, language: str) -> Content:
    """Return what she approved, with everything masked that tells who she is outside of the items for that.

    Whatever she wrote there is left as it is: those items have a yes of their own.
    """
    for item, text in content.texts():
        if item not in {Item.NAME, Item.REACH}:
            masked = judge.of_visitor(text, language=language).text
            if masked != text:
                content = content.with_text(item, masked)
    return content


def _tells_who(judge: Judge, text: str) -> bool:
    return judge.of_operator(text).verdict is Verdict.REFUSE


def offer_of(receiver: Receiver, organisation: str, language: str) -> Offer:
    """Return a receiver as she is shown it in a language. `organisation`: whose unit it is, by name."""
    shown, notice = receiver.notice_in(language)
    return Offer(
        receiver=receiver.id,
        name=receiver.name_in(language),
        organisation=organisation,
        language=shown,
        notice=notice,
        notice_version=receiver.notice_version,
        hours=receiver.hours_in(language),
        police=receiver.police,
        received_at=receiver.received_at,
        may_coordinate=receiver.may_coordinate,
    )


def encoded(proposal: Proposal) -> str:
    """Return a proposal as it is sealed and shown.

    Raises:
        ProposalTooLong: it does not fit one frame.
    """
    raw = msgspec.json.encode(proposal)
    if len(raw) > LONGEST_PROPOSAL:
        raise ProposalTooLong
    return raw.decode()


_decoder: msgspec.json.Decoder[Proposal] = msgspec.json.Decoder(Proposal)


def decoded(text: str) -> Proposal:
    """Return the proposal of a text that `encoded` made."""
    return _decoder.decode(text)
