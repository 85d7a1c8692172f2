# SPDX-License-Identifier: EUPL-1.2
"""What the chat tells the sockets, as domain values.

Owns the notices and the `Party` protocol. Notices never go out as they are: each side of `web/` projects them
to its own frames. Knows no frame and no socket.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from chat.conversation import Conversation, Phase
from chat.duty import Duty
from chat.entries import Entry
from chat.events import EndReason
from chat.ids import ClientId, ConversationId, Role, ServiceId
from chat.parts import Transfer, Word
from chat.talks import Talk
from moderation.danger import Danger
from moderation.verdict import Judgement, Kind


class Welcomed(Struct, frozen=True):
    """She has a seat. `seq` is the head of what she can see; the entries she asked for follow."""

    token: str
    service: ServiceId
    phase: Phase
    seq: int
    has_code: bool = False
    """She has a code to come back with."""


class ReturnCodeGiven(Struct, frozen=True):
    """To her: her code from now on, shown this once."""

    words: str


class ReturnCodeGone(Struct, frozen=True):
    """To her: no code opens this conversation any more."""


class WordWanted(Struct, frozen=True):
    """To her: choose a word (`new`), or tell the one that was agreed on."""

    new: bool


class WordHeard(Struct, frozen=True):
    """To her: what she wrote about the word has come; what came of it is not hers to know."""

    taken_back: bool = False
    """Nothing has come: the question to choose one was taken back."""


class WordStands(Struct, frozen=True):
    """To the operator: where the agreed word stands now. None: nowhere."""

    conversation: ConversationId
    word: Word | None


class QueueMoved(Struct, frozen=True):
    """How many are before her, and the range of waiting in minutes (None: nobody can know)."""

    ahead: int
    wait: tuple[int, int] | None
    here: bool
    """Whether anybody is on duty."""
    understood: bool = True
    """False: of those on duty nobody speaks the language in which she wants to write."""
    closes_at: datetime | None = None
    """The opening hours end soon, then: whoever waits already is answered while anybody is on duty."""
    closed: bool = False
    """They are over."""


class EntryShown(Struct, frozen=True):
    """One entry of a conversation, in order. `again`: part of what was asked for on coming back."""

    conversation: ConversationId
    entry: Entry
    again: bool = False
    judgement: Judgement | None = None
    """To the operator: what was seen in it."""


class MessageStored(Struct, frozen=True):
    """The author's own message is durable. `text`: as stored, when something was taken out of it."""

    conversation: ConversationId
    client_id: ClientId
    seq: int
    text: str | None = None
    masked: tuple[Kind, ...] = ()
    """What was taken out; after a retry it is not known any more."""


class DangerSeen(Struct, frozen=True):
    """To her: what she wrote sounds like danger now. She may say that she is in it."""

    danger: Danger


class AcuteMarked(Struct, frozen=True):
    """To the operator: she has said that she is in danger now."""

    conversation: ConversationId


class DangerDenied(Struct, frozen=True):
    """To the operator: asked whether she is in danger, she has said no."""

    conversation: ConversationId


class PeerTyping(Struct, frozen=True):
    """The other party is writing."""

    conversation: ConversationId
    alias: str | None = None
    """Of a guest."""


class VisitorPresence(Struct, frozen=True):
    """To the operator: whether she has a socket."""

    conversation: ConversationId
    connected: bool
    until: datetime | None = None
    """Until when she can come back with a code, while she is away."""
    returns: int = 0
    """How often somebody has come in with her code."""
    since: datetime | None = None
    """Since when she is away."""


class ConversationOver(Struct, frozen=True):
    """It ended. Nothing follows."""

    conversation: ConversationId
    seq: int
    reason: EndReason


class ConversationLost(Struct, frozen=True):
    """To the operator: it went back to the queue, or is another's. To a guest: they are no longer in it."""

    conversation: ConversationId
    seq: int
    by: str | None = None
    """The alias of who holds it now, where that is known."""


class TransferStands(Struct, frozen=True):
    """To whoever holds it: to whom it is offered now, or what came of that. None: nothing any more."""

    conversation: ConversationId
    transfer: Transfer | None
    crosses: bool = False
    """It leads to another organisation."""


class ConversationTaken(Struct, frozen=True):
    """To whoever was in it as the supervisor: it is theirs from the entry `seq` on."""

    conversation: ConversationId
    seq: int
    alias: str
    """Their own."""
    relieved: str
    """The alias of whoever held it."""


