# SPDX-License-Identifier: EUPL-1.2
"""The frames with which she is asked for a yes and answers, as types.

Part of the union in `web/visitor/frames.py`. The question itself goes out exactly as it was sealed: it is
what her yes covers to the letter (`handover/consent.py`).
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from chat.violence import Relation, ViolenceForm
from handover.consent import MOST_RECEIVERS, Yes
from handover.items import MOST_MESSAGES, Answer, GivenContact, Long, Name, Short, Words
from handover.questions import Question

_CODE_LENGTH = 200


class Approved(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The items as she wants them; what is empty is not there. `messages`: the seqs that may go along."""

    want: Words = ""
    summary: Long = ""
    forms: Annotated[tuple[ViolenceForm, ...], Meta(max_length=len(ViolenceForm))] = ()
    relation: Relation | None = None
    children: Answer | None = None
    danger: Words = ""
    called_112: Answer | None = None
    messages: Annotated[tuple[int, ...], Meta(max_length=MOST_MESSAGES)] = ()
    contact: GivenContact | None = None
    name: Name = ""
    reach: Short = ""


class AskCode(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="code"):
    """Give me a pick-up code: before a yes, so that the code exists here alone until then."""


class AnswerAsked(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="answer"):
    """Answer the question with the seq `proposal`. Without any `yes` it is a no, and nothing is sent."""

    id: Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{22}\\Z")]
    proposal: Annotated[int, Meta(ge=1, le=2**53)]
    yes: Annotated[tuple[Yes, ...], Meta(max_length=MOST_RECEIVERS)] = ()
    content: Approved | None = None
    code: Annotated[str, Meta(max_length=_CODE_LENGTH)] = ""
    """With a yes to a handover: the code that `code` gave."""
    history: bool = False
    """With a yes to a guest: they may read what was written before they came."""


class Proposed(Struct, frozen=True, tag_field="type", tag="proposal"):
    """She is asked for a yes. An earlier question that she has not answered is gone."""

    seq: int
    proposal: Question


class TakenBack(Struct, frozen=True, tag_field="type", tag="taken_back"):
    """The question is no longer asked."""

    seq: int


class Answered(Struct, frozen=True, omit_defaults=True, tag_field="type", tag="answered"):
    """Her answer is durable. `receivers`: who was sent something, by name; nobody: it was a no."""

    seq: int
    receivers: tuple[str, ...] = ()
    id: str | None = None
    masked: bool = False
    """Something that tells who she is was taken out of a text that is not for that."""
    invited: str = ""
    """From which organisation she has let somebody in."""
    history: bool = False


class Code(Struct, frozen=True, tag_field="type", tag="code"):
    """A pick-up code. It is kept nowhere: it becomes one with the yes that carries it."""

    words: str
