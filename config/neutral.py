# SPDX-License-Identifier: EUPL-1.2
"""Finds words that say what the chat is about, where somebody else may read them.

A browser shows titles and addresses in tabs, history and the app switcher. Owns the list of such words.
"""

from __future__ import annotations

import re

_TELLING = re.compile(
    r"jour(?!nal)|kvinno|tjej|ungdomsj|v[åa]ld(?=$|[^a-zåäö]|s|et)|misshand|[öo]vergrepp|f[öo]r[öo]var|utsatt"
    r"|fridslin|heder(?!lig)|skyddat|violen|abus|assault|rape|victim|survivor|shelter|refuge|women|girls",
    re.IGNORECASE,
)


def telling_word(text: str) -> str | None:
    """Return the first part of `text` that names violence or a jour, or None."""
    found = _TELLING.search(text)
    return found.group() if found else None
