# SPDX-License-Identifier: EUPL-1.2
"""`jourchatt staff`: the accounts of the staff.

Owns its commands, their arguments and what they print. Each loads what it needs only when it runs.
"""

from __future__ import annotations

import argparse
import getpass
import os
import secrets
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from config.settings import read_settings
from web.server_options import CannotStart
from web.site_given import (
    add_site,
    read_site_given,
    refuse_both_tracks,
    refuse_unknown_organisations,
    refuse_unknown_services,
    refuse_unknown_units,
)

if TYPE_CHECKING:
    from config.site import Site
    from web.accounts.service import Accounts

ROLES = ("operator", "supervisor", "receiver", "coordinator", "administrator")


def add_commands(staff: argparse.ArgumentParser) -> None:
    """Add what follows on `jourchatt staff`."""
    commands = staff.add_subparsers(required=True, metavar="COMMAND")
    add = commands.add_parser("add", help="add an account")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--role", choices=ROLES, default="operator", help="(default: operator)")
    _add_ids(add, "--service", "the services that it serves or looks after")
    _add_ids(add, "--unit", "the receiving units that it works at or looks after")
    _add_ids(add, "--organisation", "the organisations that it runs: an administrator's")
    add_site(add)
    _add_password(add)
    add.set_defaults(command=_add)
    listing = commands.add_parser("list", help="list all accounts")
    listing.set_defaults(command=_list)
    units = commands.add_parser("units", help="give an account other units and end its sign-ins now")
    units.add_argument("name", metavar="NAME")
    _add_ids(units, "--unit", "the receiving units that it works at or looks after, instead of its own")
    add_site(units)
    units.set_defaults(command=_units)
    disable = commands.add_parser("disable", help="close an account and end its sign-ins now")
    disable.add_argument("name", metavar="NAME")
    disable.set_defaults(command=_disable)
    reset = commands.add_parser("reset", help="give an account a new password and end its sign-ins now")
    reset.add_argument("name", metavar="NAME")
    add_site(reset)
    _add_password(reset)
    reset.set_defaults(command=_reset)
    factor = commands.add_parser("second-factor", help="tell whether a code is asked for at the sign-in")
    factor.add_argument("name", metavar="NAME")
    factor.add_argument(
        "--remove", action="store_true", help="ask for none any more, and end its sign-ins now"
    )
    factor.set_defaults(command=_second_factor)
    key = commands.add_parser("second-factor-key", help="tell whether the key of second factors here counts")
    key.add_argument("--new", action="store_true", help="let the one here count, when no factor is left")
    key.set_defaults(command=_second_factor_key)


def _add_ids(parser: argparse.ArgumentParser, option: str, what: str) -> None:
    parser.add_argument(
        option,
        f"{option}s",
        action="extend",
        nargs="+",
        type=_ids,
        default=[],
        metavar="ID",
        help=f"{what}; several with spaces or commas between",
    )


def _ids(text: str) -> list[str]:
    return [name for name in text.split(",") if name]


