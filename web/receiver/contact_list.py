# SPDX-License-Identifier: EUPL-1.2
"""Changing a contact list: lines added, changed, moved, taken out.

Pure: a list and a wish in, the next list out. Knows no form and no store.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import msgspec

from handover.errors import Incomplete
from handover.items import LONGEST_SHORT
from handover.letters import LONGEST_CONTACT, MOST_CONTACTS, ContactLine, ContactList, ContactStatus

LONGEST_NAME: Final = LONGEST_CONTACT
LONGEST_NOTE: Final = LONGEST_SHORT


class Unfit(StrEnum):
    """What is wrong with a change."""

    NAME = "contacts.name_missing"
    TOO_LONG = "contacts.too_long"
    TOO_MANY = "contacts.too_many"
    PLACE = "contacts.place_unfit"


class CannotChange(Exception):
    """The change would give no contact list; why, so that a page can say it. It never leaves this side."""

    def __init__(self, why: Unfit) -> None:
        super().__init__(why.value)
        self.why = why


def added(contacts: ContactList, names: Sequence[str]) -> ContactList:
    """Return the list with a line at its end for each name; empty names are left out.

    Raises:
        CannotChange: no name, a name that is too long, or more lines than a list may have.
    """
    new = tuple(ContactLine(name.strip()) for name in names if name.strip())
    if not new:
        raise CannotChange(Unfit.NAME)
    return _fit((*contacts.lines, *new))


def changed(contacts: ContactList, at: int, name: str, status: str, note: str) -> ContactList:
    """Return the list with another content of the line `at`.

    Raises:
        CannotChange: no name, or a text that is too long. Incomplete: no such line or status.
    """
    _check(contacts, at)
    if status not in set(ContactStatus):
        raise Incomplete
    if not name.strip():
        raise CannotChange(Unfit.NAME)
    line = ContactLine(name.strip(), ContactStatus(status), note.strip())
    return _fit((*contacts.lines[:at], line, *contacts.lines[at + 1 :]))


def moved(contacts: ContactList, at: int, to: int) -> ContactList:
    """Return the list with the line `at` in the place `to`, or as near to it as there is one.

    Raises:
        Incomplete: no such line.
    """
    _check(contacts, at)
    rest = [*contacts.lines[:at], *contacts.lines[at + 1 :]]
    rest.insert(max(0, min(to, len(rest))), contacts.lines[at])
    return _fit(tuple(rest))


def without(contacts: ContactList, at: int) -> ContactList:
    """Return the list without the line `at`.

    Raises:
        Incomplete: no such line.
    """
    _check(contacts, at)
    return _fit((*contacts.lines[:at], *contacts.lines[at + 1 :]))


def _check(contacts: ContactList, at: int) -> None:
    if not 0 <= at < len(contacts.lines):
        raise Incomplete


def _fit(lines: tuple[ContactLine, ...]) -> ContactList:
    if len(lines) > MOST_CONTACTS:
        raise CannotChange(Unfit.TOO_MANY)
    if any(len(line.name) > LONGEST_NAME or len(line.note) > LONGEST_NOTE for line in lines):
        raise CannotChange(Unfit.TOO_LONG)
    # The types say the same: a list that does not keep to them would never be read again.
    return msgspec.convert(msgspec.to_builtins(ContactList(lines)), ContactList)
