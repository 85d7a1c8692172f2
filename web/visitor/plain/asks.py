# SPDX-License-Identifier: EUPL-1.2
"""What her page would ask about before it sends, asked by the server: kinds of what tells who she is.

Owns nothing but the way from a text to those kinds, and to the text without them. Keeps no word.
"""

from __future__ import annotations

from msgspec.structs import replace

from config.site import PublicService
from moderation.judge import Judge
from moderation.policy import Policy
from moderation.verdict import Kind, Verdict
from web.visitor.asking import looked_for

_FOUND = "identity."


def kinds_in(service: PublicService, text: str, language: str) -> tuple[str, ...]:
    """Return the kinds that she is asked about, each once, in the order in which they stand in a text."""
    wanted = looked_for(service)
    reasons = service.chat.judge.of_visitor(text, language=language).reasons
    found = (reason.removeprefix(_FOUND) for reason in reasons if reason.startswith(_FOUND))
    return tuple(kind for kind in found if kind in wanted)


def without(service: PublicService, text: str, language: str) -> str:
    """Return a text without anything that she is asked about."""
    return _strict(service).of_visitor(text, language=language).text


def _strict(service: PublicService) -> Judge:
    """Return the service's judge, who takes out also what she is only asked about."""
    judge, wanted = service.chat.judge, looked_for(service)
    kinds = {kind: Verdict.MASK if kind in wanted else Verdict.ALLOW for kind in Kind}
    return replace(judge, policy=Policy(identity=kinds, danger=False, shield=False))
