# SPDX-License-Identifier: EUPL-1.2
"""Agreeing on a word, and asking for it later: is it she who has come back?

Owns the word between her page and its seal. It is sealed as what only staff may read, and read for one
comparison: nobody is ever shown it, and only whoever holds the conversation learns what came of it.
"""

from __future__ import annotations

import hmac

from chat import commands
from chat.errors import CannotUnseal, HasEnded, NotNow, NoWord
from chat.ids import Role
from chat.live.brought import Brought
from chat.live.room import Room
from chat.live.visitors import Visitors, VisitorSeat
from chat.moves import agreed_word
from chat.parts import WordState
from chat.sealing import Place

WORD = "agreed word"
"""Stands in the place of a client id in the seal of the word."""


async def choose(visitors: Visitors, seat: VisitorSeat, typed: str | None) -> None:
    """Keep the word that she has chosen; None: she wants none.

    Raises:
        NoWord: nothing is left of it, or it is too long.
        NotNow: she is not asked for one, or another connection sits here now. HasEnded. Unavailable.
    """
    visitors.check_seat(seat)
    room, rooms = seat.room, visitors.rooms
    word = _read(typed) if typed is not None else None
    async with room.lock:
        visitors.check_seat(seat)
        if room.key is None:
            raise HasEnded
        now, chance = rooms.clock.now(), rooms.randomness
        sealed = room.key.seal_staff_text(_place(room), word, now, chance) if word is not None else None
        await rooms.step(room, commands.ChooseWord(word is not None), Brought(word=sealed, seat=seat.seat))


async def tell(visitors: Visitors, seat: VisitorSeat, typed: str | None) -> None:
    """Compare what was told with the word that was agreed on; None: it was not told.

    Raises:
        NotNow: nobody asks for it, or another connection sits here now. HasEnded. Unavailable.
    """
    visitors.check_seat(seat)
    room = seat.room
    async with room.lock:
        visitors.check_seat(seat)
        told = commands.TellWord(_came_of(room, typed))
        await visitors.rooms.step(room, told, Brought(seat=seat.seat))


def _came_of(room: Room, typed: str | None) -> WordState:
    word = agreed_word.plain(typed[: agreed_word.LONGEST]) if typed is not None else ""
    if not word:
        return WordState.SKIPPED
    if room.key is None or room.word is None:
        raise NotNow
    try:
        agreed, _ = room.key.open_staff_text(_place(room), room.word)
    except CannotUnseal:
        raise NotNow from None  # damaged: it tells nothing of whoever is there
    is_same = hmac.compare_digest(agreed.encode(), word.encode())
    return WordState.MATCHED if is_same else WordState.DIFFERED


def _read(typed: str) -> str:
    word = agreed_word.plain(typed) if len(typed) <= agreed_word.LONGEST else ""
    if not word:
        raise NoWord
    return word


def _place(room: Room) -> Place:
    return room.place(0, Role.VISITOR, WORD)
