# SPDX-License-Identifier: EUPL-1.2
"""The frames about coming back: a code of hers, and the word that shows that it is she, as types.

Part of the union in `web/visitor/frames.py`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Typed = Annotated[str, Meta(max_length=400)]
"""A code however it is typed."""
WordTyped = Annotated[str, Meta(max_length=64)]


class AskReturnCode(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="ask_return_code"):
    """She wants a code to come back with, in the place of the one that she may have.

    Once somebody has answered her; before that, `nack not_now`.
    """


class DropReturnCode(
    Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="drop_return_code"
):
    """She wants no code any more."""


class ComeBack(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="come_back"):
    """Come in with a code, as the first frame; entries after `after` follow.

    A code that opens nothing, for whatever reason: `nack wrong_code`, and the socket stays; the third one on
    a socket closes it (4029).
    """

    code: Typed
    nonce: Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{22}\\Z")] | None = None
    """Random, and the page's own for this code: a page that has heard no answer may send the same frame again
    on another socket, for two minutes."""
    after: Annotated[int, Meta(ge=-(2**53), le=2**53)] = 0
    interface: Annotated[str, Meta(min_length=2, max_length=16, pattern="^[A-Za-z-]+\\Z")] | None = None
    """The language of her page."""


class ChooseWord(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="choose_word"):
    """The word that she has chosen; none if she wants none."""

    word: WordTyped | None = None


class TellWord(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="tell_word"):
    """The word that was agreed on; none if she does not tell it."""

    word: WordTyped | None = None


class ReturnCode(Struct, frozen=True, omit_defaults=True, tag_field="type", tag="return_code"):
    """Her code from now on: shown this once. Without words: no code opens this conversation any more."""

    words: str | None = None


class WordWanted(Struct, frozen=True, tag_field="type", tag="word"):
    """She is asked to `choose` a word, or to `tell` the one that was agreed on, or nothing any more.

    `heard`: it has come; what came of it is told to the operator alone. `no_more`: it was taken back.
    """

    step: Literal["choose", "tell", "heard", "no_more"]
