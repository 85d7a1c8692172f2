# SPDX-License-Identifier: EUPL-1.2
"""What of an organisation's own lines and referrals is never identity data: these very addresses.

Whoever runs an organisation writes them in a browser, and nobody else looks. So they must not be a way to let
identity data through: no host with all that is under it, no page where people are, no mobile phone, nothing
that other numbers could be put together from. Whoever runs the installation can allow more in its file. Must
not know where they are shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from config.addresses import wrong_link
from config.site import Channel, Moderation, Organisation
from moderation.reading import folded

_PROFILES: Final = (
    "bsky.app bsky.social discord.com discord.gg facebook.com fb.com fb.me flashback.org instagram.com",
    "instagr.am kik.me linkedin.com linktr.ee lnkd.in m.me mastodon.nu mastodon.social messenger.com ok.ru",
    "onlyfans.com pinterest.com reddit.com signal.me snapchat.com soundcloud.com spotify.com t.co t.me",
    "steamcommunity.com telegram.me telegram.org threads.com threads.net tiktok.com tinder.com tumblr.com",
    "twitch.tv twitter.com viber.com vk.com wa.me whatsapp.com x.com youtu.be youtube.com",
)
"""Where an address is somebody: whoever is sent there is told who that is, or tells who they are."""

_NOT_DIGIT: Final = re.compile("[^0-9]")
_FIXED: Final = re.compile("0[1-689][0-9]{6,9}")
"""A Swedish number as dialled at home: 07 is a phone in a pocket, and a short one is part of any other."""


def with_pointed_to(decided: Moderation, organisation: Organisation) -> Moderation:
    """Return what a service has decided, with what its organisation points to."""
    lines, referrals = organisation.lines, organisation.referrals
    numbers = [each.address for each in lines if each.channel is Channel.PHONE]
    numbers += [each.phone for each in referrals if each.phone]
    links = [each.address for each in lines if each.channel is not Channel.PHONE]
    links += [each.web for each in referrals if each.web]
    return replace(
        decided,
        numbers=(*decided.numbers, *_numbers(numbers)),
        hosts=(*decided.hosts, *_addresses(links)),
    )


def _numbers(written: Iterable[str]) -> Iterator[str]:
    for each in written:
        digits = _NOT_DIGIT.sub("", each)
        at_home = "0" + digits.removeprefix("00").removeprefix("46").removeprefix("0")
        if _FIXED.fullmatch(at_home):
            yield at_home


def _is_of_people(host: str) -> bool:
    known = " ".join(_PROFILES).split()
    return any(host == each or host.endswith(f".{each}") for each in known)


def _addresses(links: Iterable[str]) -> Iterator[str]:
    """Yield each page, and the front page of its host: rules that see the host alone find that."""
    for link in links:
        host = "" if wrong_link(link) else (urlsplit(link).hostname or "").removeprefix("www.")
        if not host or _is_of_people(host):
            continue
        parts = urlsplit(link)
        path = parts.path.removesuffix("/")
        asked = f"?{parts.query}" if parts.query else ""
        for page in dict.fromkeys((f"{host}/", f"{host}{path}{asked}/")):
            yield "".join(folded(page).split())
