# SPDX-License-Identifier: EUPL-1.2
"""Looks a host name up, and waits for the answer no longer than for anything else.

Owns one thread for each look: the system's own search knows no bound.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from typing import Final

PATIENCE_S: Final = 3.0


def addresses_of(name: str) -> tuple[str, ...]:
    """Return the addresses of a host; none when it has none, or nobody answers in time."""
    found: list[str] = []

    def look() -> None:
        try:
            found.extend(
                sorted({str(each[4][0]).partition("%")[0] for each in socket.getaddrinfo(name, None)})
            )
        except (OSError, UnicodeError):
            return

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    looking.join(PATIENCE_S)
    return tuple(found)


def is_remote(host: str | None) -> bool:
    """Tell whether a host is another machine; a socket of the file system, or no host, is this one."""
    if not host or host.startswith("/"):
        return False
    parsed = [ipaddress.ip_address(address) for address in addresses_of(host)]
    return not parsed or not all(each.is_loopback or each.is_unspecified for each in parsed)
