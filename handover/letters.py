# SPDX-License-Identifier: EUPL-1.2
"""What is written on a ticket after it was sent: letters, the contact list of a samråd, and its meetings.

Owns their forms and bounds. Each is sealed to those who may read it (`handover/sealing.py`).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from handover.items import Short


class LetterKind(StrEnum):
    """What a letter is."""

    QUESTION = "question"
    """The receiver asks or answers; nothing is decided by it."""
    ACCEPTED = "accepted"
    """They take it; `reference` is their case reference."""
    DECLINED = "declined"
    ADDED = "added"
    """From her."""
    MEETING = "meeting"
    """The coordinator proposes to meet. Nobody needs to say who she is in order to come."""


class Writer(StrEnum):
    """Who wrote it."""

    RECEIVER = "receiver"
    VISITOR = "visitor"


class Letter(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One letter, readable."""

    kind: LetterKind
    by: Writer
    text: str = ""
    reference: str = ""
    """A case reference."""
    place: str = ""
    time: str = ""
    """Of a meeting, in words."""
    at: datetime
    """To the minute."""


class ContactStatus(StrEnum):
    """How it goes with one of the authorities that she has to deal with."""

    PLANNED = "planned"
    TAKEN_OVER = "taken_over"
    """The coordinator has relieved her of it."""
    DONE = "done"


MOST_CONTACTS = 60
"""A person exposed to violence may have to deal with 30 to 40."""
LONGEST_CONTACT = 120

MOST_LETTERS = 200
"""On one ticket, from both sides together. Whoever needs more needs to meet."""


class ContactLine(Struct, frozen=True, forbid_unknown_fields=True):
    """One authority contact."""

    name: Annotated[str, Meta(min_length=1, max_length=LONGEST_CONTACT)]
    status: ContactStatus = ContactStatus.PLANNED
    note: Short = ""


class ContactList(Struct, frozen=True):
    """The authority contacts of one handover, in the coordinator's order."""

    lines: Annotated[tuple[ContactLine, ...], Meta(max_length=MOST_CONTACTS)] = ()
