# SPDX-License-Identifier: EUPL-1.2
"""What she has before her while she chats without scripts: a seat without a socket, and what it was shown.

Owns the words of one conversation, in memory and only while she is here, and what she has written that is not
sent. Everything comes through the projection of her socket. Knows no request and no clock of its own.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Final

import msgspec

from chat.ids import ConversationId, Track
from chat.live.notices import Notice, TakenOver
from chat.live.visitors import VisitorSeat
from chat.ports import Clock
from moderation.rate import Bucket
from web.shown import minute
from web.visitor import frames, handover_frames, returning_frames, transfer_frames, warm_frames
from web.visitor.plain.consent import Asking
from web.visitor.projection import project

MOST_CHARACTERS: Final = 40_000
"""Of one conversation, in memory: beyond it the oldest is not shown here any more, and the log says so."""
TYPED: Final = timedelta(seconds=10)
"""So long “is writing” may stand: her page looks every few seconds only."""

Entry = (
    frames.Said
    | frames.Joined
    | frames.Left
    | handover_frames.Proposed
    | handover_frames.TakenBack
    | handover_frames.Answered
    | warm_frames.GuestJoined
    | warm_frames.GuestLeft
    | warm_frames.Uninvited
    | transfer_frames.Handed
    | transfer_frames.Stayed
)


class Screen(StrEnum):
    """What she sees beside the log."""

    TALK = auto()
    ASKED = auto()
    """Something that tells who she is stands in what she wants to send."""
    ENDING = auto()
    CONSENT = auto()
    CODE = auto()
    SURE = auto()
    """Whether she knows the code by heart."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """What she wrote and is asked about, under the id that its form had. `kinds`: what was seen in it."""

    id: str
    text: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """A pick-up code to learn, of the answer with this id."""

    id: str
    words: str
    receivers: tuple[str, ...] = ()


def key_of(token: str) -> bytes:
    """Return what stands for a token where it is only to be known again: it opens nothing."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


