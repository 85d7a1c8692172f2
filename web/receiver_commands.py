# SPDX-License-Identifier: EUPL-1.2
"""`jourchatt receiver`: the keys of receiving units.

Owns its commands, their arguments and what they print; above all that nobody is left with a key whose
passphrase nobody has seen. Each command loads what it needs only when it runs.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from config.settings import read_settings
from web.server_options import CannotStart
from web.site_given import add_site, read_site_given, refuse_unknown_units

if TYPE_CHECKING:
    from handover.ids import ReceiverId
    from handover.units import Units

_HAS_A_KEY = (
    "{unit} has a key already, and keeps it: what was sent to the unit opens with that key alone. "
    "If its passphrase is lost, see docs/operating/receiving-units.md."
)
_KEEP = """\
It is shown this once and is stored nowhere. Whoever works at the unit needs it after signing in; without
it nothing that was sent to the unit can be opened, by anybody. Write it on paper, keep it in two places
where the unit locks things away, and leave no copy with whoever runs this server."""


def add_commands(receiver: argparse.ArgumentParser) -> None:
    """Add what follows on `jourchatt receiver`."""
    commands = receiver.add_subparsers(required=True, metavar="COMMAND")
    create = commands.add_parser(
        "create",
        help="make the key of a receiving unit",
        description="Make the key of a receiving unit, under six made-up words that are printed once.",
    )
    create.add_argument("unit", metavar="UNIT", help="the receiver's id in the site file")
    source = create.add_mutually_exclusive_group()
    source.add_argument("--ask", action="store_true", help="ask for a passphrase of your own, twice")
    source.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="read a passphrase of your own from a file"
    )
    add_site(create)
    create.set_defaults(command=_create)
    listing = commands.add_parser("list", help="list the receiving units, and whether each has a key")
    add_site(listing)
    listing.set_defaults(command=_list)


def _create(arguments: argparse.Namespace) -> int:
    settings = read_settings(os.environ)
    site = read_site_given(settings, arguments.site)
    refuse_unknown_units([arguments.unit], site)
    from handover.errors import TooLate
    from handover.ids import ReceiverId
    from web.accounts_once import with_units

    unit = ReceiverId(arguments.unit)
    passphrase = _own_passphrase(arguments)

    async def create(units: Units) -> None:
        if await units.store.unit_key(unit) is not None:
            raise CannotStart(_HAS_A_KEY.format(unit=unit))
        chosen = passphrase if passphrase is not None else _made(units)
        try:
            await units.create(unit, chosen)
        except TooLate:
            raise CannotStart(_HAS_A_KEY.format(unit=unit)) from None

    with_units(settings, create)
    print(f"{unit} has a key now. Things can be sent to it.")
    return 0


def _own_passphrase(arguments: argparse.Namespace) -> str | None:
    """Return the passphrase that was given; None where one is to be made."""
    if arguments.passphrase_file is not None:
        given = _read(arguments.passphrase_file)
    elif arguments.ask:
        given = _asked()
    else:
        return None
    from handover.units import LONGEST_PASSPHRASE, SHORTEST_PASSPHRASE

    # As it counts when it is typed: spaces at its ends, and more than one in a row, do not.
    passphrase = " ".join(given.split())
    if not SHORTEST_PASSPHRASE <= len(passphrase) <= LONGEST_PASSPHRASE:
        raise CannotStart(
            f"A passphrase has {SHORTEST_PASSPHRASE} to {LONGEST_PASSPHRASE} characters: take several words."
        )
    return passphrase


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise CannotStart(f"The file {file} is not UTF-8; save it as UTF-8 text.") from None
    except OSError as error:
        reason = (error.strerror or "unknown error").lower()
        raise CannotStart(f"The file {file} cannot be read: {reason}.") from error


def _asked() -> str:
    if not sys.stdin.isatty():
        raise CannotStart(
            "There is no terminal to ask for a passphrase; use --passphrase-file, or let six words be made."
        )
    passphrase = getpass.getpass("Passphrase: ")
    if getpass.getpass("Once more: ") != passphrase:
        raise CannotStart("The two passphrases are not the same.")
    return passphrase


def _made(units: Units) -> str:
    """Make a passphrase and show it. Before the key: whoever cannot read it shall not have one."""
    from chat.code import new_code
    from config.codes import code_words

    passphrase = new_code(code_words(), units.randomness)
    print(f"Passphrase: {passphrase}\n{_KEEP}", flush=True)
    return passphrase


def _list(arguments: argparse.Namespace) -> int:
    settings = read_settings(os.environ)
    site = read_site_given(settings, arguments.site)
    from web.accounts_once import with_units

    def show(keys: Collection[ReceiverId]) -> None:
        for unit, receiver in site.receivers.items():
            key = "key" if unit in keys else "no key"
            print(f"{unit}  {receiver.track}  {receiver.organisation}  {key}")
        for unit in sorted(set(keys) - set(site.receivers)):
            print(f"{unit}  -  not in {site.source}  key")

    async def look(units: Units) -> None:
        show(await units.store.unit_keys())

    with_units(settings, look)
    return 0
