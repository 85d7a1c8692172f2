# SPDX-License-Identifier: EUPL-1.2
"""Between the values of the chat and the rows of its tables, both ways.

Owns how a value is written in columns. Knows no statement and no connection.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping

from chat.conversation import Conversation, Phase
from chat.duty import Duty
from chat.entries import EntryKind, SealedEntry
from chat.ids import ClientId, ConversationId, DutyId, OrganisationId, Role, ServiceId, Track
from chat.parts import Crossing, Guest, Invitation, Transfer, TransferEnd, Word, WordState
from chat.ports import Rekeyed, ReturnKey, Stored, VisitorKey

Columns = dict[str, Any]
"""Column names and what stands in them."""

ENTRY = ("conversation", "seq", "kind", "role", "client_id", "body", "alias")
"""The columns of an entry."""

ARRIVAL = (*ENTRY, "organisation")
"""Those of an entry that tells where somebody came from."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """Return an aware datetime as whole microseconds since 1970-01-01 UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def micros_or_none(moment: datetime | None) -> int | None:
    """The same for a time that may be absent."""
    return None if moment is None else micros(moment)


def moment(micros: int) -> datetime:
    """Return the aware UTC datetime of a stored time."""
    return _EPOCH + timedelta(microseconds=micros)


def moment_or_none(micros: int | None) -> datetime | None:
    """The same for a time that may be absent."""
    return None if micros is None else moment(micros)


def words(names: Iterable[str]) -> str:
    """Return names, none of which holds a space, as one text in a fixed order."""
    return " ".join(sorted(names))


def state_columns(conversation: Conversation, deadline: datetime | None) -> Columns:
    """Return what a step may change: all but the version and her key."""
    return {
        "seq": conversation.seq,
        "phase": conversation.phase.value,
        "operator": conversation.operator,
        "service": conversation.service,
        "organisation": conversation.organisation,
        "track": conversation.track.value,
        "language": conversation.language,
        "acute": conversation.acute,
        "front": conversation.front,
        "alias": conversation.alias,
        "waiting_since": micros(conversation.waiting_since),
        "answered_at": micros_or_none(conversation.answered_at),
        "offered_until": micros_or_none(conversation.offered_until),
        "passed_by": words(conversation.passed_by),
        "visitor_away_since": micros_or_none(conversation.visitor_away_since),
        "operator_away_since": micros_or_none(conversation.operator_away_since),
        "deadline": micros_or_none(deadline),
        "proposal": conversation.proposal,
        **_guest_columns(conversation.invitation, conversation.guest),
        **_transfer_columns(conversation),
        "hand_since": micros_or_none(conversation.hand_since),
        "code_until": micros_or_none(conversation.code_until),
        "returns": conversation.returns,
        "seat": conversation.seat,
        "denials": conversation.denials,
        "word_state": None if conversation.word is None else conversation.word.state.value,
        "word_wrong": None if conversation.word is None else conversation.word.wrong,
    }


def _guest_columns(invitation: Invitation | None, guest: Guest | None) -> Columns:
    return {
        "invited": None if invitation is None else invitation.service,
        "invited_from": None if invitation is None else invitation.name,
        "invited_at": None if invitation is None else micros(invitation.at),
        "invited_history": None if invitation is None else invitation.history,
        "guest": None if guest is None else guest.duty,
        "guest_alias": None if guest is None else guest.alias,
        "guest_after": None if guest is None else guest.after,
        "guest_away_since": None if guest is None else micros_or_none(guest.away_since),
        "guest_supervisor": None if guest is None else guest.is_supervisor,
    }


def _transfer_columns(conversation: Conversation) -> Columns:
    transfer = conversation.transfer
    return {
        "transfer": None if transfer is None else transfer.service,
        "transfer_organisation": None if transfer is None else transfer.organisation,
        "transfer_name": None if transfer is None else transfer.name,
        "transfer_duty": None if transfer is None else transfer.duty,
        "transfer_alias": None if transfer is None else transfer.alias,
        "transfer_history": None if transfer is None else transfer.history,
        "transfer_at": None if transfer is None else micros(transfer.at),
        "transfer_until": None if transfer is None else micros(transfer.until),
        "transfer_passed_by": None if transfer is None else words(transfer.passed_by),
        "transfer_ended": None if transfer is None or transfer.ended is None else transfer.ended.value,
        "reads_after": conversation.reads_after,
        "crossed": " ".join(f"{each.until}:{each.organisation}" for each in conversation.crossed),
    }


def visitor_key_columns(key: VisitorKey) -> Columns:
    """Return what lets her token back in, as columns of the conversation."""
    return {"key_day": key.day, "lookup": key.lookup, "visitor_wrap": key.wrap}


def rekeyed_columns(keys: Rekeyed) -> Columns:
    """Return what opens a conversation from now on: always the code's, and the token's if that is new."""
    code = keys.return_key
    columns: Columns = {
        "return_day": None if code is None else code.day,
        "return_lookup": None if code is None else code.lookup,
        "return_wrap": None if code is None else code.wrap,
    }
    return columns if keys.visitor_key is None else columns | visitor_key_columns(keys.visitor_key)


