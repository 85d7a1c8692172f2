# SPDX-License-Identifier: EUPL-1.2
"""Time that goes by at once for whatever waits on the event loop: no test races with a busy machine."""

from __future__ import annotations

import asyncio

_ahead: dict[asyncio.AbstractEventLoop, float] = {}


def passes(seconds: float) -> None:
    """Move the running loop's clock on; it never goes back, and no wall clock is moved."""
    loop = asyncio.get_running_loop()
    if loop not in _ahead:
        real = loop.time
        _ahead[loop] = 0.0
        loop.time = lambda: real() + _ahead[loop]  # type: ignore[method-assign]
    _ahead[loop] += seconds
