# SPDX-License-Identifier: EUPL-1.2
"""Time that goes by at once for whatever waits on the event loop: no test races with a busy machine."""

from __future__ import annotations

import asyncio

_ahead: dict[asyncio.AbstractEventLoop, float] = {}


def passes(seconds: float) -> None:
    """Move the running loop's clock on; no wall clock is moved.

    It is never moved back: what others on the loop have begun to wait for meanwhile would come that much too
    late. To whoever shares the loop it is as if the machine had slept: a ping or a watch comes early, once.
    """
    loop = asyncio.get_running_loop()
    if loop not in _ahead:
        real = loop.time
        _ahead[loop] = 0.0
        loop.time = lambda: real() + _ahead[loop]  # type: ignore[method-assign]
    _ahead[loop] += seconds
