# SPDX-License-Identifier: EUPL-1.2
"""A network that has died without a word: what the other side sends neither arrives nor is refused."""

from __future__ import annotations

import ctypes
import socket
import struct
from typing import Final

ATTACH_FILTER, DETACH_FILTER = 26, 27
_DROP_ALL: Final = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))


def cut_off(peer: socket.socket) -> None:
    """Drop every packet for this end before its TCP sees it: no acknowledgement and no reset (Linux)."""
    peer.setsockopt(socket.SOL_SOCKET, ATTACH_FILTER, struct.pack("@HP", 1, ctypes.addressof(_DROP_ALL)))


def mend(peer: socket.socket) -> None:
    """Let packets through again."""
    peer.setsockopt(socket.SOL_SOCKET, DETACH_FILTER, 0)
