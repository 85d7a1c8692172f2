# SPDX-License-Identifier: EUPL-1.2
"""What an operator's console may send and may see, as frame types: the whole of it.

`docs/protocol.md` is generated from these types.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from handover.questions import Question
from web.operator import transfer_frames
from web.operator.alerting_frames import FromConsole, ToConsole
from web.operator.handover_frames import Answered, Ask, Proposed, TakeBack, TakenBack
from web.operator.note_frames import NotesIn, NotesOut
from web.operator.returning_frames import AskWord, OfferWord, SetAside, TakeBackWord, WordShown, WordStands
from web.operator.shift_frames import Capacity, Colleagues, FromShift
from web.operator.supervision_frames import FromSupervision, ToSupervision
from web.operator.waiting_frames import Waiting
from web.operator.warm_frames import (
    AsGuest,
    GuestHere,
    GuestJoined,
    GuestLeft,
    Guests,
    GuestsShown,
    Invite,
    Leave,
    Uninvited,
)
from web.operator.wrapup_frames import FromWrapUp, ToWrapUp

Identifier = Annotated[str, Meta(min_length=1, max_length=64, pattern="^[a-z0-9-]+\\Z")]
ConversationText = Annotated[str, Meta(max_length=64)]
ClientIdText = Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{22}\\Z")]
Text = Annotated[str, Meta(min_length=1)]
Alias = Annotated[str, Meta(min_length=1, max_length=40)]
LanguageTag = Annotated[str, Meta(min_length=2, max_length=16, pattern="^[A-Za-z-]+\\Z")]


class _In(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type"):
    pass


class Hello(_In, frozen=True, tag="hello"):
    """The first frame; the value stands in the console page."""

    csrf: Annotated[str, Meta(max_length=256)]


class SetDuty(_In, frozen=True, tag="duty"):
    """Go on or off duty. Off duty: no new conversations, open ones stay.

    `own_alias`: refuse (`conflict`) an alias that a colleague who is there in one of the services goes by.
    `capacity`: how many at once, if fewer than the service allows. `felt`, on going off duty: how the shift
    was; it is counted, and nothing else is kept of it.
    """

    on: bool
    services: Annotated[list[Identifier], Meta(max_length=64)] = []
    alias: Alias | None = None
    own_alias: bool = False
    languages: Annotated[list[LanguageTag], Meta(max_length=16)] = []
    capacity: Capacity | None = None
    felt: Literal["good", "so_so", "heavy"] | None = None


class Accept(_In, frozen=True, tag="accept"):
    """Take a waiting conversation."""

    conversation: ConversationText


class Say(_In, frozen=True, tag="say"):
    """Say something to the visitor."""

    conversation: ConversationText
    id: ClientIdText
    text: Text


class Typing(_In, frozen=True, tag="typing"):
    """The operator is writing."""

    conversation: ConversationText


class End(_In, frozen=True, tag="end"):
    """End the conversation. `unsafe`: why, to protect oneself; she is not told, and it is counted.

    It also asks whoever starts next from her network for some work, for an hour at most.
    """

    conversation: ConversationText
    unsafe: Literal["threat", "harassment", "sexual", "spam"] | None = None


class Resume(_In, frozen=True, tag="resume"):
    """Read a conversation that is held, from after `after`."""

    conversation: ConversationText
    after: Annotated[int, Meta(ge=-(2**53), le=2**53)]


FromOperator = (
    Hello
    | SetDuty
    | Accept
    | Say
    | Typing
    | End
    | Resume
    | Ask
    | TakeBack
    | Guests
    | Invite
    | Leave
    | OfferWord
    | TakeBackWord
    | AskWord
    | SetAside
    | FromSupervision
    | FromWrapUp
    | NotesIn
    | FromConsole
    | transfer_frames.FromOperator
    | FromShift
)


class _Out(Struct, frozen=True, omit_defaults=True, tag_field="type"):
    pass


class Held(Struct, frozen=True, omit_defaults=True):
    """One conversation that this operator holds, in `ready`."""

    conversation: str
    service: str
    seq: int


class Ready(_Out, frozen=True, tag="ready"):
    """The console is connected; `held` are the conversations that are this operator's already."""

    held: list[Held]


class DutyShown(_Out, frozen=True, tag="duty"):
    """The duty as the server has it: after each `duty` frame and after `ready`."""

    on: bool
    services: list[str]
    alias: str | None = None
    capacity: int | None = None
    """How many at once, where it is this operator's own wish."""
    paused: str | None = None
    """Since when they have paused: no new conversations."""
    languages: list[str] = []
    """Which they said that they speak."""


class Seen(Struct, frozen=True, omit_defaults=True):
    """What was seen in a message of hers, for staff only."""

    danger: Literal["acute", "concern"] | None = None
    subject: Literal["visitor", "self", "other"] | None = None
    """Who is in danger: she or somebody with her, she by her own hand, somebody else by whoever writes."""
    reason: str | None = None
    """The group of phrases, such as `weapon`."""
    cover: str | None = None
    """Why it is shown after a click only: `threat`, `harassment`, `sexual` or `repeated`."""
    masked: list[str] | None = None
    """What was taken out of it, by kind; only at the moment when it is said."""


