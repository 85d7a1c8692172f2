# SPDX-License-Identifier: EUPL-1.2
"""What a visitor may send and may see, as frame types: the whole of it.

`docs/protocol.md` is generated from these types. There is no field here for a staff account or a note, so a
leak of one does not type-check. Unknown fields are forbidden in what she sends and lengths are part of the
type.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from web.visitor.handover_frames import AnswerAsked, Answered, AskCode, Code, Proposed, TakenBack
from web.visitor.returning_frames import (
    AskReturnCode,
    ChooseWord,
    ComeBack,
    DropReturnCode,
    ReturnCode,
    TellWord,
    WordWanted,
)
from web.visitor.transfer_frames import Handed, Stayed
from web.visitor.warm_frames import GuestJoined, GuestLeft, Uninvite, Uninvited

Identifier = Annotated[str, Meta(min_length=1, max_length=64, pattern="^[a-z0-9-]+\\Z")]
LanguageTag = Annotated[str, Meta(min_length=2, max_length=16, pattern="^[A-Za-z-]+\\Z")]
NoticeVersion = Annotated[str, Meta(max_length=64)]
ClientIdText = Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{22}\\Z")]
TokenText = Annotated[str, Meta(max_length=30_000)]
"""A token of any form is answered alike, so its length is bounded by the frame only."""
Text = Annotated[str, Meta(min_length=1)]
"""Longer than 2,000 code points is refused with its own code (`too_long`), not as a malformed frame."""
Short = Annotated[str, Meta(max_length=64)]
Sequence = Annotated[int, Meta(ge=0, le=2**53)]


class _In(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type"):
    pass


class Intake(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Her answers before the start; each may be skipped."""

    need: Short | None = None
    age_band: Short | None = None
    role: Short | None = None
    municipality: Short | None = None
    acute: bool = False


class Work(Struct, frozen=True, forbid_unknown_fields=True):
    """The answer to a `nack work`."""

    challenge: Annotated[str, Meta(max_length=256)]
    nonce: Annotated[str, Meta(max_length=64)]


class Start(_In, frozen=True, tag="start"):
    """Take a place in the queue of a service."""

    service: Identifier
    language: LanguageTag
    notice: NoticeVersion
    intake: Intake | None = None
    work: Work | None = None
    interface: LanguageTag | None = None
    """The language of her page, where it is another than the one that she writes in."""


class Resume(_In, frozen=True, tag="resume"):
    """Come back with a token; entries after `after` follow."""

    token: TokenText
    after: Annotated[int, Meta(ge=-(2**53), le=2**53)]
    interface: LanguageTag | None = None
    """The language of her page."""


class Say(_In, frozen=True, tag="say"):
    """Say something. `keep`: what looks like identity data may stay."""

    id: ClientIdText
    text: Text
    keep: bool = False


class Typing(_In, frozen=True, tag="typing"):
    """She is writing (shown for 6 s)."""


class Acute(_In, frozen=True, tag="acute"):
    """She says that she is in danger now: while she waits she comes before those who are not."""


class NotAcute(_In, frozen=True, tag="not_acute"):
    """Asked because of what she wrote, she says that she is not in danger. Who talks with her is told.

    Kept nowhere.
    """


class Leave(_In, frozen=True, tag="leave"):
    """End the conversation."""

    quickly: bool = False


FromVisitor = (
    Start
    | Resume
    | ComeBack
    | Say
    | Typing
    | Acute
    | NotAcute
    | AskCode
    | AnswerAsked
    | Uninvite
    | AskReturnCode
    | DropReturnCode
    | ChooseWord
    | TellWord
    | Leave
)


class _Out(Struct, frozen=True, omit_defaults=True, tag_field="type"):
    pass


Phase = Literal["waiting", "active"]
From = Literal["visitor", "operator", "service"]


class Welcome(_Out, frozen=True, tag="welcome"):
    """She has a place; `seq` is the newest entry. `token` is what `resume` needs."""

    token: str
    service: str
    phase: Phase
    seq: int
    code: bool = False
    """She has a code to come back with."""


class Queue(_Out, frozen=True, tag="queue"):
    """How many are before her and the usual range of waiting in minutes, or null when nobody can know.

    `here`: whether anybody is on duty. `understood`: false when nobody on duty speaks the language in which
    she wants to write. `closes_at`: the hours end soon. `closed`: they are over. Whoever waits already is
    answered while anybody is on duty.
    """

    ahead: int
    wait: tuple[int, int] | None
    here: bool
    understood: bool = True
    closes_at: str | None = None
    closed: bool = False


class Joined(_Out, frozen=True, tag="joined"):
    """Somebody is here, under the alias of the shift.

    `organisation`: where they work, when that is another place than before, until the next one names another.
    """

    seq: int
    alias: str
    organisation: str | None = None


class Said(_Out, frozen=True, tag="said", rename={"from_": "from"}):
    """One message."""

    seq: int
    from_: From
    text: str
    at: str
    id: str | None = None
    alias: str | None = None
    """Of a guest."""


class Ack(_Out, frozen=True, tag="ack"):
    """Her message is durable. `text`: as stored, when identity data was masked; `masked`: its kinds."""

    id: str
    seq: int
    text: str | None = None
    masked: list[str] | None = None


class Nack(_Out, frozen=True, tag="nack"):
    """Refused, in words that may be shown; `retry` tells whether trying again can help."""

    code: str
    text: str
    retry: bool
    id: str | None = None
    challenge: str | None = None
    """With `work`: what to solve."""
    bits: int | None = None
    """With `work`: find a nonce with which SHA-256 of `challenge:nonce` begins with so many zero bits."""
    wait_s: int | None = None
    """All places are taken: after so many seconds it is worth starting again."""


class Danger(_Out, frozen=True, tag="danger"):
    """What she wrote sounds like danger now. She may say so with `acute`.

    `subject`: `visitor` (she or somebody with her), `self` (by her own hand), `other` (by the hand of whoever
    writes).
    """

    subject: str


class TypingShown(_Out, frozen=True, tag="typing"):
    """The operator is writing."""

    alias: str | None = None
    """Of a guest."""


class Left(_Out, frozen=True, tag="left"):
    """The operator is gone; she goes ahead of those who wait."""

    seq: int


class Beat(_Out, frozen=True, tag="beat"):
    """The server is there: scripts cannot see pings."""


class Drain(_Out, frozen=True, tag="drain"):
    """Reconnect within this time: the server is about to restart."""

    within_ms: int


class Ended(_Out, frozen=True, tag="ended"):
    """It is over and being deleted. `asked`: with it she can answer what is asked then (`POST /asked`)."""

    seq: int
    reason: str
    asked: str | None = None


ToVisitor = (
    Welcome
    | Queue
    | Joined
    | Said
    | Ack
    | Nack
    | Danger
    | TypingShown
    | Left
    | Proposed
    | TakenBack
    | Answered
    | Code
    | GuestJoined
    | GuestLeft
    | Uninvited
    | Handed
    | Stayed
    | ReturnCode
    | WordWanted
    | Beat
    | Drain
    | Ended
)
