# SPDX-License-Identifier: EUPL-1.2
"""The command `jourchatt`.

Owns the commands, their arguments and what they print. Each loads what it needs only when it runs, so that
`--help` and `check` are quick. A failure is a plain sentence on standard error and exit status 1.
"""

from __future__ import annotations

import argparse
import contextlib
import getpass
import os
import secrets
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from config.errors import Broken
from config.settings import Settings, read_settings
from web.server_options import CannotStart, ServeOptions

if TYPE_CHECKING:
    from config.site import Site
    from web.accounts.service import Accounts

Command = Callable[[argparse.Namespace], int]

_ROLES = ("operator", "supervisor", "receiver", "coordinator", "administrator")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; `argv` is what follows the command's own name."""
    arguments = _parser().parse_args(argv)
    command: Command = arguments.command
    try:
        return command(arguments)
    except (Broken, CannotStart) as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever read our output has gone: nothing to tell, and nobody to tell it.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130


# --- arguments -----------------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="jourchatt", description="An anonymous support chat.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Command, what: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=what, description=what)
        added.set_defaults(command=run)
        return added

    _add_demo(
        command("demo", _demo, "Run the whole chat on this machine, with made-up staff and a sample page.")
    )

    serve = command("serve", _serve, "Run the server, with settings from the environment.")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    serve.add_argument("--port", type=_port, help="port to listen on (default: $PORT, else 8000)")
    _add_site(serve)

    check = command(
        "check", _check, "List everything that is wrong or doubtful, with its place and its mend."
    )
    _add_site(check)

    command("migrate", _migrate, "Make the database, or bring it up to this version.")

    widget = command("widget", _widget, "Print the line that a web page needs to show a service's chat.")
    widget.add_argument("service", metavar="SERVICE", help="the service's id")
    _add_site(widget)

    staff = "Add, list, disable and reset the accounts of the staff."
    _add_staff(commands.add_parser("staff", help=staff, description=staff))
    return parser


def _add_demo(demo: argparse.ArgumentParser) -> None:
    demo.add_argument("--port", type=_port, default=8000, help="0 chooses a free one (default: 8000)")
    demo.add_argument(
        "--data", type=Path, metavar="DIR", help="keep the data there (default: gone at the end)"
    )
    demo.add_argument(
        "--capacity", type=_capacity, default=3, help="chats one operator may hold (default: 3)"
    )
    demo.add_argument(
        "--limits", action="store_true", help="limit the rate of this machine's own addresses too"
    )
    demo.add_argument(
        "--json", action="store_true", help="print one line of JSON when ready, and nothing else"
    )


def _add_staff(staff: argparse.ArgumentParser) -> None:
    commands = staff.add_subparsers(required=True, metavar="COMMAND")
    add = commands.add_parser("add", help="add an account")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--role", choices=_ROLES, default="operator", help="(default: operator)")
    add.add_argument(
        "--service", action="extend", nargs="+", default=[], metavar="ID", help="may be repeated"
    )
    _add_site(add)
    _add_password(add)
    add.set_defaults(command=_staff_add)
    listing = commands.add_parser("list", help="list all accounts")
    listing.set_defaults(command=_staff_list)
    disable = commands.add_parser("disable", help="close an account and end its sign-ins now")
    disable.add_argument("name", metavar="NAME")
    disable.set_defaults(command=_staff_disable)
    reset = commands.add_parser("reset", help="give an account a new password and end its sign-ins now")
    reset.add_argument("name", metavar="NAME")
    _add_password(reset)
    reset.set_defaults(command=_staff_reset)


