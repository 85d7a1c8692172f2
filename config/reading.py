# SPDX-License-Identifier: EUPL-1.2
"""Reads the `[[services.ID.reading]]` tables: what somebody who waits may read.

Owns how much of it there may be. Must not know where it is shown.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from config.site import ReadingPiece
from config.table import Table

MOST: Final = 10
"""More would be a library: whoever waits has a few minutes and little calm."""
LONGEST_TITLE: Final = 80
LONGEST_TEXT: Final = 2_000
"""Characters: about two minutes of reading."""


def read_reading(table: Table, language: str, languages: Collection[str]) -> tuple[ReadingPiece, ...]:
    """Return the pieces of one service, in order; what is wrong with them is noted there.

    `language` is the service's own, in which each must be; `languages` are all that it answers in.
    """
    pieces = []
    for inner in table.listed_tables("reading"):
        piece = ReadingPiece(title=inner.texts("title", language), text=inner.texts("text", language))
        inner.finish()
        _check(piece, languages, inner)
        pieces.append(piece)
    if len(pieces) > MOST:
        table.mistake("reading", f"There are {len(pieces)} of them.", f"Choose the {MOST} that help most.")
    return tuple(pieces)


def _check(piece: ReadingPiece, languages: Collection[str], table: Table) -> None:
    for key, texts, most in (("title", piece.title, LONGEST_TITLE), ("text", piece.text, LONGEST_TEXT)):
        for code, text in texts.items():
            if len(text) > most:
                table.notes.mistake(
                    f"{table.at(key)}.{code}",
                    f"The text in “{code}” has {len(text)} characters.",
                    f"Write at most {most}, or make two pieces of it.",
                )
        for code in languages:
            if texts and code not in texts:
                table.warning(
                    key,
                    f"The text is missing in “{code}”, which the service says it speaks.",
                    f'Add {key}.{code} = "...", or take "{code}" out of languages.',
                )
