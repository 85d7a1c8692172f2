# SPDX-License-Identifier: EUPL-1.2
"""Small lists of phrases for tests, and what is found by them."""

from __future__ import annotations

from collections.abc import Sequence

from config.phrases import read_lists
from moderation.danger import KINDS
from moderation.phrases import Rules
from moderation.reading import Reading


def rules_of(text: str, kinds: Sequence[str] = KINDS) -> Rules:
    """Return the rules of one file's text."""
    return Rules(read_lists({"test.toml": text}, kinds))


def found(phrases: str, message: str, words: str = "") -> bool:
    """Tell whether a message holds one of the phrases, beside classes written as TOML lines."""
    rules = rules_of(f'{words}\n[visitor-x]\nacute = """{phrases}"""')
    seen = rules.seen(Reading(message))
    return seen is not None and any(True for _ in seen.groups())
