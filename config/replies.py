# SPDX-License-Identifier: EUPL-1.2
"""Reads the `[[services.ID.replies]]` tables: ready replies, as an installation begins with them.

Owns what may stand in such a text, wherever it is written, and how much of it there may be. Must not know
what staff change at the console.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from chat.hours import OpeningHours
from config.site import PublicService, ReadyReply
from config.table import Notes, Table
from moderation.verdict import Verdict

MOST: Final = 40
"""More than that nobody knows by heart, and a search finds too much."""
LONGEST_TITLE: Final = 60
LONGEST_TEXT: Final = 1_000
"""Characters: what is longer is a lecture, and with its placeholders filled must still be one message."""

ALWAYS: Final = ("alias", "service", "organisation")
OF_HOURS: Final = ("opens",)
"""Filled only where a service ever closes: the next opening, in words."""

_NAMED = re.compile(r"\{([^{}]*)\}")
_ID = re.compile(r"[a-z0-9-]{1,40}")


def placeholders(hours: OpeningHours | None) -> tuple[str, ...]:
    """Return what is filled in the replies of a service with these hours; None: hours that cannot be read."""
    closes = hours is None or hours.expression.strip() != "24/7"
    return (*ALWAYS, *OF_HOURS) if closes else ALWAYS


def strange_in(text: str, known: Collection[str]) -> list[str]:
    """Return every piece with braces that nothing fills, as it stands there, each once."""
    named = [f"{{{name}}}" for name in _NAMED.findall(text) if name not in known]
    alone = [brace for brace in "{}" if brace in _NAMED.sub("", text)]
    return list(dict.fromkeys([*named, *alone]))


def read_replies(
    table: Table, language: str, languages: Collection[str], hours: OpeningHours | None
) -> tuple[ReadyReply, ...]:
    """Return the replies of one service, in order; what is wrong with them is noted there.

    `language` is the service's own, in which each must be; `languages` are all that it answers in.
    """
    known = placeholders(hours)
    replies: dict[str, ReadyReply] = {}
    count = 0
    for inner in table.listed_tables("replies"):
        count += 1
        id_ = inner.text("id", example="hello")
        reply = ReadyReply(id=id_, title=inner.texts("title", language), text=inner.texts("text", language))
        inner.finish()
        if id_ and not _ID.fullmatch(id_):
            inner.mistake(
                "id", f"“{id_}” is not an id.", "Use at most 40 small letters a-z, digits, hyphens."
            )
        if id_ in replies:
            inner.mistake("id", f"There are two called “{id_}”.", "Give each an id of its own.")
        replies[id_] = reply
        _check("title", reply.title, LONGEST_TITLE, known, inner)
        _check("text", reply.text, LONGEST_TEXT, known, inner)
        _check_pairs(reply, inner)
    if count > MOST:
        table.mistake("replies", f"There are {count} of them.", f"Choose the {MOST} that are used most.")
    _warn(replies.values(), languages, table)
    return tuple(replies.values())


def check_sendable(service: PublicService, notes: Notes) -> None:
    """Note each reply that staff could never send: the judge sees a number, an address or a link in it."""
    for index, reply in enumerate(service.replies):
        for code, text in reply.text.items():
            if service.chat.judge.of_operator(text).verdict is Verdict.REFUSE:
                notes.mistake(
                    f"services.{service.id}.replies[{index}].text.{code}",
                    "There is a number, an address or a link in it, so it could not be sent.",
                    "Take it out, or make it a line, a referral, or one of moderation.numbers and hosts.",
                )


def _check(key: str, texts: Mapping[str, str], most: int, known: Collection[str], table: Table) -> None:
    for code, text in texts.items():
        path = f"{table.at(key)}.{code}"
        if len(text) > most:
            table.notes.mistake(path, f"It has {len(text)} characters.", f"Write at most {most}.")
        for strange in strange_in(text, known):
            names = ", ".join(f"{{{name}}}" for name in known)
            table.notes.mistake(path, f"Nothing fills {strange}.", f"Use one of {names}, or plain words.")


def _check_pairs(reply: ReadyReply, table: Table) -> None:
    for code in sorted(reply.title.keys() ^ reply.text.keys()):
        missing = "text" if code in reply.title else "title"
        table.mistake(
            missing, f"It is missing in “{code}”.", f'Add {missing}.{code} = "..." beside the other.'
        )


def _warn(replies: Collection[ReadyReply], languages: Collection[str], table: Table) -> None:
    """Say once for each language how many replies are missing in it: staff are shown another then."""
    for code in languages:
        # Easy Swedish and Swedish are one for staff: they may say it in their own words.
        lacking = [reply.id for reply in replies if code not in reply.text] if "-" not in code else []
        if lacking:
            table.warning(
                "replies",
                f"{len(lacking)} of {len(replies)} are missing in “{code}”, which it says it speaks.",
                f"Add title.{code} and text.{code}; until then staff are shown another language.",
            )
