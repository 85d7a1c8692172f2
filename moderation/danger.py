# SPDX-License-Identifier: EUPL-1.2
"""Whether a text tells of danger, so that a volunteer sees it: now, or serious though not now.

Owns what the groups of phrases mean, and what time, reports and stories do to them. It blocks nothing, scores
nothing and stores nothing; a person decides. Must not know the conversation, its service or its track.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec

from moderation.phrase_lists import Group
from moderation.phrases import Rules, Seen, after, around
from moderation.reading import Reading

KINDS: Final = ("acute", "threat", "soon", "concern", "lasting")
"""The keys of a group in the lists, see docs/phrase-lists.md."""

_NEVER_ACUTE: Final = frozenset({"concern", "lasting"})
"""They come last, so nothing worse follows."""


class Level(StrEnum):
    """How near it is."""

    ACUTE = "acute"
    CONCERN = "concern"


class Subject(StrEnum):
    """Who is in danger."""

    VISITOR = "visitor"
    """She, or somebody with her."""
    SELF = "self"
    """She by her own hand."""
    OTHER = "other"
    """Somebody else, by the hand of whoever writes."""


class Danger(msgspec.Struct, frozen=True):
    """What a text tells of. `reason`: the stable code of the phrases' group."""

    level: Level
    subject: Subject
    reason: str


_NEAR: Final = 5
"""How many words a word of time reaches when it says that something is now."""
_FAR: Final = 8
"""How many words reach a word of the past, and what somebody said."""
_SCENE: Final = 14
"""How many words a film, a dream or a school task reaches."""


class _Times:
    """What stands around a phrase: when it was, who said it, whether it happened at all.

    Some of it is worked out when it is asked for: most phrases ask for little.
    """

    __slots__ = ("_long_ago", "_seen", "_unreal")

    def __init__(self, seen: Seen) -> None:
        self._seen = seen
        self._long_ago = around(seen.mask("long_ago"), _FAR)
        scene = seen.mask("scene")
        if scene:
            scene = around(scene, _SCENE) & ~around(seen.mask("earnest"), _FAR)
        self._unreal = scene | after(seen.mask("if"), _FAR)

    def _now(self) -> int:
        return around(self._seen.mask("now"), _NEAR)

    def _past(self) -> int:
        past = self._seen.mask("past")
        return around(past, _FAR) & ~self._now() if past else 0

    def _said(self) -> int:
        said = self._seen.mask("said")
        return after(said, _FAR) & ~self._now() if said else 0

    def level(self, kind: str, mask: int) -> Level | None:
        """Return how near what ends at `mask` is."""
        if kind != "lasting":
            mask &= ~self._long_ago
        mask &= ~self._unreal
        if not mask:
            return None
        if kind == "acute":
            near = mask & ~self._past()
        elif kind == "threat":
            near = mask & ~self._past() & ~self._said()
        elif kind == "soon":
            near = mask & self._now()
        else:
            near = 0
        return Level.ACUTE if near else Level.CONCERN


def danger_in(reading: Reading, rules: Rules, *, harms: bool = True) -> Danger | None:
    """Return the worst that a text tells of; None when it tells of no danger.

    `harms`: whoever writes may be about to harm somebody. If not, what sounds so is still danger, after all
    that tells of her own: whose it is is guessed from few words, and "he breaks the door" must not be lost
    for it.
    """
    seen = rules.seen(reading)
    if seen is None:
        return None
    times: _Times | None = None
    worst: Danger | None = None
    guessed: Danger | None = None
    for group, mask in seen.groups():
        if (guessed or worst) is not None and group.kind in _NEVER_ACUTE:
            break
        times = times or _Times(seen)
        level = times.level(group.kind, mask)
        if level is None:
            continue
        danger = _danger(level, group, harms=harms)
        if level is not Level.ACUTE:
            worst = worst or danger
        elif harms or not group.name.startswith(Subject.OTHER):
            return danger
        else:
            guessed = guessed or danger
    return guessed or worst


def _danger(level: Level, group: Group, *, harms: bool) -> Danger:
    subject, _, reason = group.name.partition("-")
    whose = Subject(subject)
    return Danger(level, whose if harms or whose is not Subject.OTHER else Subject.VISITOR, reason)
