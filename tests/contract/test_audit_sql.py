# SPDX-License-Identifier: EUPL-1.2
"""The audit log in the database: what is counted, who finds what, and what leaves table and file when."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import insert, text

from chat.adapters.sql import schema
from chat.adapters.sql.database import Database
from chat.adapters.sql.schema import migrate
from chat.adapters.sql.shredder import SqlShredder
from chat.adapters.system import SystemClock
from chat.ids import OrganisationId, ServiceId
from tests.contract.conftest import ON_SQLITE
from web.accounts.adapters.audit import SqlAuditLog
from web.accounts.adapters.tables import audit as audit_table
from web.accounts.audit import Audited, AuditEntry, AuditLog, AuditPlace, Choices, Sought

TODAY = date(2026, 2, 16)
LINDEN, EKEN, BRON = ServiceId("linden"), ServiceId("eken"), ServiceId("bron")
JOUR, CARE = OrganisationId("jour"), OrganisationId("care")
HERS = frozenset({JOUR})


@pytest.fixture
def audit(database: Database) -> AuditLog:
    """An empty audit log."""
    return SqlAuditLog(database)


OF_A_VISITOR = (
    Audited.CLAIMED,
    Audited.PROPOSED,
    Audited.OFFERED,
    Audited.HANDED_BACK,
    Audited.RAISED,
    Audited.JOINED,
    Audited.TOOK_OVER,
    Audited.OPENED,
    Audited.WROTE,
    Audited.ACCEPTED,
    Audited.DECLINED,
    Audited.EXPORTED,
    Audited.LIFTED,
)
"""What is done in a conversation, with a ticket, or about how one ended."""


def days(ago: int) -> date:
    """Return a day before today."""
    return TODAY - timedelta(days=ago)


async def test_audit_counts_deeds_by_account_place_and_day(audit: AuditLog) -> None:
    """Two changes of one day are one line that says two."""
    for account, place, day in (
        ("åsa", LINDEN, days(1)),
        ("åsa", LINDEN, TODAY),
        ("åsa", LINDEN, TODAY),
        ("åsa", EKEN, TODAY),
        ("berit", LINDEN, TODAY),
    ):
        await audit.record(Audited.PLANNED, account, JOUR, place, day)
    assert await audit.entries() == [
        AuditEntry(Audited.PLANNED, "berit", JOUR, LINDEN, TODAY, 1),
        AuditEntry(Audited.PLANNED, "åsa", JOUR, EKEN, TODAY, 1),
        AuditEntry(Audited.PLANNED, "åsa", JOUR, LINDEN, TODAY, 2),
        AuditEntry(Audited.PLANNED, "åsa", JOUR, LINDEN, days(1), 1),
    ]


@pytest.mark.parametrize("kind", [Audited.AUDIT_READ, *OF_A_VISITOR])
async def test_audit_knows_no_number_of_what_concerns_a_visitor(
    audit: AuditLog, database: Database, kind: Audited
) -> None:
    """Five claims of a day are that there was one: neither page nor table has what the statistics hide."""
    for day in (days(1), *[TODAY] * 5):
        await audit.record(kind, "eva", JOUR, JOUR, day)
    assert [(each.day, each.times) for each in await audit.entries()] == [(TODAY, None), (days(1), None)]
    async with database.read() as connection:
        assert set((await connection.execute(text("SELECT times FROM staff_audit"))).scalars()) == {1}


async def test_audit_finds_only_what_is_of_the_organisations_asked_for(audit: AuditLog) -> None:
    """By kind, person and month too, a page at a time; what there is to choose from is no more than that."""
    await audit.record(Audited.CLAIMED, "åsa", JOUR, LINDEN, TODAY)
    await audit.record(Audited.RAISED, "berit", JOUR, LINDEN, date(2026, 1, 31))
    await audit.record(Audited.LIFTED, "karin", CARE, BRON, date(2025, 12, 1))
    await audit.record(Audited.CLAIMED, "nobody", OrganisationId(""), LINDEN, TODAY)

    async def found(sought: Sought, **page: int) -> list[str]:
        return [each.account for each in await audit.sought(sought, **page)]

    assert await found(Sought(organisations=HERS)) == ["åsa", "berit"]
    assert await found(Sought(organisations=HERS), skip=1, most=1) == ["berit"]
    assert await found(Sought(organisations=HERS | {CARE}, kind=Audited.LIFTED)) == ["karin"]
    assert await found(Sought(organisations=HERS, account="berit")) == ["berit"]
    assert await found(Sought(organisations=HERS, month=date(2026, 1, 1))) == ["berit"]
    assert await found(Sought(organisations=frozenset({CARE}), month=date(2025, 12, 1))) == ["karin"]
    assert await found(Sought(organisations=frozenset())) == []
    assert await found(Sought(organisations=HERS, account="karin")) == []
    assert await audit.choices(HERS) == Choices(
        (Audited.CLAIMED, Audited.RAISED), ("berit", "åsa"), (date(2026, 2, 1), date(2026, 1, 1))
    )
    assert await audit.choices(frozenset()) == Choices((), (), ())


async def test_what_was_nobodys_goes_to_whose_place_it_was(audit: AuditLog) -> None:
    """Rows of a time without organisations are read again; one of the same deed becomes one with it."""
    nobody, gone = OrganisationId(""), ServiceId("gone")
    for kind in (Audited.CLAIMED, Audited.REPLIES_CHANGED):
        await audit.record(kind, "åsa", nobody, LINDEN, TODAY)
        await audit.record(kind, "åsa", nobody, LINDEN, TODAY)
        await audit.record(kind, "åsa", JOUR, LINDEN, TODAY)
    await audit.record(Audited.UNLOCKED, "berit", nobody, LINDEN, days(1))
    await audit.record(Audited.CLAIMED, "åsa", nobody, gone, TODAY)
    assert len(await audit.sought(Sought(organisations=HERS))) == 2

    def whose(kind: Audited, place: AuditPlace) -> OrganisationId:
        if place != LINDEN:
            return nobody
        return CARE if kind is Audited.UNLOCKED else JOUR

    for _ in range(2):
        await audit.settle(whose)
        assert await audit.sought(Sought(organisations=HERS)) == [
            AuditEntry(Audited.CLAIMED, "åsa", JOUR, LINDEN, TODAY, None),
            AuditEntry(Audited.REPLIES_CHANGED, "åsa", JOUR, LINDEN, TODAY, 3),
        ]
        assert await audit.sought(Sought(organisations=frozenset({CARE}))) == [
            AuditEntry(Audited.UNLOCKED, "berit", CARE, LINDEN, days(1), 1)
        ]
    left = await audit.sought(Sought(organisations=frozenset({nobody})))
    assert [each.place for each in left] == [gone]


async def test_audit_forgets_each_kind_and_organisation_by_its_own_measure(audit: AuditLog) -> None:
    """A claim goes after 30 days, however long an organisation keeps the rest; one that left: as usual."""
    gone = OrganisationId("gone")
    kept = {JOUR: 400, CARE: 31}
    for organisation in (JOUR, CARE, gone):
        for ago in (30, 31, 32, 180, 181, 400, 401):
            await audit.record(Audited.CLAIMED, "a", organisation, LINDEN, days(ago))
            await audit.record(Audited.LIFTED, "a", organisation, LINDEN, days(ago))
    await audit.forget(TODAY, kept)
    left = await audit.entries()

    def ages(kind: Audited, organisation: OrganisationId) -> list[int]:
        mine = [each for each in left if each.kind is kind and each.organisation == organisation]
        return [(TODAY - each.day).days for each in mine]

    assert {organisation: ages(Audited.CLAIMED, organisation) for organisation in (JOUR, CARE, gone)} == {
        JOUR: [30],
        CARE: [30],
        gone: [30],
    }
    assert ages(Audited.LIFTED, JOUR) == [30, 31, 32, 180, 181, 400]
    assert ages(Audited.LIFTED, CARE) == [30, 31]
    assert ages(Audited.LIFTED, gone) == [30, 31, 32, 180]


@ON_SQLITE
async def test_audit_leaves_the_file_with_what_it_forgets(database: Database, tmp_path: Path) -> None:
    """A claim that is too old stands neither in the database nor in its log, once they are cleared.

    On SQLite, as it looks into the file.
    """
    shredder = SqlShredder(database, SystemClock())
    wanted: list[bool] = []

    def on_deleted() -> None:
        wanted.append(True)
        shredder.want(SystemClock().now())

    audit = SqlAuditLog(database, on_deleted)
    marker = "nattfjärilen-som-tog-emot"
    await audit.record(Audited.CLAIMED, marker, JOUR, LINDEN, days(31))
    await audit.record(Audited.CLAIMED, "åsa", JOUR, LINDEN, days(30))

    def stored() -> bytes:
        return b"".join(path.read_bytes() for path in tmp_path.glob("*.sqlite*"))

    assert marker.encode() in stored()
    await audit.forget(TODAY, {})
    assert wanted == [True]
    assert await shredder.run_once(SystemClock().now())
    assert marker.encode() not in stored()
    await audit.forget(TODAY, {})
    assert wanted == [True], "nothing was deleted, so nothing is rewritten"


def _before(url: str, revision: str) -> None:
    """Bring a database to the schema before a revision."""
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    earlier = ScriptDirectory.from_config(config).get_revision(revision).down_revision
    with schema._Opened(url) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, str(earlier))


def _rows(url: str, query: str) -> set[tuple[object, ...]]:
    with schema._Opened(url) as connection:
        return {tuple(row) for row in connection.exec_driver_sql(query)}


async def test_migration_takes_over_what_was_recorded(database_url: str) -> None:
    """It stands under nobody's organisation until it is old; and back again."""
    two = [(TODAY, "claimed", "åsa", place, "linden", times) for place, times in (("a", 2), ("b", 1))]
    with schema._Opened(database_url) as connection:
        connection.execute(insert(audit_table).values(two))
    _before(database_url, "0016")
    seen = "SELECT cast(day AS varchar(10)), kind, account, service, times FROM staff_audit"
    assert _rows(database_url, seen) == {("2026-02-16", "claimed", "åsa", "linden", 3)}
    migrate(database_url)
    seen = "SELECT cast(day AS varchar(10)), kind, account, organisation, place, times FROM staff_audit"
    assert _rows(database_url, seen) == {("2026-02-16", "claimed", "åsa", "", "linden", 1)}


async def test_migration_takes_the_numbers_out_of_what_concerns_a_visitor(database_url: str) -> None:
    """Also in what was recorded before; what else was counted stays as it was."""
    _before(database_url, "0019")
    with schema._Opened(database_url) as connection:
        connection.execute(
            insert(audit_table).values([(TODAY, each.value, "åsa", "jour", "linden", 6) for each in Audited])
        )
    migrate(database_url)
    assert _rows(database_url, "SELECT kind FROM staff_audit WHERE times = 1") == {
        (each.value,) for each in OF_A_VISITOR
    }
