# SPDX-License-Identifier: EUPL-1.2
"""What somebody recorded of the doorbells and plays again."""

from __future__ import annotations

from pathlib import Path

from chat.adapters.redis.bus import BEATS, joined
from chat.adapters.redis.doorbells import SIGNATURE_BYTES, unpack
from chat.adapters.system import SystemRandomness
from tests.contract.listening import entry, until
from tests.contract.test_redis_bus import SECRET, STRANGER, bus_of, processes, publish, told
from tests.servers.redis import RedisServer


async def test_recorded_batches_of_whoever_is_gone_are_not_heard(tmp_path: Path) -> None:
    """Played again on their channels or another, after the sender left, and after an own reconnect."""
    with RedisServer(tmp_path) as server:
        async with processes(server, 1) as (ear,):
            with server.ask() as asked:
                spy = asked.pubsub()
                spy.psubscribe("jourchatt:*")
                async with joined(server.url, SystemRandomness(), SECRET) as other:
                    await until(lambda: bool(bus_of(ear)._peers._peers))
                    for seq in (1, 2):
                        other.ring(entry(seq))
                        await ear.hears(*range(1, seq + 1))
                await until(lambda: not bus_of(ear)._peers._peers)
                recorded = []
                while message := spy.get_message(timeout=0.1):
                    if message["type"] == "pmessage":
                        recorded.append((message["channel"], message["data"]))
                # Without the farewell, after which a sender is forgotten in any case.
                recorded = [each for each in recorded if not unpack(each[1][:-SIGNATURE_BYTES]).note]
                for cut in (False, True):
                    if cut:
                        before = len(ear.turns.all)
                        asked.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
                        await ear.turns.until(lambda turns: turns[before:][-1:] == [False])  # noqa: B023
                    number = 10 if cut else 1
                    publish(server, BEATS, told(number))
                    for channel, data in recorded:
                        asked.publish(channel, data)
                        asked.publish(BEATS, data)
                    publish(server, BEATS, told(number + 1, entry(3 + cut)))
                    await ear.hears(*range(1, 4 + cut))
                    assert list(bus_of(ear)._peers._peers) == [STRANGER]
