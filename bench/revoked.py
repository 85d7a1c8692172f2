# SPDX-License-Identifier: EUPL-1.2
"""How long a console stays open when its sign-in has ended: signed out of, and disabled beside the server.

Signing out counts from the request; what `jourchatt staff disable` does, without the start of that program,
from before it writes. `python -m bench.revoked` measures it alone, in half a minute.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import secrets
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from bench.load import Spread
from tests.outside.operator import Operator
from tests.outside.server import Server
from web.bootstrap import accounts_only
from web.demo import demo_settings

TIMES = 10
BOUND_MS = 1_000
CLOSED = 4001
WITHIN = 30.0

Ending = Callable[[Operator], Awaitable[float]]
"""Ends a sign-in and returns when that began to count."""


async def revoked(server: Server, times: int = TIMES) -> dict[str, Spread]:
    """End sign-ins one by one; return how long each console stayed open, by what ended it.

    Raises:
        RuntimeError: a console was closed for another reason.
        TimeoutError: one was still open after 30 s.
    """
    staff = server.at.operators_of(server.at.services[0])[0]
    out = [await _closed_after(Operator(server.at, staff), _signs_out) for _ in range(times)]
    disabled = []
    async with accounts_only(demo_settings(server.data, 0)) as accounts:

        async def disables(operator: Operator) -> float:
            begun = perf_counter()
            await accounts.disable(operator.staff.name)
            return begun

        for _ in range(times):
            disabled.append(await _closed_after(Operator(server.at, staff), disables))
            staff = dataclasses.replace(staff, password=secrets.token_urlsafe())
            await accounts.reset(staff.name, staff.password)
    return {"signed out": Spread.of(out), "disabled beside the server": Spread.of(disabled)}


async def _closed_after(operator: Operator, end: Ending) -> float:
    await operator.signs_in()
    await operator.connects()
    await asyncio.sleep(Random().uniform(0.0, 1.0))  # the watch may be anywhere between two looks
    closing = asyncio.create_task(_when_closed(operator))
    begun = await end(operator)
    return await closing - begun


async def _when_closed(operator: Operator) -> float:
    code = await operator.connection.closed(within=WITHIN)
    if code != CLOSED:
        raise RuntimeError(f"the console was closed with {code}")
    return perf_counter()


async def _signs_out(operator: Operator) -> float:
    begun = perf_counter()
    await operator.request("POST", "/staff/sign-out", {"csrf": operator.csrf})
    return begun


def rows(found: dict[str, dict[str, Any]]) -> list[tuple[str, str]]:
    """Return the figures in words, a line each."""
    return [
        (
            f"a console closed, {kind}, ms",
            f"p50 {of['p50']:.0f}   longest {of['longest']:.0f}   of {of['count']}, bound {BOUND_MS:,}",
        )
        for kind, of in found.items()
    ]


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="revoked-") as name, Server(Path(name)) as server:
        found = asyncio.run(revoked(server))
    print(json.dumps({kind: dataclasses.asdict(each) for kind, each in found.items()}, indent=2))


if __name__ == "__main__":
    main()
