# SPDX-License-Identifier: EUPL-1.2
"""The page of the protocol is the frame types, as they are now."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from web import socket
from web.errors import NackCode
from web.protocol import CLOSE_CODES, NACK_CODES, protocol_page

PAGE = Path(__file__).parents[2] / "docs" / "protocol.md"
TRANSPORT = {1002, 1007, 1009}
"""Sent by the WebSocket layer itself."""


def test_protocol_page_is_up_to_date() -> None:
    """The page says what the code does; its first lines tell how to write it anew."""
    assert PAGE.read_text(encoding="utf-8") == protocol_page(), f"{PAGE.name} is stale"


def test_protocol_page_names_every_nack_code() -> None:
    """A new code cannot be left out of the page, nor be without words for her."""
    assert set(NACK_CODES) == set(get_args(NackCode))


def test_protocol_page_names_every_close_code() -> None:
    """What the sockets close with, and what the WebSocket layer does, is the whole table."""
    ours = {
        value
        for name, value in vars(socket).items()
        if name.isupper() and isinstance(value, int) and 1000 <= value < 5000 and name != "BUCKET"
    }
    assert set(CLOSE_CODES) == ours | TRANSPORT
