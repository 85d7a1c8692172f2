# SPDX-License-Identifier: EUPL-1.2
"""A judge for tests: the rules as they come, one policy or another."""

from __future__ import annotations

from config.identity import identity_source, read_identity
from config.phrases import shipped
from moderation.judge import Judge
from moderation.policy import Policy
from moderation.verdict import Kind

IDENTITY = read_identity()
DANGER, CONDUCT = shipped()
MASKS = {
    language: {Kind(kind): word for kind, word in words.items()}
    for language, words in identity_source()["masks"].items()
}


def a_judge(policy: Policy | None = None, *, harms: bool = False) -> Judge:
    """Return a judge that looks for everything."""
    return Judge(
        policy=policy or Policy(), identity=IDENTITY, danger=DANGER, conduct=CONDUCT, masks=MASKS, harms=harms
    )