class OperatorEntry(Struct, frozen=True, omit_defaults=True, rename={"from_": "from"}):
    """One entry of `accepted`."""

    type: Literal[
        "said",
        "joined",
        "left",
        "handed",
        "stayed",
        "proposed",
        "taken_back",
        "answered",
        "uninvited",
        "guest_joined",
        "guest_left",
        "relieved",
        "supervisor_came",
    ]
    seq: int
    from_: Literal["visitor", "operator", "service"] | None = None
    text: str | None = None
    at: str | None = None
    id: str | None = None
    alias: str | None = None
    seen: Seen | None = None
    proposal: Question | None = None
    """What she was asked for a yes to."""
    receivers: tuple[str, ...] = ()
    """Of her answer: who was sent something, by name."""
    invited: str = ""
    """Of her answer: from which organisation she has let somebody in."""
    history: bool = False
    organisation: str | None = None
    """Where a guest comes from, or whoever has it now, or where she had said yes to going."""


class IntakeShown(Struct, frozen=True, omit_defaults=True):
    """What she answered before the start."""

    need: str | None = None
    age_band: str | None = None
    role: str | None = None
    municipality: str | None = None
    acute: bool = False
    """She answered yes to whether it is dangerous now: nothing that she said in the chat."""


class Accepted(_Out, frozen=True, tag="accepted"):
    """The conversation is this operator's. Not `readable`: she is away for a moment, and it comes later.

    `seq` is how far `entries` reach; a long conversation comes in several such frames.
    """

    conversation: str
    service: str
    seq: int
    entries: list[OperatorEntry]
    readable: bool
    connected: bool
    acute: bool
    language: str
    intake: IntakeShown | None = None
    as_guest: AsGuest | None = None
    guest: GuestHere | None = None
    until: str | None = None
    """While she is away: until when she can come back with a code."""
    returns: int = 0
    """How often somebody has come in with her code: perhaps not she."""
    word: WordShown | None = None
    since_transfer: bool = False
    """What was written before it came to this organisation is not theirs to read."""
    started: str | None = None
    """When she started the chat."""
    hand: str | None = None
    """Since when one's own hand is up."""
    since: str | None = None
    """While she is away: since when."""


class Said(_Out, frozen=True, tag="said", rename={"from_": "from"}):
    """One message."""

    conversation: str
    seq: int
    from_: Literal["visitor", "operator", "service"]
    text: str
    at: str
    id: str | None = None
    seen: Seen | None = None
    alias: str | None = None
    """Of a guest."""


class Ack(_Out, frozen=True, tag="ack"):
    """The operator's message is durable."""

    conversation: str
    id: str
    seq: int


class Nack(_Out, frozen=True, tag="nack"):
    """Refused; for a lost claim `text` names the winner's alias.

    `field`: which text of a draft tells who somebody is, as the draft names it, or `contact`. `note`: what is
    refused is about what colleagues write.
    """

    code: str
    text: str
    retry: bool
    conversation: str | None = None
    id: str | None = None
    field: str | None = None


class Acute(_Out, frozen=True, tag="acute"):
    """She has said that she is in danger now."""

    conversation: str


class NotAcute(_Out, frozen=True, tag="not_acute"):
    """Asked whether she is in danger, she has said no."""

    conversation: str


class TypingShown(_Out, frozen=True, tag="typing"):
    """The visitor is writing."""

    conversation: str


class VisitorPresence(_Out, frozen=True, tag="presence"):
    """Whether the visitor has a socket now."""

    conversation: str
    connected: bool
    until: str | None = None
    """While she is away: until when she can come back with a code."""
    returns: int = 0
    """How often somebody has come in with her code: perhaps not she."""
    since: str | None = None
    """While she is away: since when."""


class Lost(_Out, frozen=True, tag="lost"):
    """The conversation is no longer this operator's: in the queue again, another's, or they were a guest."""

    conversation: str
    seq: int
    by: str | None = None
    """The alias of who holds it now."""


class Beat(_Out, frozen=True, tag="beat"):
    """The server is there."""


class Drain(_Out, frozen=True, tag="drain"):
    """Reconnect within this time."""

    within_ms: int


class Ended(_Out, frozen=True, tag="ended"):
    """It is over and being deleted. `left_quickly`: do not write."""

    conversation: str
    seq: int
    reason: str


ToOperator = (
    Ready
    | DutyShown
    | Waiting
    | Colleagues
    | Accepted
    | Said
    | Ack
    | Nack
    | Acute
    | NotAcute
    | TypingShown
    | VisitorPresence
    | Lost
    | Proposed
    | TakenBack
    | Answered
    | GuestsShown
    | GuestJoined
    | GuestLeft
    | Uninvited
    | WordStands
    | ToSupervision
    | ToWrapUp
    | NotesOut
    | transfer_frames.ToOperator
    | Beat
    | Drain
    | Ended
    | ToConsole
)
