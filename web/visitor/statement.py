# SPDX-License-Identifier: EUPL-1.2
"""The accessibility statement: `/accessibility`.

Owns what it says: from the site file, our own words about the law, and the list of known faults. It claims no
more than the tests show. Knows no conversation, and nothing of who reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from config.accessibility import law
from config.site import Accessibility, Organisation, Review
from web.house import House
from web.languages import SOURCE, in_language, isolated, listed, long_date
from web.visitor.voice import Voice, any_organisation, page_context

PATH: Final = "/accessibility"
DOMAIN: Final = "statement"
FAULTS: Final = ("aids", "shift", "time", "room", "form", "languages")
"""What we know does not reach everybody, the gravest first."""


class Say(Protocol):
    """Says a text of the catalogue with its values."""

    def __call__(self, key: str, **values: str) -> str:
        """Return it."""


@dataclass(frozen=True, slots=True)
class Reported:
    """Where one organisation is told of what does not work."""

    name: str
    way: Accessibility | None
    reviewed: str


async def statement(request: Request) -> Response:
    """Say how accessible the chats are, what is lacking and how to report it."""
    house: House = request.app.state.house
    language = house.languages.pick(request.query_params.get("lang"), SOURCE)
    voice = Voice(language, house.languages, house.clock.now())
    texts, known = house.languages.texts(language, DOMAIN), law()

    def say(key: str, **values: str) -> str:
        return texts.gettext(key) % values

    organisations = list(_running(house))
    names = listed([isolated(each.name) for each in organisations], language)
    exit_url = any_organisation(house).exit_url
    context = page_context(house, voice, say("title"), exit_url=exit_url) | {
        "say": say,
        "languages": voice.choices(PATH, house.languages.codes),
        "who": say("who", names=names, law=in_language(known.name, language, SOURCE).text),
        "faults": [say(f"fault.{fault}") for fault in FAULTS],
        "organisations": [
            Reported(each.name, each.accessibility, _reviewed(each, language, say)) for each in organisations
        ],
        "law": known,
        "tested": say("tested.date", date=long_date(known.tested_at, language)),
        "updated": say("updated", date=long_date(known.updated_at, language)),
    }
    return house.page(request, "visitor/statement.html", context)


def _running(house: House) -> Iterator[Organisation]:
    """Yield every organisation that runs a chat here, each once."""
    running = {service.organisation.id for service in house.site.services.values()}
    yield from (each for id_, each in house.site.organisations.items() if id_ in running)


def _reviewed(organisation: Organisation, language: str, say: Say) -> str:
    given, name = organisation.accessibility, isolated(organisation.name)
    if given is None or given.reviewed_at is None:
        return say("reviewed.none", name=name)
    key = "reviewed.own" if given.review is Review.OWN else "reviewed.outside"
    return say(key, name=name, date=long_date(given.reviewed_at, language))


routes = [Route(PATH, statement)]
