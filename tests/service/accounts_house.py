# SPDX-License-Identifier: EUPL-1.2
"""Accounts over a real database of a test's own, with a clock, randomness and passwords that repeat."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chat.adapters.sql.database import Database
from chat.ids import ServiceId
from web.accounts.account import StaffRole
from web.accounts.adapters.audit import SqlAuditLog
from web.accounts.adapters.factors import SqlFactorStore
from web.accounts.adapters.invitations import SqlInvitationStore
from web.accounts.adapters.sql import SqlAccountStore
from web.accounts.adapters.tables import metadata
from web.accounts.agreed_key import AgreedKey
from web.accounts.attempts import Attempts
from web.accounts.chosen import ChosenPasswords
from web.accounts.errors import Busy
from web.accounts.guesses import Guesses
from web.accounts.invitations import Invitations
from web.accounts.second_factors import SecondFactors
from web.accounts.service import Accounts
from web.counting_key import CountingKey
from web.tellings import Tellings

START = datetime(2026, 2, 16, 21, 40, tzinfo=UTC)
HOME = b"\xc0\x00\x02"
AWAY = b"\xc6\x33\x64"
LINDEN = ServiceId("linden")
PASSWORD = "nio gula cyklar"
COMMON = frozenset({"iloveyou", "dragon"})
"""The commonest passwords, here."""


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self.moment = START

    def now(self) -> datetime:
        """Return the moment."""
        return self.moment

    async def sleep(self, seconds: float) -> None:
        """Nothing here waits."""
        raise AssertionError

    def trusted(self) -> bool:
        """Nobody doubts this clock."""
        return True

    def go_on(self, **spans: float) -> None:
        """Let time pass."""
        self.moment += timedelta(**spans)


class Counted:
    """Different bytes at every call."""

    def __init__(self) -> None:
        self.calls = 0

    def bytes(self, count: int) -> bytes:
        """Return the next `count` bytes."""
        self.calls += 1
        return hashlib.shake_128(str(self.calls).encode()).digest(count)


class Keys:
    """Daily keys in memory."""

    def __init__(self) -> None:
        self.gone: set[int] = set()

    def today(self, now: datetime) -> tuple[int, bytes]:
        """Return the day and its key."""
        day = int(now.timestamp()) // 86_400
        return day, hashlib.sha256(str(day).encode()).digest()

    def for_day(self, day: int) -> bytes | None:
        """Return a key unless it is gone."""
        return None if day in self.gone else hashlib.sha256(str(day).encode()).digest()

    def forget_old(self, now: datetime) -> list[int]:
        """Nothing here grows old."""
        return []


class Key:
    """The key of second factors in memory."""

    def known(self) -> bytes:
        """It was always there."""
        return b"k" * 32

    def made(self) -> bytes:
        """The same."""
        return b"k" * 32


@dataclass
class QuickPasswords:
    """Hashes nothing, and writes down what it was asked to check."""

    checked: list[str | None] = field(default_factory=list)
    full: bool = False
    asked: asyncio.Queue[str | None] = field(default_factory=asyncio.Queue)
    wait_for: asyncio.Event | None = None

    async def hash(self, password: str) -> str:
        """Return something that only looks like a hash."""
        return f"hash of {password}"

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Compare, and note that a comparison was made."""
        if self.full:
            raise Busy(5)
        self.checked.append(password_hash)
        self.asked.put_nowait(password_hash)
        if self.wait_for is not None:
            await self.wait_for.wait()
        return password_hash == f"hash of {password}"


@dataclass
class AccountsHouse:
    """Accounts with everything around them."""

    accounts: Accounts
    store: SqlAccountStore
    audit: SqlAuditLog
    database: Database
    clock: Clock
    keys: Keys
    passwords: QuickPasswords

    async def add(self, name: str, role: StaffRole = StaffRole.OPERATOR) -> None:
        """Add an account with the usual password."""
        await self.accounts.add(name, PASSWORD, role, [LINDEN])


@asynccontextmanager
async def opened(
    directory: Path, *, limits: Callable[[bytes], bool] = lambda _network: True
) -> AsyncGenerator[AccountsHouse]:
    """Open accounts over a new database."""
    database = await Database.open(f"sqlite+aiosqlite:///{directory}/house.sqlite")
    async with database.write() as connection:
        await connection.run_sync(metadata.create_all)  # the same tables as the migration's, sooner
    clock, keys, passwords, store = Clock(), Keys(), QuickPasswords(), SqlAccountStore(database)
    randomness, factors = Counted(), SqlFactorStore(database)
    chosen = ChosenPasswords(passwords, lambda: COMMON)
    chosen.names = lambda: ["Jouren Sparven"]
    accounts = Accounts(
        store=store,
        passwords=passwords,
        chosen=chosen,
        daily_keys=keys,
        clock=clock,
        randomness=randomness,
        factors=SecondFactors(
            store=factors,
            key=AgreedKey(factors, Key()),
            clock=clock,
            randomness=randomness,
            guesses=Guesses(CountingKey(keys, "codes"), Tellings(clock)),
        ),
        attempts=Attempts(CountingKey(keys, "sign-ins"), limits, Tellings(clock)),
        invitations=Invitations(
            store=SqlInvitationStore(database), chosen=chosen, clock=clock, randomness=randomness
        ),
        limits=limits,
    )
    try:
        yield AccountsHouse(accounts, store, SqlAuditLog(database), database, clock, keys, passwords)
    finally:
        await database.close()
