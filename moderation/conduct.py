# SPDX-License-Identifier: EUPL-1.2
"""Whether words are aimed at the volunteer who reads them, and whether the same text comes again and again.

Owns what counts as aimed: spoken to "you", and nobody's words but the writer's own. Swearing about what
happened, what somebody said to her and anger at herself are hers to write. Must not know the conversation or
who writes; whoever calls holds `Repeats`, and gives it digests, never words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from moderation.phrases import Rules, Seen, after, around, before
from moderation.reading import Reading

KINDS: Final = ("aimed",)
"""The key of a group in the lists, see docs/phrase-lists.md."""

GRAVEST: Final = "threat"
"""The group that is named where several are found."""

MOST_SAID: Final = 3
"""So often the same longer text may come within `WITHIN`; the next time is one too many."""
SHORT: Final = 20
"""Characters. Whoever writes "help" ten times is no spammer."""
WITHIN: Final = timedelta(minutes=2)

_REPORTED: Final = 14
"""How many words after "he said" are still what he said."""
_SAID_AFTER: Final = 3
"""How many words before "he said" are, too."""


def harassment_in(reading: Reading, rules: Rules) -> str | None:
    """Return why a text is harassment of whoever reads it: the gravest group's code; None when it is not."""
    seen = rules.seen(reading)
    if seen is None:
        return None
    own: int | None = None
    found: str | None = None
    for group, mask in seen.groups():
        if own is None:
            own = ~_of_others(seen)
        if mask & own:
            if group.name == GRAVEST:
                return group.name
            found = found or group.name
    return found


def _of_others(seen: Seen) -> int:
    """Return the places of words that are somebody else's, or are about somebody else."""
    said = seen.mask("said")
    return (
        after(said, _REPORTED)
        | before(said, _SAID_AFTER)
        | around(seen.mask("about"), _SAID_AFTER)
        | _quoted(seen.mask("quote"))
    )


def _quoted(marks: int) -> int:
    """Return the places between quotation marks; one that is never closed quotes nothing."""
    quoted, start = 0, None
    while marks:
        place = marks & -marks
        marks ^= place
        if start is None:
            start = place
        else:
            quoted |= place - start
            start = None
    return quoted


@dataclass(frozen=True, slots=True)
class Repeats:
    """What was said lately in one conversation: at most `MOST_SAID` digests of one text, and when.

    Bounded: only the text that came last is remembered. Silence is never spam, and the caller gives no short
    texts: whoever writes "help" ten times is no spammer.
    """

    digest: bytes = b""
    times: tuple[datetime, ...] = ()

    def said(self, digest: bytes, now: datetime) -> tuple[Repeats, bool]:
        """Take a text in by its digest; True when it is the same once too often within two minutes."""
        if digest != self.digest:
            return Repeats(digest, (now,)), False
        lately = tuple(time for time in self.times if now - time < WITHIN)
        return replace(self, times=(*lately, now)[-MOST_SAID:]), len(lately) >= MOST_SAID
