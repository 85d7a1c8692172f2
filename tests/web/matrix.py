# SPDX-License-Identifier: EUPL-1.2
"""The table of who may do what over HTTP: one line for each route and verb of the staff.

A new route is one more line. `who` are the roles that it is for; `of` says what its `{…}` names, of which
everybody has only their own. What is somebody else's answers as what does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from tests.web.personas import CARE, CLINIC, INTAKE, JOUR, OTHER_TRACK, Persona
from web.accounts.account import AT_CONSOLE, StaffRole
from web.accounts.rights import RIGHTS, Deed

Of = Literal["", "service", "replies", "unit", "ticket", "kind", "year"]
Roles = frozenset[StaffRole]

UNITS: Final = frozenset({StaffRole.RECEIVER, StaffRole.COORDINATOR})
EVERYBODY: Final = frozenset(StaffRole)

TICKET: Final = "the ticket"
"""Stands for the ticket that was handed over to `INTAKE`."""

OBJECTS: Final[Mapping[Of, tuple[str, ...]]] = {
    "": ("",),
    "kind": ("csv", "json"),
    "year": ("2025", "1999", "2200", "0"),
    "service": ("linden", "nowhere", "eken", "bron", "hamnen", "LINDEN", "%00", "..%2e"),
    "replies": ("linden", "nowhere", "eken", "bron", "hamnen"),
    "unit": (INTAKE, "nowhere", CLINIC, OTHER_TRACK),
    "ticket": (TICKET, "A" * 22, "%00"),
}
"""What there is to name: first what is there, then what is nowhere, then what is others' or no name at all.
Those who may with none of them are asked about the first two."""

_RUN_BY: Final = {"linden": JOUR, "eken": JOUR, "bron": CARE}
_EDITED_BY_OPERATORS: Final = "eken"


@dataclass(frozen=True, slots=True)
class Row:
    """One route and verb. `fields` are what its form carries: something that cannot be carried out."""

    method: str
    path: str
    who: Roles
    of: Of = ""
    bare: bool = False
    """For scripts: 401 without a sign-in and 403 for others, both without a page."""
    fields: tuple[tuple[str, str], ...] = ()
    """`{}` in a value stands for the object, where that is not in the path."""

    def is_for(self, persona: Persona, object_: str) -> bool:
        """Tell whether somebody may, with that object."""
        if persona.role not in self.who:
            return False
        runs = object_ in persona.services or _RUN_BY.get(object_) in persona.organisations
        match self.of:
            case "service":
                return runs
            case "replies":
                return runs and (persona.role is not StaffRole.OPERATOR or object_ == _EDITED_BY_OPERATORS)
            case "unit":
                return object_ in persona.units
            case "year":
                return object_ == "2025"
            case "ticket":
                return object_ == TICKET and INTAKE in persona.units
            case _:
                return True

    @property
    def refused(self) -> int:
        """The status of what is not one's own, for a role that may with its own."""
        return 404 if self.of in {"ticket", "unit"} else 403


_TICKET_FORM: Final = (("text", ""), ("seen", "x"), ("version", "x"), ("do", "x"), ("number", "x"))

TABLE: Final = (
    Row("POST", "/staff/sign-out", EVERYBODY),
    Row("GET", "/console", AT_CONSOLE),
    Row("GET", "/console/receivers/{service}", AT_CONSOLE, "service", bare=True),
    Row("GET", "/console/at-hand/{service}", AT_CONSOLE, "service", bare=True),
    Row("GET", "/supervisor", RIGHTS[Deed.SEE_BOARD]),
    Row("GET", "/supervisor/board", RIGHTS[Deed.SEE_BOARD], bare=True),
    Row("POST", "/supervisor/sanctions/lift", RIGHTS[Deed.SEE_BOARD]),
    Row("GET", "/replies/{service}", RIGHTS[Deed.SEE_BOARD] | {StaffRole.OPERATOR}, "replies"),
    Row(
        "POST",
        "/replies/{service}",
        RIGHTS[Deed.SEE_BOARD] | {StaffRole.OPERATOR},
        "replies",
        fields=(("do", "nothing"),),
    ),
    Row("GET", "/supervisor/statistics", RIGHTS[Deed.SEE_FIGURES]),
    Row("GET", "/supervisor/statistics.csv", RIGHTS[Deed.SEE_FIGURES]),
    Row("GET", "/supervisor/statistics.json", RIGHTS[Deed.SEE_FIGURES]),
    Row("GET", "/supervisor/statistics/year/{year:int}", RIGHTS[Deed.SEE_FIGURES], "year"),
    Row("GET", "/supervisor/staffing", RIGHTS[Deed.PLAN]),
    Row("GET", "/supervisor/staffing/{service}", RIGHTS[Deed.PLAN], "service"),
    Row("GET", "/supervisor/barometer", RIGHTS[Deed.ANSWER_YEARLY]),
    Row("GET", "/supervisor/barometer/{year:int}", RIGHTS[Deed.ANSWER_YEARLY], "year"),
    Row("GET", "/supervisor/barometer/{year:int}.csv", RIGHTS[Deed.ANSWER_YEARLY], "year"),
    Row("GET", "/supervisor/barometer/{year:int}.json", RIGHTS[Deed.ANSWER_YEARLY], "year"),
    Row("GET", "/supervisor/barometer/{year:int}/answers", RIGHTS[Deed.ANSWER_YEARLY], "year"),
    Row(
        "POST",
        "/supervisor/barometer/{year:int}/answers",
        RIGHTS[Deed.ANSWER_YEARLY],
        "year",
        fields=(("version", "x"),),
    ),
    Row("GET", "/staff/roster/{service}", RIGHTS[Deed.SEE_ROSTER], "service"),
    Row(
        "POST",
        "/staff/roster/{service}",
        RIGHTS[Deed.SEE_ROSTER],
        "service",
        fields=(("do", "nothing"),),
    ),
    Row("GET", "/staff/audit", RIGHTS[Deed.SEE_AUDIT]),
    Row("GET", "/staff/audit/export.{kind}", RIGHTS[Deed.SEE_AUDIT], "kind"),
    Row("GET", "/tickets", UNITS),
    Row("POST", "/tickets/unlock", UNITS, "unit", fields=(("unit", "{}"), ("passphrase", ""))),
    Row("POST", "/tickets/lock", UNITS),
    Row("GET", "/tickets/{ticket}", UNITS, "ticket"),
    Row("GET", "/tickets/{ticket}/print", UNITS, "ticket"),
    Row("GET", "/tickets/{ticket}/ticket.json", UNITS, "ticket"),
    Row("GET", "/tickets/{ticket}/samrad", UNITS, "ticket"),
    *(
        Row("POST", f"/tickets/{{ticket}}/{verb}", UNITS, "ticket", fields=_TICKET_FORM)
        for verb in ("open", "unlock", "write", "accept", "decline", "comes", "contacts", "meeting")
    ),
)

LISTS: Final = frozenset({("GET", "/replies"), ("GET", "/staff/roster")})
"""Lead to what is one's own, and refuse those who have nothing there; their own tests tell which."""

OF_NOBODY: Final = frozenset(
    {
        ("GET", "/staff/sign-in"),
        ("POST", "/staff/sign-in"),
        ("GET", "/tickets/schema/ticket-1.json"),
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/static/{path:path}"),
    }
)
"""Beside the pages of the visitor's side: what needs no sign-in. It asks for none, so it knows nobody."""
