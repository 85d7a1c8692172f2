# SPDX-License-Identifier: EUPL-1.2
"""Reads from the kernel what it says of the machine, and of the server that holds the data directory.

Owns /proc and one call of the C library. Changes nothing.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import platform
import re
import resource
import sqlite3
import ssl
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from web.doctor.readings import Machine, Running

CARRIERS: Final = frozenset({"nginx", "caddy", "haproxy", "redis-server", "valkey-server"})
"""What passes through a proxy is in clear; in Redis are the daily keys, covered, and who is told what."""
_PROC: Final = Path("/proc")
_UNSYNCHRONISED: Final = 0x0040
"""STA_UNSYNC of adjtimex(2)."""
_TIMEX_BYTES: Final = 256
_STATUS_AT: Final = 5 * ctypes.sizeof(ctypes.c_long)
"""Where `status` stands in `struct timex`: after modes with its padding, and four longs."""


def read_machine(data: Path) -> Machine:
    """Return what can be read; what cannot is None."""
    return Machine(
        synchronised=_synchronised(),
        swap=_swap(_text(_PROC / "swaps") or ""),
        core_pattern=_text(_PROC / "sys/kernel/core_pattern"),
        running=tuple(
            running
            for pid in _holders(data / "server.lock", _text(_PROC / "locks") or "")
            if (running := _running(pid)) is not None
        ),
        is_served=_is_served(data / "server.lock"),
        swapping=tuple(sorted(set(_swapping()))),
        versions=_versions(),
    )


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None


def _synchronised() -> bool | None:
    """Ask as `timedatectl` does: whoever keeps the clock right tells the kernel so."""
    timex = ctypes.create_string_buffer(_TIMEX_BYTES)
    try:
        state = ctypes.CDLL(None, use_errno=True).adjtimex(timex)
    except (AttributeError, OSError):
        return None
    if state < 0:
        return None
    status = ctypes.c_int.from_buffer(timex, _STATUS_AT).value
    return not status & _UNSYNCHRONISED


def _swap(told: str) -> tuple[str, ...]:
    """Return the swap places that are not memory themselves."""
    names = [line.split()[0] for line in told.splitlines()[1:] if line.split()]
    return tuple(name for name in names if not name.startswith("/dev/zram"))


def _running(pid: int) -> Running | None:
    """Return what a process may do, as far as it may be looked at."""
    try:
        user = (_PROC / str(pid)).stat().st_uid
        cores, _ = resource.prlimit(pid, resource.RLIMIT_CORE)
        files, _ = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    except (OSError, ValueError):
        return None
    status = _text(_PROC / str(pid) / "status") or ""
    swapped = re.search(r"^VmSwap:\s+(\d+) kB", status, re.MULTILINE)
    return Running(
        user=user,
        core_limit=None if cores == resource.RLIM_INFINITY else cores,
        files_limit=None if files == resource.RLIM_INFINITY else files,
        swapped_kb=int(swapped[1]) if swapped else 0,
        may_swap=_may_swap(_text(_PROC / str(pid) / "cgroup") or ""),
    )


def _swapping() -> Iterator[str]:
    """Yield each such program that runs here without a word against swap."""
    for comm in _PROC.glob("[0-9]*/comm"):
        name = _text(comm)
        if name in CARRIERS and _may_swap(_text(comm.with_name("cgroup")) or "") is not False:
            yield name


def _is_served(lock: Path) -> bool | None:
    """Ask as a server does that starts, and let go at once: also one in a container of its own is seen so."""
    try:
        opened = os.open(lock, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return None
    else:
        return False
    finally:
        os.close(opened)


def _holders(lock: Path, locks: str) -> list[int]:
    """Return the processes that hold the lock of the data directory."""
    try:
        held = lock.stat()
    except OSError:
        return []
    place = f"{os.major(held.st_dev):02x}:{os.minor(held.st_dev):02x}:{held.st_ino}"
    lines = (line.split() for line in locks.splitlines())
    pids = [
        int(parts[parts.index(place) - 1])
        for parts in lines
        if "FLOCK" in parts and place in parts and "->" not in parts
    ]
    return [pid for pid in pids if pid > 0]


def _may_swap(groups: str) -> bool | None:
    own = re.search(r"^0::(/\S*)$", groups, re.MULTILINE)
    if own is None:
        return None
    most = _text(Path("/sys/fs/cgroup") / own[1].lstrip("/") / "memory.swap.max")
    return None if most is None else most != "0"


def _versions() -> tuple[str, ...]:
    try:
        ours = version("jourchatt")
    except PackageNotFoundError:
        ours = "not installed"
    return (
        f"jourchatt {ours}",
        f"Python {platform.python_version()}",
        f"SQLite {sqlite3.sqlite_version}",
        ssl.OPENSSL_VERSION,
    )
