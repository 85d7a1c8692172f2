# SPDX-License-Identifier: EUPL-1.2
"""Reads the `[services.*]` tables of the site file.

Owns how a service's texts are put together, and when a service may not open. Must not know other services.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from chat.catalogue import RoutingMode, Service
from chat.hours import OpeningHours
from chat.ids import OrganisationId, ServiceId, Track
from config.baseline import Baseline
from config.baseline_table import read_deadlines, read_routine
from config.moderation import read_moderation
from config.neutral import telling_word
from config.notices import fill
from config.organisations import owner_of
from config.reading import read_reading
from config.replies import read_replies
from config.site import (
    OpenWhen,
    Organisation,
    OrganisationKind,
    PublicService,
    RepliesEditedBy,
    Texts,
    Tone,
)
from config.suiting import read_suiting
from config.table import LANGUAGE, Table
from config.versions import version_of

ALWAYS_OPEN = OpeningHours.parse("24/7")


def read_service(
    name: str,
    table: Table,
    organisations: Mapping[OrganisationId, Organisation],
    baseline: Baseline = Baseline(),  # noqa: B008 - frozen: it asks for nothing, and always will
) -> PublicService | None:
    """Return the service of one table, or None when nobody runs it; what is wrong with it is noted there.

    `baseline`: what it is held to.
    """
    _check_id(name, table)
    language, languages = _languages(table)
    shown, notice, kept = (table.texts(key, language) for key in ("name", "notice", "kept"))
    title, tone = _title(table), table.choice("tone", Tone, Tone.WARM)
    organisation = _owner(table, organisations)
    service = _read_chat(name, table, organisation, language, baseline)
    suiting = read_suiting(table, service.track if service is not None else Track.EXPOSED)
    reading = read_reading(table, language, languages)
    replies = read_replies(table, language, languages, service.hours if service is not None else None)
    moderation = read_moderation(table.table("moderation", needed=False), baseline)
    of_staff = _of_staff(table, language, baseline)
    table.finish()
    _check_languages({"name": shown, "notice": notice, "kept": kept}, languages, language, table)
    if organisation is None or service is None:
        return None
    values = _Values(organisation, shown, language)
    notice, kept = values.fill("notice", notice, table), values.fill("kept", kept, table)
    return PublicService(
        chat=replace(service, notice_version=version_of(notice, kept)),
        organisation=organisation,
        name=shown,
        page_title=title,
        language=language,
        languages=languages,
        tone=tone,
        notice=notice,
        kept=kept,
        moderation=moderation,
        suiting=suiting,
        reading=reading,
        replies=replies,
        **of_staff,
    )


def _of_staff(table: Table, language: str, baseline: Baseline) -> dict[str, Any]:
    """Return what its staff do and are told."""
    return {
        "routine": baseline.routine_of(read_routine(table.table("routine", needed=False), language)),
        "baseline_version": baseline.version,
        "replies_edited_by": table.choice("replies_edited_by", RepliesEditedBy, RepliesEditedBy.SUPERVISORS),
        "open_when": table.choice("open_when", OpenWhen, OpenWhen.HOURS),
        "fewest_on_shift": table.number("fewest_on_shift", 1, least=1, most=20),
        **{key: table.texts(key, language, needed=False) for key in ("tonight", "alone")},
    }


def _languages(table: Table) -> tuple[str, tuple[str, ...]]:
    own = table.text("language", LANGUAGE)
    languages = table.words("languages", (own,), example=own)
    if own not in languages:
        table.mistake("languages", f"The service's own “{own}” is missing.", f'Add "{own}" to the list.')
    return own, languages


def _owner(table: Table, organisations: Mapping[OrganisationId, Organisation]) -> Organisation | None:
    organisation = owner_of(table, organisations)
    if organisation is not None and organisation.kind is OrganisationKind.AUTHORITY:
        table.mistake(
            "organisation",
            f"“{organisation.id}” is an authority: it receives handovers and runs no chat.",
            'Give it another kind, such as "oppenvard", with host_origins, exit_url and reporting_text.',
        )
        return None
    return organisation


def _read_chat(
    name: str, table: Table, organisation: Organisation | None, language: str, baseline: Baseline
) -> Service | None:
    """Return what the chat itself must know of the service, still without its notice's version."""
    track = table.choice("track", Track)
    hours = read_hours(table)
    mode = table.choice("mode", RoutingMode, RoutingMode.PULL)
    capacity = table.number("capacity", 3, least=1, most=20)
    mean = table.number("mean_minutes", 40, least=5, most=180)
    deadlines = read_deadlines(table.table("deadlines", needed=False), baseline)
    if organisation is None:
        return None
    return Service(
        id=ServiceId(name),
        organisation=organisation.id,
        track=track,
        hours=hours,
        mode=mode,
        language=language,
        capacity=capacity,
        deadlines=deadlines,
        cannot_open=why_closed(organisation),
        mean_minutes=mean,
    )


