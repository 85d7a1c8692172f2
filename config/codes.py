# SPDX-License-Identifier: EUPL-1.2
"""The words that codes are made of.

Owns reading `config/code_words.txt`: 2,048 Swedish words of our own, without å, ä and ö, none of which
begins another or is one slip of a finger from it, none an insult in a language that is spoken here, and
none that our own pages say. A word that is changed makes every code with it useless.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).with_name("code_words.txt")


@cache
def code_words() -> tuple[str, ...]:
    """Return the words in the order of the file."""
    return tuple(_FILE.read_text(encoding="utf-8").split())
