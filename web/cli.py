# SPDX-License-Identifier: EUPL-1.2
"""The command `jourchatt`.

Owns the commands, their arguments and what they print. Each loads what it needs only when it runs, so that
`--help` and `check` are quick. A failure is a plain sentence on standard error and exit status 1.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chat.ids import OrganisationId
from config.errors import Broken
from config.settings import Settings, read_settings
from web import backup_commands, receiver_commands, staff_commands
from web.server_options import CannotStart, ServeOptions
from web.site_given import (
    add_site,
    read_site_given,
    refuse_unknown_organisations,
    refuse_unknown_services,
    site_file_given,
    text_of,
)

if TYPE_CHECKING:
    from config.check import Finding
    from web.accounts.service import Accounts

Command = Callable[[argparse.Namespace], int]


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
    add_site(serve)

    check = command(
        "check", _check, "List everything that is wrong or doubtful, with its place and its mend."
    )
    _add_check(check)

    command("migrate", _migrate, "Make the database, or bring it up to this version.")

    widget = command("widget", _widget, "Print the line that a web page needs to show a service's chat.")
    widget.add_argument("service", metavar="SERVICE", help="the service's id")
    add_site(widget)

    site = "Print what an organisation has set itself, as lines for the site file."
    _add_export(commands.add_parser("site", help=site, description=site))

    staff = "Add, list, disable and reset the accounts of the staff."
    staff_commands.add_commands(commands.add_parser("staff", help=staff, description=staff))

    receiver = "Make and list the keys of the units that receive handovers."
    receiver_commands.add_commands(commands.add_parser("receiver", help=receiver, description=receiver))
    backup_commands.add_commands(command)
    return parser


def _add_check(check: argparse.ArgumentParser) -> None:
    check.add_argument("file", nargs="?", type=Path, metavar="FILE", help="the site file, as with --site")
    add_site(check)
    check.add_argument(
        "--deployment",
        action="store_true",
        help="also look at the machine, the engines, and the chat from outside",
    )
    check.add_argument(
        "--etc", type=Path, metavar="DIR", help="where the settings lie (default: /etc/jourchatt)"
    )
    check.add_argument(
        "--backups",
        type=Path,
        metavar="DIR",
        help="where backups lie (default: $JOURCHATT_BACKUPS, else /var/lib/jourchatt-backups)",
    )


def _add_export(site: argparse.ArgumentParser) -> None:
    export = site.add_subparsers(required=True, metavar="COMMAND").add_parser(
        "export", help="print it, to be put into the site file"
    )
    export.set_defaults(command=_export)
    export.add_argument("organisation", metavar="ORGANISATION", help="the organisation's id")
    add_site(export)


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
    file = site_file_given(settings, arguments.site)
    from web.bootstrap import today
    from web.server import run

    site = file.read(today()).whole()

    port = settings.port if arguments.port is None else arguments.port
    return run(ServeOptions(host=arguments.host, port=port, settings=settings, site=site, file=file))


def _check(arguments: argparse.Namespace) -> int:
    from config.check import Severity, check
    from web.bootstrap import factors_locked, keys_there_are, languages_of_pages, overlays_there_are, today

    settings: Settings | Broken
    try:
        settings = read_settings(os.environ)
        file = arguments.file or arguments.site or settings.site
    except Broken as broken:
        settings = broken
        file = arguments.file or arguments.site or Path(os.environ.get("JOURCHATT_SITE") or "site.toml")
    try:
        text = text_of(file)
    except CannotStart:
        if isinstance(settings, Broken):
            print(settings, file=sys.stderr)
        raise
    keys = None if isinstance(settings, Broken) else keys_there_are(settings)
    locked, key = (0, "fits") if isinstance(settings, Broken) else factors_locked(settings)
    findings = check(
        settings,
        text,
        source=str(file),
        today=today(),
        unit_keys=keys,
        pages=languages_of_pages(),
        overlays=None if isinstance(settings, Broken) else overlays_there_are(settings),
        locked_factors=locked,
        factor_key=key,
    )
    if arguments.deployment and not isinstance(settings, Broken):
        findings += _examined(settings, arguments)
    for finding in findings:
        print(finding)
    mistakes, warnings = (
        sum(finding.severity is severity for finding in findings)
        for severity in (Severity.MISTAKE, Severity.WARNING)
    )
    print(f"{file}: mistakes: {mistakes}, warnings: {warnings}")
    return 1 if mistakes else 0


def _examined(settings: Settings, arguments: argparse.Namespace) -> list[Finding]:
    from web.bootstrap import system_clock
    from web.doctor.examination import Where, examine

    places = {name: given for name in ("etc", "backups") if (given := getattr(arguments, name)) is not None}
    return examine(settings, system_clock().now, Where(**places))


def _export(arguments: argparse.Namespace) -> int:
    settings = read_settings(os.environ)
    refuse_unknown_organisations([arguments.organisation], read_site_given(settings, arguments.site))
    from config.overlay_toml import as_toml
    from web.bootstrap import overlays_there_are

    overlay = overlays_there_are(settings).get(OrganisationId(arguments.organisation), {})
    print(as_toml(overlay) or f"# {arguments.organisation} has set nothing.")
    return 0


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
    site = read_site_given(settings, arguments.site)
    refuse_unknown_services([arguments.service], site)
    service = site.services[arguments.service]
    print(
        f'<script src="{settings.public_url}/widget.js" data-service="{service.id}" '
        f'data-lang="{service.language}" async></script>'
    )
    return 0
