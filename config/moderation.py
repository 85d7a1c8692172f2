# SPDX-License-Identifier: EUPL-1.2
"""Reads the `[services.*.moderation]` tables of the site file, and makes the judge of each service.

Owns what a service may decide about identity data, danger and shields. What the rules mean stands in
`moderation`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from chat.ids import Track
from config.baseline import Baseline
from config.baseline_table import held_policy, read_identity
from config.errors import Broken
from config.identity import identity_source
from config.identity import read_identity as read_rules
from config.phrases import shipped, shipped_danger
from config.pointed_to import with_pointed_to
from config.site import Line, Moderation, PublicService
from config.table import Table
from moderation.judge import Judge
from moderation.phrases import Rules
from moderation.policy import Policy
from moderation.verdict import Kind, Verdict

_NUMBER = re.compile(r"\+?[0-9][0-9 –-]{1,18}[0-9]")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


def read_moderation(table: Table | None, baseline: Baseline) -> Moderation:
    """Return what one table decides under a baseline; what is wrong with it is noted there.

    Without a table: the usual, which is the strictest.
    """
    if table is None:
        return Moderation()
    own = Policy(
        identity=read_identity(table),
        danger=_unless_off(table, "danger"),
        shield=_unless_off(table, "shield"),
    )
    policy = held_policy(own, table, baseline)
    hosts = table.words("hosts", (), example="www.example.se")
    for host in hosts:
        if not _HOST.fullmatch(host):
            table.mistake(
                "hosts", f"“{host}” is not a host.", 'Write it as in "example.se", without https and path.'
            )
    numbers = table.words("numbers", (), example="08-123 456 78")
    for number in numbers:
        if not _NUMBER.fullmatch(number):
            table.mistake(
                "numbers", f"“{number}” is not a telephone number.", 'Write it as in "020-50 50 50".'
            )
    _warn(policy, table)
    phrases = table.peek("phrases")
    if phrases is not None:
        _try_phrases(table, phrases)
    table.finish()
    return Moderation(
        policy=policy, hosts=hosts, numbers=numbers, phrases=phrases if isinstance(phrases, dict) else None
    )


def _warn(policy: Policy, table: Table) -> None:
    """Say what is switched off: whoever reads the file later should have meant it."""
    open_ = [kind for kind in Kind if policy.of_visitor(kind) is not Verdict.MASK and kind is not Kind.NAME]
    if open_:
        table.warning(
            "identity",
            f"Not masked without her yes: {', '.join(open_)}.",
            'Write "mask", unless this service has decided so.',
        )
    for key, is_on, what in (
        ("danger", policy.danger, "Staff are not shown that a message sounds like danger."),
        ("shield", policy.shield, "Threats and harassment against staff are not covered."),
    ):
        if not is_on:
            table.warning(key, what, f"Write {key} = true, unless this service has decided so.")


def _unless_off(table: Table, key: str) -> bool:
    return table.flag(key) if table.has(key) else True


def _try_phrases(table: Table, phrases: object) -> None:
    if not isinstance(phrases, dict):
        table.mistake(
            "phrases", "This is not a table.", "Write it as a list in config/rules/danger is written."
        )
        return
    try:
        shipped_danger(phrases)
    except Broken as broken:
        for mistake in broken.mistakes:
            table.mistake("phrases", f"{mistake.path}: {mistake.what}", mistake.mend)


def with_judges(services: Iterable[PublicService], lines: tuple[Line, ...]) -> Iterable[PublicService]:
    """Return the services with their judges; what the site's lines name is never identity data.

    Of what its organisation points to, these very addresses alone: see `config.pointed_to`.
    """
    masks = {
        language: {Kind(kind): word for kind, word in words.items()}
        for language, words in identity_source()["masks"].items()
    }
    for service in services:
        decided = with_pointed_to(service.moderation, service.organisation)
        danger, conduct = _usual() if decided.phrases is None else shipped(decided.phrases)
        judge = Judge(
            policy=decided.policy,
            identity=read_rules(lines, decided.hosts, decided.numbers),
            danger=danger,
            conduct=conduct,
            masks=masks,
            harms=service.chat.track is Track.PERPETRATOR,
        )
        yield replace(service, moderation=decided, chat=replace(service.chat, judge=judge))


@cache
def _usual() -> tuple[Rules, Rules]:
    """Return what comes with Jourchatt, about danger and about conduct; it takes a moment to read."""
    return shipped()
