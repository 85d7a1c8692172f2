# SPDX-License-Identifier: EUPL-1.2
"""Everybody who may stand before a page of the staff: each role in each relation to what is there.

Owns who they are and their sign-ins, which are made without a password: checking one takes its time on
purpose, and nothing here is about passwords.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import update

from chat.ids import OrganisationId, ServiceId
from handover.ids import ReceiverId
from tests.web.running import Running
from web.accounts.account import Account, AccountId, StaffRole, StaffSession
from web.accounts.adapters.tables import sessions
from web.accounts.service import Accounts

JOUR, CARE = "kvinnojouren-vallentuna", "oppenvarden-vallentuna"
INTAKE, CLINIC, OTHER_TRACK = "mottagningen-vallentuna", "kurator-vardcentralen", "samverkan-bollnas"


@dataclass(frozen=True, slots=True)
class Persona:
    """One of them. `services`, `units` and `organisations` are what the account has."""

    name: str
    role: StaffRole
    services: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()


def _one(name: str, role: StaffRole, *services: str, units: str = "", runs: str = "") -> Persona:
    return Persona(
        name,
        role,
        frozenset(services),
        frozenset(units.split()),
        frozenset(runs.split()),
    )


_R = StaffRole
STAFF: Final = (
    _one("operator", _R.OPERATOR, "linden"),
    _one("operator of a sister", _R.OPERATOR, "eken"),
    _one("operator elsewhere", _R.OPERATOR, "bron"),
    _one("operator of the other track", _R.OPERATOR, "hamnen"),
    _one("supervisor", _R.SUPERVISOR, "linden", "eken", units=INTAKE),
    _one("supervisor elsewhere", _R.SUPERVISOR, "bron"),
    _one("supervisor of the other track", _R.SUPERVISOR, "hamnen", units=OTHER_TRACK),
    _one("receiver", _R.RECEIVER, units=INTAKE),
    _one("receiver elsewhere", _R.RECEIVER, units=CLINIC),
    _one("receiver of the other track", _R.RECEIVER, units=OTHER_TRACK),
    _one("coordinator of services", _R.COORDINATOR, "linden", "eken"),
    _one("coordinator of units", _R.COORDINATOR, units=INTAKE),
    _one("administrator", _R.ADMINISTRATOR, runs=JOUR),
    _one("administrator elsewhere", _R.ADMINISTRATOR, runs=CARE),
)
"""Those whose sign-in is live. What they have to do with: `linden`, and the tickets of `INTAKE`."""

NOBODY: Final = ("no sign-in", "disabled", "expired", "forged")
"""Those who have none; what they are answered must be the same."""


@dataclass(frozen=True, slots=True)
class Present:
    """One of them at the server. `session` is None for one of `NOBODY`."""

    name: str
    cookie: str
    persona: Persona | None = None
    session: StaffSession | None = None


async def everybody(run: Running) -> dict[str, Present]:
    """Return all of them, signed in where they can be."""
    accounts = run.house.accounts
    present = {}
    for persona in STAFF:
        present[persona.name] = await comes(accounts, persona, _sign_in_name(persona))
    was_disabled = await comes(accounts, STAFF[0], "matrix-disabled")
    await accounts.disable("matrix-disabled")
    was_expired = await comes(accounts, STAFF[0], "matrix-expired")
    await _expires(accounts, was_expired)
    cookies = ("", was_disabled.cookie, was_expired.cookie, was_expired.cookie[::-1])
    return present | {name: Present(name, cookie) for name, cookie in zip(NOBODY, cookies, strict=True)}


def account_of(persona: Persona) -> AccountId:
    """Return the account of one of them: it has the same id at every server."""
    return _id_of(_sign_in_name(persona))


def _sign_in_name(persona: Persona) -> str:
    return f"matrix-{STAFF.index(persona)}"


def _id_of(name: str) -> AccountId:
    return AccountId(name.ljust(22, "-"))


async def comes(accounts: Accounts, persona: Persona, name: str) -> Present:
    """Return one of them with a live sign-in, under a name of their own."""
    account = Account(
        id=_id_of(name),
        name=name,
        role=persona.role,
        services=frozenset(map(ServiceId, persona.services)),
        units=frozenset(map(ReceiverId, persona.units)),
        organisations=frozenset(map(OrganisationId, persona.organisations)),
        password_hash="nobody's",
    )
    known = await accounts._store.by_name(name)
    if known is None:
        await accounts._store.add(account)
    elif known.disabled:
        await accounts._store.set_password(name, account.password_hash)
    begun = await accounts._begun(account)
    return Present(persona.name, begun.token, persona, begun.session)


async def _expires(accounts: Accounts, present: Present) -> None:
    """Let a sign-in be older than any may get."""
    assert present.session is not None
    store = accounts._store
    async with store._database.write() as connection:  # type: ignore[attr-defined]  # it is the adapter
        mine = sessions.c.duty == present.session.id
        await connection.execute(update(sessions).where(mine).values(expires_at=1))