def conversation_of(row: RowMapping) -> Conversation:
    """Return the conversation of a row of its table."""
    return Conversation(
        id=ConversationId(row["id"]),
        service=ServiceId(row["service"]),
        organisation=OrganisationId(row["organisation"]),
        track=Track(row["track"]),
        language=row["language"],
        started_at=moment(row["started_at"]),
        waiting_since=moment(row["waiting_since"]),
        phase=Phase(row["phase"]),
        acute=row["acute"],
        front=row["front"],
        answered_at=moment_or_none(row["answered_at"]),
        seq=row["seq"],
        operator=row["operator"],
        alias=row["alias"],
        offered_until=moment_or_none(row["offered_until"]),
        passed_by=frozenset(DutyId(name) for name in row["passed_by"].split()),
        visitor_away_since=moment_or_none(row["visitor_away_since"]),
        operator_away_since=moment_or_none(row["operator_away_since"]),
        proposal=row["proposal"],
        invitation=_invitation_of(row),
        guest=_guest_of(row),
        transfer=_transfer_of(row),
        reads_after=row["reads_after"] or 0,
        crossed=tuple(_crossing_of(each) for each in (row["crossed"] or "").split()),
        hand_since=moment_or_none(row["hand_since"]),
        code_until=moment_or_none(row["code_until"]),
        returns=row["returns"] or 0,
        seat=row["seat"],
        denials=row["denials"] or 0,
        word=None if row["word_state"] is None else Word(WordState(row["word_state"]), row["word_wrong"]),
    )


def _invitation_of(row: RowMapping) -> Invitation | None:
    if row["invited"] is None:
        return None
    at, history = moment(row["invited_at"]), row["invited_history"]
    return Invitation(ServiceId(row["invited"]), row["invited_from"], history, at)


def _guest_of(row: RowMapping) -> Guest | None:
    if row["guest"] is None:
        return None
    away_since = moment_or_none(row["guest_away_since"])
    is_supervisor = bool(row["guest_supervisor"])
    return Guest(DutyId(row["guest"]), row["guest_alias"], row["guest_after"], away_since, is_supervisor)


def _transfer_of(row: RowMapping) -> Transfer | None:
    if row["transfer"] is None:
        return None
    return Transfer(
        service=ServiceId(row["transfer"]),
        organisation=OrganisationId(row["transfer_organisation"]),
        name=row["transfer_name"],
        duty=None if row["transfer_duty"] is None else DutyId(row["transfer_duty"]),
        alias=row["transfer_alias"],
        history=row["transfer_history"],
        at=moment(row["transfer_at"]),
        until=moment(row["transfer_until"]),
        passed_by=frozenset(DutyId(name) for name in row["transfer_passed_by"].split()),
        ended=None if row["transfer_ended"] is None else TransferEnd(row["transfer_ended"]),
    )


def _crossing_of(text: str) -> Crossing:
    until, _, organisation = text.partition(":")
    return Crossing(int(until), OrganisationId(organisation))


def stored_of(row: RowMapping) -> Stored:
    """Return the conversation of a row with its version and what her token opens."""
    return Stored(
        conversation=conversation_of(row),
        version=row["version"],
        visitor_key=VisitorKey(row["key_day"], row["lookup"], row["visitor_wrap"]),
        return_key=_return_key_of(row),
        word=row["word"],
    )


def _return_key_of(row: RowMapping) -> ReturnKey | None:
    if row["return_lookup"] is None:
        return None
    return ReturnKey(row["return_day"], row["return_lookup"], row["return_wrap"])


def entry_values(entry: SealedEntry) -> tuple[Any, ...]:
    """Return one sealed entry in the order of `ENTRY`."""
    return (
        entry.conversation,
        entry.seq,
        entry.kind.value,
        entry.role.value,
        entry.client_id,
        entry.body,
        entry.alias,
    )


def arrival_values(entry: SealedEntry) -> tuple[Any, ...]:
    """Return one entry that tells where somebody came from in the order of `ARRIVAL`."""
    return (*entry_values(entry), entry.organisation)


def entry_of(row: RowMapping | Mapping[str, Any]) -> SealedEntry:
    """Return the sealed entry of a row."""
    return SealedEntry(
        conversation=ConversationId(row["conversation"]),
        seq=row["seq"],
        kind=EntryKind(row["kind"]),
        role=Role(row["role"]),
        client_id=None if row["client_id"] is None else ClientId(row["client_id"]),
        body=row["body"],
        alias=row["alias"],
        organisation=row["organisation"],
    )


def duty_columns(duty: Duty) -> Columns:
    """Return one duty as columns, without its services."""
    return {
        "id": duty.id,
        "alias": duty.alias,
        "track": duty.track.value,
        "public_key": duty.public_key,
        "key_day": duty.key_day,
        "since": micros(duty.since),
        "idle_since": micros(duty.idle_since),
        "languages": words(duty.languages),
        "away_since": micros_or_none(duty.away_since),
        "supervising": words(duty.supervising) or None,
        "capacity": duty.capacity,
        "paused_since": micros_or_none(duty.paused_since),
        "seat": duty.seat,
    }


def duty_of(row: RowMapping, services: Iterable[str]) -> Duty:
    """Return the duty of a row and the services that stand beside it."""
    return Duty(
        id=DutyId(row["id"]),
        alias=row["alias"],
        services=frozenset(ServiceId(name) for name in services),
        track=Track(row["track"]),
        public_key=row["public_key"],
        key_day=row["key_day"],
        since=moment(row["since"]),
        idle_since=moment(row["idle_since"]),
        languages=frozenset(row["languages"].split()),
        away_since=moment_or_none(row["away_since"]),
        supervising=frozenset(ServiceId(name) for name in (row["supervising"] or "").split()),
        capacity=row["capacity"],
        paused_since=moment_or_none(row["paused_since"]),
        seat=row["seat"],
    )
