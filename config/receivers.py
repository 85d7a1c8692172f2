# SPDX-License-Identifier: EUPL-1.2
"""Reads the `[receivers.*]` tables of the site file, and puts together what she reads about each receiver.

Owns which texts a receiver's notice is made of, and in which order; the texts themselves are
`config/handover.toml`. What a receiver may be sent is decided in `handover/border.py`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from chat.ids import OrganisationId, ServiceId, Track
from config.notices import fill
from config.organisations import owner_of
from config.services import read_hours
from config.site import Organisation, PublicService, Texts
from config.table import LANGUAGE, Table
from config.versions import version_of
from handover.ids import ReceiverId
from handover.receivers import ReceivedAt, Receiver, Regime

_STANDARD: Final = Path(__file__).with_name("handover.toml")


@cache
def standard_texts() -> Mapping[str, Any]:
    """Return the texts that every notice is made of, by language, with `verified_at` and `source`."""
    return tomllib.loads(_STANDARD.read_text(encoding="utf-8"))


def read_receiver(
    name: str,
    table: Table,
    organisations: Mapping[OrganisationId, Organisation],
    services: Mapping[ServiceId, PublicService],
    today: date,
) -> Receiver | None:
    """Return the receiver of one table, or None when nobody runs it; what is wrong with it is noted there."""
    said = _Said(*(table.texts(key, LANGUAGE) for key in ("name", "hours_text", "notice")))
    address = table.text("function_address", example="socialtjansten.mottagning@example")
    track = table.choice("track", Track)
    hours = read_hours(table)
    police = table.flag("police")
    may_coordinate = table.flag("may_coordinate")
    chat = _chat(table, services, track)
    organisation = owner_of(table, organisations)
    received_at, decision, decided_on = _received(table, organisation, today)
    table.finish()
    if organisation is None:
        return None
    keys = tuple(_keys(organisation.regime, received_at, police=police))
    notices = _notices(table, said, organisation.name, keys)
    return Receiver(
        id=ReceiverId(name),
        organisation=organisation.id,
        track=track,
        names=said.names,
        function_address=address,
        regime=organisation.regime,
        hours=hours,
        hours_texts=said.hours,
        police=police,
        received_at=received_at,
        decision=decision,
        decided_on=decided_on,
        notices=notices,
        notice_version=version_of({code: "\n".join(each) for code, each in notices.items()}),
        language=LANGUAGE,
        may_coordinate=may_coordinate,
        chat=chat,
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """What a receiver says of itself, in each language."""

    names: Texts
    hours: Texts
    notice: Texts


def _keys(regime: Regime, received_at: ReceivedAt, *, police: bool) -> Iterator[str]:
    """Yield the standard texts that a receiver's notice has, in the order in which she reads them."""
    # What may happen against her will comes first; what protects her in any case can wait.
    if police:
        yield police_key(regime)
    yield f"limits_{received_at}"
    yield "known"
    if regime.is_authority:
        yield "under_18"
        yield "reporting_authority"
        yield f"record_{received_at}"
        yield "secrecy_authority"
    else:
        yield "secrecy_association"
    yield "hours"


def police_key(regime: Regime) -> str:
    """Return which text tells that police work somewhere: of the state they are the receiver itself."""
    return "police_own" if regime is Regime.STATE else "police"


def _notices(table: Table, said: _Said, organisation: str, keys: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the notice's paragraphs in each language: the receiver's own words, then the standard ones."""
    notices = {}
    for language, own in said.notice.items():
        standard: Texts | None = standard_texts().get(language)
        if standard is None:
            table.warning(
                "notice",
                f"It is not shown in “{language}”: what the law asks of it is not there in that language.",
                f"Add [{language}] to config/handover.toml, or remove it.",
            )
            continue
        path = f"{table.at('notice')}.{language}"
        values = {
            "receiver": _in(said.names, language),
            "organisation": organisation,
            "hours": _in(said.hours, language),
        }
        texts = (own, *(standard[key] for key in keys))
        notices[language] = tuple(fill(text, values, path, table.notes) for text in texts)
    return notices


def _in(texts: Texts, language: str) -> str:
    return texts.get(language, texts.get(LANGUAGE, ""))


def _received(
    table: Table, organisation: Organisation | None, today: date
) -> tuple[ReceivedAt, str, date | None]:
    """Return when something counts as received, with the authority's decision about it."""
    received_at = table.choice("received_at", ReceivedAt, ReceivedAt.OPENING)
    inner = table.table("decision", needed=False)
    reference, day = ("", None)
    if inner is not None:
        reference, day = inner.text("reference", example="SN 2026:14"), inner.day("date")
        inner.finish()
        if day is not None and day > today:
            inner.mistake("date", f"{day} has not come yet.", "Give the date on which it was decided.")
    needed = organisation is not None and organisation.regime.is_authority
    if needed and inner is None:
        table.mistake(
            "decision",
            "An authority must have decided when a ticket counts as received by it.",
            f'Add [{table.at("decision")}] with reference = "..." and date = 2026-01-31.',
        )
    if not needed and received_at is ReceivedAt.DELIVERY:
        table.mistake(
            "received_at", "Only an authority receives at delivery.", 'Remove it, or write "opening".'
        )
    return received_at, reference, day


def _chat(table: Table, services: Mapping[ServiceId, PublicService], track: Track) -> ServiceId | None:
    if not table.has("chat"):
        return None
    name = table.text("chat", example="service-id")
    service = services.get(ServiceId(name))
    if service is None or service.chat.track is not track:
        table.mistake(
            "chat",
            f"There is no service “{name}” of the {track} track.",
            "Name the service whose operators may join a conversation for this receiver, or remove it.",
        )
        return None
    return service.id
