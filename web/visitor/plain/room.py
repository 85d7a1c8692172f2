# SPDX-License-Identifier: EUPL-1.2
"""The waiting room without scripts: what is said beside her place, and who else answers now.

Owns when something besides the place is worth saying, as `static/visitor/room.js` does with scripts. Knows no
request.
"""

from __future__ import annotations

from typing import Final

from config.site import PublicService
from web.house import House
from web.visitor.elsewhere import answering_others
from web.visitor.plain.visit import Visit
from web.visitor.plain.words import PlainWords
from web.visitor.voice import ServiceShown, Voice

LONG_MIN: Final = 30
"""Beyond so many minutes of waiting others are named."""


def about(words: PlainWords, visit: Visit, *, lost: bool) -> list[str]:
    """Return what to say beside her place: the end of the hours, and a language that nobody here writes."""
    place = visit.place
    if visit.phase != "waiting" or place is None:
        return []
    lines = []
    if place.closed:
        lines.append(words.room("closed" if place.here else "closed.nobody"))
    elif place.closes_at is not None:
        lines.append(words.room("closes", time=words.time(place.closes_at)))
    if not place.understood and not lost:
        lines.append(words.room("language", language=words.language_called(visit.language)))
    return lines


def wants_others(visit: Visit) -> bool:
    """Tell whether somebody else should be named: nobody can answer here, or not for long."""
    place = visit.place
    if visit.phase != "waiting" or place is None:
        return False
    return not place.here or (place.wait is not None and place.wait[1] > LONG_MIN)


async def elsewhere(
    house: House, words: PlainWords, service: PublicService, visit: Visit
) -> tuple[str, list[ServiceShown]]:
    """Return when this one opens, if it has closed, and who else answers now; nothing while not needed."""
    if not wants_others(visit):
        return "", []
    voice = Voice(words.language, house.languages, house.clock.now())
    is_closed = visit.place is not None and visit.place.closed and not visit.place.here
    opens = voice.state(await house.chat.lobby.status(service.id)) if is_closed else ""
    return opens, await answering_others(house, voice, service)
