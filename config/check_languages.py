# SPDX-License-Identifier: EUPL-1.2
"""Holds the languages that services offer against those that her pages are in.

Owns what is doubtful about them. What is missing in the site file itself is noted where it is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from config.errors import Mistake
from config.site import Site


def look(site: Site, pages: Mapping[str, int]) -> Iterator[Mistake]:
    """Yield everything doubtful, once for each language.

    `pages`: the languages that all her pages are in, each with how many of its texts nobody who speaks it has
    vouched for.
    """
    offering: dict[str, list[str]] = {}
    for service in site.services.values():
        for language in service.languages:
            offering.setdefault(language, []).append(service.id)
    for language, services in offering.items():
        path, unvouched = f"services.{services[0]}.languages", pages.get(language)
        also = f" {', '.join(services[1:])} too." if services[1:] else ""
        if unvouched is None:
            yield Mistake(
                path,
                f"Her pages are not in “{language}”, so it cannot be chosen.{also}",
                f'Take "{language}" out of languages, or add its catalogues (docs/languages.md).',
            )
        elif unvouched:
            yield Mistake(
                path,
                f"Nobody who speaks “{language}” has vouched for {unvouched} texts of her pages.{also}",
                "Let somebody who speaks it read them (docs/languages.md says which).",
            )
