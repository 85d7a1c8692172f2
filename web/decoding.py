# SPDX-License-Identifier: EUPL-1.2
"""From the bytes of a peer to one frame of a known type, or a refusal.

Owns the checks that no type expresses. Knows no frame of either side.
"""

from __future__ import annotations

import contextlib
import json
import re
from typing import Final, Generic, TypeVar

import msgspec

T = TypeVar("T")

_CLIENT_ID: Final = re.compile(r"[A-Za-z0-9_-]{22}")
_CONVERSATION: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NOT_READ: Final = (msgspec.MsgspecError, RecursionError, UnicodeError, OverflowError)


class BadFrame(Exception):
    """The text is not one of the frames that this side may send.

    Carries nothing of what was sent but what the refusal must name, so that the sender knows what it was.
    """

    def __init__(self, client_id: str | None = None, conversation: str | None = None) -> None:
        super().__init__()
        self.client_id = client_id
        self.conversation = conversation


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
        except _NOT_READ:
            frame = self._of_the_last_type(text)
        if "\\u0000" in text and _has_null(msgspec.to_builtins(frame)):
            raise _bad(_object(text)[0])
        return frame

    def _of_the_last_type(self, text: str) -> T:
        """Read a frame that names several types as one of the last, as with any other doubled key."""
        value, types = _object(text)
        if types > 1:
            with contextlib.suppress(*_NOT_READ):
                return self._decoder.decode(msgspec.json.encode(value))
        raise _bad(value) from None


def _object(text: str) -> tuple[dict[str, object], int]:
    """Return the object that a text spells, or an empty one, and how often it names its type."""
    types = 0

    def read(pairs: list[tuple[str, object]]) -> dict[str, object]:
        nonlocal types
        types = sum(name == "type" for name, _ in pairs)  # the outermost object comes last
        return dict(pairs)

    try:
        value = json.loads(text, object_pairs_hook=read)
    except (ValueError, RecursionError):
        return {}, 0
    return (value, types) if isinstance(value, dict) else ({}, 0)


def _bad(frame: dict[str, object]) -> BadFrame:
    return BadFrame(_named(frame, "id", _CLIENT_ID), _named(frame, "conversation", _CONVERSATION))


def _named(frame: dict[str, object], field: str, form: re.Pattern[str]) -> str | None:
    value = frame.get(field)
    return value if isinstance(value, str) and form.fullmatch(value) else None


def _has_null(value: object) -> bool:
    if isinstance(value, dict):
        return any(_has_null(part) for part in value.values())
    if isinstance(value, list):
        return any(_has_null(part) for part in value)
    return isinstance(value, str) and "\x00" in value
