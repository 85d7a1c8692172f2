# SPDX-License-Identifier: EUPL-1.2
"""What somebody should know before a change is saved: it may be, but it means something.

Owns which changes are worth a word. Nothing here keeps anybody from saving. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from chat.hours import OpeningHours
from chat.ids import ServiceId
from config.addresses import host_of
from config.neutral import telling_word
from config.overlay import value_at
from config.site import PublicService
from moderation.verdict import Verdict
from web.chair.matters import Matter, Reader, Shape
from web.chair.weekly import openings

EASY: Final = "sv-easy"
MOST_WORDS: Final = 10
"""Words of a sentence in easy Swedish; the same measure as for our own texts."""

_CLAUSES: Final = frozenset({"som", "när", "innan", "medan", "eftersom", "ifall", "fastän"})
_MOBILE: Final = re.compile(r"(?:\+46|0046|0)7[02369]")

About = Literal[
    "drops_duty",
    "changes_duty",
    "other_languages",
    "hard",
    "own_host",
    "telling",
    "tells_who",
    "own_mobile",
    "never_open",
    "no_shift",
    "no_address",
    "stopped",
]


@dataclass(frozen=True, slots=True)
class Thought:
    """One thing to think of."""

    about: About
    what: str = ""


def of_texts(
    matter: Matter, before: Mapping[str, Any], after: Mapping[str, Any], languages: Collection[str]
) -> Iterator[Thought]:
    """Yield what changed texts mean; `before` and `after` are the tables as they are laid together."""
    for path in matter.paths:
        old, new = value_at(before, path) or {}, value_at(after, path) or {}
        changed = [code for code in languages if old.get(code, "") != new.get(code, "")]
        left = [code for code in languages if code not in changed and code in new]
        if changed and left and matter.reader is Reader.HER:
            yield Thought("other_languages", ",".join(left))
        if EASY in changed and (hard := hard_sentences(new.get(EASY, ""))):
            yield Thought("hard", hard[0])


def of_duty(before: Mapping[ServiceId, PublicService], after: Collection[PublicService]) -> Iterator[Thought]:
    """Yield in which languages the duty to report is not, or not as before, what she reads first.

    `before` and `after`: services as they are read, everything laid together and filled. So it makes no
    difference whether the notice lost it, or it lost its text, or a version of long ago comes back.
    """
    drops, changes = set(), set()
    for service in after:
        was = before.get(service.id)
        duty = service.organisation.reporting_text
        changes |= {
            code
            for code in duty
            if was is not None and duty[code] != was.organisation.reporting_text.get(code, duty[code])
        }
        for code, text in service.notice.items():
            same = was is not None and was.notice.get(code) == text
            if not _says_duty(service, code) and (not same or (was is not None and _says_duty(was, code))):
                drops.add(code)
    if drops:
        yield Thought("drops_duty", ",".join(sorted(drops)))
    if changes:
        yield Thought("changes_duty", ",".join(sorted(changes)))


def _says_duty(service: PublicService, code: str) -> bool:
    duty = service.organisation.reporting_text.get(code, "")
    return bool(duty) and duty in service.notice.get(code, "")


def of_ways(ways: Iterable[str], service: PublicService) -> Iterator[Thought]:
    """Yield each number or link that staff could not send: it is taken for somebody's own."""
    for way in ways:
        if way and service.chat.judge.of_operator(way).verdict is Verdict.REFUSE:
            yield Thought("stopped", way)


def hard_sentences(text: str) -> list[str]:
    """Return the sentences of an easy text that are not easy: long ones, and those with a clause."""
    sentences = [part.strip() for part in re.split(r"(?<=[.?!:])\s+|\n+", text) if part.strip()]
    return [each for each in sentences if _is_hard(re.findall(r"\w+(?:[.@-]\w+)*", each.lower()))]


def _is_hard(words: list[str]) -> bool:
    return len(words) > MOST_WORDS or not _CLAUSES.isdisjoint(words)


def of_staff_texts(
    matter: Matter,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    languages: Collection[str],
    tells_who: Callable[[str], bool],
) -> Iterator[Thought]:
    """Yield that what only staff read tells who somebody is: it may be a colleague, and never a visitor."""
    texts = {
        text
        for path in matter.paths
        for code in languages
        if (text := (value_at(after, path) or {}).get(code, ""))
        and text != (value_at(before, path) or {}).get(code, "")
    }
    if matter.reader is Reader.STAFF and any(map(tells_who, texts)):
        yield Thought("tells_who")


def of_line(matter: Matter, fields: Mapping[str, str], before: Mapping[str, str]) -> Iterator[Thought]:
    """Yield that a new number of one's own is that of a mobile: everybody will see it."""
    number = fields.get("address", "").strip()
    if matter.name != "lines" or number == before.get("address", ""):
        return
    if fields.get("channel") == "phone" and _MOBILE.match(re.sub(r"[ –-]", "", number)):
        yield Thought("own_mobile", number)


def of_addresses(matter: Matter, addresses: Collection[str], chat: str) -> Iterator[Thought]:
    """Yield what the addresses of web pages mean; `chat` is the chat's own address."""
    if matter.shape is Shape.ADDRESSES:
        if not addresses:
            yield Thought("no_address")
        for address in addresses:
            if host_of(address) == host_of(chat):
                yield Thought("own_host", address)
        return
    for address in addresses:
        if word := telling_word(address):
            yield Thought("telling", word)


def of_hours(hours: OpeningHours, opens: OpeningHours, now: datetime) -> Iterator[Thought]:
    """Yield that it will not be open for a whole week; `opens` are the hours with the shifts that open it."""
    week = timedelta(days=7)
    if next(openings(hours, now, week), None) is None:
        yield Thought("never_open")
    elif opens.staffed is not None and next(openings(opens, now, week), None) is None:
        yield Thought("no_shift")
