# SPDX-License-Identifier: EUPL-1.2
"""The command `jourchatt` with every logger of every library at its loudest, for `test_whole_log.py`.

    python -m tests.outside.loud demo --json …

`LOUD_BARE` besides takes the allow-list away: what would stand in a log without it. While the file that
`LOUD_FAILS` names exists the store takes no message, and says why with everything it was given.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from chat.adapters.sql.store import SqlStore
from web import cli, logs, server


def _configure(_: str | int = logging.DEBUG, __: TextIO | None = None) -> None:
    logs._is_wanted = lambda _: True  # type: ignore[assignment]
    logs.configure(logging.DEBUG)
    for name in list(logging.Logger.manager.loggerDict):
        logging.getLogger(name).setLevel(logging.DEBUG)
    for name in ("sqlalchemy.engine", "sqlalchemy.pool", "websockets.server", "uvicorn", "asyncio"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    if os.environ.get("LOUD_BARE"):
        for handler in logging.getLogger().handlers:
            handler.setFormatter(logging.Formatter("%(name)s %(message)s"))


def _may_fail(append: Any) -> Any:
    def fails() -> bool:
        return Path(os.environ.get("LOUD_FAILS") or "/nonexistent").exists()

    async def appending(store: SqlStore, entries: Sequence[Any], expected: int) -> None:
        if fails():
            raise RuntimeError(repr((entries, expected)))
        await append(store, entries, expected)

    return appending


if __name__ == "__main__":
    vars(server)["configure"] = _configure
    SqlStore.append = _may_fail(SqlStore.append)  # type: ignore[method-assign]
    sys.exit(cli.main())
