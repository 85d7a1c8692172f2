# SPDX-License-Identifier: EUPL-1.2
"""From what happened to what the visitor is shown: the only way out to her.

Owns the exhaustive mapping of notices to `ToVisitor` frames. A notice that is not hers has no branch that
gives a frame, and a field that is not hers has no place in any.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from chat.conversation import Phase
from chat.entries import Entry, EntryKind
from chat.live.notices import (
    AcuteMarked,
    AlertsListed,
    ColleaguesListed,
    ConversationLost,
    ConversationOpened,
    ConversationOver,
    ConversationTaken,
    DangerDenied,
    DangerSeen,
    DeskReady,
    DutyNoted,
    EntryShown,
    HandStands,
    MessageStored,
    Notice,
    PeerTyping,
    QueueMoved,
    ReturnCodeGiven,
    ReturnCodeGone,
    SignInRevoked,
    TakenOver,
    TalkStands,
    TransferStands,
    VisitorPresence,
    WaitingListed,
    Welcomed,
    WordHeard,
    WordStands,
    WordWanted,
)
from handover.questions import read_question
from handover.service import Answered
from web.shown import FROM, minute
from web.socket import padded
from web.visitor import frames, handover_frames, returning_frames, transfer_frames, warm_frames
from web.visitor.frames import ToVisitor

_encoder = msgspec.json.Encoder()
_answered: msgspec.json.Decoder[Answered] = msgspec.json.Decoder(Answered)
_PADDED = frozenset(
    {
        frames.Said,
        frames.Ack,
        frames.Danger,
        handover_frames.Proposed,
        handover_frames.Answered,
        handover_frames.Code,
        returning_frames.ReturnCode,
        returning_frames.WordWanted,
    }
)
"""What carries text, or would show from outside what a text was about."""


def encoded(frame: ToVisitor) -> bytes:
    """Return a frame as it goes on the wire; those that tell of a text are padded."""
    raw = _encoder.encode(frame)
    return padded(raw) if type(frame) in _PADDED else raw


def project(notice: Notice, asked: str | None = None) -> ToVisitor | None:
    """Return the frame that shows a notice to the visitor, or None where nothing is shown.

    `asked`: goes with the end, for what she is asked then.
    """
    match notice:  # the two of every message first: classes are tried in order
        case EntryShown(entry=entry):
            return _entry(entry)
        case MessageStored(_, client_id, seq, text, masked):
            return frames.Ack(client_id, seq, text, [*masked] or None)
        case DangerSeen(danger):
            return frames.Danger(danger.subject)
        case Welcomed(token, service, phase, seq, has_code):
            shown: Literal["waiting", "active"] = "active" if phase is Phase.ACTIVE else "waiting"
            return frames.Welcome(token, service, shown, seq, has_code)
        case ReturnCodeGiven() | ReturnCodeGone() | WordWanted() | WordHeard():
            return _of_coming_back(notice)
        case QueueMoved(ahead, wait, here, understood, closes_at, closed):
            closes = minute(closes_at) if closes_at is not None else None
            return frames.Queue(ahead, wait, here, understood, closes, closed)
        case PeerTyping(_, alias):
            return frames.TypingShown(alias)
        case ConversationOver(_, seq, reason):
            return frames.Ended(seq, reason, asked)
        case (
            TakenOver()
            | VisitorPresence()
            | AcuteMarked()
            | DangerDenied()
            | ConversationLost()
            | TransferStands()
            | ConversationOpened()
            | DeskReady()
            | DutyNoted()
            | WaitingListed()
            | ColleaguesListed()
            | SignInRevoked()
            | WordStands()
            | ConversationTaken()
            | HandStands()
            | TalkStands()
            | AlertsListed()
        ):
            return None


def _of_coming_back(notice: ReturnCodeGiven | ReturnCodeGone | WordWanted | WordHeard) -> ToVisitor:
    match notice:
        case ReturnCodeGiven(words):
            return returning_frames.ReturnCode(words)
        case ReturnCodeGone():
            return returning_frames.ReturnCode()
        case WordWanted(new):
            return returning_frames.WordWanted("choose" if new else "tell")
        case WordHeard(taken_back):
            return returning_frames.WordWanted("no_more" if taken_back else "heard")


def _entry(entry: Entry) -> ToVisitor:
    match entry.kind:
        case EntryKind.PROPOSED | EntryKind.TAKEN_BACK | EntryKind.ANSWERED:
            return _question(entry)
        case EntryKind.SAID:
            at = minute(entry.at) if entry.at is not None else ""
            return frames.Said(entry.seq, FROM[entry.role], entry.text, at, entry.client_id, entry.alias)
        case EntryKind.JOINED:
            return frames.Joined(entry.seq, entry.alias or "", entry.organisation)
        case EntryKind.LEFT:
            return frames.Left(entry.seq)
        case EntryKind.HANDED:
            return transfer_frames.Handed(entry.seq, entry.alias or "")
        case EntryKind.STAYED:
            return transfer_frames.Stayed(entry.seq, entry.organisation or "")
        case EntryKind.GUEST_JOINED:
            return warm_frames.GuestJoined(entry.seq, entry.alias or "", entry.organisation or "")
        case EntryKind.SUPERVISOR_CAME:
            alias, organisation = entry.alias or "", entry.organisation or ""
            return warm_frames.GuestJoined(entry.seq, alias, organisation, supervisor=True)
        case EntryKind.GUEST_LEFT | EntryKind.RELIEVED:
            # Relieved: nobody was lost and she waits for nobody, so it is no `left`. Who is here now follows.
            return warm_frames.GuestLeft(entry.seq, entry.alias or "")
        case EntryKind.UNINVITED:
            return warm_frames.Uninvited(entry.seq)


def _question(entry: Entry) -> ToVisitor:
    match entry.kind:
        case EntryKind.PROPOSED:
            return handover_frames.Proposed(entry.seq, read_question(entry.text))
        case EntryKind.TAKEN_BACK:
            return handover_frames.TakenBack(entry.seq)
        case _:
            answered = _answered.decode(entry.text)
            return handover_frames.Answered(
                entry.seq,
                answered.receivers,
                entry.client_id,
                answered.masked,
                answered.invited,
                answered.history,
            )
