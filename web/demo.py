# SPDX-License-Identifier: EUPL-1.2
"""The demonstration: a site, made-up staff, and a sample web page on another site than the chat.

Owns what exists in the demo only. Nothing outside it may rest on anything here.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from chat.ids import OrganisationId, ServiceId
from config.settings import Settings, read_watching
from config.site import Site
from config.site_file import SiteFile
from handover.ids import ReceiverId
from handover.units import Units
from web.accounts.account import StaffRole
from web.accounts.service import Accounts
from web.accounts_once import with_accounts, with_units
from web.bootstrap import today
from web.house import House
from web.server import run
from web.server_options import CannotStart, ServeOptions

PASSWORD = "jourchatt-demo"  # noqa: S105 - printed for everybody who starts the demo, and good for nothing else

PASSPHRASE = "en handfull demo"  # noqa: S105 - the same, for the key of every receiving unit

QUIET = "WARNING"
"""What the demo logs at: between its lines for people there are none for programs."""
_HOST = "127.0.0.1"
_OTHER_HOST = "localhost"
"""To a browser another site than `_HOST`, so the chat's frame on the sample page is really cross-site."""
_SITE_FILE = Path(__file__).parents[1] / "config" / "demo.toml"
_TEMPLATES = Path(__file__).parent / "templates"
_FIRST = ServiceId("linden")
_NO_LIMITS = (
    "This machine's own addresses are not limited: after an unsafe end the board shows what follows, but\n"
    "nobody here has to work before a start. With --limits they do."
)
_EXPOSED = ("linden", "eken", "bron")
_UNITS = ("mottagningen-vallentuna", "kurator-vardcentralen", "brottsoffer-polisen", "kvinnojouren-stod")


@dataclass(frozen=True, slots=True)
class Person:
    """One of the demo's staff."""

    name: str
    role: StaffRole
    services: tuple[str, ...]
    units: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()


STAFF = (
    Person("anna", StaffRole.OPERATOR, ("linden",)),
    Person("maria", StaffRole.OPERATOR, ("linden",)),
    Person("sara", StaffRole.OPERATOR, ("eken",)),
    Person("elin", StaffRole.OPERATOR, ("eken",)),
    Person("maja", StaffRole.OPERATOR, ("linden", "eken")),
    Person("karin", StaffRole.OPERATOR, ("bron",)),
    Person("johan", StaffRole.OPERATOR, ("bron",)),
    Person("peter", StaffRole.OPERATOR, ("hamnen",)),
    Person("lena", StaffRole.OPERATOR, ("hamnen",)),
    Person("birgitta", StaffRole.SUPERVISOR, _EXPOSED, _UNITS),
    Person("mats", StaffRole.SUPERVISOR, ("hamnen",), ("samverkan-bollnas",)),
    Person("ulla", StaffRole.COORDINATOR, ("linden", "eken")),
    Person("eva", StaffRole.ADMINISTRATOR, (), (), ("kvinnojouren-vallentuna",)),
    Person("ingrid", StaffRole.RECEIVER, (), ("mottagningen-vallentuna",)),
    Person("olof", StaffRole.RECEIVER, (), ("kurator-vardcentralen",)),
    Person("teresa", StaffRole.RECEIVER, (), ("brottsoffer-polisen",)),
    Person("astrid", StaffRole.RECEIVER, (), ("kvinnojouren-stod",)),
    Person("gunnar", StaffRole.RECEIVER, (), ("samverkan-bollnas",)),
)


# --- starting ------------------------------------------------------------------------------------------


def start(*, port: int, directory: Path | None, capacity: int, limits: bool, as_json: bool) -> int:
    """Make what the demo needs, serve until told to stop, and return the exit status.

    `port` 0 chooses a free one. Without a directory the data lies in a temporary one, removed at the end.

    Raises:
        CannotStart: port or directory cannot be used.
    """
    with _kept_in(directory) as place:
        # The site must know its port before anything listens there.
        chosen = port or _free_port()
        level, metrics_port = read_watching(os.environ)
        settings = replace(demo_settings(place, chosen), log_level=level or QUIET, metrics_port=metrics_port)
        file = demo_file(chosen, capacity)
        site = file.read(today()).whole()
        fill(settings, site)

        def announce(url: str) -> None:
            text = (
                json_line(site, url, chosen)
                if as_json
                else summary(site, url, chosen, directory, limits=limits)
            )
            sys.stdout.write(f"{text}\n")
            sys.stdout.flush()

        options = ServeOptions(
            host=_HOST,
            port=chosen,
            settings=settings,
            site=site,
            file=file,
            demo=True,
            routes=routes,
            limits=limits,
            on_ready=announce,
        )
        return run(options)


def fill(settings: Settings, site: Site) -> None:
    """Add the made-up staff and the keys of the receiving units to the database, as far as they are missing.

    Raises:
        CannotStart: keys or database cannot be used.
    """
    with_accounts(settings, _add_staff)
    with_units(settings, partial(_add_keys, site))


def demo_settings(directory: Path, port: int) -> Settings:
    """Return settings that keep everything, keys included, in one directory."""
    place = directory.resolve()
    return Settings(
        site=_SITE_FILE,
        data=place / "data",
        keys=place / "keys",
        erased=place / "erased",
        database_url=f"sqlite+aiosqlite:///{place / 'data' / 'jourchatt.sqlite'}",
        public_url=f"http://{_HOST}:{port}",
        port=port,
    )


def demo_site(port: int, capacity: int, on: date) -> Site:
    """Return the demo's site, which the sample page on `port` may frame."""
    return demo_file(port, capacity).read(on).whole()


