# SPDX-License-Identifier: EUPL-1.2
"""What may be logged: the fixed names of events and a few numbers, one JSON line each on standard error.

Owns the allow-list. A log line is kept, copied and read far from here, so nothing that somebody wrote, no
token, no address and no path can get into one: not through a message, an argument, an error's text or a
library's own logger.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Final, TextIO

OURS: Final = frozenset({"chat", "config", "handover", "moderation", "web"})
"""Loggers whose events are known by name. Of every other warning it shows that there was one, and where."""

LIFE: Final = frozenset({"bus_back", "draining", "ready", "started", "stopped"})
"""Events that are no cause for anything."""

EVENTS: Final = LIFE | frozenset(
    {
        "alerts_failed",
        "another_server",
        "bus_away",
        "bus_hears_not_all",
        "bus_noise",
        "bus_unfit",
        "clock_parted",
        "closing_failed",
        "closing_waits",
        "crashed",
        "daily_key_awaited",
        "daily_key_differs",
        "daily_key_replaced",
        "erased_not_noted",
        "factor_key_another",
        "factor_key_missing",
        "factor_key_unread",
        "fault",
        "housekeeping_failed",
        "keys_not_agreed",
        "listener_failed",
        "lobby_failed",
        "look_failed",
        "process_died",
        "shred_failed",
        "site_not_renewed",
        "sites_differ",
        "tick_failed",
        "time_stands_still",
        "watch_failed",
    }
)
"""The messages that may be written. A test holds every logging call of the house against this list."""

UNNAMED: Final = "unnamed"
"""What stands for every other message."""

_FAULT_ID = re.compile(r"[0-9a-f]{8}")
_SOURCE_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


def _is_fault_id(value: object) -> bool:
    return isinstance(value, str) and _FAULT_ID.fullmatch(value) is not None


FIELDS: Final = MappingProxyType[str, Callable[[object], bool]](
    {
        "count": _is_number,
        "day": _is_number,
        "fault": _is_fault_id,
        "port": _is_number,
        "seconds": _is_number,
        "status": _is_number,
    }
)
"""What may be given in `extra`, and the form it must have. Nothing free: words could be somebody's."""


class AllowList(logging.Formatter):
    """Writes a record as one JSON line of what is allowed, and of an error its type and where it arose."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line. The record's arguments and an error's own text are never looked at."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name if _SOURCE_NAME.fullmatch(record.name) else UNNAMED,
            "event": record.msg if _is_event(record) else UNNAMED,
        }
        if line["event"] == UNNAMED:
            line["from"] = f"{_short(record.pathname)}:{record.lineno}"
        line.update((name, value) for name, value in vars(record).items() if _is_allowed(name, value))
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line["errors"] = list(_chain(error))
        return json.dumps(line)


class _Weighed(AllowList):
    """Begins each line with its weight, which the journal takes off again: `journalctl -p` looks for it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line behind one of the kernel's weights."""
        weight = next(weight for least, weight in _WEIGHTS if record.levelno >= least)
        return f"<{weight}>{super().format(record)}"


_WEIGHTS: Final = (
    (logging.CRITICAL, 2),
    (logging.ERROR, 3),
    (logging.WARNING, 4),
    (logging.INFO, 6),
    (logging.NOTSET, 7),
)


def _is_journal(stream: TextIO) -> bool:
    """Tell whether systemd's journal reads what is written there: it says device and inode of its socket."""
    try:
        there = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{there.st_dev}:{there.st_ino}"


def _is_event(record: logging.LogRecord) -> bool:
    return _is_ours(record) and isinstance(record.msg, str) and record.msg in EVENTS


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] in OURS


def _is_allowed(name: str, value: object) -> bool:
    return name in FIELDS and FIELDS[name](value)


def _chain(error: BaseException) -> Iterator[dict[str, object]]:
    """Describe an error and what it came from, newest first, each error once."""
    seen: set[int] = set()
    following: list[BaseException | None] = [error]
    while following:
        current = following.pop(0)
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        frames = traceback.walk_tb(current.__traceback__)
        yield {
            "type": f"{type(current).__module__}.{type(current).__qualname__}",
            "trace": [f"{_short(frame.f_code.co_filename)}:{line}" for frame, line in frames],
        }
        following += (current.__cause__, None if current.__suppress_context__ else current.__context__)
        if isinstance(current, BaseExceptionGroup):
            following += current.exceptions


def _short(path: str) -> str:
    """Return the last three parts of a source file's path: enough to find it, nothing of the machine."""
    return "/".join(Path(path).parts[-3:])


class _Tally(logging.Handler):
    """Counts what is worth a warning by its event, whatever is written: figures do not follow the level."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.seen: Counter[str] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        """Count one."""
        self.seen[record.msg if _is_event(record) else UNNAMED] += 1


class _Handler(logging.StreamHandler[TextIO]):
    """Writes lines. What cannot be written is dropped: `logging` itself would print its arguments."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (the name is the library's)
        """Do nothing."""


def _is_wanted(record: logging.LogRecord) -> bool:
    """Keep our own events, and of the libraries only warnings: below that they tell about traffic."""
    return _is_ours(record) or record.levelno >= logging.WARNING


def configure(level: str | int = logging.INFO, stream: TextIO | None = None) -> None:
    """Send everything that is logged from now on through the allow-list to `stream` (standard error).

    Also what ends a thread or the process: Python would print the error's text. To be called first thing, and
    the server is started with `log_config=None, access_log=False`.

    Raises:
        ValueError: there is no such level.
    """
    stream = stream or sys.stderr
    handler = _Handler(stream)
    handler.setFormatter(_Weighed() if _is_journal(stream) else AllowList())
    handler.addFilter(_is_wanted)
    handler.setLevel(level)
    root = logging.getLogger()
    root.handlers[:] = [handler, _Tally()]
    root.setLevel(min(handler.level, logging.WARNING))
    for name, logger in list(logging.Logger.manager.loggerDict.items()):
        if isinstance(logger, logging.Logger):
            logger.handlers.clear()
            logger.propagate = True
            if name.partition(".")[0] not in OURS:
                logger.setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    _catch_what_nobody_catches()


def counted() -> Mapping[str, int]:
    """Return how often each event was logged as a warning or worse since `configure`."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, _Tally):
            return dict(handler.seen)
    return {}


def _catch_what_nobody_catches() -> None:
    log = logging.getLogger(__name__)

    def crashed(error: BaseException | None) -> None:
        log.critical("crashed", exc_info=error)

    def of_process(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        crashed(error.with_traceback(trace))

    sys.excepthook = of_process
    sys.unraisablehook = lambda unraisable: crashed(unraisable.exc_value)
    threading.excepthook = lambda stopped: crashed(stopped.exc_value)
