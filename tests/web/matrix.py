# SPDX-License-Identifier: EUPL-1.2
"""The table of who may do what over HTTP: one line for each route and verb of the staff.

A new route is one more line. `who` are the roles that it is for; `of` says what its `{…}` names, of which
everybody has only their own. What is somebody else's answers as what does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from tests.web.personas import CARE, CLINIC, INTAKE, JOUR, OTHER_TRACK, STAFF, Persona, account_of
from web.accounts.account import AT_CONSOLE, StaffRole
from web.accounts.rights import RIGHTS, Deed

Of = Literal[
    "",
    "service",
    "replies",
    "all replies",
    "unit",
    "ticket",
    "kind",
    "year",
    "organisation",
    "of a service",
    "of an organisation",
    "person",
    "link",
]
Roles = frozenset[StaffRole]

UNITS: Final = frozenset({StaffRole.RECEIVER, StaffRole.COORDINATOR})
EVERYBODY: Final = frozenset(StaffRole)

HOUSE: Final = "trygghetens-hus-bollnas"

TICKET: Final = "the ticket"
"""Stands for the ticket that was handed over to `INTAKE`."""

LINK: Final = "the link"
"""Stands for one to an account in linden, made anew for each request."""


def _named(name: str) -> str:
    return account_of(next(each for each in STAFF if each.name == name))


OBJECTS: Final[Mapping[Of, tuple[str, ...]]] = {
    "": ("",),
    "all replies": ("",),
    "kind": ("csv", "json"),
    "year": ("2025", "1999", "2200", "0"),
    "service": ("linden", "nowhere", "eken", "bron", "hamnen", "LINDEN", "%00", "..%2e"),
    "replies": ("linden", "nowhere", "eken", "bron", "hamnen"),
    "unit": (INTAKE, "nowhere", CLINIC, OTHER_TRACK),
    "ticket": (TICKET, "A" * 22, "%00"),
    "organisation": (JOUR, "nowhere", CARE, HOUSE, "%00", JOUR.upper()),
    "of a service": (
        "linden/hours",
        "linden/nothing",
        "eken/notice",
        "linden/lines",
        "nowhere/hours",
        "bron/hours",
        "hamnen/hours",
        "%00/hours",
    ),
    "of an organisation": (
        f"{JOUR}/lines",
        f"{JOUR}/nothing",
        f"{JOUR}/hours",
        "nowhere/lines",
        f"{CARE}/lines",
        f"{HOUSE}/lines",
    ),
    "person": (
        _named("operator"),
        "A" * 22,
        _named("operator of a sister"),
        _named("coordinator of services"),
        _named("operator elsewhere"),
        _named("administrator elsewhere"),
        _named("operator of the other track"),
        _named("receiver"),
        "matrix-0",
        "%00",
    ),
    "link": (LINK, "A" * 22, "", "x"),
}
"""What there is to name: first what is there, then what is nowhere, then what is others' or no name at all.
Those who may with none of them are asked about the first two."""

_RUN_BY: Final = {"linden": JOUR, "eken": JOUR, "bron": CARE}
_EDITED_BY_OPERATORS: Final = "eken"


def _first(path: str) -> str:
    return path.partition("/")[0]


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _runs(persona: Persona, service: str) -> bool:
    return service in persona.services or _RUN_BY.get(service) in persona.organisations


def _edits(persona: Persona, service: str) -> bool:
    return _runs(persona, service) and (
        persona.role is not StaffRole.OPERATOR or service == _EDITED_BY_OPERATORS
    )


def _works_for(persona: Persona, account: str) -> bool:
    """Tell whether an account is of an organisation that somebody runs."""
    found = next((each for each in STAFF if account_of(each) == account), None)
    if found is None:
        return False
    serves = any(_RUN_BY.get(each) in persona.organisations for each in found.services)
    return serves or not found.organisations.isdisjoint(persona.organisations)


_OWN: Final[Mapping[Of, Callable[[Persona, str], bool]]] = {
    "": lambda _, __: True,
    "kind": lambda _, __: True,
    "year": lambda _, year: year == "2025",
    "service": _runs,
    "replies": _edits,
    "all replies": lambda who, _: any(_edits(who, each) for each in OBJECTS["replies"]),
    "unit": lambda who, unit: unit in who.units,
    "ticket": lambda who, ticket: ticket == TICKET and INTAKE in who.units,
    "organisation": lambda who, organisation: organisation in who.organisations,
    "of a service": lambda who, path: _runs(who, _first(path)) and _last(path) in {"hours", "notice"},
    "of an organisation": lambda who, path: _first(path) in who.organisations and _last(path) == "lines",
    "person": _works_for,
    "link": lambda who, link: link == LINK and _runs(who, "linden"),
}
"""Whether an object is somebody's own, for a role that may."""


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
    """`{}` in a name or value stands for the object, where that is not in the path."""

    def is_for(self, persona: Persona, object_: str) -> bool:
        """Tell whether somebody may, with that object."""
        return persona.role in self.who and _OWN[self.of](persona, object_)

    @property
    def refused(self) -> int:
        """The status of what is not one's own, for a role that may with its own."""
        return 404 if self.of in {"ticket", "unit"} else 403