def demo_file(port: int, capacity: int) -> SiteFile:
    """Return the demo's site file, to be read with what its organisations set."""
    text = _SITE_FILE.read_text(encoding="utf-8")
    return SiteFile(text, str(_SITE_FILE), unverified=True, adapt=partial(_adapted, port, capacity))


def _adapted(port: int, capacity: int, site: Site) -> Site:
    origins = (f"http://{_OTHER_HOST}:{port}", f"http://{_HOST}:{port}")
    organisations = {
        id_: replace(each, host_origins=(*origins, *each.host_origins))
        for id_, each in site.organisations.items()
    }
    services = {
        id_: replace(
            service,
            chat=replace(service.chat, capacity=capacity),
            organisation=organisations[service.organisation.id],
        )
        for id_, service in site.services.items()
    }
    return replace(site, organisations=organisations, services=services)


async def _add_staff(accounts: Accounts) -> None:
    known = {account.name for account in await accounts.list()}
    missing = [person for person in STAFF if person.name not in known]
    if missing:
        await accounts.add_all(
            [
                (
                    each.name,
                    each.role,
                    map(ServiceId, each.services),
                    map(ReceiverId, each.units),
                    map(OrganisationId, each.organisations),
                )
                for each in missing
            ],
            PASSWORD,
        )


async def _add_keys(site: Site, units: Units) -> None:
    known = await units.store.unit_keys()
    missing = [unit for unit in site.receivers if unit not in known]
    if missing:
        await units.create_all(missing, PASSPHRASE)


@contextmanager
def _kept_in(directory: Path | None) -> Iterator[Path]:
    if directory is not None:
        yield directory
        return
    # The database may still be writing its last word while the directory goes.
    with tempfile.TemporaryDirectory(prefix="jourchatt-demo-", ignore_cleanup_errors=True) as temporary:
        yield Path(temporary)


def _free_port() -> int:
    try:
        with socket.create_server((_HOST, 0)) as trial:
            return int(trial.getsockname()[1])
    except OSError as error:
        raise CannotStart("No port is free on this machine.") from error


# --- what it says when it is ready ---------------------------------------------------------------------


def json_line(site: Site, url: str, port: int) -> str:
    """Return the one line that a script reads, in the form of the contract."""
    return json.dumps(
        {
            "url": url,
            "host_page": _host_page(port),
            "ws_visitor": f"{url.replace('http', 'ws', 1)}/ws/visitor",
            "ws_operator": f"{url.replace('http', 'ws', 1)}/ws/operator",
            "services": list(site.services),
            "staff": [
                {"name": each.name, "password": PASSWORD, "role": each.role, "services": list(each.services)}
                for each in STAFF
            ],
            "receiver_passphrases": dict.fromkeys(site.receivers, PASSPHRASE),
        }
    )


def summary(site: Site, url: str, port: int, directory: Path | None, *, limits: bool) -> str:
    """Return what somebody who starts the demo by hand reads."""
    names = {id_: service.name[service.language] for id_, service in site.services.items()}
    end = "Everything is deleted then." if directory is None else f"The data stays in {directory}."
    return "\n".join(
        (
            "",
            "The Jourchatt demo is ready. Everything in it is made up.",
            "",
            "Sample web pages with the chat on them:",
            *(f"  {_host_page(port)}?service={id_:<8} {name}" for id_, name in names.items()),
            "",
            f"Find a chat: {url}/",
            f"Staff:       {url}/console  (supervisors: {url}/supervisor)",
            f"Receivers:   {url}/tickets  (the passphrase of every unit: {PASSPHRASE})",
            "",
            f"Sign in with the password {PASSWORD} as",
            *(f"  {_described(person, names)}" for person in STAFF),
            "",
            *([] if limits else [_NO_LIMITS, ""]),
            f"Ctrl+C stops it. {end}",
        )
    )


def _described(person: Person, names: dict[ServiceId, str]) -> str:
    services = ", ".join(names[ServiceId(each)] for each in person.services) or "-"
    return f"{person.name:<10} {person.role:<11} {services}"


def _host_page(port: int) -> str:
    return f"http://{_OTHER_HOST}:{port}/demo/site"


# --- the sample web page -------------------------------------------------------------------------------

_pages = Environment(
    loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


async def to_host_page(request: Request) -> Response:
    """Lead to the sample page on the other host name."""
    house: House = request.app.state.house
    return RedirectResponse(_host_page(house.settings.port))


async def host_page(request: Request) -> Response:
    """Show the sample web page of one service, as that service's organisation might have it."""
    house: House = request.app.state.house
    port = house.settings.port
    if request.url.hostname != _OTHER_HOST:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(_host_page(port) + query)
    services = house.site.services
    service = services.get(ServiceId(request.query_params.get("service", "")), services[_FIRST])
    language = request.query_params.get("lang", "")
    chat_origin = house.settings.public_url
    page = _pages.get_template(f"demo/{service.id}.html").render(
        service=service,
        services=services.values(),
        chat_origin=chat_origin,
        chat_language=language if language in service.languages else service.language,
    )
    return HTMLResponse(page, headers={"Content-Security-Policy": _policy(chat_origin)})


def _policy(chat_origin: str) -> str:
    """Return what a careful host page would allow: its own style, and the chat's script and frame."""
    return "; ".join(
        (
            "default-src 'none'",
            "style-src 'self'",
            "img-src 'self'",
            f"script-src {chat_origin}",
            f"frame-src {chat_origin}",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


routes = [
    Route("/demo", to_host_page),
    Route("/demo/", to_host_page),
    Route("/demo/site", host_page),
]
