# SPDX-License-Identifier: EUPL-1.2
"""From what happened to what the operator's console is shown.

Owns the exhaustive mapping of notices to `ToOperator` frames.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from chat.conversation import Conversation
from chat.duty import Duty
from chat.entries import Entry, EntryKind
from chat.ids import Role
from chat.live.notices import (
    AcuteMarked,
    AlertsListed,
    AtService,
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
from chat.moves.agreed_word import TRIES
from chat.parts import Word
from handover.questions import read_question
from handover.service import Answered
from moderation.verdict import Judgement
from web.operator import (
    frames,
    handover_frames,
    note_frames,
    returning_frames,
    shift_frames,
    supervision_frames,
    transfer_frames,
    warm_frames,
)
from web.operator.frames import ToOperator
from web.operator.waiting_shown import NameOf
from web.shown import FROM, minute
from web.socket import padded

_encoder = msgspec.json.Encoder()
_WITH_TEXT = frozenset(
    {
        frames.Said,
        frames.Accepted,
        handover_frames.Proposed,
        handover_frames.Answered,
        note_frames.Noted,
        note_frames.NotesShown,
    }
)
_answered: msgspec.json.Decoder[Answered] = msgspec.json.Decoder(Answered)
_intake: msgspec.json.Decoder[frames.IntakeShown] = msgspec.json.Decoder(frames.IntakeShown)

LONGEST_ENTRIES = 30_000
"""Bytes of entries in one frame: with the rest of it and the padding it stays within 32 KiB."""


def encoded(frame: ToOperator) -> bytes:
    """Return a frame as it goes on the wire; those that carry text are padded."""
    raw = _encoder.encode(frame)
    return padded(raw) if type(frame) in _WITH_TEXT else raw


def project(notice: Notice) -> ToOperator | None:
    """Return the frame that shows a notice to an operator, or None where there is none.

    The waiting list, an opened conversation, an offer and a supervisor's alerts have functions of their own.
    """
    match notice:  # the two of every message first: classes are tried in order
        case EntryShown(conversation, entry, _, judgement):
            return _entry_shown(conversation, entry, judgement)
        case MessageStored(conversation, client_id, seq):
            return frames.Ack(conversation, client_id, seq)
        case DeskReady(held):
            return frames.Ready([frames.Held(each.id, each.service, each.seq) for each in held])
        case DutyNoted() | ColleaguesListed():
            return _of_a_shift(notice)
        case (
            PeerTyping()
            | VisitorPresence()
            | AcuteMarked()
            | DangerDenied()
            | ConversationLost()
            | ConversationOver()
            | WordStands()
        ):
            return _of_her(notice)
        case ConversationTaken() | HandStands() | TalkStands():
            return _of_a_supervisor(notice)
        case (
            WaitingListed()
            | AlertsListed()
            | ConversationOpened()
            | TransferStands()
            | TakenOver()
            | SignInRevoked()
            | Welcomed()
            | QueueMoved()
            | DangerSeen()
            | ReturnCodeGiven()
            | ReturnCodeGone()
            | WordWanted()
            | WordHeard()
        ):
            return None


def _of_a_shift(notice: DutyNoted | ColleaguesListed) -> ToOperator:
    match notice:
        case DutyNoted(duty):
            return _duty(duty)
        case ColleaguesListed(services):
            return shift_frames.Colleagues([_beside(each) for each in services])


def _of_her(
    notice: PeerTyping
    | VisitorPresence
    | AcuteMarked
    | DangerDenied
    | ConversationLost
    | ConversationOver
    | WordStands,
) -> ToOperator:
    match notice:
        case PeerTyping(conversation):
            return frames.TypingShown(conversation)
        case VisitorPresence(conversation, connected, until, returns, since):
            return frames.VisitorPresence(
                conversation, connected, _minute_or_none(until), returns, _minute_or_none(since)
            )
        case WordStands(conversation, word):
            return returning_frames.WordStands(conversation, _word(word))
        case AcuteMarked(conversation):
            return frames.Acute(conversation)
        case DangerDenied(conversation):
            return frames.NotAcute(conversation)
        case ConversationLost(conversation, seq, by):
            return frames.Lost(conversation, seq, by)
        case ConversationOver(conversation, seq, reason):
            return frames.Ended(conversation, seq, reason)


def _of_a_supervisor(notice: ConversationTaken | HandStands | TalkStands) -> ToOperator:
    match notice:
        case ConversationTaken(conversation, seq, alias, relieved):
            return supervision_frames.Yours(conversation, seq, alias, relieved)
        case HandStands(conversation, since, here):
            return supervision_frames.HandStands(conversation, _minute_or_none(since), here)
        case TalkStands(at, taken_by, here):
            return supervision_frames.TalkStands(_minute_or_none(at), taken_by, here)


def _minute_or_none(at: datetime | None) -> str | None:
    return minute(at) if at is not None else None


def _duty(duty: Duty | None) -> frames.DutyShown:
    if duty is None:
        return frames.DutyShown(on=False, services=[])
    services: list[str] = sorted(duty.services | duty.supervising)
    paused = _minute_or_none(duty.paused_since)
    return frames.DutyShown(
        on=True,
        services=services,
        alias=duty.alias,
        capacity=duty.capacity,
        paused=paused,
        languages=sorted(duty.languages),
    )


def _beside(at: AtService) -> shift_frames.AtService:
    others = [shift_frames.ColleagueShown(one.alias, one.paused) for one in at.others]
    return shift_frames.AtService(at.service, others, at.waits)


def _word(word: Word | None) -> returning_frames.WordShown | None:
    if word is None:
        return None
    return returning_frames.WordShown(word.state.value, max(0, TRIES - word.wrong))


def _entry_shown(conversation: str, entry: Entry, judgement: Judgement | None) -> ToOperator | None:
    match entry.kind:
        case EntryKind.SAID:
            return _said(conversation, entry, judgement)
        case EntryKind.PROPOSED:
            proposal = read_question(entry.text)
            return handover_frames.Proposed(conversation, entry.seq, proposal, entry.client_id)
        case EntryKind.TAKEN_BACK:
            return handover_frames.TakenBack(conversation, entry.seq)
        case EntryKind.ANSWERED:
            answer = _answered.decode(entry.text)
            return handover_frames.Answered(
                conversation, entry.seq, answer.receivers, answer.invited, answer.history
            )
        case EntryKind.UNINVITED:
            return warm_frames.Uninvited(conversation, entry.seq)
        case EntryKind.GUEST_JOINED:
            return warm_frames.GuestJoined(
                conversation, entry.seq, entry.alias or "", entry.organisation or ""
            )
        case EntryKind.GUEST_LEFT:
            return warm_frames.GuestLeft(conversation, entry.seq, entry.alias or "")
        case EntryKind.STAYED:
            return transfer_frames.Stayed(conversation, entry.seq, entry.organisation or "")
        case EntryKind.SUPERVISOR_CAME:
            return supervision_frames.SupervisorCame(conversation, entry.seq, entry.alias or "")
        case EntryKind.JOINED | EntryKind.LEFT | EntryKind.HANDED | EntryKind.RELIEVED:
            return None


def _said(conversation: str, entry: Entry, judgement: Judgement | None) -> frames.Said:
    at = minute(entry.at) if entry.at is not None else ""
    from_, seen = FROM[entry.role], _seen(judgement)
    return frames.Said(conversation, entry.seq, from_, entry.text, at, entry.client_id, seen, entry.alias)


def accepted(opened: ConversationOpened, name_of: NameOf) -> Iterator[frames.Accepted]:
    """Return the frames that open a conversation: one, or as many as its entries need within 32 KiB each.

    `seq` of each is how far its entries reach, so that a console which is cut off between two asks for the
    rest.
    """
    part: list[frames.OperatorEntry] = []
    size = 0
    for entry in opened.entries:
        shown = _entry(entry, _seen(opened.judgements.get(entry.seq)))
        bytes_more = len(_encoder.encode(shown)) + 1
        if part and size + bytes_more > LONGEST_ENTRIES:
            yield _accepted(opened, part, part[-1].seq, name_of)
            part, size = [], 0
        part.append(shown)
        size += bytes_more
    yield _accepted(opened, part, opened.conversation.seq, name_of)


def _accepted(
    opened: ConversationOpened, entries: list[frames.OperatorEntry], seq: int, name_of: NameOf
) -> frames.Accepted:
    conversation = opened.conversation
    return frames.Accepted(
        conversation=conversation.id,
        service=conversation.service,
        seq=seq,
        entries=entries,
        readable=opened.readable,
        connected=conversation.visitor_away_since is None,
        acute=conversation.acute,
        language=conversation.language,
        intake=_intake.decode(opened.intake) if opened.intake is not None else None,
        as_guest=_as_guest(conversation, name_of) if opened.role is Role.GUEST else None,
        guest=_guest_here(conversation, name_of) if opened.role is Role.OPERATOR else None,
        until=_minute_or_none(opened.until),
        returns=conversation.returns,
        word=_word(conversation.word) if opened.role is Role.OPERATOR else None,
        since_transfer=conversation.reads_after > 0,
        started=minute(conversation.started_at),
        hand=_minute_or_none(conversation.hand_since) if opened.role is Role.OPERATOR else None,
        since=_minute_or_none(conversation.visitor_away_since),
    )


def _as_guest(conversation: Conversation, name_of: NameOf) -> warm_frames.AsGuest:
    guest = conversation.guest
    return warm_frames.AsGuest(
        conversation.alias or "",
        name_of(conversation.service),
        history=guest is not None and guest.after == 0,
        supervisor=guest is not None and guest.is_supervisor,
    )


def _guest_here(conversation: Conversation, name_of: NameOf) -> warm_frames.GuestHere | None:
    guest = conversation.guest
    if guest is not None and guest.is_supervisor:
        return warm_frames.GuestHere(name_of(conversation.service), guest.alias, supervisor=True)
    if conversation.invitation is None:
        return None
    return warm_frames.GuestHere(conversation.invitation.name, guest.alias if guest is not None else None)


def _seen(judgement: Judgement | None) -> frames.Seen | None:
    """Return what staff are shown of a judgement; None where nothing was seen."""
    if judgement is None or not (judgement.danger or judgement.cover or judgement.masked):
        return None
    danger = judgement.danger
    return frames.Seen(
        danger=danger.level.value if danger is not None else None,
        subject=danger.subject.value if danger is not None else None,
        reason=danger.reason if danger is not None else None,
        cover=judgement.cover,
        masked=[*judgement.masked] or None,
    )


def _entry(entry: Entry, seen: frames.Seen | None) -> frames.OperatorEntry:
    said = entry.kind is EntryKind.SAID
    answer = _answered.decode(entry.text) if entry.kind is EntryKind.ANSWERED else Answered()
    return frames.OperatorEntry(
        type=entry.kind.value,
        seq=entry.seq,
        from_=FROM[entry.role],
        text=entry.text if said else None,
        at=minute(entry.at) if entry.at is not None else None,
        id=entry.client_id,
        alias=entry.alias,
        seen=seen,
        proposal=read_question(entry.text) if entry.kind is EntryKind.PROPOSED else None,
        receivers=answer.receivers,
        invited=answer.invited,
        history=answer.history,
        organisation=entry.organisation,
    )