class HandStands(Struct, frozen=True):
    """To the operator: since when their hand is up. None: it is down."""

    conversation: ConversationId
    since: datetime | None
    here: bool = True
    """Whether a supervisor is there to see it, as far as is known."""


class TalkStands(Struct, frozen=True):
    """To the operator: their wish to talk to a supervisor. `at` None: there is none."""

    at: datetime | None
    taken_by: str | None = None
    """The alias of the supervisor who will be in touch."""
    here: bool = True
    """Whether a supervisor is there to see it, as far as is known."""


class Unattended(Struct, frozen=True):
    """In `service` somebody waits, the longest `since` then, and nobody is on duty."""

    service: ServiceId
    waiting: int
    since: datetime


class Returned(Struct, frozen=True):
    """In `service` somebody stands at the front of the queue: whoever answered her was lost, `since` then."""

    service: ServiceId
    since: datetime
    acute: bool


class AlertsListed(Struct, frozen=True):
    """To a supervisor: what calls for one, whole on every change. Of a conversation only its hand."""

    hands: tuple[Conversation, ...] = ()
    """The longest up first; after them those whose visitor is away."""
    talks: tuple[Talk, ...] = ()
    returned: tuple[Returned, ...] = ()
    unattended: tuple[Unattended, ...] = ()


class ConversationOpened(Struct, frozen=True):
    """To the operator: it is theirs. Not readable while no process at hand holds the key."""

    conversation: Conversation
    entries: tuple[Entry, ...]
    readable: bool
    judgements: Mapping[int, Judgement]
    """What is seen in what she wrote, by seq."""
    intake: str | None
    """Her answers before the start, as they were sealed (JSON)."""
    role: Role = Role.OPERATOR
    """As whom: the one who holds it, or a guest."""
    until: datetime | None = None
    """Until when she can come back with a code, while she is away."""


class DeskReady(Struct, frozen=True):
    """To the operator: connected; these conversations are theirs already."""

    held: tuple[Conversation, ...]


class DutyNoted(Struct, frozen=True):
    """To the operator: the duty as it stands. None: not on duty."""

    duty: Duty | None


class WaitingListed(Struct, frozen=True):
    """To the operator: the first of the waiting list of the services on duty, in order."""

    conversations: tuple[Conversation, ...]
    more: int = 0
    """How many wait behind them."""
    joins: tuple[Conversation, ...] = ()
    """Where she has let somebody in from one of these services, and nobody has come."""
    offers: tuple[Conversation, ...] = ()
    """What is offered to this operator, alone or with others of a service; the oldest offer first."""


class Colleague(Struct, frozen=True):
    """Somebody else who is on duty, by the alias of their shift."""

    alias: str
    paused: bool


class AtService(Struct, frozen=True):
    """Who else is on duty in a service, in the order of their aliases."""

    service: ServiceId
    others: tuple[Colleague, ...]
    waits: bool
    """Whether anybody waits there, also for somebody else than this operator."""


class ColleaguesListed(Struct, frozen=True):
    """To the operator: who else is on duty in the services on duty, now."""

    services: tuple[AtService, ...]


class TakenOver(Struct, frozen=True):
    """Another connection sits here now."""


class SignInRevoked(Struct, frozen=True):
    """The staff sign-in is no longer valid."""


Notice = (
    Welcomed
    | ReturnCodeGiven
    | ReturnCodeGone
    | WordWanted
    | WordHeard
    | WordStands
    | QueueMoved
    | EntryShown
    | MessageStored
    | DangerSeen
    | AcuteMarked
    | DangerDenied
    | PeerTyping
    | VisitorPresence
    | ConversationOver
    | ConversationLost
    | TransferStands
    | ConversationTaken
    | HandStands
    | TalkStands
    | AlertsListed
    | ConversationOpened
    | DeskReady
    | DutyNoted
    | WaitingListed
    | ColleaguesListed
    | TakenOver
    | SignInRevoked
)


class Party(Protocol):
    """One connected socket, as the chat sees it."""

    @property
    def is_gone(self) -> bool:
        """Whether the peer is known to have gone."""

    def deliver(self, notice: Notice) -> None:
        """Take a notice; never block and never raise. Whoever cannot keep up is dropped by its socket."""
