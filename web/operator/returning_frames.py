# SPDX-License-Identifier: EUPL-1.2
"""The frames about somebody who has come back: the agreed word, and letting go meanwhile, as types.

Part of the unions in `web/operator/frames.py`. There is no field here for the word itself.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

ConversationText = Annotated[str, Meta(max_length=64)]


class OfferWord(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="offer_word"):
    """Ask her to choose a word that you can ask for when she comes back. Once there is one it stands."""

    conversation: ConversationText


class TakeBackWord(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="take_back_word"):
    """Take the question about a word back, before she has answered it."""

    conversation: ConversationText


class AskWord(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="ask_word"):
    """Ask for the word that was agreed on. Three wrong ones, and it cannot be asked for any more."""

    conversation: ConversationText


class SetAside(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="set_aside"):
    """Let go of a conversation whose visitor is away and has a code: whoever is on duty then takes her."""

    conversation: ConversationText


class WordShown(Struct, frozen=True, omit_defaults=True):
    """Where the agreed word stands, never what it is. `left`: so often it can still be told wrong."""

    state: Literal["offered", "declined", "agreed", "asked", "matched", "differed", "skipped"]
    left: int


class WordStands(Struct, frozen=True, omit_defaults=True, tag_field="type", tag="word"):
    """The agreed word stands elsewhere now; without `word`: there is none."""

    conversation: str
    word: WordShown | None = None
