# SPDX-License-Identifier: EUPL-1.2
"""From the bytes of a peer to one frame of a known type, or a refusal.

Owns the checks that no type expresses. Knows no frame of either side.
"""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")


class BadFrame(Exception):
    """The text is not one of the frames that this side may send. Carries nothing of what was sent."""


class FrameDecoder(Generic[T]):
    """Reads one side's frames."""

    def __init__(self, union: object) -> None:
        self._decoder: msgspec.json.Decoder[T] = msgspec.json.Decoder(union)

    def decode(self, text: str) -> T:
        """Return the frame that `text` spells.

        Raises:
            BadFrame: for everything else, also null characters, lone surrogates and bottomless nesting.
        """
        try:
            frame = self._decoder.decode(text)
        except (msgspec.MsgspecError, RecursionError, UnicodeError):
            raise BadFrame from None
        if "\\u0000" in text and _has_null(msgspec.to_builtins(frame)):
            raise BadFrame
        return frame


def _has_null(value: object) -> bool:
    if isinstance(value, dict):
        return any(_has_null(part) for part in value.values())
    if isinstance(value, list):
        return any(_has_null(part) for part in value)
    return isinstance(value, str) and "\x00" in value