def _add_site(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--site", type=Path, metavar="FILE", help="the site file (default: $JOURCHATT_SITE)")


def _add_password(parser: argparse.ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    source.add_argument("--generate", action="store_true", help="make a password and print it")


def _port(text: str) -> int:
    return _bounded(text, 0, 65535)


def _capacity(text: str) -> int:
    return _bounded(text, 1, 20)


def _bounded(text: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        message = f"choose a number from {least} to {most}"
        raise argparse.ArgumentTypeError(message)
    return int(text)


# --- running the chat ----------------------------------------------------------------------------------


def _demo(arguments: argparse.Namespace) -> int:
    from web.demo import start

    return start(
        port=arguments.port,
        directory=arguments.data,
        capacity=arguments.capacity,
        limits=arguments.limits,
        as_json=arguments.json,
    )


def _serve(arguments: argparse.Namespace) -> int:
    settings = read_settings(os.environ)
    site = _read_site(settings, arguments.site)
    from web.server import run

    port = settings.port if arguments.port is None else arguments.port
    return run(ServeOptions(host=arguments.host, port=port, settings=settings, site=site))


def _check(arguments: argparse.Namespace) -> int:
    from config.check import Severity, check
    from web.bootstrap import today

    settings: Settings | Broken
    try:
        settings = read_settings(os.environ)
        file = arguments.site or settings.site
    except Broken as broken:
        settings = broken
        file = arguments.site or Path(os.environ.get("JOURCHATT_SITE") or "site.toml")
    try:
        text = _text_of(file)
    except CannotStart:
        if isinstance(settings, Broken):
            print(settings, file=sys.stderr)
        raise
    findings = check(settings, text, source=str(file), today=today())
    for finding in findings:
        print(finding)
    mistakes = sum(finding.severity is Severity.MISTAKE for finding in findings)
    print(f"{file}: mistakes: {mistakes}, warnings: {len(findings) - mistakes}")
    return 1 if mistakes else 0


def _migrate(_: argparse.Namespace) -> int:
    settings = read_settings(os.environ)
    from web.accounts_once import with_accounts

    async def nothing(_: Accounts) -> None:
        """Whatever opens the database brings it to this version first."""

    with_accounts(settings, nothing)
    print("The database is at this version.")
    return 0


def _widget(arguments: argparse.Namespace) -> int:
    settings = read_settings(os.environ)
    site = _read_site(settings, arguments.site)
    _refuse_unknown_services([arguments.service], site)
    service = site.services[arguments.service]
    print(
        f'<script src="{settings.public_url}/widget.js" data-service="{service.id}" '
        f'data-lang="{service.language}" async></script>'
    )
    return 0


# --- staff ---------------------------------------------------------------------------------------------


def _staff_add(arguments: argparse.Namespace) -> int:
    settings = read_settings(os.environ)
    site = _read_site(settings, arguments.site)
    _refuse_unknown_services(arguments.service, site)
    _refuse_both_tracks(arguments.service, site)
    from chat.ids import ServiceId
    from web.accounts.account import StaffRole
    from web.accounts_once import with_accounts

    if arguments.role == StaffRole.OPERATOR and not arguments.service:
        raise CannotStart("An operator serves at least one service; name it with --service ID.")
    password = _password(arguments)

    async def add(accounts: Accounts) -> None:
        services = map(ServiceId, arguments.service)
        await accounts.add(arguments.name, password, StaffRole(arguments.role), services)

    with_accounts(settings, add)
    _tell(arguments, f"{arguments.name} may sign in as {arguments.role}.", password)
    return 0


def _staff_list(_: argparse.Namespace) -> int:
    settings = read_settings(os.environ)
    from web.accounts_once import with_accounts

    async def show(accounts: Accounts) -> None:
        for account in await accounts.list():
            services = ", ".join(sorted(account.services)) or "-"
            closed = "  disabled" if account.disabled else ""
            print(f"{account.name}  {account.role}  {services}{closed}")

    with_accounts(settings, show)
    return 0


def _staff_disable(arguments: argparse.Namespace) -> int:
    settings = read_settings(os.environ)
    from web.accounts_once import with_accounts

    async def disable(accounts: Accounts) -> None:
        await accounts.disable(arguments.name)

    with_accounts(settings, disable)
    print(f"{arguments.name} may no longer sign in.")
    return 0


def _staff_reset(arguments: argparse.Namespace) -> int:
    settings = read_settings(os.environ)
    from web.accounts_once import with_accounts

    password = _password(arguments)

    async def reset(accounts: Accounts) -> None:
        await accounts.reset(arguments.name, password)

    with_accounts(settings, reset)
    _tell(arguments, f"{arguments.name} has a new password.", password)
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


# --- the site file -------------------------------------------------------------------------------------


def _read_site(settings: Settings, file: Path | None) -> Site:
    """Read the site file, or raise `Broken` with all its mistakes."""
    from config.site_file import read_site
    from web.bootstrap import today

    chosen = file or settings.site
    return read_site(_text_of(chosen), today=today(), source=str(chosen)).whole()


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        message = f"There is no site file {file}; copy config/site.example.toml, or name it with --site FILE."
    except UnicodeDecodeError:
        message = f"The site file {file} is not UTF-8; save it as UTF-8 text."
    except OSError as error:
        message = f"The site file {file} cannot be read: {(error.strerror or 'unknown error').lower()}."
    raise CannotStart(message)


def _refuse_unknown_services(asked: Sequence[str], site: Site) -> None:
    for name in asked:
        if name not in site.services:
            known = ", ".join(sorted(site.services))
            message = f"There is no service “{name}” in {site.source}; there are: {known}."
            raise CannotStart(message)


def _refuse_both_tracks(asked: Sequence[str], site: Site) -> None:
    tracks = {service.id: service.chat.track for service in site.services.values() if service.id in asked}
    if len(set(tracks.values())) > 1:
        named = ", ".join(f"{name} ({track})" for name, track in tracks.items())
        raise CannotStart(f"One person serves those who are exposed or those who use violence: {named}.")
