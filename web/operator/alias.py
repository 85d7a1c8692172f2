# SPDX-License-Identifier: EUPL-1.2
"""Which alias of a shift she may be shown: a name that can be seen, and that changes nothing around it.

Pure. Knows no duty.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from chat.errors import NotAllowed, TellsWho
from moderation.judge import Judge
from moderation.verdict import Verdict

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_MARKS = re.compile("M{9}")
"""So many no script puts on one letter (Hebrew and Tibetan: four or five); they would cover the page."""


def fit_alias(text: str | None, judges: Iterable[Judge] = ()) -> str:
    """Return the alias without spaces around it.

    Raises:
        TellsWho: one of the judges sees a number, an address or a link in it.
        NotAllowed: no letter or digit in it, a control or format character, such as one that turns the
            direction of writing, or a pile of marks.
    """
    alias = (text or "").strip()
    kinds = [unicodedata.category(char) for char in alias]
    if not any(char.isalnum() for char in alias) or not _UNSEEN.isdisjoint(kinds):
        raise NotAllowed
    if _MARKS.search("".join(kind[0] for kind in kinds)):
        raise NotAllowed
    if any(judge.of_operator(alias).verdict is Verdict.REFUSE for judge in judges):
        raise TellsWho
    return alias
