# SPDX-License-Identifier: EUPL-1.2
"""What she may say before the start, from the fields of a form: the same questions as on the chat page.

Owns which answers count: those that were offered, and a name of a place. Knows no conversation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from chat.live.visitors import Opening
from chat.routing import AGE_BANDS
from config.site import PublicService
from config.suiting import LONGEST_PLACE
from web.house import House
from web.languages import Languages
from web.visitor import questions
from web.visitor.frames import Intake

ANSWERS: Final = ("acute", "need", "age_band", "municipality", "language")
"""The fields of the form."""


def asked(house: House, service: PublicService) -> dict[str, Any]:
    """Return what is asked, for the page."""
    track = service.chat.track
    alike = (each for each in house.site.services.values() if each.chat.track is track)
    return {
        "need": questions.needs_of(track),
        "age_band": AGE_BANDS,
        "municipalities": questions.municipalities_of(alike),
        "languages": questions.languages_of([service], house.languages),
        "longest": LONGEST_PLACE,
    }


def said(fields: Mapping[str, str]) -> dict[str, str]:
    """Return what she has said, to stand in the form again when she is not let in at once."""
    return {name: fields.get(name, "").strip()[:LONGEST_PLACE] for name in ANSWERS}


def opening_of(
    service: PublicService, languages: Languages, fields: Mapping[str, str], language: str
) -> Opening:
    """Return what she brings to the start. `language`: her page's, for when she says no other."""
    answers = said(fields)
    spoken = {code for code, _ in questions.languages_of([service], languages)}
    intake = Intake(
        need=_one_of(answers["need"], questions.needs_of(service.chat.track)),
        age_band=_one_of(answers["age_band"], AGE_BANDS),
        municipality=answers["municipality"] or None,
        acute=answers["acute"] == "yes",
    )
    return Opening(
        service=service.chat.id,
        language=answers["language"] if answers["language"] in spoken else language,
        notice=fields.get("notice", ""),
        acute=intake.acute,
        intake=msgspec.to_builtins(intake) if intake != Intake() else None,
    )


def _one_of(answer: str, offered: tuple[str, ...]) -> str | None:
    return answer if answer in offered else None
