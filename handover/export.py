# SPDX-License-Identifier: EUPL-1.2
"""The ticket as a document: what a receiver opens, prints and carries into a system of its own.

Owns `TicketDocument` and its published JSON Schema (`docs/ticket.schema.json`, served at
`/tickets/schema/ticket-1.json`). The format has a version; a field is never given another meaning.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct

from handover.consent import ConsentGrant, ConsentRecord, digest_of
from handover.ids import HandoverId, TicketId
from handover.items import Content
from handover.letters import Letter

SCHEMA_NAME = "ticket-1.json"


class TicketDocument(Struct, frozen=True, kw_only=True):
    """One ticket, readable: what she sent, and what she said yes to."""

    format: Literal["jourchatt-ticket-1"] = "jourchatt-ticket-1"
    ticket: TicketId
    consent: ConsentRecord
    shown_sha256: str
    """SHA-256 of what she saw and answered: of `consent` and `content` as JSON with sorted keys."""
    content: Content


class TicketExport(Struct, frozen=True, kw_only=True):
    """The document with what has been written since: the file that is carried on."""

    document: TicketDocument
    state: str
    opened_at: datetime | None
    letters: tuple[Letter, ...] = ()


class SentCopy(Struct, frozen=True, kw_only=True):
    """What she keeps under her code: each document that went out, by ticket."""

    handover: HandoverId
    documents: tuple[TicketDocument, ...]


def document_of(grant: ConsentGrant, ticket: TicketId) -> TicketDocument:
    """Return the document that a grant allows."""
    return TicketDocument(
        ticket=ticket, consent=grant.record, shown_sha256=grant.shown, content=grant.content
    )


def is_as_shown(document: TicketDocument) -> bool:
    """Tell whether a document is, to the letter, what she saw and said yes to."""
    return digest_of(document.consent, document.content) == document.shown_sha256


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of an exported ticket."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Jourchatt ticket 1",
        **msgspec.json.schema(TicketExport),
    }
