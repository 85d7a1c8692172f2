# SPDX-License-Identifier: EUPL-1.2
"""The key of second factors on several hosts: one counts, and no host makes or uses another."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import delete

from chat.adapters.sql.database import Database
from chat.adapters.sql.peek import look
from chat.adapters.system import SystemRandomness
from tests.contract.test_accounts_sql import ACCOUNT
from web.accounts import codes
from web.accounts.adapters.factor_key import NAME, FactorKeyFile
from web.accounts.adapters.factors import SqlFactorStore
from web.accounts.adapters.peek import factors_locked
from web.accounts.adapters.sql import SqlAccountStore
from web.accounts.adapters.tables import factor_key
from web.accounts.agreed_key import AgreedKey, KeyState
from web.accounts.errors import FactorsLeft, KeyElsewhere

SECRET = "A" * 32


class Host:
    """A host with a key directory of its own."""

    def __init__(self, database: Database, directory: Path) -> None:
        directory.mkdir()
        self.file = directory / NAME
        self.key_file = FactorKeyFile(directory, SystemRandomness())
        self.store = SqlFactorStore(database)
        self.key = AgreedKey(self.store, self.key_file)

    async def sets_up(self) -> None:
        """Give the account a second factor here."""
        key = await self.key.for_sealing()
        sealed = codes.seal(SECRET, ACCOUNT.id, key, SystemRandomness())
        await self.store.add_factor(ACCOUNT.id, sealed, 1, [b"paper"], check=codes.check_of(key), keep=None)

    async def starts(self, caplog: pytest.LogCaptureFixture) -> list[str]:
        """Start a server here; return what it logs."""
        caplog.clear()
        with caplog.at_level(logging.INFO):
            await self.key.settle()
        return [record.getMessage() for record in caplog.records if record.name.startswith("web")]

    def copies(self, other: Host) -> None:
        """Bring the file from another host, as the documents say."""
        self.file.unlink(missing_ok=True)
        self.file.write_bytes(other.file.read_bytes())
        self.file.chmod(0o400)


async def forgotten(host: Host) -> None:
    """Forget which key counts, as in a database from before, or one that was restored."""
    async with host.store._database.write() as connection:
        await connection.execute(delete(factor_key))


@pytest.fixture
async def hosts(databases: tuple[Database, Database], tmp_path: Path) -> tuple[Host, Host]:
    """Two of them over one database with one account."""
    await SqlAccountStore(databases[0]).add(ACCOUNT)
    return Host(databases[0], tmp_path / "one"), Host(databases[1], tmp_path / "two")


async def test_host_without_the_agreed_key_makes_none_and_seals_nothing(
    hosts: tuple[Host, Host], database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """From start to copied file: what it logs, what `check` sees, what it refuses; it makes nothing."""
    one, two = hosts
    assert await one.starts(caplog) == await two.starts(caplog) == []
    assert not one.file.exists()
    await one.sets_up()
    seen = partial(factors_locked, partial(look, database_url))
    assert seen(one.key_file) == (0, KeyState.FITS)
    assert seen(two.key_file) == (1, KeyState.MISSING)
    assert await two.starts(caplog) == ["factor_key_missing"]
    with pytest.raises(KeyElsewhere):
        await two.sets_up()
    assert not two.file.exists()

    two.key_file.made()
    assert seen(two.key_file) == (1, KeyState.ANOTHER)
    assert await two.starts(caplog) == ["factor_key_another"]
    with pytest.raises(KeyElsewhere):
        await two.sets_up()
    two.file.chmod(0o644)
    assert await two.starts(caplog) == ["factor_key_unread"]

    two.copies(one)
    assert await two.starts(caplog) == []
    assert seen(two.key_file) == (0, KeyState.FITS)
    await two.store.remove_factor(ACCOUNT.id, keep=None)
    await two.sets_up()


async def test_of_two_hosts_that_make_the_first_key_at_once_one_counts(hosts: tuple[Host, Host]) -> None:
    """The other is refused, and what was sealed opens under the key that was agreed on."""
    done = await asyncio.gather(*(host.key.for_sealing() for host in hosts), return_exceptions=True)
    (key,) = [each for each in done if isinstance(each, bytes)]
    assert [type(each) for each in done if not isinstance(each, bytes)] == [KeyElsewhere]
    agreed = await hosts[0].store.key_agreed()
    assert agreed.check == codes.check_of(key)
    assert agreed.check != key
    sealed = codes.seal(SECRET, ACCOUNT.id, key, SystemRandomness())
    assert codes.unseal(sealed, ACCOUNT.id, agreed.check) is None


async def test_installation_from_before_agrees_on_the_file_that_is_there(
    hosts: tuple[Host, Host], caplog: pytest.LogCaptureFixture
) -> None:
    """Its factors stay; a host with a key of its own, from before as well, does not win over them."""
    one, two = hosts
    await one.sets_up()
    two.key_file.made()
    await forgotten(one)
    assert await two.starts(caplog) == ["factor_key_another"]
    with pytest.raises(KeyElsewhere):
        await two.sets_up()
    assert (await one.store.key_agreed()).check is None
    assert await one.starts(caplog) == []
    assert (await one.store.key_agreed()).check == codes.check_of(one.file.read_bytes())


async def test_file_that_is_lost_everywhere_is_replaced_when_no_factor_is_left(
    hosts: tuple[Host, Host], caplog: pytest.LogCaptureFixture
) -> None:
    """After a restore, or a lost disk: refused with who has one, and then the new one counts for all."""
    one, two = hosts
    await one.sets_up()
    one.file.unlink()
    for host in hosts:
        with pytest.raises(KeyElsewhere):
            await host.key.for_sealing()
        with pytest.raises(FactorsLeft):
            await host.key.begin_anew()
        assert not host.file.exists()
    agreed = await one.store.key_agreed()
    await one.store.remove_factor(ACCOUNT.id, keep=None)
    with pytest.raises(KeyElsewhere):
        await two.key.for_sealing()
    await two.key.begin_anew()
    await two.sets_up()
    assert await one.starts(caplog) == ["factor_key_missing"]
    one.copies(two)
    assert await one.starts(caplog) == []
    assert (await one.store.key_agreed()).check not in {None, agreed.check}


async def test_restored_installation_is_not_locked_out_by_a_lost_file(hosts: tuple[Host, Host]) -> None:
    """A backup brings the factors and no check: refused while one is there that nobody opens."""
    one, two = hosts
    await one.sets_up()
    await forgotten(one)
    for needs_none in (two.key.for_sealing, two.key.begin_anew):
        with pytest.raises((KeyElsewhere, FactorsLeft)):
            await needs_none()
    await two.store.remove_factor(ACCOUNT.id, keep=None)
    await two.key.begin_anew()
    await two.sets_up()
    assert await two.key.state() is KeyState.FITS
    assert await one.key.state() is KeyState.ANOTHER


async def test_factor_under_a_key_that_counts_no_more_is_not_stored(hosts: tuple[Host, Host]) -> None:
    """Another key came to count between the sealing and the storing: nothing is stored that nobody opens."""
    one, two = hosts
    old = await one.key.for_sealing()
    await two.key.begin_anew()
    with pytest.raises(KeyElsewhere):
        await one.store.add_factor(ACCOUNT.id, b"sealed", 1, [b"paper"], check=codes.check_of(old), keep=None)
    assert await one.store.factor(ACCOUNT.id) is None
