# SPDX-License-Identifier: EUPL-1.2
"""Holds the site file against the deployment and lists everything that is wrong or doubtful.

Owns what `jourchatt check` says. Changes nothing.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from config import check_handovers, check_languages, routines
from config.accessibility import law
from config.addresses import host_of, is_loopback
from config.ages import year_before
from config.errors import Broken, Mistake
from config.neutral import telling_word
from config.overlay import Overlays, owner_of_path
from config.settings import Settings
from config.site import Site
from config.site_file import Reading, SiteFile, read_site
from handover.ids import ReceiverId


class Severity(StrEnum):
    """How much it matters: with a mistake something that was promised does not hold."""

    MISTAKE = "mistake"
    WARNING = "warning"
    NOTE = "note"
    """What could not be asked, and what is good to know."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found."""

    severity: Severity
    path: str
    what: str
    mend: str

    def __str__(self) -> str:
        """Return it as one line."""
        return f"{self.severity}  {self.path}: {self.what} {self.mend}"


def check(
    settings: Settings | Broken,
    site_text: str,
    *,
    source: str,
    today: date,
    unit_keys: Collection[ReceiverId] | None = None,
    pages: Mapping[str, int] | None = None,
    overlays: Overlays | None = None,
    locked_factors: int = 0,
    factor_key: str = "fits",
) -> list[Finding]:
    """Return everything found, mistakes first; broken settings do not hide a broken site file.

    `unit_keys`: the receiving units that have a key; None when the database cannot be looked into.
    `overlays`: what organisations have set themselves. The server starts with the worst of them, without it.
    `locked_factors`: the second factors that the key here does not open; `factor_key`: how it stands to what
    the hosts have agreed on, "fits", "missing" or "another".
    `pages`: the languages of her pages, as `check_languages` takes them; None when nobody has looked.
    """
    reading = read_site(site_text, today=today, source=source)
    mistakes, warnings = [*reading.mistakes], [*reading.warnings, *_statement(today), *routines.look(today)]
    if reading.site is not None and overlays:
        laid = SiteFile(site_text, source).read(today, overlays)
        warnings += _set_by_organisations(reading, laid, SiteFile(site_text, source).values())
        reading = laid if laid.site is not None else reading
    if reading.site is not None:
        warnings += check_handovers.look(reading.site, today, unit_keys)
        if pages is not None:
            warnings += check_languages.look(reading.site, pages)
    if isinstance(settings, Broken):
        mistakes = [*settings.mistakes, *mistakes]
    else:
        mistakes += _directories(settings)
        warnings += _public_url(settings)
        warnings += _proxies(settings)
        warnings += _locked(settings, locked_factors, factor_key)
        if reading.site is not None:
            warnings += _frames(settings, reading.site)
    return [*_as(Severity.MISTAKE, mistakes), *_as(Severity.WARNING, warnings)]


def _set_by_organisations(file: Reading, laid: Reading, values: Mapping[str, Any]) -> Iterator[Mistake]:
    """Yield what is wrong or doubtful in what organisations have set, each with who it is."""
    names = {id_: each.name for id_, each in file.site.organisations.items()} if file.site is not None else {}
    for id_, mistakes in laid.set_aside.items():
        for each in mistakes:
            what = f"{names.get(id_, id_)} has set this, and all that it has set is left aside: {each.what}"
            yield Mistake(each.path, what, each.mend)
    for id_, mistakes in laid.strays.items():
        for each in mistakes:
            yield Mistake(
                each.path, f"{names.get(id_, id_)} has set this, and it rests: {each.what}", each.mend
            )
    for each in laid.warnings:
        if each not in file.warnings:
            owner = owner_of_path(each.path, values)
            name = names.get(owner, owner) if owner is not None else "An organisation"
            yield Mistake(each.path, f"{name} has set this: {each.what}", each.mend)


def _as(severity: Severity, mistakes: list[Mistake]) -> Iterator[Finding]:
    for each in mistakes:
        yield Finding(severity, each.path, each.what, each.mend)


def _public_url(settings: Settings) -> Iterator[Mistake]:
    host = host_of(settings.public_url)
    if is_loopback(host):
        yield Mistake(
            "JOURCHATT_PUBLIC_URL",
            f"The chat is at {settings.public_url}, which only this machine can reach.",
            "Set it to the https address that browsers use.",
        )
    word = telling_word(host)
    if word:
        yield Mistake(
            "JOURCHATT_PUBLIC_URL",
            f"“{word}” in the address stands in the browser's history, where somebody else may read it.",
            "Choose a domain name that says nothing.",
        )


def _proxies(settings: Settings) -> Iterator[Mistake]:
    if settings.public_url.startswith("https:") and not settings.trusted_proxies:
        yield Mistake(
            "JOURCHATT_TRUSTED_PROXIES",
            "Whatever ends TLS before this server looks like the one address that everybody comes from, "
            "and they share one allowance.",
            "Name the addresses of the proxy, such as 127.0.0.1.",
        )


def _locked(settings: Settings, factors: int, key: str) -> Iterator[Mistake]:
    file = settings.keys / "second-factors.key"
    if key != "fits":
        yield Mistake(
            "JOURCHATT_KEYS",
            f"{file} is missing, and another host has made it: nobody can set up a second factor here."
            if key == "missing"
            else f"{file} is not the key that counts: nobody can set up a second factor here.",
            f"Copy second-factors.key from the key directory of the host that has it to {settings.keys}, for "
            "the server's account alone (mode 0400). If it is lost everywhere: remove every second factor, "
            "then run: jourchatt staff second-factor-key --new.",
        )
    if factors:
        yield Mistake(
            "JOURCHATT_KEYS",
            f"{settings.keys} has no second-factors.key that opens {factors} of the stored second factors: "
            "those who have them sign in with recovery codes only.",
            "Bring the file from where the server was before, or let an administrator remove these factors.",
        )


def _frames(settings: Settings, site: Site) -> Iterator[Mistake]:
    for organisation in site.organisations.values():
        for origin in organisation.host_origins:
            if host_of(origin) == host_of(settings.public_url):
                yield Mistake(
                    f"organisations.{organisation.id}.host_origins",
                    f"{origin} is on the same host as the chat, so its scripts can reach into the frame.",
                    "Give the chat a host name of its own, on another domain.",
                )


def _statement(today: date) -> Iterator[Mistake]:
    verified = law().verified_at
    if verified < year_before(today):
        yield Mistake(
            "config/statement.toml",
            f"What the accessibility statement says of the law was verified on {verified}.",
            "Read it again beside the authority's page, then change verified_at.",
        )


def _directories(settings: Settings) -> Iterator[Mistake]:
    for name, directory in (
        ("JOURCHATT_DATA", settings.data),
        ("JOURCHATT_KEYS", settings.keys),
        ("JOURCHATT_ERASED", settings.erased),
    ):
        if directory.exists() and not directory.is_dir():
            yield Mistake(name, f"{directory} is not a directory.", "Name a directory.")
        elif not os.access(_nearest(directory), os.W_OK | os.X_OK):
            yield Mistake(
                name,
                f"{directory} cannot be written.",
                "Let the server's account write there, or name another.",
            )


def _nearest(directory: Path) -> Path:
    """Return the directory itself, or the nearest one above it that exists."""
    return next(each for each in (directory, *directory.parents) if each.exists())
