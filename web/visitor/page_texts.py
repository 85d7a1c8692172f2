# SPDX-License-Identifier: EUPL-1.2
"""Which of the chat's texts its page hands to its scripts, and which come with the waiting room.

Owns only that border: what is said at the end is not needed to begin, and her first download is small.
"""

from __future__ import annotations

from typing import Final

from config.site import PublicService
from web.house import House
from web.languages import ScriptText

_LATER: Final = "over."
"""How the ids begin of what is said at the end."""

Texts = dict[str, ScriptText]


def split_texts(house: House, service: PublicService, language: str) -> tuple[Texts, Texts]:
    """Return what goes with the page, and what goes with the waiting room."""
    texts = house.languages.script_texts(language, "visitor", tone=service.tone)
    later = {key: text for key, text in texts.items() if key.startswith(_LATER)}
    return {key: text for key, text in texts.items() if key not in later}, later
