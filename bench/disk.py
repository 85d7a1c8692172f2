# SPDX-License-Identifier: EUPL-1.2
"""How long the disk takes to make a small write durable: the floor under every ack."""

from __future__ import annotations

import os
from pathlib import Path
from time import perf_counter

from bench.load import Spread

WRITES = 300


def fsync_times(folder: Path) -> Spread:
    """Append 4 KiB and `fdatasync`, 300 times, in this folder; return how long each took."""
    times = []
    path = folder / "fsync"
    file = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    try:
        for _ in range(WRITES):
            begun = perf_counter()
            os.write(file, bytes(4096))
            os.fdatasync(file)
            times.append(perf_counter() - begun)
    finally:
        os.close(file)
        path.unlink()
    return Spread.of(times)
