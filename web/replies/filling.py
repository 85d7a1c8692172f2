# SPDX-License-Identifier: EUPL-1.2
"""What fills the placeholders of ready replies, and how a filled one reads.

Owns the values. Which placeholders there are stands in `config/replies.py`. Knows no conversation: the
alias comes from whoever writes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from config.replies import OF_HOURS
from config.site import PublicService
from web.house import House
from web.languages import in_language
from web.opening_words import OpeningWords

_NAMED = re.compile(r"\{([a-z]+)\}")


def filling(house: House, service: PublicService, language: str) -> dict[str, str]:
    """Return what fills the placeholders in one language now, all but the alias.

    What has no value now is left out: a service that never closes has no next opening.
    """
    values = {
        "service": in_language(service.name, language, service.language).text,
        "organisation": service.organisation.name,
    }
    hours, now = service.chat.hours, house.clock.now()
    opens = hours.opens_at(hours.closes_at(now) or now)
    if opens is not None:
        known = house.languages.pick(language, service.language)
        values[OF_HOURS[0]] = OpeningWords(known, house.languages, now).when(opens)
    return values


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its placeholders filled; one without a value stays as it stands."""
    return _NAMED.sub(lambda found: values.get(found[1], found[0]), text)
