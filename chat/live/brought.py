# SPDX-License-Identifier: EUPL-1.2
"""What a step of a conversation brings along, to be stored in its transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chat.conversation import Conversation
from chat.counted import Count
from chat.errors import NotNow, WrongCode
from chat.live.room import Room, Seat
from chat.ports import Alongside, Rekeyed


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """See the module. Most steps bring nothing."""

    text: str = ""
    """What a question to her, or her answer to it, says."""
    alongside: Sequence[Alongside] = ()
    """What another room stores with it."""
    counts: Sequence[Count] = ()
    """What it adds to counters beside what the step itself does."""
    rekeyed: Rekeyed | None = None
    """Other keys from then on."""
    instead_of: bytes | None = None
    """Only while this is what her code is found by: of two who come with one code, one is too late."""
    seat: Seat | None = None
    """Only while she sits here: somebody may have come in with her code, in another process."""
    word: bytes | None = None
    """The agreed word, sealed."""


NOTHING = Brought()


def check(room: Room, brought: Brought) -> None:
    """Return when a step may still bring this. Called under the room's lock, each time that it is tried.

    Raises:
        WrongCode: another code counts by now. NotNow: another connection sits there now.
    """
    found_by = room.return_key.lookup if room.return_key is not None else None
    if brought.instead_of not in {None, found_by}:
        raise WrongCode
    if brought.seat is not None and room.visitor is not brought.seat:
        raise NotNow


def rekeyed(room: Room, after: Conversation, brought: Brought) -> Rekeyed | None:
    """Return the keys that a step changes: a code that the conversation has no more opens nothing either."""
    is_over = after.code_until is None and room.return_key is not None
    return Rekeyed(None) if is_over else brought.rekeyed
