# SPDX-License-Identifier: EUPL-1.2
"""What is wrong with the machine and the server's process on it. Pure."""

from __future__ import annotations

from typing import Final

from web.doctor.found import Found, mistake, unasked, warning
from web.doctor.readings import Machine, Running, Unasked

FILES_WARN: Final = 8192
"""Each socket is a file; a municipality needs some hundred, all of Sweden some thousand."""
_UNIT: Final = "deploy/systemd/jourchatt.service has the line."


def judge_machine(seen: Machine) -> Found:
    """Yield what is wrong with the machine."""
    if seen.synchronised is False:
        yield mistake(
            "clock",
            "The clock follows no other clock, and the daily keys follow it.",
            "apt install systemd-timesyncd, then timedatectl set-ntp true.",
        )
    elif seen.synchronised is None:
        yield unasked(Unasked("clock", "the kernel does not tell here whether it follows another clock."))
    if seen.is_served is False:
        yield mistake(
            "server",
            "No server runs on this host, and one has run over this data.",
            "systemctl status 'jourchatt*' says why; journalctl -u 'jourchatt*' -n 50 says more.",
        )
    elif not seen.running:
        yield unasked(
            Unasked("server", "none has run on this host over this data, or it is not ours to see.")
        )
    if seen.swap and seen.swapping:
        yield warning(
            "swap",
            f"The memory of {', '.join(seen.swapping)} may be written to {', '.join(seen.swap)}, "
            "with all that passes.",
            "MemorySwapMax=0 for each of them too: deploy/systemd/off-disk.conf has the lines.",
        )
    found = [finding for running in seen.running for finding in _process(running, seen)]
    yield from dict.fromkeys(found)  # several servers as a rule have the same faults


def _process(running: Running, seen: Machine) -> Found:
    if running.user == 0:
        yield mistake(
            "server", "The server runs as root.", "Let it run as an account of its own: User=jourchatt."
        )
    piped = (seen.core_pattern or "").startswith("|")
    if running.core_limit is None or running.core_limit > 1:
        yield mistake(
            "server",
            "When it crashes its memory is written to a file, with what is being said.",
            f"LimitCORE=1. {_UNIT}",
        )
    elif running.core_limit == 0 and piped:
        yield warning(
            "server",
            "Cores are given to a program here, whatever the limit of files is.",
            f"LimitCORE=1 instead of 0: with it the kernel gives none. {_UNIT}",
        )
    if running.swapped_kb:
        yield mistake(
            "server",
            f"{running.swapped_kb} kB of its memory stand on the swap disk.",
            f"MemorySwapMax=0, then restart it and make the swap anew. {_UNIT}",
        )
    elif seen.swap and running.may_swap is not False:
        yield warning(
            "server",
            f"Its memory may be written to {', '.join(seen.swap)}.",
            f"MemorySwapMax=0, or no swap at all on this machine. {_UNIT}",
        )
    if running.files_limit is not None and running.files_limit < FILES_WARN:
        yield warning(
            "server",
            f"It may open {running.files_limit} files, and every connection is one.",
            f"LimitNOFILE=65536. {_UNIT}",
        )
