# SPDX-License-Identifier: EUPL-1.2
"""What she asks for about coming back: a code of hers, and the word that shows that it is she.

Owns how often she may ask for a code. Decides nothing else: the chat does.
"""

from __future__ import annotations

from typing import assert_never

from chat.errors import TooManyTries
from chat.live import agreeing
from chat.live.visitors import VisitorSeat
from web.house import House
from web.visitor.returning_frames import AskReturnCode, ChooseWord, DropReturnCode, TellWord

Asked = AskReturnCode | DropReturnCode | ChooseWord | TellWord
"""What somebody who has a seat may ask for."""


async def answer(house: House, seat: VisitorSeat, asked: Asked) -> None:
    """Do what she asks for.

    Raises:
        TooManyTries: too many codes in a row. And what `chat/live/codes.py` and `agreeing.py` say.
    """
    match asked:
        case AskReturnCode():
            if not house.limits.may_answer(seat.room.id):
                raise TooManyTries
            async with house.limits.making_turn(seat.room.id):
                await house.chat.codes.give(seat)
        case DropReturnCode():
            await house.chat.codes.drop(seat)
        case ChooseWord(word=word):
            await agreeing.choose(house.chat.visitors, seat, word)
        case TellWord(word=word):
            await agreeing.tell(house.chat.visitors, seat, word)
        case _:
            assert_never(asked)