def _add_password(parser: argparse.ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    source.add_argument("--generate", action="store_true", help="make a password and print it")


def _add(arguments: argparse.Namespace) -> int:
    settings = read_settings(os.environ)
    site = read_site_given(settings, arguments.site)
    services, units = _flat(arguments.service), _flat(arguments.unit)
    organisations = _flat(arguments.organisation)
    refuse_unknown_services(services, site)
    refuse_unknown_organisations(organisations, site)
    refuse_unknown_units(units, site)
    refuse_both_tracks(services, units, site)
    _refuse_misfit(arguments.role, services, units, organisations, site)
    from chat.ids import OrganisationId, ServiceId
    from handover.ids import ReceiverId
    from web.accounts.account import StaffRole
    from web.accounts_once import with_accounts
    from web.site_names import names_of

    password = _password(arguments)

    async def add(accounts: Accounts) -> None:
        accounts.chosen.names = lambda: names_of(site, settings)
        await accounts.add(
            arguments.name,
            password,
            StaffRole(arguments.role),
            map(ServiceId, services),
            map(ReceiverId, units),
            organisations=map(OrganisationId, organisations),
        )

    with_accounts(settings, add)
    _tell(arguments, f"{arguments.name} may sign in as {arguments.role}.", password)
    return 0


def _flat(ids: Sequence[Sequence[str]]) -> list[str]:
    return [name for several in ids for name in several]


def _refuse_misfit(
    role: str, services: Sequence[str], units: Sequence[str], organisations: Sequence[str], site: Site
) -> None:
    from chat.ids import OrganisationId, ServiceId
    from handover.ids import ReceiverId
    from web.accounts.account import StaffRole
    from web.accounts.fitting import Misfit, misfit

    sentences = {
        Misfit.NO_SERVICE: "An operator serves at least one service; name it with --service ID.",
        Misfit.AT_UNIT: "An operator works at no receiving unit; "
        "give whoever does an account of the role receiver.",
        Misfit.NO_UNIT: "A receiver works at one or more receiving units; name them with --unit ID.",
        Misfit.NO_PLACE: "A coordinator works at one or more receiving units, or looks after services; "
        "name them with --unit ID or --service ID.",
        Misfit.NOT_RUNNING: "Only an administrator runs an organisation; name services or units instead.",
    }
    why = misfit(
        StaffRole(role),
        list(map(ServiceId, services)),
        list(map(ReceiverId, units)),
        list(map(OrganisationId, organisations)),
        site,
    )
    if why in sentences:
        raise CannotStart(sentences[why])


def _units(arguments: argparse.Namespace) -> int:
    settings = read_settings(os.environ)
    site = read_site_given(settings, arguments.site)
    units = _flat(arguments.unit)
    refuse_unknown_units(units, site)
    if not units:
        raise CannotStart("Name every unit that the account shall have, with --units ID,ID.")
    from handover.ids import ReceiverId
    from web.accounts_once import with_accounts

    async def change(accounts: Accounts) -> None:
        account = await accounts.named(arguments.name)
        refuse_both_tracks(sorted(account.services), units, site)
        _refuse_misfit(account.role, sorted(account.services), units, sorted(account.organisations), site)
        await accounts.set_units(arguments.name, map(ReceiverId, units))

    with_accounts(settings, change)
    print(f"{arguments.name} has the units {', '.join(sorted(units))}, and must sign in again.")
    return 0


def _list(_: argparse.Namespace) -> int:
    settings = read_settings(os.environ)
    from web.accounts_once import with_accounts

    async def show(accounts: Accounts) -> None:
        for account in await accounts.list():
            services = ", ".join(sorted(account.services)) or "-"
            more = (
                f"  units: {', '.join(sorted(account.units))}" if account.units else "",
                f"  organisations: {', '.join(sorted(account.organisations))}"
                if account.organisations
                else "",
                "  second factor" if account.second_factor else "",
                "  disabled" if account.disabled else "",
            )
            print(f"{account.name}  {account.role}  {services}{''.join(more)}")

    with_accounts(settings, show)
    return 0


def _disable(arguments: argparse.Namespace) -> int:
    settings = read_settings(os.environ)
    from web.accounts_once import with_accounts

    async def disable(accounts: Accounts) -> None:
        await accounts.disable(arguments.name)

    with_accounts(settings, disable)
    print(f"{arguments.name} may no longer sign in.")
    return 0


def _reset(arguments: argparse.Namespace) -> int:
    settings = read_settings(os.environ)
    site = read_site_given(settings, arguments.site)
    from web.accounts_once import with_accounts
    from web.site_names import names_of

    password = _password(arguments)

    async def reset(accounts: Accounts) -> None:
        accounts.chosen.names = lambda: names_of(site, settings)
        await accounts.reset(arguments.name, password)

    with_accounts(settings, reset)
    _tell(arguments, f"{arguments.name} has a new password.", password)
    return 0


def _second_factor(arguments: argparse.Namespace) -> int:
    settings = read_settings(os.environ)
    from web.accounts_once import with_accounts

    async def tell(accounts: Accounts) -> None:
        account = await accounts.named(arguments.name)
        if arguments.remove:
            await accounts.factors.remove(account.id)
            print(f"{arguments.name} has no second factor any more, and must sign in again.")
        else:
            print(f"{arguments.name} has {'a' if account.second_factor else 'no'} second factor.")

    with_accounts(settings, tell)
    return 0


def _second_factor_key(arguments: argparse.Namespace) -> int:
    settings = read_settings(os.environ)
    from web.accounts.agreed_key import KeyState
    from web.accounts_once import with_accounts

    file = settings.keys / "second-factors.key"
    sentences = {
        KeyState.FITS: f"{file} counts, or will when the first second factor is set up.",
        KeyState.MISSING: f"{file} is missing: copy it from the host that has it.",
        KeyState.ANOTHER: f"{file} is not the key that counts: copy that one from the host that has it.",
    }

    async def tell(accounts: Accounts) -> None:
        if arguments.new:
            await accounts.factors.key.begin_anew()
            print(f"{file} counts from now on. Copy it to the key directory of every other host.")
        else:
            print(sentences[await accounts.factors.key.state()])

    with_accounts(settings, tell)
    return 0


def _password(arguments: argparse.Namespace) -> str:
    if arguments.generate:
        return secrets.token_urlsafe(15)
    if arguments.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise CannotStart("There is no terminal to ask for a password; use --password-stdin or --generate.")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise CannotStart("The two passwords are not the same.")
    return password


def _tell(arguments: argparse.Namespace, done: str, password: str) -> None:
    print(done)
    if arguments.generate:
        print(f"Password: {password}")
