# SPDX-License-Identifier: EUPL-1.2
"""The demo server as a program of its own, the way an outside party starts it.

Knows the command line and the one line of JSON that it prints when ready; nothing of the code behind it.
"""

from __future__ import annotations

import json
import queue
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from tests.outside.running import JOURCHATT, ROOT, Running

__all__ = ("COMMAND", "ROOT", "Addresses", "Server", "Staff")

COMMAND = (*JOURCHATT, "demo", "--json")
READY_WITHIN = 120.0
"""A bound and no wait: a machine with much to do was seen to take a minute."""


@dataclass(frozen=True, slots=True)
class Staff:
    """One member of the demo's staff."""

    name: str
    password: str
    role: str
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Addresses:
    """What the line of JSON says."""

    url: str
    host_page: str
    ws_visitor: str
    ws_operator: str
    services: tuple[str, ...]
    staff: tuple[Staff, ...]
    receiver_passphrases: dict[str, str]
    public: str = ""
    """The origin that browsers know, where that is not `url`: whoever asks stands where a proxy stands."""

    @property
    def origin(self) -> str:
        """The chat's own origin, as its pages send it."""
        return self.public or self.url

    @property
    def host(self) -> str | None:
        """The host that a proxy names, where one stands before the server."""
        return urlsplit(self.public).netloc or None

    def operators_of(self, service: str) -> list[Staff]:
        """Return the operators who may serve `service`."""
        return [one for one in self.staff if one.role == "operator" and service in one.services]

    def one_with_role(self, role: str) -> Staff:
        """Return somebody with this role."""
        return next(one for one in self.staff if one.role == role)


class Server(Running):
    """A demo server in a process of its own, with everything that it ever printed in `output`.

    It can be killed and started again over the same data and on the same port. `pin_to` is its processor.
    """

    def __init__(
        self,
        data: Path,
        *,
        capacity: int = 3,
        limits: bool = False,
        pin_to: int | None = None,
        command: Sequence[str] = COMMAND,
    ) -> None:
        super().__init__(pin_to)
        self.data = data
        self._arguments = [
            "--data",
            str(data),
            "--capacity",
            str(capacity),
            *(["--limits"] if limits else []),
        ]
        self._command = command
        self._port = 0
        self.at: Addresses
        """Where it answers, once started."""

    def start(self) -> Addresses:
        """Start it and return when it is ready.

        Raises:
            RuntimeError: it ended, or said nothing within two minutes; the message is what it printed.
        """
        first_line: queue.Queue[str | None] = queue.Queue()
        command = [*self._command, "--port", str(self._port), *self._arguments]
        self.launch(command, on_line=first_line.put)
        try:
            line = first_line.get(timeout=READY_WITHIN)
        except queue.Empty:
            line = None
        if line is None:
            self.kill()
            raise RuntimeError("the demo server did not start:\n" + "".join(self.output))
        self.at = addresses(json.loads(line))
        self._port = urlsplit(self.at.url).port or 80
        return self.at

    def restart(self) -> Addresses:
        """Start it again over the same data and on the same port."""
        assert self.has_ended(), "still running"
        return self.start()

    def follower(self) -> Server:
        """Return the server that comes after this one, over the same data and on the same port."""
        following = Server(self.data)
        following._arguments, following._pin_to, following._port = self._arguments, self._pin_to, self._port
        return following

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


def addresses(line: dict[str, Any]) -> Addresses:
    """Return what the line of JSON says."""
    return Addresses(
        url=line["url"].rstrip("/"),
        host_page=line["host_page"],
        ws_visitor=line["ws_visitor"],
        ws_operator=line["ws_operator"],
        services=tuple(line["services"]),
        staff=tuple(
            Staff(one["name"], one["password"], one["role"], tuple(one["services"])) for one in line["staff"]
        ),
        receiver_passphrases=line["receiver_passphrases"],
    )