class Visit:
    """See the module. A party of the chat: `deliver` never blocks and never raises."""

    def __init__(self, token: str, connection: str, clock: Clock) -> None:
        self.token = token
        """Empty when it is over: what it opened shall not be opened from our memory."""
        self.key = key_of(token)
        self.connection = connection
        """Names this visit, and opens nothing."""
        self.conversation: ConversationId | None = None
        self.lock = asyncio.Lock()
        """Held while she takes her seat, so that two requests do not take it from each other."""
        self.looks: Bucket | None = None
        """How often she may ask for a page."""
        self.seat: VisitorSeat | None = None
        """None: somebody else sits there, she has been away, or it is over."""
        self.was_sent_away = False
        """Whether another connection took her seat from here: else it may be her own, of a moment ago."""
        self.service = ""
        self.language = ""
        self.track = Track.EXPOSED
        self.over: str | None = None
        self.was_met = False
        """Whether anybody has answered: nobody is asked how it was to be alone."""
        self.sent_to: tuple[str, ...] = ()
        """Who has been sent something in this talk, by name: it stays when the talk is over."""
        self.code: Code | None = None
        self._clock = clock
        self.forget()
        self.forget_unsent()

    # --- what goes with the seat ---

    def forget(self) -> None:
        """Let go of every word of the talk."""
        self.entries: dict[int, Entry] = {}
        self.is_cut = False
        """Whether older entries have been let go."""
        self.masked: dict[int, tuple[str, ...]] = {}
        self.saying: dict[str, str] = {}
        self.place: frames.Queue | None = None
        self.phase = "waiting"
        self.danger: str | None = None
        self.moved_at = self._clock.now()
        self.has_return_code = False
        self.return_code = ""
        """A code to come back with that stands before her."""
        self.word = ""
        """She is asked to `choose` a word, or to `tell` it."""
        self._typed: tuple[datetime, str] | None = None
        self._characters = 0

    def forget_unsent(self) -> None:
        """Let go of what she has written and not sent."""
        self.screen = Screen.TALK
        self.draft = ""
        self.once = ""
        """The client id under which her draft may have been stored already: it is sent under no other."""
        self.note = ""
        self.unsent: Unsent | None = None
        self.asking: Asking | None = None
        self.asks_names = True

    # --- the party ---

    @property
    def is_gone(self) -> bool:
        """Nobody can tell before she has stayed away."""
        return False

    def deliver(self, notice: Notice) -> None:
        """Take a notice."""
        if isinstance(notice, TakenOver):
            self.seat, self.was_sent_away = None, True
            self.forget()
            return
        frame = project(notice)
        match frame:
            case frames.Welcome(token=token, phase=phase, code=code):
                self.token, self.key = token, key_of(token)
                self.phase, self.has_return_code = phase, code
                self.was_met = self.was_met or phase == "active"
            case returning_frames.ReturnCode(words=words):
                self.has_return_code, self.return_code = words is not None, words or ""
            case returning_frames.WordWanted(step=step):
                self.word = "" if step == "heard" else step
            case frames.Queue():
                self.place = frame
            case frames.Ack():
                self._acknowledged(frame)
            case frames.Danger(subject=subject):
                self.danger = subject
            case frames.TypingShown(alias=alias):
                self._typed = self._clock.now(), alias or ""
            case frames.Ended(reason=reason):
                self.end(reason)
            case None | frames.Nack() | frames.Beat() | frames.Drain() | handover_frames.Code():
                return
            case _:
                self._enter(frame)

    def end(self, reason: str) -> None:
        """It is over: no word of it stays, but for a code that she has not learnt."""
        self.over, self.seat, self.token = reason, None, ""
        answers = [each for each in self.entries.values() if isinstance(each, handover_frames.Answered)]
        self.sent_to = tuple(dict.fromkeys(name for each in answers for name in each.receivers))
        self.forget()
        self.forget_unsent()

    def _enter(self, entry: Entry) -> None:
        if entry.seq in self.entries:
            return
        self.moved_at = self._clock.now()
        if isinstance(entry, frames.Joined | frames.Left):
            self.phase = "active" if isinstance(entry, frames.Joined) else "waiting"
            self.was_met = self.was_met or self.phase == "active"
            self.place = self._typed = None
        elif isinstance(entry, frames.Said) and entry.from_ == "operator":
            self._typed = None
        self.entries[entry.seq] = entry
        self._characters += _length(entry)
        while self._characters > MOST_CHARACTERS and len(self.entries) > 1:
            oldest = self.entries.pop(min(self.entries))
            self.masked.pop(oldest.seq, None)
            self._characters -= _length(oldest)
            self.is_cut = True

    def _acknowledged(self, ack: frames.Ack) -> None:
        text = ack.text if ack.text is not None else self.saying.get(ack.id)
        if text is None or ack.seq in self.entries:
            return
        if ack.masked:
            self.masked[ack.seq] = tuple(ack.masked)
        self._enter(frames.Said(ack.seq, "visitor", text, minute(self._clock.now()), ack.id))

    # --- how it stands ---

    def in_order(self) -> list[Entry]:
        """Return what she was shown, the oldest first."""
        return [self.entries[seq] for seq in sorted(self.entries)]

    def seq_of(self, client_id: str) -> int | None:
        """Return the number of what she said under a client id."""
        for entry in self.entries.values():
            if isinstance(entry, frames.Said) and entry.id == client_id:
                return entry.seq
        return None

    @property
    def is_here(self) -> bool:
        """Whether she sits here now."""
        return self.over is None and self.seat is not None

    @property
    def holds(self) -> bool:
        """Whether something waits here for her that is nowhere else."""
        return self.code is not None or bool(self.draft or self.unsent or self.asking)

    @property
    def is_acute(self) -> bool:
        """Whether she has said that she is in danger now."""
        return self.seat is not None and self.seat.room.conversation.acute

    def typing(self) -> str | None:
        """Return who is writing, by alias; nothing for the operator, None when nobody is."""
        if self._typed is None or self._clock.now() - self._typed[0] > TYPED:
            return None
        return self._typed[1]

    def tell(self, note: str, draft: str = "", once: str = "") -> None:
        """Say something above the field, and put her words back into it."""
        self.note, self.screen = note, Screen.TALK
        if draft:
            self.draft, self.once = draft, once


def _length(entry: Entry) -> int:
    """Return about how many characters an entry keeps in memory."""
    return len(entry.text) if isinstance(entry, frames.Said) else len(msgspec.json.encode(entry))
