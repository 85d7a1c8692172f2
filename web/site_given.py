# SPDX-License-Identifier: EUPL-1.2
"""The site file that a command is given, and what a command may name in it.

Owns the plain sentences about a file that cannot be read and about a name that is not in it.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from config.settings import Settings
from web.server_options import CannotStart

if TYPE_CHECKING:
    from config.site import Site
    from config.site_file import SiteFile


def add_site(parser: argparse.ArgumentParser) -> None:
    """Let a command be given another site file."""
    parser.add_argument("--site", type=Path, metavar="FILE", help="the site file (default: $JOURCHATT_SITE)")


def read_site_given(settings: Settings, file: Path | None) -> Site:
    """Read the site file.

    Raises:
        Broken: with all its mistakes. CannotStart: it cannot be read.
    """
    from web.bootstrap import today

    return site_file_given(settings, file).read(today()).whole()


def site_file_given(settings: Settings, file: Path | None) -> SiteFile:
    """Return the site file's text.

    Raises:
        CannotStart: it cannot be read.
    """
    from config.site_file import SiteFile

    chosen = file or settings.site
    return SiteFile(text_of(chosen), str(chosen))


def text_of(file: Path) -> str:
    """Return the text of a site file.

    Raises:
        CannotStart: it cannot be read, with the reason in one sentence.
    """
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        message = f"There is no site file {file}; copy config/site.example.toml, or name it with --site FILE."
    except UnicodeDecodeError:
        message = f"The site file {file} is not UTF-8; save it as UTF-8 text."
    except OSError as error:
        message = f"The site file {file} cannot be read: {(error.strerror or 'unknown error').lower()}."
    raise CannotStart(message)


def refuse_unknown_services(asked: Sequence[str], site: Site) -> None:
    """Refuse a service that is not in the site file.

    Raises:
        CannotStart: with those that are.
    """
    _refuse_unknown("service", asked, site.services, site)


def refuse_unknown_units(asked: Sequence[str], site: Site) -> None:
    """Refuse a receiving unit that is not in the site file.

    Raises:
        CannotStart: with those that are.
    """
    _refuse_unknown("receiver", asked, site.receivers, site)


def refuse_unknown_organisations(asked: Sequence[str], site: Site) -> None:
    """Refuse an organisation that is not in the site file.

    Raises:
        CannotStart: with those that are.
    """
    _refuse_unknown("organisation", asked, site.organisations, site)


def refuse_both_tracks(services: Sequence[str], units: Sequence[str], site: Site) -> None:
    """Refuse what would put the two tracks into one hand.

    Raises:
        CannotStart: with the track of each.
    """
    from web.accounts.fitting import tracks_of

    tracks = tracks_of(services, units, site)
    if len(set(tracks.values())) > 1:
        named = ", ".join(f"{name} ({track})" for name, track in tracks.items())
        raise CannotStart(f"One person serves those who are exposed or those who use violence: {named}.")


def _refuse_unknown(what: str, asked: Sequence[str], known: Collection[str], site: Site) -> None:
    for name in asked:
        if name not in known:
            there = ", ".join(sorted(known)) or "none"
            raise CannotStart(f"There is no {what} “{name}” in {site.source}; there are: {there}.")
