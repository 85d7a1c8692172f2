# SPDX-License-Identifier: EUPL-1.2
"""The names of a site that somebody tries as a password who wants to get in here."""

from __future__ import annotations

from collections.abc import Iterator

from config.addresses import host_of
from config.settings import Settings
from config.site import Site


def names_of(site: Site, settings: Settings) -> Iterator[str]:
    """Yield the names and ids of organisations, services and receiving units, and the address of the chat."""
    for organisation in site.organisations.values():
        yield organisation.id
        yield organisation.name
    yield from site.services
    yield from site.receivers
    yield host_of(settings.public_url)