def why_closed(organisation: Organisation) -> str | None:
    """Tell its staff why no service of this organisation may open, or None when they may.

    A chat with a municipality is a public record: without a decision on documentation and one on disposal it
    may not be deleted at its end, and the chat keeps nothing longer.
    """
    if not organisation.regime.is_authority:
        return None
    missing = [
        word
        for word, decision in (
            ("dokumentation (documentation_decision)", organisation.documentation_decision),
            ("gallring (disposal_decision)", organisation.disposal_decision),
        )
        if decision is None
    ]
    if not missing:
        return None
    return (
        f"Chatten kan inte öppna. {organisation.name} är en offentlig verksamhet, och det saknas beslut om "
        f"{' och '.join(missing)}. Skriv in beslutets nummer och datum i installationens konfiguration."
    )


def read_hours(table: Table) -> OpeningHours:
    """Return the opening hours of a table; what is wrong with them is noted there."""
    expression = table.text("hours", example="Mo-Th 18:00-21:00")
    last_chat = table.number("last_chat_minutes", 0, least=0, most=240)
    closed = frozenset(table.days("closed_dates"))
    if not expression:
        return ALWAYS_OPEN
    try:
        return OpeningHours.parse(expression, last_chat_minutes=last_chat, closed_dates=closed)
    except ValueError as error:
        table.mistake(
            "hours",
            f"The hours cannot be read: {error}.",
            "Write it as in 24/7, Mo-Th 18:00-21:00 or Mo 18:00-21:00; Sa 16:00-18:00; PH off.",
        )
        return ALWAYS_OPEN


def _check_id(name: str, table: Table) -> None:
    word = telling_word(name)
    if word:
        table.notes.warning(
            table.path,
            f"“{word}” in the id stands in the address of the chat, where somebody else may read it.",
            "Choose an id that says nothing, such as the name of a tree.",
        )


def _title(table: Table) -> str:
    title = table.text("page_title", example="Chatt")
    word = telling_word(title)
    if word:
        table.warning(
            "page_title",
            f"“{word}” in the title stands in the browser's tab and history, where others may read it.",
            'Choose a title that says nothing, such as "Chatt".',
        )
    return title


def _check_languages(texts: Mapping[str, Texts], codes: Collection[str], own: str, table: Table) -> None:
    for key, text in texts.items():
        for code in codes:
            if text and code not in text and code != own:
                table.warning(
                    key,
                    f"The text is missing in “{code}”, which the service says it speaks.",
                    f'Add {key}.{code} = "...", or take "{code}" out of languages.',
                )


@dataclass(frozen=True, slots=True)
class _Values:
    """What fills the placeholders of one service's texts."""

    organisation: Organisation
    service: Texts
    language: str

    def fill(self, key: str, texts: Texts, table: Table) -> dict[str, str]:
        """Return the texts of one key with their placeholders filled."""
        return {
            code: fill(text, self._in(code, text, table), f"{table.at(key)}.{code}", table.notes)
            for code, text in texts.items()
        }

    def _in(self, code: str, text: str, table: Table) -> dict[str, str]:
        values = {"organisation": self.organisation.name, "service": self.service.get(code, self._own(code))}
        reporting = self.organisation.reporting_text
        values["reporting_text"] = reporting.get(code, "")
        if "{reporting_text}" in text and code not in reporting:
            table.notes.mistake(
                f"organisations.{self.organisation.id}.reporting_text",
                f"The text is missing in “{code}”, which {table.path} uses.",
                f'Add reporting_text.{code} = "..." to the organisation.',
            )
        if self.organisation.regime.is_authority:
            decision = self.organisation.disposal_decision
            values["decision"] = f"{decision.reference}, {decision.date}" if decision else "–"
        return values

    def _own(self, code: str) -> str:
        return self.service.get(self.language, code)
