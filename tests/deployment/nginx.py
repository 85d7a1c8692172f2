# SPDX-License-Identifier: EUPL-1.2
"""A real nginx with the very deploy/nginx/nginx.conf; only names, ports and places are put in.

Owns its process and everything that it may write, which is under one folder.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Self

from tests.deployment.certificate import Certificate
from tests.outside.server import ROOT
from tests.servers.program import LOOK_S, READY_WITHIN_S, free_port

CONFIGURATION = ROOT / "deploy" / "nginx" / "nginx.conf"
NAME = "localhost"
"""The chat's host name here."""
LOGGED = {
    "access_log off;": "access_log logs/access.log combined;",
    "error_log /dev/null emerg;": "error_log logs/error.log info;",
}
"""What an nginx as it is installed writes: for looking whether a search would find it."""


PROGRAM = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
"""Where this machine has an nginx, if it has one."""


def _put(text: str, old: str, new: str, times: int | None = 1) -> str:
    found = text.count(old)
    assert found > 0, f"“{old}” does not stand in the file"
    assert times in {None, found}, f"“{old}” stands {found} times in the file"
    return text.replace(old, new)


class Nginx:
    """One nginx in `folder`, before the servers on `ports`. `changes` are made to its settings first.

    In them PUBLIC stands for the chat's public address, and HOST for its name and port.
    """

    def __init__(
        self,
        folder: Path,
        certificate: Certificate,
        ports: list[int],
        changes: Mapping[str, str] | None = None,
        own_ports: tuple[int, int] | None = None,
    ) -> None:
        self.folder = folder
        self.port, self.plain_port = own_ports or (free_port(), free_port())
        self.authority = certificate.authority
        for name in ("logs", "temporary", "acme"):
            (folder / name).mkdir(parents=True)
        text = CONFIGURATION.read_text(encoding="utf-8")
        for old, new in (changes or {}).items():
            text = _put(text, old, new.replace("PUBLIC", self.url).replace("HOST", f"{NAME}:{self.port}"))
        text = self._placed(text, certificate)
        text = _put(text, "        server 127.0.0.1:8000 ", f"        server 127.0.0.1:{ports[0]} ")
        if len(ports) > 1:
            text = _put(text, "# hash $binary", "hash $binary")
            text = _put(text, "# server 127.0.0.1:8001 ", f"server 127.0.0.1:{ports[1]} ")
        (folder / "nginx.conf").write_text(text, encoding="utf-8")
        self._running: subprocess.Popen[bytes] | None = None

    def _placed(self, text: str, certificate: Certificate) -> str:
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        places = "\n".join(f"    {kind}_temp_path {self.folder}/temporary/{kind};" for kind in kinds)
        live = "/etc/letsencrypt/live/chat.example.se"
        text = _put(text, f"{live}/fullchain.pem", str(certificate.chain), None)
        text = _put(text, f"{live}/privkey.pem", str(certificate.key), None)
        text = _put(text, "https://chat.example.se$request_uri", f"{self.url}$request_uri", None)
        text = _put(text, "server_name chat.example.se;", f"server_name {NAME};", 2)
        text = _put(text, "listen 443 ", f"listen 127.0.0.1:{self.port} ", 2)
        text = _put(text, "listen 80", f"listen 127.0.0.1:{self.plain_port}", 2)
        text = "\n".join(line for line in text.splitlines() if "listen [::]:" not in line)
        text = _put(text, "\nhttp {", f"\nhttp {{\n{places}")
        text = _put(text, "worker_processes auto", "worker_processes 1")
        text = _put(text, "pid /run/nginx.pid", f"pid {self.folder}/nginx.pid")
        text = _put(text, "root /var/lib/acme", f"root {self.folder}/acme")
        return _put(text, "user www-data;", "user root root;" if os.geteuid() == 0 else "")

    @property
    def url(self) -> str:
        """The chat's public address."""
        return f"https://{NAME}:{self.port}"

    def start(self) -> None:
        """Start it, and take away the places for its temporary files: what it would put there fails now."""
        with (self.folder / "logs" / "stderr").open("wb") as errors:
            assert PROGRAM is not None, "no nginx is installed here"
            self._running = subprocess.Popen(
                [PROGRAM, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), "-g", "daemon off;"],
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
            )
        last = time.monotonic() + READY_WITHIN_S
        while not self._answers():
            if self._running.poll() is not None or time.monotonic() > last:
                self.stop()
                raise RuntimeError((self.folder / "logs" / "stderr").read_text(encoding="utf-8"))
            time.sleep(LOOK_S)  # noqa: TID251 - somebody else's program sets no event here
        shutil.rmtree(self.folder / "temporary")

    def _answers(self) -> bool:
        with suppress(OSError), self.connects():
            return True
        return False

    def connects(self, name: str = NAME, protocols: tuple[str, ...] = ()) -> ssl.SSLSocket:
        """Return a connection of TLS that asks for `name`.

        Raises:
            OSError: it is refused.
        """
        context = ssl.create_default_context(cafile=self.authority)
        context.check_hostname = name == NAME
        if protocols:
            context.set_alpn_protocols(list(protocols))
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        try:
            return context.wrap_socket(plain, server_hostname=name)
        except BaseException:
            plain.close()
            raise

    def stop(self) -> None:
        """End it."""
        running, self._running = self._running, None
        if running is not None:
            running.send_signal(signal.SIGTERM)
            running.wait(20)

    def wrote(self, *markers: str) -> list[str]:
        """Return which of `markers` stand in which of all files under its folder, its own settings aside."""
        files = [path for path in self.folder.rglob("*") if path.is_file() and path.suffix != ".conf"]
        return [
            f"{path.name}: {marker}"
            for path in files
            for marker in markers
            if marker.encode() in path.read_bytes()
        ]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
