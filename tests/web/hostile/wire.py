# SPDX-License-Identifier: EUPL-1.2
"""Table: what may stand on the wire before there is any JSON, on both sockets, and what becomes of it.

An outcome is a close code, or the code of the `nack` after which the socket stays. Knows no server.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.web.raw import BINARY, CLOSE, CONTINUATION, PING, TEXT, frame

LIMIT = 32 * 1024
SOUND = b'{"type":"nonsense"}'
"""A whole frame of a type that neither side knows: what is wrong with a row is wrong on the wire alone."""


def pieces(count: int, piece: bytes = b" ") -> bytes:
    """Return one message in so many pieces."""
    middle = frame(CONTINUATION, piece, fin=False) * (count - 2)
    return frame(TEXT, SOUND, fin=False) + middle + frame(CONTINUATION)


WIRE: Mapping[str, tuple[bytes, int | str]] = {
    "invalid UTF-8": (frame(TEXT, b"\xff\xfe"), 1007),
    "overlong UTF-8": (frame(TEXT, b'"\xc0\x80"'), 1007),
    "surrogate in UTF-8": (frame(TEXT, b'"\xed\xa0\x80"'), 1007),
    "beyond Unicode": (frame(TEXT, b'"\xf4\x90\x80\x80"'), 1007),
    "character cut at the end": (frame(TEXT, b'{"type":"\xc3'), 1007),
    "character cut between pieces": (
        frame(TEXT, b'{"type":"\xc3', fin=False) + frame(CONTINUATION, b'"}'),
        1007,
    ),
    "invalid UTF-8, then sound frames": (frame(TEXT, b"\xff") + frame(TEXT, SOUND) * 20, 1007),
    "unmasked": (frame(TEXT, SOUND, masked=False), 1002),
    "first reserved bit (compressed)": (frame(TEXT, SOUND, reserved=4), 1002),
    "second reserved bit": (frame(TEXT, SOUND, reserved=2), 1002),
    "third reserved bit": (frame(TEXT, SOUND, reserved=1), 1002),
    "all reserved bits": (frame(TEXT, SOUND, reserved=7), 1002),
    "reserved opcode": (frame(0x3, SOUND), 1002),
    "reserved control opcode": (frame(0xB), 1002),
    "continuation of nothing": (frame(CONTINUATION, SOUND), 1002),
    "new message within a message": (frame(TEXT, SOUND, fin=False) + frame(TEXT, SOUND), 1002),
    "ping in pieces": (frame(PING, b"", fin=False), 1002),
    "ping of 126 bytes": (frame(PING, b"a" * 126), 1002),
    "close of one byte": (frame(CLOSE, b"\x03"), 1002),
    "close with a reserved code": (frame(CLOSE, (1005).to_bytes(2, "big")), 1002),
    "close with a reason that is not UTF-8": (frame(CLOSE, b"\x03\xe8\xff"), 1007),
    "orderly close": (frame(CLOSE, (1000).to_bytes(2, "big")), 1000),
    "announced 17 MiB, nothing sent": (frame(TEXT, announced=17 << 20), 1009),
    "announced 2^63 - 1": (frame(TEXT, announced=(1 << 63) - 1), 1009),
    "one byte over 32 KiB": (frame(TEXT, b"a" * (LIMIT + 1)), 1009),
    "pieces of more than 32 KiB together": (
        frame(TEXT, b"a" * (LIMIT // 2), fin=False) + frame(CONTINUATION, b"a" * (LIMIT // 2 + 1)),
        1009,
    ),
    "257 pieces": (pieces(257), 1009),
    "300 empty pieces": (pieces(300, b""), 1009),
    "binary": (frame(BINARY, SOUND), 1003),
    "binary in pieces": (frame(BINARY, SOUND, fin=False) + frame(CONTINUATION), 1003),
    "256 pieces": (pieces(256), "bad_frame"),
    "exactly 32 KiB": (frame(TEXT, SOUND.ljust(LIMIT)), "bad_frame"),
    "pieces with a ping between them": (
        frame(TEXT, SOUND[:5], fin=False) + frame(PING, b"there?") + frame(CONTINUATION, SOUND[5:]),
        "bad_frame",
    ),
}

MANY_PIECES = pieces(20_000, b"")
"""Outcome: 1009, with less than 50 ms of the server's processor."""

EXTENSIONS = (
    "permessage-deflate",
    "permessage-deflate; client_max_window_bits; server_no_context_takeover",
    "x-webkit-deflate-frame",
    "permessage-deflate, permessage-bzip2",
)
"""Outcome: none is ever agreed on, because sizes would tell what was said."""

SUBPROTOCOLS: Mapping[str | None, str | None] = {
    None: None,
    "other": None,
    "jourchatt.v2": None,
    "JOURCHATT.V1": None,
    "x, jourchatt.v1": "jourchatt.v1",
}
"""What is offered, and what is agreed on."""
