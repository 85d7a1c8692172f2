# SPDX-License-Identifier: EUPL-1.2
"""The words of a refusal, by its stable code.

Owns nothing but the way from a code to a text in a catalogue; every code has one in every language.
"""

from __future__ import annotations

from web.languages import Languages, isolated


def refusal_text(
    languages: Languages, language: str, domain: str, message: str, winner: str | None = None
) -> str:
    """Return the text of a `message`, a gettext id; a lost claim names the `winner` by alias."""
    texts = languages.texts(languages.pick(language, language), domain)
    if winner is not None:
        return texts.gettext("nack.lost_claim") % {"alias": isolated(winner)}
    return texts.gettext(message)


def busy_text(languages: Languages, language: str, wait_s: int) -> str:
    """Return what a visitor reads when every place is taken; it is worth trying again after `wait_s`."""
    return languages.texts(languages.pick(language, language), "visitor").gettext("nack.busy") % {
        "seconds": wait_s
    }
