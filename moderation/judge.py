# SPDX-License-Identifier: EUPL-1.2
"""Judging one message: what may be stored of it, what staff shall see about it, and why.

Owns the order: identity data first, then danger, then conduct; the highest verdict stands, and every one says
its reason. A judge is one service's: its policy, and the rules in every language. Keeps nothing of what it
judges. Must not know the conversation, or who writes beyond their side.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from moderation.conduct import GRAVEST, SHORT, harassment_in
from moderation.danger import Danger, Subject, danger_in
from moderation.identity import Span, identity_in
from moderation.identity_rules import IdentityRules
from moderation.phrases import Rules
from moderation.policy import Policy, of_operator
from moderation.reading import Reading
from moderation.verdict import Judgement, Kind, Verdict

ROUNDS: Final = 3
"""So often something is taken out of a text; each time but the last it is looked at again."""

_BRACKETS: Final = re.compile(r"\[[^][]{1,40}\]")
_NO_MASKS: Mapping[str, Mapping[Kind, str]] = {}


class Judge(Struct, frozen=True, kw_only=True):
    """See the module. Without rules a judge finds nothing and allows everything."""

    policy: Policy = Policy()
    identity: IdentityRules | None = None
    danger: Rules | None = None
    conduct: Rules | None = None
    masks: Mapping[str, Mapping[Kind, str]] = _NO_MASKS
    """What stands in the place of each kind, by language; the first language is for those that have none."""
    harms: bool = False
    """Whether whoever writes may be about to harm somebody: the perpetrator track."""

    def of_visitor(self, text: str, *, language: str, keep: bool = False) -> Judgement:
        """Judge what a visitor writes. `keep`: what is found may stay, she has said so."""
        reading = Reading(text)
        seen = self._seen(reading)
        spans = () if keep else self._found(reading)
        if not spans:
            return seen
        verdict = max(self.policy.of_visitor(Kind(span.kind)) for span in spans)
        stored, masked = self._without(text, spans, language)
        return replace(
            seen,
            text=stored,
            verdict=max(verdict, seen.verdict),
            reasons=_reasons(spans) + seen.reasons,
            masked=masked,
        )

    def _without(self, text: str, spans: tuple[Span, ...], language: str) -> tuple[str, tuple[Kind, ...]]:
        """Return a text without what must not stay, and the kinds of that.

        It is looked at again when something was taken out: what stood beside it may be seen only now.
        """
        kinds: dict[Kind, None] = {}
        for left in reversed(range(ROUNDS)):
            masked = [span for span in spans if self.policy.of_visitor(Kind(span.kind)) is Verdict.MASK]
            if not masked:
                break
            kinds |= dict.fromkeys(Kind(span.kind) for span in masked)
            text = self._masked(text, masked, language)
            spans = self._found(Reading(text)) if left else ()
        return text, tuple(kinds)

    def of_operator(self, text: str) -> Judgement:
        """Judge what an operator writes: said as it stands, or refused."""
        spans = tuple(
            span for span in self._found(Reading(text)) if of_operator(Kind(span.kind)) is Verdict.REFUSE
        )
        return Judgement(
            text=text, verdict=Verdict.REFUSE if spans else Verdict.ALLOW, reasons=_reasons(spans)
        )

    def again(self, text: str) -> Judgement:
        """Judge what is stored already, for whoever reads it anew: danger, conduct, what was taken out."""
        return self.with_masks(self._seen(Reading(text)))

    def with_masks(self, judgement: Judgement) -> Judgement:
        """Return a judgement that names every mask in its text: also those that her page has put there."""
        if "[" not in judgement.text:
            return judgement
        kinds = dict.fromkeys(kind for _, kind in self._masks_in(judgement.text))
        return replace(judgement, masked=tuple(kinds))

    def counts(self, judgement: Judgement) -> bool:
        """Tell whether it matters that a message comes again: short cries and danger may always come."""
        return self.policy.shield and len(judgement.text) >= SHORT and judgement.danger is None

    def _found(self, reading: Reading) -> tuple[Span, ...]:
        """Return what is found, but not what a mask speaks of: "[telefonnummer]" is no number.

        Only what lies wholly within a mask: whoever puts one into an address has still written an address.
        """
        if self.identity is None:
            return ()
        spans = identity_in(reading, self.identity)
        if not spans or "[" not in reading.text:
            return spans
        taken = [place for place, _ in self._masks_in(reading.text)]
        return tuple(
            span for span in spans if not any(start <= span.start and span.end <= end for start, end in taken)
        )

    def _masks_in(self, text: str) -> Iterator[tuple[tuple[int, int], Kind]]:
        """Yield where masks stand in a text, in whatever language, and what they stand for."""
        kinds = {f"[{word}]": kind for words in self.masks.values() for kind, word in words.items()}
        for found in _BRACKETS.finditer(text):
            if (kind := kinds.get(found[0])) is not None:
                yield found.span(), kind

    def _seen(self, reading: Reading) -> Judgement:
        cover = (
            harassment_in(reading, self.conduct) if self.conduct is not None and self.policy.shield else None
        )
        danger = self._danger(reading, threatens=cover == GRAVEST)
        reasons = () if danger is None else (f"danger.{danger.level}.{danger.reason}",)
        return Judgement(
            text=reading.text,
            verdict=Verdict.ALLOW if cover is None else Verdict.COVER,
            reasons=reasons if cover is None else (*reasons, f"conduct.{cover}"),
            danger=danger,
            cover=cover,
        )

    def _danger(self, reading: Reading, *, threatens: bool) -> Danger | None:
        """Return what danger is told of; what somebody threatens the reader with is no danger of theirs."""
        if self.danger is None or not self.policy.danger:
            return None
        if threatens:
            told = danger_in(reading, self.danger)
            return told if told is not None and told.subject is Subject.VISITOR else None
        return danger_in(reading, self.danger, harms=self.harms)

    def _masked(self, text: str, spans: Sequence[Span], language: str) -> str:
        masks = (
            self.masks.get(language)
            or self.masks.get(language.partition("-")[0])
            or next(iter(self.masks.values()), {})
        )
        parts: list[str] = []
        place = 0
        for span in spans:
            parts += (text[place : span.start], f"[{masks.get(Kind(span.kind), span.kind)}]")
            place = span.end
        return "".join([*parts, text[place:]])


def _reasons(spans: tuple[Span, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"identity.{span.kind}" for span in spans))


def repeated(judgement: Judgement) -> Judgement:
    """Return a judgement of what has come too often: it is covered."""
    reasons = (*judgement.reasons, "conduct.repeated")
    verdict = max(judgement.verdict, Verdict.COVER)
    return replace(judgement, verdict=verdict, reasons=reasons, cover=judgement.cover or "repeated")
