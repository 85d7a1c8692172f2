# SPDX-License-Identifier: EUPL-1.2
"""Which alias of a shift she may be shown: a name that can be seen, and that changes nothing around it.

Pure. Knows no duty.
"""

from __future__ import annotations

import unicodedata

from chat.errors import NotAllowed

_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp"})


def fit_alias(text: str | None) -> str:
    """Return the alias without spaces around it.

    Raises:
        NotAllowed: no letter or digit in it, or a control or format character, such as one that turns the
            direction of writing.
    """
    alias = (text or "").strip()
    if not any(char.isalnum() for char in alias) or any(
        unicodedata.category(char) in _UNSEEN for char in alias
    ):
        raise NotAllowed
    return alias
