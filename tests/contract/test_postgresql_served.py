# SPDX-License-Identifier: EUPL-1.2
"""The server and the commands as an administrator starts them, with a database on PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.outside.operator import Operator
from tests.outside.server import READY_WITHIN, ROOT, Addresses, Staff
from tests.outside.visitor import Visitor
from tests.servers.postgresql import Postgresql
from tests.servers.program import free_port

JOURCHATT = (sys.executable, "-c", "import sys; from web.cli import main; sys.exit(main())")
SECRET = "hemligt-i-adressen"
PASSWORD = "en lång rad ord för kvällen"


@pytest.fixture
def environment(postgresql: Postgresql, tmp_path: Path) -> dict[str, str]:
    """The settings of an installation over an empty database, whose URL has a password."""
    site = tmp_path / "site.toml"
    site.write_text((ROOT / "config" / "demo.toml").read_text(encoding="utf-8"), encoding="utf-8")
    port = free_port()
    return {
        "PATH": os.environ["PATH"],
        "JOURCHATT_SITE": str(site),
        "JOURCHATT_DATA": str(tmp_path / "data"),
        "JOURCHATT_KEYS": str(tmp_path / "keys"),
        "JOURCHATT_DATABASE_URL": postgresql.new_database().replace("@", f":{SECRET}@"),
        "JOURCHATT_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
    }


async def command(environment: Mapping[str, str], *arguments: str, told: str = "") -> tuple[int, str]:
    """Carry out a command; return its status and all that it printed."""
    running = await asyncio.create_subprocess_exec(
        *JOURCHATT,
        *arguments,
        cwd=ROOT,
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await running.communicate(told.encode())
    assert SECRET not in printed.decode()
    return running.returncode or 0, printed.decode()


@asynccontextmanager
async def serving(environment: Mapping[str, str]) -> AsyncIterator[list[str]]:
    """Run the server; what it prints is in the list when it has ended."""
    printed: list[str] = []
    running = await asyncio.create_subprocess_exec(
        *JOURCHATT,
        "serve",
        cwd=ROOT,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with (
            httpx.AsyncClient(base_url=environment["JOURCHATT_PUBLIC_URL"]) as client,
            asyncio.timeout(READY_WITHIN),
        ):
            while True:
                try:
                    await client.get("/healthz")
                except httpx.TransportError:
                    assert running.returncode is None, "it has ended"
                    await asyncio.sleep(0.05)  # another program sets no event here
                else:
                    break
        yield printed
    finally:
        running.send_signal(signal.SIGTERM)
        output, _ = await running.communicate()
        printed.append(output.decode())


async def test_everything_works_on_postgresql(environment: dict[str, str], postgresql: Postgresql) -> None:
    """Check before there is anything, add somebody, serve: they talk, also after its restart."""
    status, printed = await command(environment, "check")
    assert (status, "mistakes: 0" in printed) == (0, True), printed
    status, printed = await command(
        environment, "staff", "add", "astrid", "--service", "linden", "--password-stdin", told=PASSWORD
    )
    assert status == 0, printed
    assert "has set nothing" in (await command(environment, "site", "export", "kvinnojouren-vallentuna"))[1]
    url = environment["JOURCHATT_PUBLIC_URL"]
    socket = url.replace("http", "ws", 1)
    astrid = Staff("astrid", PASSWORD, "operator", ("linden",))
    at = Addresses(url, "", f"{socket}/ws/visitor", f"{socket}/ws/operator", ("linden",), (astrid,), {})
    async with serving(environment) as output:
        operator, visitor = Operator(at, astrid), await Visitor.starts(at, "linden")
        await operator.signs_in()
        await operator.connects()
        await operator.goes_on_duty("linden", alias="Alva")
        conversation = await operator.sees_waiting()
        await operator.accepts(conversation)
        await visitor.says("Hej")
        await operator.hears(conversation, "Hej")
        await asyncio.to_thread(postgresql.stop)
        await asyncio.to_thread(postgresql.start)
        await operator.says(conversation, "Jag är kvar")
        await visitor.hears("Jag är kvar")
        await operator.ends(conversation)
        await operator.connection.close()
        await visitor.connection.close()
    assert SECRET not in "".join(output)
    assert "Hej" not in "".join(output)


async def test_database_that_is_away_is_one_sentence(environment: dict[str, str]) -> None:
    """Without the password, for the server as for every command."""
    url = environment["JOURCHATT_DATABASE_URL"]
    head, _, rest = url.rpartition(":")
    environment["JOURCHATT_DATABASE_URL"] = f"{head}:1/{rest.partition('/')[2]}"
    for arguments in (["serve"], ["staff", "list"]):
        status, printed = await command(environment, *arguments)
        assert status != 0
        (line,) = [each for each in printed.strip().splitlines() if not each.startswith("{")]  # of the log
        assert "@127.0.0.1:1/" in line
        assert re.search(r"cannot be (opened: connection|reached)", line)
    assert (await command(environment, "check"))[0] == 0
