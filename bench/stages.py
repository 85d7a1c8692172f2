# SPDX-License-Identifier: EUPL-1.2
"""What each stage of one message costs by itself, on this processor: the floor under the full path.

Calls the same functions as the server, one stage at a time, with everything at hand. What the server spends
beyond their sum goes to waking, waiting, the network and the system.
"""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

from msgspec.structs import replace
from websockets.protocol import State
from websockets.server import ServerProtocol

from bench.load import FRAME_BYTES, WORDS
from chat import commands
from chat.adapters.sql.database import Database
from chat.adapters.sql.schema import migrate
from chat.adapters.sql.store import SqlStore
from chat.adapters.system import SystemClock, SystemRandomness
from chat.catalogue import Deadlines
from chat.conversation import Conversation
from chat.entries import Entry, EntryKind, SealedEntry
from chat.ids import ClientId, ConversationId, OrganisationId, Role, ServiceId, Track, random_id
from chat.live.notices import EntryShown, MessageStored
from chat.ports import VisitorKey
from chat.sealing import ConversationKey, Place
from chat.transitions import receive
from web.decoding import FrameDecoder
from web.operator import projection as to_operator
from web.visitor import projection as to_visitor
from web.visitor.frames import FromVisitor

TIMES = 5_000
TOGETHER = 48
SAID_TOGETHER = 8
BATCHES = 100

_RANDOMNESS = SystemRandomness()
_CLIENT_ID = ClientId("0" * 22)


def _each(work: Callable[[], object]) -> float:
    """Return microseconds of the processor for one call: the best of five rounds."""
    best = float("inf")
    for _ in range(5):
        begun = process_time()
        for _ in range(TIMES):
            work()
        best = min(best, process_time() - begun)
    return round(best / TIMES * 1e6, 2)


def _conversation() -> Conversation:
    now = SystemClock().now()
    return Conversation(
        id=ConversationId(random_id(_RANDOMNESS)),
        service=ServiceId("linden"),
        organisation=OrganisationId("kvinnojouren"),
        track=Track.EXPOSED,
        language="sv",
        started_at=now,
        waiting_since=now,
    )


def _parse() -> Callable[[], object]:
    text = json.dumps({"type": "say", "id": _CLIENT_ID, "text": WORDS}).encode().ljust(FRAME_BYTES)
    frame = struct.pack("!BBHI", 0x81, 0x80 | 126, FRAME_BYTES, 0) + text
    peer = ServerProtocol(max_size=32 * FRAME_BYTES)
    peer.state = State.OPEN
    peer.parser = super(ServerProtocol, peer).parse()  # past the handshake, which is not of interest here
    next(peer.parser)

    def parse() -> object:
        peer.receive_data(frame)
        return peer.events_received()

    return parse


def processor() -> dict[str, float]:
    """Return microseconds for each stage that does not touch the disk."""
    conversation, now = _conversation(), SystemClock().now()
    key = ConversationKey.new(_RANDOMNESS)
    place = Place(conversation.organisation, conversation.id, 12, Role.VISITOR, _CLIENT_ID)
    text = json.dumps({"type": "say", "id": _CLIENT_ID, "text": WORDS}).ljust(FRAME_BYTES)
    decoder: FrameDecoder[FromVisitor] = FrameDecoder(FromVisitor)
    say = commands.PostVisitorMessage(_CLIENT_ID)
    shown = EntryShown(conversation.id, Entry(12, EntryKind.SAID, Role.VISITOR, _CLIENT_ID, WORDS, now))
    stored = MessageStored(conversation.id, _CLIENT_ID, 12)

    def project() -> None:
        ack, said = to_visitor.project(stored), to_operator.project(shown)
        assert ack is not None
        assert said is not None
        to_visitor.encoded(ack)
        to_operator.encoded(said)

    return {
        "parse": _each(_parse()),
        "decode": _each(lambda: decoder.decode(text)),
        "decide": _each(lambda: receive(conversation, say, now, Deadlines())),
        "seal": _each(lambda: key.seal_text(place, WORDS, now, _RANDOMNESS)),
        "project": _each(project),
    }


async def commits(folder: Path) -> dict[str, float]:
    """Return microseconds per message of storing many together, as at saturation, and of storing one alone.

    Processor time of the whole process; for one alone also the time that it takes (`commit_alone_takes`).
    """
    url = f"sqlite+aiosqlite:///{folder / 'stages.sqlite'}"
    migrate(url)
    database = await Database.open(url)
    store = SqlStore(database)
    try:
        open_ = [await _new(store, number) for number in range(TOGETHER)]
        body = _RANDOMNESS.bytes(FRAME_BYTES + 29)
        together, _ = await _append(store, open_, SAID_TOGETHER, body)
        alone, takes = await _append(store, open_[:1], 1, body)
    finally:
        await store.close()
        await database.close()
    return {"commit": together, "commit_alone": alone, "commit_alone_takes": takes}


async def _new(store: SqlStore, number: int) -> Conversation:
    conversation = _conversation()
    key = VisitorKey(0, number.to_bytes(32, "big"), b"")
    await store.create(conversation, key, deadline=None, wraps={}, intake=None, counts=())
    return conversation


async def _append(store: SqlStore, open_: list[Conversation], each: int, body: bytes) -> tuple[float, float]:
    async def say(conversation: Conversation) -> Conversation:
        entries = [
            SealedEntry(conversation.id, seq, EntryKind.SAID, Role.VISITOR, _CLIENT_ID, body)
            for seq in range(conversation.seq + 1, conversation.seq + each + 1)
        ]
        await store.append(entries, conversation.seq)
        return replace(conversation, seq=conversation.seq + each)

    spent, begun = process_time(), perf_counter()
    for _ in range(BATCHES):
        open_[:] = await asyncio.gather(*map(say, open_))
    count = BATCHES * len(open_) * each
    return (
        round((process_time() - spent) / count * 1e6, 1),
        round((perf_counter() - begun) / count * 1e6, 1),
    )
