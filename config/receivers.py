# SPDX-License-Identifier: EUPL-1.2
"""Reads the `[receivers.*]` tables of the site file, and puts together what she reads about each receiver.

Owns which texts a receiver's notice is made of, and in which order; the texts themselves are
`config/handover.toml`. What a receiver may be sent is decided in `handover/border.py`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from chat.ids import OrganisationId, ServiceId, Track
from config.notices import fill
from config.organisations import LANGUAGE
from config.services import read_hours
from config.site import Organisation, PublicService, Texts
from config.table import Table
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
) -> Receiver | None:
    """Return the receiver of one table, or None when nobody runs it; what is wrong with it is noted there."""
    names = table.texts("name", LANGUAGE)
    own = table.texts("notice", LANGUAGE)
    hours_texts = table.texts("hours_text", LANGUAGE)
    address = table.text("function_address", example="socialtjansten.mottagning@example")
    track = table.choice("track", Track)
    hours = read_hours(table)
    police = table.flag("police")
    may_coordinate = table.flag("may_coordinate")
    chat = _chat(table, services, track)
    organisation = _owner(table, organisations)
    received_at, decision, decided_on = _received(table, organisation)
    table.finish()
    if organisation is None:
        return None
    notices = {
        language: tuple(
            _paragraphs(
                table,
                language,
                own[language],
                {
                    "receiver": names.get(language, names.get(LANGUAGE, "")),
                    "organisation": organisation.name,
                    "hours": hours_texts.get(language, hours_texts.get(LANGUAGE, "")),
                },
                _keys(organisation.regime, received_at, police=police),
            )
        )
        for language in own
        if language in standard_texts()
    }
    return Receiver(
        id=ReceiverId(name),
        organisation=organisation.id,
        track=track,
        names=names,
        function_address=address,
        regime=organisation.regime,
        hours=hours,
        hours_texts=hours_texts,
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


def _keys(regime: Regime, received_at: ReceivedAt, *, police: bool) -> Iterator[str]:
    """Yield the standard texts that a receiver's notice has, in the order in which she reads them."""
    if regime.is_authority:
        yield "secrecy_authority"
        yield "reporting_authority"
        yield f"record_{received_at}"
    else:
        yield "secrecy_association"
    if police:
        yield "police"
    yield f"limits_{received_at}"
    if regime.is_authority:
        yield "under_18"
    yield "hours"


def _paragraphs(
    table: Table, language: str, own: str, values: Mapping[str, str], keys: Iterator[str]
) -> Iterator[str]:
    path = f"{table.at('notice')}.{language}"
    yield fill(own, values, path, table.notes)
    texts: Texts = standard_texts()[language]
    for key in keys:
        yield fill(texts[key], values, path, table.notes)


def _owner(table: Table, organisations: Mapping[OrganisationId, Organisation]) -> Organisation | None:
    owner = table.text("organisation", example="organisation-id")
    organisation = organisations.get(OrganisationId(owner))
    if owner and organisation is None:
        known = ", ".join(organisations) or "none yet"
        table.mistake("organisation", f"There is no organisation “{owner}”.", f"Choose among: {known}.")
    return organisation


def _received(table: Table, organisation: Organisation | None) -> tuple[ReceivedAt, str, date | None]:
    """Return when something counts as received, with the authority's decision about it."""
    received_at = table.choice("received_at", ReceivedAt, ReceivedAt.OPENING)
    inner = table.table("decision", needed=False)
    reference, day = ("", None)
    if inner is not None:
        reference, day = inner.text("reference", example="SN 2026:14"), inner.day("date")
        inner.finish()
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
