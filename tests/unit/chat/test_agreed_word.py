# SPDX-License-Identifier: EUPL-1.2
"""The agreed word: how it is compared, and that it is not told wrong for ever."""

from __future__ import annotations

import pytest

from chat import commands
from chat.catalogue import Deadlines
from chat.conversation import Conversation, Phase
from chat.errors import NotNow
from chat.moves.agreed_word import TRIES, plain
from chat.parts import Word, WordState
from chat.transitions import receive
from tests.unit.chat.making import NOON, A, a_conversation, minutes

LATER = NOON + minutes(60)
UNSEEN = ["blå\u200bbär", "blåbär\u200f", "\u2067blå\u200dbär\u2069\ufeff", "blåbär\ufe0f", "blå\u00adbär"]
"""What keyboards put in by themselves, and nobody sees."""


@pytest.mark.parametrize(
    "typed", ["Blåbär", "blåbär", "  BLÅBÄR ", "bla\u030aba\u0308r", "blå bär", "Blå\u00a0\nbär", *UNSEEN]
)
def test_word_is_the_same_however_it_is_typed(typed: str) -> None:
    """Capitals, spaces and the way in which å and ä are composed do not matter."""
    assert plain(typed) == "blåbär"


@pytest.mark.parametrize(("one", "other"), [("blåbär", "blabar"), ("hus", "huset"), ("ett", "två")])
def test_another_word_is_another_word(one: str, other: str) -> None:
    """Nothing else is forgiven."""
    assert plain(one) != plain(other)


def test_joined_letters_are_the_letters() -> None:
    """A ligature, wide letters, and presentation forms of Arabic."""
    assert plain("\ufb01n") == plain("fin")
    assert plain("\uff46\uff49\uff4e") == plain("fin")
    assert plain("\ufefb") == plain("\u0644\u0627")


@pytest.mark.parametrize("typed", ["", "   ", "\u00a0\n\t", "\u200b", "\u200f \ufe0f"])
def test_nothing_is_no_word(typed: str) -> None:
    """Spaces alone are none."""
    assert not plain(typed)


def _asked(wrong: int) -> Conversation:
    word = Word(WordState.AGREED, wrong)
    return a_conversation(phase=Phase.ACTIVE, operator=A, alias="Alma", word=word, code_until=LATER)


def test_word_is_told_wrong_so_often_and_no_more() -> None:
    """After the last wrong one it cannot be asked for; a right one and a skipped one cost nothing."""
    state = _asked(0)
    for came_of_it in (WordState.MATCHED, WordState.SKIPPED, *[WordState.DIFFERED] * TRIES):
        state, _ = receive(state, commands.AskForWord(A), NOON, Deadlines())
        state, _ = receive(state, commands.TellWord(came_of_it), NOON, Deadlines())
    assert state.word == Word(WordState.DIFFERED, TRIES)
    with pytest.raises(NotNow):
        receive(state, commands.AskForWord(A), NOON, Deadlines())
    state, _ = receive(state, commands.ComeBack(LATER), NOON, Deadlines())
    with pytest.raises(NotNow):
        receive(state, commands.AskForWord(A), NOON, Deadlines())
