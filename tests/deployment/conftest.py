# SPDX-License-Identifier: EUPL-1.2
"""A deployment for the tests: a certificate that is trusted, nginx, and a real server behind it."""

from __future__ import annotations

import shutil
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from chat.adapters.system import SystemClock
from config.settings import Settings, read_settings
from tests.deployment.certificate import Certificate, make_certificate
from tests.deployment.nginx import NAME, Nginx
from tests.outside import connection as outside
from tests.outside.served import Deployment, Served
from tests.outside.server import ROOT, Addresses
from tests.servers.program import free_port


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Certificate:
    """A certificate for `NAME` that everybody in this test trusts."""
    made = make_certificate(tmp_path / "certificate", NAME, SystemClock().now())
    monkeypatch.setenv("SSL_CERT_FILE", str(made.authority))
    monkeypatch.setattr(outside, "NO_CERTIFICATES", ssl.create_default_context(cafile=made.authority))
    return made


@dataclass
class Stage:
    """A server that knows its public address, and nginx before it. `at` is where the world finds it."""

    nginx: Nginx
    server: Served
    at: Addresses
    settings: Settings
    behind: Callable[[Certificate, Mapping[str, str]], Nginx]
    """Put another nginx in the place of the one before, with these changes to its file."""


@pytest.fixture
def stage(tmp_path: Path, certificate: Certificate) -> Iterator[Stage]:
    """A server with the demo's staff, behind nginx."""
    with _staged(tmp_path, certificate, with_staff=True) as staged:
        yield staged


@pytest.fixture
def empty_stage(tmp_path: Path, certificate: Certificate) -> Iterator[Stage]:
    """A server that knows nobody yet, behind nginx: it is there much sooner."""
    with _staged(tmp_path, certificate, with_staff=False) as staged:
        yield staged


@contextmanager
def _staged(folder: Path, certificate: Certificate, *, with_staff: bool) -> Iterator[Stage]:
    port, own_ports = free_port(), (free_port(), free_port())
    with ExitStack() as closing:

        def behind(given: Certificate, changes: Mapping[str, str], name: str = "again") -> Nginx:
            nginx = Nginx(folder / name, given, [port], changes, own_ports)
            closing.callback(nginx.stop)
            nginx.start()
            return nginx

        nginx = behind(certificate, {}, "nginx")
        more = {"JOURCHATT_PUBLIC_URL": nginx.url, "JOURCHATT_TRUSTED_PROXIES": "127.0.0.1"}
        place = Deployment(folder=folder / "chat", more=more)
        if with_staff:
            place.fill()
        else:
            place.folder.mkdir()
            shutil.copy(ROOT / "config" / "demo.toml", place.folder / "site.toml")
            place.told = Addresses("", "", "", "", (), (), {})
        server = place.server("one", port=port)
        sockets = nginx.url.replace("https", "wss")
        at = replace(
            server.at,
            url=nginx.url,
            public="",
            ws_visitor=f"{sockets}/ws/visitor",
            ws_operator=f"{sockets}/ws/operator",
        )
        server.at = replace(server.at, public=nginx.url)
        closing.callback(server.kill)
        server.start()
        yield Stage(nginx, server, at, read_settings(place.environment()), behind)
