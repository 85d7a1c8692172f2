# SPDX-License-Identifier: EUPL-1.2
"""Machines that are network namespaces on one bridge, and cutting one off from another, one way or both.

Owns names, addresses and cleaning up, also after a failure. Where no namespace may be made every machine is a
loopback address, and nothing can be cut. Knows nothing of what runs there.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

NOWHERE = "02:00:00:00:00:01"
"""The hardware address of nobody: what is sent there is lost without a word."""
FIRST = 11
"""The last part of the first machine's address."""


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine. `prefix` stands before a command that shall run on it."""

    name: str
    address: str
    prefix: Sequence[str] = ()


@dataclass(slots=True)
class Network:
    """The machines by name."""

    machines: dict[str, Machine]
    is_real: bool
    """Whether they are namespaces with a wire between them; otherwise nothing can be cut."""
    _cut: list[tuple[str, str]] = field(default_factory=list)

    def __getitem__(self, name: str) -> Machine:
        return self.machines[name]

    def cut(self, sender: str, receiver: str) -> None:
        """Lose all that `sender` sends to `receiver`; nobody is told, and the other direction is open."""
        assert self.is_real, "nothing can be cut between loopback addresses"
        self._tell_the_way("replace", sender, receiver, "lladdr", NOWHERE, "nud", "permanent")
        self._cut.append((sender, receiver))

    def part(self, one: str, other: str) -> None:
        """Cut both directions."""
        self.cut(one, other)
        self.cut(other, one)

    def mend(self) -> None:
        """Let everybody reach everybody again."""
        cut, self._cut = self._cut, []
        for sender, receiver in cut:
            self._tell_the_way("del", sender, receiver)

    def _tell_the_way(self, what: str, sender: str, receiver: str, *how: str) -> None:
        machine = self.machines[sender]
        _run(
            "ip",
            "-n",
            machine.prefix[-1],
            "neigh",
            what,
            self.machines[receiver].address,
            *how,
            "dev",
            "eth0",
        )


@contextlib.contextmanager
def network(names: Sequence[str]) -> Iterator[Network]:
    """Make machines of these names, and take all of it away in the end."""
    if not _may_make_namespaces():
        number = secrets.randbelow(250) + 2
        yield Network(
            {name: Machine(name, f"127.0.{number}.{FIRST + at}") for at, name in enumerate(names)}, False
        )
        return
    tag = secrets.token_hex(3)
    net = f"10.{64 + secrets.randbelow(64)}.{secrets.randbelow(256)}"
    with contextlib.ExitStack() as undo:
        _bridge(undo, f"jh{tag}", f"{net}.1/24")
        machines = {
            name: _machine(undo, f"jh{tag}-{name}", name, tag, f"{net}.{FIRST + at}")
            for at, name in enumerate(names)
        }
        yield Network(machines, True)


def _bridge(undo: contextlib.ExitStack, name: str, address: str) -> None:
    _run("ip", "link", "add", name, "type", "bridge", "forward_delay", "0")
    undo.callback(_run, "ip", "link", "del", name)
    _run("ip", "address", "add", address, "dev", name)
    _run("ip", "link", "set", name, "up")


def _machine(undo: contextlib.ExitStack, namespace: str, name: str, tag: str, address: str) -> Machine:
    _run("ip", "netns", "add", namespace)
    undo.callback(_run, "ip", "netns", "del", namespace)
    wire = f"jh{tag}{name[:6]}"
    _run("ip", "link", "add", wire, "type", "veth", "peer", "name", "eth0", "netns", namespace)
    _run("ip", "link", "set", wire, "master", f"jh{tag}", "up")
    _run("ip", "-n", namespace, "address", "add", f"{address}/24", "dev", "eth0")
    _run("ip", "-n", namespace, "link", "set", "eth0", "up")
    _run("ip", "-n", namespace, "link", "set", "lo", "up")
    return Machine(name, address, ("ip", "netns", "exec", namespace))


def _may_make_namespaces() -> bool:
    """Try it: containers often forbid it even to root, or let nothing pass the bridge."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        return False
    try:
        with contextlib.ExitStack() as undo:
            tag = secrets.token_hex(3)
            net = f"10.{64 + secrets.randbelow(64)}.{secrets.randbelow(256)}"
            _bridge(undo, f"jh{tag}", f"{net}.1/24")
            one = _machine(undo, f"jh{tag}-one", "one", tag, f"{net}.{FIRST}")
            two = _machine(undo, f"jh{tag}-two", "two", tag, f"{net}.{FIRST + 1}")
            return _refuses((), one.address) and _refuses(one.prefix, two.address)
    except (OSError, RuntimeError):
        return False


def _refuses(prefix: Sequence[str], address: str) -> bool:
    """Tell whether `address` is reached: where nobody listens, a machine that is there refuses at once."""
    if not prefix:
        try:
            socket.create_connection((address, 9), timeout=5).close()
        except ConnectionRefusedError:
            return True
        return False
    asked = f"exec 3<>/dev/tcp/{address}/9"
    done = subprocess.run(
        [*prefix, "bash", "-c", asked], capture_output=True, text=True, timeout=10, check=False
    )
    return "refused" in done.stderr.lower()


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
