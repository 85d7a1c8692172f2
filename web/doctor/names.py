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
_NO_SUCH_NAME: Final = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})
"""Somebody has answered that there is no such name; with anything else nobody has answered."""


def addresses_of(name: str) -> tuple[str, ...] | None:
    """Return the addresses of a host: none when nobody has that name, None when nobody could tell in time."""
    found: list[str] = []
    told: list[bool] = []

    def look() -> None:
        try:
            found.extend(
                sorted({str(each[4][0]).partition("%")[0] for each in socket.getaddrinfo(name, None)})
            )
        except socket.gaierror as error:
            if error.errno not in _NO_SUCH_NAME:
                return
        except UnicodeError:
            pass
        except OSError:
            return
        told.append(True)

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    looking.join(PATIENCE_S)
    return tuple(found) if told else None


def is_remote(host: str | None) -> bool:
    """Tell whether a host is another machine; a socket of the file system, or no host, is this one."""
    if not host or host.startswith("/"):
        return False
    parsed = [ipaddress.ip_address(address) for address in addresses_of(host) or ()]
    return not parsed or not all(each.is_loopback or each.is_unspecified for each in parsed)
