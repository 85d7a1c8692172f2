# SPDX-License-Identifier: EUPL-1.2
"""A machine is lost: what comes back from the backup, what does not, and what a thief of it can read."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from chat.adapters.argon2 import stretched
from chat.grid import Week
from chat.statistics import Count, Counted, ToldCounter
from handover.errors import WrongPassphrase
from handover.ids import ReceiverId
from handover.sealing import SealedUnitKey, open_unit_key
from tests.outside.server import ROOT
from tests.service.traces import forms, traces
from tests.web.people import signed_in
from tests.web.roster_desk import EKEN, Desk
from tests.web.running import PASSWORDS, Running, running
from tests.web.ticketing import CLINIC, INTAKE, Her, comes_to_work, hand_over
from web import demo
from web.backup.bootstrap import make_key
from web.backup.keys import BackupKey
from web.backup.records import OneRow, TableBegins, decoded
from web.backup.sealing import Opened

WORDS = "sju gröna äpplen i en skål"
COMMAND = (sys.executable, "-c", "import sys; from web.cli import main; sys.exit(main())")
WANT, KEPT, TAKEN_BACK, SPOKEN = "kvastfågelvägen", "blåbärstunnorna", "myrstackskartan", "snöbollslyktorna"
"""Words that stand nowhere else."""


@dataclass(frozen=True)
class Machine:
    """One machine and what is kept away from it."""

    place: Path
    away: Path

    @property
    def key(self) -> Path:
        """The backup key's file."""
        return self.away / "key"

    async def runs(self, *arguments: str | Path, public: str = "") -> tuple[int, str]:
        """Run a command with the machine's settings; return its status and what it printed."""
        settings = demo.demo_settings(self.place, 8000)
        given = {
            "JOURCHATT_DATA": str(settings.data),
            "JOURCHATT_KEYS": str(settings.keys),
            "JOURCHATT_ERASED": str(settings.erased),
            "JOURCHATT_BACKUP_KEY": public,
        }
        others = {name: value for name, value in os.environ.items() if not name.startswith("JOURCHATT_")}
        running_now = await asyncio.create_subprocess_exec(
            *COMMAND,
            *map(str, arguments),
            cwd=ROOT,
            env={**others, **given},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        printed, _ = await running_now.communicate()
        return running_now.returncode or 0, printed.decode()

    async def restores(self, backup: Path) -> tuple[int, str]:
        """Put a backup back, with the log of erased tickets that was copied away."""
        return await self.runs("restore", backup, *self.with_key(), "--erased", self.away / "erased")

    def with_key(self) -> tuple[str | Path, ...]:
        """Return what opens a backup."""
        return "--key", self.key, "--passphrase-file", self.away / "words"

    def burns_down(self) -> None:
        """Lose the database, the daily keys and everything else but what was copied away in time."""
        shutil.rmtree(self.place / "data")
        shutil.rmtree(self.place / "keys")
        shutil.move(self.place / "erased", self.away / "erased")

    def private(self) -> X25519PrivateKey:
        """Return the private half of the backup key, as whoever finds the drawer has it."""
        key = BackupKey.parse(self.key.read_text())
        return key.open(stretched(WORDS.encode(), key.salt))


def with_a_key(machine: Machine) -> str:
    """Make the backup key and return its public half."""
    machine.away.mkdir()
    (machine.away / "words").write_text(f"{WORDS}\n")
    return make_key(machine.key, WORDS)


async def lives_on(run: Running, machine: Machine, public: str) -> tuple[Path, Her, Her]:
    """Let things happen, back up in the middle of a talk, and let one of two take back what she has sent."""
    her, _ = await hand_over(run, INTAKE, want=WANT, summary=KEPT)
    other, (taken_back,) = await hand_over(run, CLINIC, summary=TAKEN_BACK)
    await Desk(run, await signed_in(run, "ulla"), "eken").makes(timedelta(days=3))
    visitor, _, _ = await run.talk("karin", "bron")
    await visitor.says(SPOKEN)
    # Of a week that is over, and will be told in a moment.
    over = Week.last_closed(run.house.clock.now()).monday
    await run.house.chat.rooms.store.count([Count(EKEN, over, ToldCounter(Counted.ANSWERED), 70)])
    status, printed = await machine.runs("backup", "--directory", machine.away / "backups", public=public)
    assert status == 0, printed
    (backup,) = (machine.away / "backups").iterdir()
    assert printed.startswith(f"{backup}: ")
    await other.withdraws(taken_back)
    return backup, her, other


async def comes_again(run: Running, her: Her) -> Her:
    """Let her come with her code to the machine that runs now."""
    pickup = run.house.office.pickup
    visit = pickup.visit(await pickup.enter(her.code))
    assert visit is not None
    return Her(her.code, pickup, visit)


async def finds_it_as_it_was(run: Running, her: Her, other: Her) -> None:
    """Staff sign in, the unit opens what is hers, nobody opens what was taken back, no talk is there."""
    worker = await comes_to_work(run, "ingrid", INTAKE)
    (sent,) = (await (again := await comes_again(run, her)).pickup.view(again.visit)).sent
    assert (await worker.sends(f"/tickets/{sent.stored.ticket.id}/open")).status_code == 303
    page = (await worker.sees(f"/tickets/{sent.stored.ticket.id}")).text
    assert WANT in page
    assert KEPT in page
    elsewhere = await comes_to_work(run, "olof", CLINIC)
    (gone,) = (await (again := await comes_again(run, other)).pickup.view(again.visit)).sent
    assert gone.stored.ticket.state == "withdrawn"
    await elsewhere.sends(f"/tickets/{gone.stored.ticket.id}/open")
    assert TAKEN_BACK not in (await elsewhere.sees(f"/tickets/{gone.stored.ticket.id}")).text
    assert await run.house.office.inbox.stepping.store.body(gone.stored.ticket.id) is None
    assert len(await run.house.roster.shifts([EKEN], timedelta(days=9))) == 1
    operator = await run.operator("karin", "bron")
    lists = [frame["conversations"] for frame in operator.connection.seen if frame["type"] == "waiting"]
    assert lists[-1] == []


def reads_nothing(machine: Machine, backup: Path, codes: Collection[str]) -> None:
    """The thief has the backup, its private key, and every password of the staff."""
    secret = (WANT, KEPT, TAKEN_BACK, SPOKEN, demo.PASSPHRASE, *codes)
    assert traces(machine.away / "backups", (*secret, "ingrid")) == []
    assert traces(machine.away / "erased", (*secret, "ingrid", INTAKE, CLINIC)) == []
    with backup.open("rb") as file:
        chunks = list(Opened(file.read, machine.private()).chunks())
    content = b"".join(chunks)
    for word in (*secret, *PASSWORDS.values()):
        assert not any(form in content for form in forms(word)), word
    assert b"ingrid" in content, "it is opened"
    for words in (WANT.encode(), WANT.encode().hex().encode()):
        assert any(form in content + words for form in forms(WANT)), "it would be seen"
    unit = _unit_key(chunks, INTAKE)
    for password in PASSWORDS.values():
        try:
            open_unit_key(unit, stretched(password.encode(), unit.salt))
        except WrongPassphrase:
            continue
        raise AssertionError("a password of the staff opens what was sent to a unit")
    open_unit_key(unit, stretched(demo.PASSPHRASE.encode(), unit.salt))


def _unit_key(chunks: list[bytes], unit: str) -> SealedUnitKey:
    table, tables = "", set[str]()
    found = None
    for record in decoded(chunks):
        if isinstance(record, TableBegins):
            table = record.name
            tables.add(table)
        elif isinstance(record, OneRow) and table == "unit_key" and record.values[0] == unit:
            found = SealedUnitKey(ReceiverId(unit), *record.values[1:])
    assert not tables & {"conversation", "entry", "wrap", "duty", "staff_sessions"}
    assert found is not None
    return found


async def test_lost_machine_comes_back_without_talks_and_without_what_was_taken_back(
    place: Path, tmp_path: Path
) -> None:
    """Backed up while it runs, destroyed, put back, started; with every password a backup opens nothing."""
    machine = Machine(place, tmp_path / "away")
    public = await asyncio.to_thread(with_a_key, machine)
    async with running(place) as run:
        backup, her, other = await lives_on(run, machine, public)
    await asyncio.to_thread(machine.burns_down)
    status, printed = await machine.restores(backup)
    assert status == 0, printed
    assert "Of what people have sent, 1 had ended since and did so again." in printed
    assert "Weeks of statistics that have ended since were left out" in printed
    # Once more, and from the new machine's log alone: it has taken over what it was given.
    await asyncio.to_thread(shutil.rmtree, place / "data")
    status, printed = await machine.runs("restore", backup, *machine.with_key())
    assert status == 0, printed
    assert "Of what people have sent, 1 had ended since and did so again." in printed
    async with running(place, staff=False) as run:
        await finds_it_as_it_was(run, her, other)
    await asyncio.to_thread(partial(reads_nothing, machine, backup, (her.code, other.code)))