_EDIT: Final = RIGHTS[Deed.EDIT_SITE]
_PEOPLE: Final = RIGHTS[Deed.MANAGE_PEOPLE]
_TICKET_FORM: Final = (("text", ""), ("seen", "x"), ("version", "x"), ("do", "x"), ("number", "x"))

TABLE: Final = (
    Row("POST", "/staff/sign-out", EVERYBODY),
    Row("GET", "/console", AT_CONSOLE),
    Row("GET", "/console/receivers/{service}", AT_CONSOLE, "service", bare=True),
    Row("GET", "/console/at-hand/{service}", AT_CONSOLE, "service", bare=True),
    Row("GET", "/supervisor", RIGHTS[Deed.SEE_BOARD]),
    Row("GET", "/supervisor/board", RIGHTS[Deed.SEE_BOARD], bare=True),
    Row("POST", "/supervisor/sanctions/lift", RIGHTS[Deed.SEE_BOARD]),
    Row("GET", "/replies", RIGHTS[Deed.SEE_BOARD] | {StaffRole.OPERATOR}, "all replies"),
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
    Row("GET", "/supervisor/statistics/year/{year}", RIGHTS[Deed.SEE_FIGURES], "year"),
    Row("GET", "/supervisor/staffing", RIGHTS[Deed.PLAN]),
    Row("GET", "/supervisor/staffing/{service}", RIGHTS[Deed.PLAN], "service"),
    Row("GET", "/supervisor/barometer", RIGHTS[Deed.ANSWER_YEARLY]),
    Row("GET", "/supervisor/barometer/{year}", RIGHTS[Deed.ANSWER_YEARLY], "year"),
    Row("GET", "/supervisor/barometer/{year}.csv", RIGHTS[Deed.ANSWER_YEARLY], "year"),
    Row("GET", "/supervisor/barometer/{year}.json", RIGHTS[Deed.ANSWER_YEARLY], "year"),
    Row("GET", "/supervisor/barometer/{year}/answers", RIGHTS[Deed.ANSWER_YEARLY], "year"),
    Row(
        "POST",
        "/supervisor/barometer/{year}/answers",
        RIGHTS[Deed.ANSWER_YEARLY],
        "year",
        fields=(("version", "x"),),
    ),
    Row("GET", "/staff/roster", RIGHTS[Deed.SEE_ROSTER]),
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
    Row("GET", "/staff/site", _EDIT),
    Row("GET", "/staff/site/{service}", _EDIT, "service"),
    Row("GET", "/staff/site/{service}/{matter}", _EDIT, "of a service"),
    Row("POST", "/staff/site/{service}/{matter}", _EDIT, "of a service", fields=(("do", "nothing"),)),
    Row("GET", "/staff/site/organisations/{organisation}/history", _EDIT, "organisation"),
    Row(
        "POST",
        "/staff/site/organisations/{organisation}/history",
        _EDIT,
        "organisation",
        fields=(("version", "x"), ("number", "0")),
    ),
    Row("GET", "/staff/site/organisations/{organisation}/{matter}", _EDIT, "of an organisation"),
    Row(
        "POST",
        "/staff/site/organisations/{organisation}/{matter}",
        _EDIT,
        "of an organisation",
        fields=(("do", "nothing"),),
    ),
    Row("GET", "/staff/people", _PEOPLE),
    Row("GET", "/staff/people/invite", _PEOPLE),
    Row(
        "POST",
        "/staff/people/invite",
        _PEOPLE,
        "service",
        fields=(("label", "Lisa"), ("role", "operator"), ("service.{}", "on")),
    ),
    Row("POST", "/staff/people/links", _PEOPLE, "link", fields=(("id", "{}"),)),
    Row("GET", "/staff/people/{account}", _PEOPLE, "person"),
    Row(
        "POST",
        "/staff/people/{account}",
        _PEOPLE,
        "person",
        fields=(("do", "change"), ("role", "operator")),
    ),
    Row("GET", "/staff/me", EVERYBODY),
    Row("POST", "/staff/me", EVERYBODY, fields=(("do", "nothing"),)),
    Row("GET", "/staff/second-factor", EVERYBODY),
    Row("POST", "/staff/second-factor", EVERYBODY, fields=(("do", "nothing"),)),
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

OF_NOBODY: Final = frozenset(
    {
        ("GET", "/staff"),
        ("GET", "/staff/sign-in"),
        ("POST", "/staff/sign-in"),
        ("GET", "/staff/invitation/{token}"),
        ("POST", "/staff/invitation/{token}"),
        ("GET", "/tickets/schema/ticket-1.json"),
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/static/{path:path}"),
    }
)
"""Beside the pages of the visitor's side: what needs no sign-in. It asks for none, so it knows nobody."""
