# SPDX-License-Identifier: EUPL-1.2
"""Whether a Redis or Valkey server keeps nothing on a disk.

Owns the settings that it must have. What is in its memory must be gone when it ends: among it are daily keys.
"""

from __future__ import annotations

from typing import Final

from chat.adapters.redis.connection import Line
from chat.adapters.redis.errors import RedisUnfit

SETTINGS: Final = {"save": "", "appendonly": "no", "maxmemory-policy": "noeviction"}
"""What must be set, and to what."""


async def must_keep_nothing(line: Line, place: str) -> None:
    """Look at the settings that decide what outlives the server; return when they are right.

    Raises:
        RedisUnfit: one of them is wrong; the text says all that are, and the mend.
        RedisAway: it did not answer in time.
    """
    wrong = [
        f'{name} "{found}" instead of "{wanted}"'
        for name, wanted in SETTINGS.items()
        if (found := _value(await line.ask("CONFIG GET", name))) != wanted
    ]
    if wrong:
        raise RedisUnfit(
            f"Redis at {place} could keep on a disk, or throw out, what is in its memory: it has"
            f" {', '.join(wrong)}; mend that in its configuration file and start it anew."
        )
    if b"\nrole:master" not in (said := _text(await line.ask("INFO", "replication"))):
        raise RedisUnfit(f"Redis at {place} is a copy of another server: name a server that stands alone.")
    if b"\nconnected_slaves:0" not in said:
        raise RedisUnfit(
            f"Redis at {place} copies its memory to another server, which could keep it on a disk: let it"
            " stand alone, nothing is lost when it ends."
        )


def _value(answer: object) -> str:
    if isinstance(answer, list) and len(answer) == 2 and isinstance(answer[1], bytes):
        return answer[1].decode(errors="replace")
    return "?"


def _text(answer: object) -> bytes:
    return answer.replace(b"\r", b"") if isinstance(answer, bytes) else b""
