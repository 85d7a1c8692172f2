# SPDX-License-Identifier: EUPL-1.2
"""The word that she and her operator have agreed on, so that nobody else can come back in her place.

Owns where it stands (`Word`), the moves about it, and how two tellings of it are compared. The word itself
is no part of the state: it is sealed beside it, and no move ever shows it.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime

from msgspec.structs import replace

from chat import commands, events
from chat.catalogue import Deadlines
from chat.conversation import Conversation, Moved
from chat.errors import NotNow
from chat.parts import TOLD, Word, WordState

TRIES = 3
"""So often another word than hers may be told: whoever guesses is not asked for ever."""

LONGEST = 64
"""Code points of a word, as it is typed."""


_STYLES = frozenset({"\ufe0e", "\ufe0f"})
"""A sign as text or as a picture: the keyboard chooses."""


_THERE_IS_ONE = TOLD | {WordState.AGREED}


def offer(state: Conversation, command: commands.OfferWord, now: datetime, deadlines: Deadlines) -> Moved:
    """Ask her to choose a word. Not a second one: whoever is there then may be somebody else."""
    state.check_held_by(command.duty)
    if state.word is not None and state.word.state is not WordState.DECLINED:
        raise NotNow
    return _moved(state, Word(WordState.OFFERED))


def take_back(
    state: Conversation, command: commands.TakeBackWord, now: datetime, deadlines: Deadlines
) -> Moved:
    """Ask her no more to choose one. What she has chosen stands: it is hers."""
    state.check_held_by(command.duty)
    if state.word is None or state.word.state is not WordState.OFFERED:
        raise NotNow
    return _moved(state, None)


def choose(state: Conversation, command: commands.ChooseWord, now: datetime, deadlines: Deadlines) -> Moved:
    """She has chosen one, or wants none."""
    if state.word is None or state.word.state is not WordState.OFFERED:
        raise NotNow
    return _moved(state, Word(WordState.AGREED if command.chosen else WordState.DECLINED))


def ask(state: Conversation, command: commands.AskForWord, now: datetime, deadlines: Deadlines) -> Moved:
    """Ask for it, as long as it has not been told wrong too often."""
    state.check_held_by(command.duty)
    word = state.word
    if word is None or word.state not in _THERE_IS_ONE or word.wrong >= TRIES:
        raise NotNow
    return _moved(state, replace(word, state=WordState.ASKED))


def tell(state: Conversation, command: commands.TellWord, now: datetime, deadlines: Deadlines) -> Moved:
    """Whoever is there has told one, or would not."""
    word = state.word
    if word is None or word.state is not WordState.ASKED:
        raise NotNow
    wrong = word.wrong + (command.came_of_it is WordState.DIFFERED)
    return _moved(state, Word(command.came_of_it, wrong))


def is_in_doubt(word: Word | None) -> bool:
    """Tell whether it is open who is there: the word is asked for, or was told wrong and not right since."""
    if word is None:
        return False
    return word.state is WordState.ASKED or (word.wrong > 0 and word.state is not WordState.MATCHED)


def after_return(word: Word | None) -> Word | None:
    """Return where it stands once somebody has come in with her code.

    What was told before says nothing of them, and what she was only asked to choose is not theirs to choose.
    What is asked is still asked: coming in once more is no way round it.
    """
    if word is None or word.state is WordState.OFFERED:
        return None
    if word.state in {WordState.DECLINED, WordState.ASKED}:
        return word
    return replace(word, state=WordState.AGREED)


def plain(word: str) -> str:
    """Return the one form of a word however it is typed: capitals, spaces and composed letters do not matter.

    Nor does what nobody sees: keyboards put in joiners, marks of direction and joined letters by themselves.
    Empty when nothing is left of it.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold())
    seen = (each for each in folded if unicodedata.category(each) != "Cf" and each not in _STYLES)
    return "".join("".join(seen).split())


def _moved(state: Conversation, word: Word | None) -> Moved:
    return replace(state, word=word), (events.WordMoved(),)
