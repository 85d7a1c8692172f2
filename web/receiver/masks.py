# SPDX-License-Identifier: EUPL-1.2
"""The words in brackets that stand where something was taken out of what was sent.

Pure: knows the words alone, in every language, and no ticket's history.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from config.identity import identity_source
from handover.items import Content

_BRACKETS: Final = re.compile(r"\[[^\[\]]{1,40}\]")


def first_in(content: Content) -> str:
    """Return the first of these words in a content, such as `[telefonnummer]`; empty: there is none."""
    texts = [text for _, text in content.texts()] + [message.text for message in content.messages]
    found = (each for text in texts for each in _BRACKETS.findall(text))
    return next((each for each in found if each in _known()), "")


@cache
def _known() -> frozenset[str]:
    return frozenset(f"[{word}]" for words in identity_source()["masks"].values() for word in words.values())
