# SPDX-License-Identifier: EUPL-1.2
"""Reads the `[organisations.*]` tables of the site file.

Owns what an organisation must say about itself. Must not know its services.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from chat.ids import OrganisationId
from config.accessibility import read_accessibility
from config.addresses import wrong_link, wrong_origin
from config.baseline import Baseline
from config.baseline_table import read_audit_days, read_second_factor
from config.lines import read_own_lines
from config.neutral import telling_word
from config.notices import fill
from config.referrals import read_referrals
from config.site import Decision, Organisation, OrganisationKind, Regime
from config.table import LANGUAGE, Table

LEAST_LETTERS: Final = 10
"""Of a text on the duty to report: "Vi måste anmäla." is a short one, a point alone is none."""


def read_organisation(
    name: str,
    table: Table,
    today: date,
    baseline: Baseline = Baseline(),  # noqa: B008 - frozen: it asks for nothing, and always will
    *,
    unverified: bool = False,
) -> Organisation:
    """Return the organisation of one table; what is wrong with it is noted there.

    `baseline`: what it is held to. `unverified`: keep also those referrals that nobody has verified.
    """
    shown = table.text("name", example="Kvinnojouren i Exempelstad")
    kind = table.choice("kind", OrganisationKind)
    regime = table.choice("regime", Regime)
    if kind is OrganisationKind.OPPENVARD and regime is Regime.ASSOCIATION and table.has("regime"):
        table.warning(
            "regime",
            "An Öppenvård is usually part of a municipality.",
            'Write regime = "municipality" unless an association runs it.',
        )
    chats = kind is not OrganisationKind.AUTHORITY
    organisation = Organisation(
        id=OrganisationId(name),
        name=shown,
        kind=kind,
        regime=regime,
        host_origins=_host_origins(table) if chats else (),
        exit_url=_exit_url(table) if chats else "",
        reporting_text=_reporting_text(table, shown, needed=chats),
        documentation_decision=_decision(table, "documentation_decision", regime, today),
        disposal_decision=_decision(table, "disposal_decision", regime, today),
        accessibility=read_accessibility(table, today, bound=chats and regime is not Regime.ASSOCIATION),
        second_factor=baseline.second_factor_of(read_second_factor(table)),
        referrals=read_referrals(table, LANGUAGE, today, unverified=unverified) if chats else (),
        lines=read_own_lines(name, table, today, unverified=unverified) if chats else (),
        audit_days=read_audit_days(table, baseline),
    )
    table.finish()
    return organisation


def says_something(duty: str) -> bool:
    """Tell whether a text on the duty to report can be one: it is what she reads before her first word."""
    return sum(map(str.isalpha, duty.replace("{organisation}", ""))) >= LEAST_LETTERS


def _reporting_text(table: Table, shown: str, *, needed: bool) -> dict[str, str]:
    texts = {}
    for code, text in table.texts("reporting_text", LANGUAGE, needed=needed).items():
        path = f"{table.at('reporting_text')}.{code}"
        if not says_something(text):
            table.notes.mistake(
                path, f"“{text}” says nothing.", "Say when you must, or may, report concern for a child."
            )
        texts[code] = fill(text, {"organisation": shown}, path, table.notes)
    return texts


def owner_of(table: Table, organisations: Mapping[OrganisationId, Organisation]) -> Organisation | None:
    """Return the organisation that a table names; None after a note when there is none of that name."""
    owner = table.text("organisation", example="organisation-id")
    organisation = organisations.get(OrganisationId(owner))
    if owner and organisation is None:
        known = ", ".join(organisations) or "none yet"
        table.mistake("organisation", f"There is no organisation “{owner}”.", f"Choose among: {known}.")
    return organisation


def _host_origins(table: Table) -> tuple[str, ...]:
    origins = table.words("host_origins", example="https://www.example.se")
    for origin in origins:
        wrong = wrong_origin(origin)
        if wrong:
            table.mistake("host_origins", *wrong)
    return origins


def _exit_url(table: Table) -> str:
    address = table.text("exit_url", example="https://www.smhi.se/")
    wrong = wrong_link(address) if address else None
    if wrong:
        table.mistake("exit_url", *wrong)
    word = telling_word(address)
    if word:
        table.warning(
            "exit_url",
            f"“{word}” in the address tells what she came from.",
            "Choose a page that anybody might look at, such as a weather forecast.",
        )
    return address


def _decision(table: Table, key: str, regime: Regime, today: date) -> Decision | None:
    if not table.has(key):
        return None
    if regime is Regime.ASSOCIATION:
        table.mistake(
            key, "Only a municipality has such a decision.", 'Remove it, or write regime = "municipality".'
        )
    inner = table.table(key)
    if inner is None:
        return None
    reference = inner.text("reference", example="SN 2026:12")
    day = inner.day("date")
    inner.finish()
    if day is not None and day > today:
        inner.mistake("date", f"{day} has not come yet.", "Give the date on which the decision was made.")
    return Decision(reference=reference, date=day or today)
