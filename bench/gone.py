# SPDX-License-Identifier: EUPL-1.2
"""How long after its end a conversation can still be found in the files of the data directory."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from bench.full_path import Talk
from bench.load import Spread

WITHIN = 30.0


def _forms(conversation: str) -> tuple[bytes, bytes]:
    """Return how a row may name its conversation: as text, or as the bytes behind it."""
    padded = conversation + "=" * (-len(conversation) % 4)
    return conversation.encode(), base64.urlsafe_b64decode(padded)


def _found(folder: Path, conversation: str) -> bool:
    forms = _forms(conversation)
    for path in folder.rglob("*"):
        try:
            content = path.read_bytes() if path.is_file() else b""
        except FileNotFoundError:
            continue
        if any(form in content for form in forms):
            return True
    return False


async def end_to_gone(folder: Path, talks: Sequence[Talk]) -> Spread:
    """End these conversations one by one; return how long each stayed in the files after `ended`.

    Raises:
        RuntimeError: a living conversation was not found, so that its absence would show nothing.
        TimeoutError: one was still there after 30 s.
    """
    times = []
    for talk in talks:
        if not _found(folder, talk.conversation):
            raise RuntimeError("a living conversation cannot be found in the files")
        talk.operator.hear = talk.operator.kept.put_nowait
        talk.operator.send(json.dumps({"type": "end", "conversation": talk.conversation}).encode())
        await talk.operator.next("ended")
        begun = perf_counter()
        async with asyncio.timeout(WITHIN):
            while _found(folder, talk.conversation):
                await asyncio.sleep(0.01)
        times.append(perf_counter() - begun)
    return Spread.of(times)
