# SPDX-License-Identifier: EUPL-1.2
"""Which role may do what of an organisation's own matters, in one table.

Owns `Deed`, `RIGHTS` and where each role works. With whose services and organisations somebody may do it says
the sign-in (`House.may_serve`, `House.may_run`): both are asked, always. What happens in a conversation or
with a ticket is decided where those are.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from web.accounts.account import AT_CONSOLE, StaffRole, StaffSession


class Deed(StrEnum):
    """What somebody may do, each in services or organisations of their own."""

    SEE_BOARD = "see_board"
    """See how it is in their services now."""
    ANSWER = "answer"
    """Work at the console: answer chats, or lead those who do."""
    SEE_FIGURES = "see_figures"
    """See the statistics of their services."""
    SEE_ROSTER = "see_roster"
    """See who has which shift, sign up for one, and ask to change or to be away."""
    PLAN = "plan"
    """Make shifts, and put anybody on them."""
    CLOSE = "close"
    """Close a service before its time."""
    MANAGE_PEOPLE = "manage_people"
    """Invite people to their organisations, change what they may do and shut them out."""
    SEE_AUDIT = "see_audit"
    """Read who did what in their organisations."""
    EDIT_SITE = "edit_site"
    """Change hours, texts, lines and addresses of their organisations."""
    EDIT_REPLIES = "edit_replies"
    """Change the ready replies. Operators too, in a service whose site file says so."""
    ANSWER_YEARLY = "answer_yearly"
    """Answer once a year what no counter knows."""


_LEADING: Final = frozenset({StaffRole.SUPERVISOR, StaffRole.COORDINATOR, StaffRole.ADMINISTRATOR})
_ADMINISTRATOR: Final = frozenset({StaffRole.ADMINISTRATOR})

RIGHTS: Final[Mapping[Deed, frozenset[StaffRole]]] = {
    Deed.SEE_BOARD: frozenset({StaffRole.SUPERVISOR, StaffRole.ADMINISTRATOR}),
    Deed.ANSWER: AT_CONSOLE,
    Deed.SEE_FIGURES: _LEADING,
    Deed.SEE_ROSTER: _LEADING | {StaffRole.OPERATOR},
    Deed.PLAN: _LEADING,
    Deed.CLOSE: _LEADING,
    Deed.MANAGE_PEOPLE: _ADMINISTRATOR,
    Deed.SEE_AUDIT: _ADMINISTRATOR,
    Deed.EDIT_SITE: _ADMINISTRATOR,
    Deed.EDIT_REPLIES: frozenset({StaffRole.SUPERVISOR, StaffRole.ADMINISTRATOR}),
    Deed.ANSWER_YEARLY: _ADMINISTRATOR,
}


def home_of(session: StaffSession) -> str:
    """Return the path of the page where somebody works."""
    match session.role:
        case StaffRole.OPERATOR:
            return "/console"
        case StaffRole.RECEIVER:
            return "/tickets"
        case StaffRole.COORDINATOR:
            return "/tickets" if session.units else "/staff/roster"
        case StaffRole.SUPERVISOR | StaffRole.ADMINISTRATOR:
            return "/supervisor"


def may(session: StaffSession, deed: Deed) -> bool:
    """Tell whether a sign-in's role may do something somewhere at all."""
    return session.role in RIGHTS[deed]
