# SPDX-License-Identifier: EUPL-1.2
"""The composition root: the one place that names adapters.

Owns opening and closing what a server or a command needs, in the right order. Everybody else knows ports.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date
from functools import partial
from pathlib import Path

from chat.adapters.argon2 import Argon2Pool
from chat.adapters.daily_keys import DailyKeyDirectory
from chat.adapters.sql.clock import ahead_of
from chat.adapters.sql.counting import Counting
from chat.adapters.sql.database import Database
from chat.adapters.sql.errors import CannotOpen
from chat.adapters.sql.figures import SqlFigures
from chat.adapters.sql.peek import look
from chat.adapters.sql.processes import SqlProcesses
from chat.adapters.sql.schema import migrate
from chat.adapters.sql.server_lock import DatabaseLock, needs_lock
from chat.adapters.sql.shared_shredder import shredder_of
from chat.adapters.sql.staff_entries import SqlStaffEntries
from chat.adapters.sql.standings import SqlStandings
from chat.adapters.sql.store import SqlStore
from chat.adapters.sql.talks import SqlTalks
from chat.adapters.system import SystemClock, SystemRandomness
from chat.clearing_ports import Shredder
from chat.errors import Fault
from chat.hours import local_day
from chat.ids import OrganisationId
from chat.live.chat import Chat, assemble
from chat.ports import Bus, DailyKeys
from config.codes import code_words
from config.overlay import Overlay
from config.settings import Settings
from config.site import Site
from config.site_file import SiteFile
from handover import office
from handover.adapters.erased_files import ErasedFiles
from handover.adapters.peek import units_with_key
from handover.adapters.sql import SqlTicketStore
from handover.ids import ReceiverId
from handover.office import Office
from handover.units import Units
from web.accounts import attempts, guesses
from web.accounts.adapters import peek as locked
from web.accounts.adapters.argon2 import Argon2Passwords
from web.accounts.adapters.audit import SqlAuditLog
from web.accounts.adapters.common import common_passwords
from web.accounts.adapters.factor_key import FactorKeyFile
from web.accounts.adapters.factors import SqlFactorStore
from web.accounts.adapters.invitations import SqlInvitationStore
from web.accounts.adapters.sql import SqlAccountStore
from web.accounts.agreed_key import AgreedKey, KeyState
from web.accounts.chosen import ChosenPasswords
from web.accounts.invitations import Invitations
from web.accounts.second_factors import SecondFactors
from web.accounts.service import Accounts
from web.barometer.adapters.sql import SqlAnswerStore
from web.barometer.service import Barometer
from web.chair.adapters import peek
from web.chair.adapters.sql import SqlVersionStore
from web.chair.service import Chair
from web.counting_key import CountingKey
from web.demo_figures import MadeUpFigures
from web.files import templates
from web.house import House
from web.languages import Languages
from web.limits import Limits
from web.one_server import AmongFiles, FileLock, Held, end_this_server, held
from web.people.scope import needs_factor
from web.replies.adapters.sql import SqlReplyStore
from web.replies.service import Replies
from web.roster.able import Able
from web.roster.adapters.sql import SqlRosterStore
from web.roster.openings import Openings
from web.roster.service import Roster
from web.server_options import CannotStart
from web.site_names import names_of
from web.site_now import Layer, SiteNow
from web.tellings import Tellings
from web.together import begin_together, together
from web.watched import Watched

_HERE = Path(__file__).parent


def today() -> date:
    """Return the local day, for what is read before a house is open."""
    return local_day(SystemClock().now())


@asynccontextmanager
async def only_server(
    settings: Settings, patience_s: float, on_wait: Callable[[str], None]
) -> AsyncIterator[Held]:
    """Hold the data: alone, or with Redis as one of several, which is told whether it is the first.

    Raises:
        CannotStart: another server has it, or it cannot be used; one plain sentence.
    """
    several = settings.redis_url is not None
    on_hosts = needs_lock(settings.database_url)
    file = AmongFiles(settings.data) if several and on_hosts else FileLock(settings.data)
    async with AsyncExitStack() as stack:
        taking = partial(held, several=several, patience_s=patience_s, on_wait=on_wait)
        holding = await stack.enter_async_context(taking(file))
        if on_hosts:
            try:
                lock = DatabaseLock(settings.database_url, on_refused=None if several else end_this_server)
                holding = await stack.enter_async_context(taking(lock))
            except CannotOpen as error:
                raise CannotStart(str(error)) from error
        yield holding


@asynccontextmanager
async def open_house(
    settings: Settings,
    site: Site,
    *,
    file: SiteFile | None = None,
    demo: bool = False,
    limits: bool = True,
    patience_s: float = 0.0,
    on_wait: Callable[[str], None] = lambda _: None,
) -> AsyncIterator[House]:
    """Open everything a server needs, and close it again. Loops run from `house.chat.start()` on.

    `file` is what the site was read from: without it nothing of the site can be changed while it runs.
    `patience_s` and `on_wait` are for a server before this one that is still ending (`only_server`).

    Raises:
        CannotStart: keys or database cannot be used, or another server uses them; one plain sentence.
    """
    async with (
        only_server(settings, patience_s, on_wait) as holding,
        _opened(settings, site, file, holding, demo=demo, limits=limits) as house,
    ):
        yield house


@asynccontextmanager
async def _opened(
    settings: Settings, site: Site, file: SiteFile | None, holding: Held, *, demo: bool, limits: bool
) -> AsyncIterator[House]:
    randomness, pool, shared = SystemRandomness(), Argon2Pool(), AsyncExitStack()
    directory, database = await _open_storage(settings, randomness)
    clock = await _shared_clock(database)
    store, shredder, tellings = SqlStore(database), shredder_of(database, clock), Tellings(clock)
    try:
        await _begin(holding, database, store, clock)  # before it waits for keys: who has them may come in
        joined = together(settings, directory, database, clock, randomness)
        bus, keys = await shared.enter_async_context(joined)
        allowed = Limits(clock, randomness, keys, tellings, loopback=limits)
        accounts = _accounts(settings, database, pool, keys, clock, randomness, tellings, allowed.counts)
        shifts, able = SqlRosterStore(database), Able(accounts, clock)
        house = House(
            settings=settings,
            site=site,
            chat=_chat(site, store, database, pool, clock, randomness, shredder, keys, bus, allowed),
            office=_office(settings, site, database, pool, clock, randomness, shredder),
            accounts=accounts,
            audit=SqlAuditLog(database, on_deleted=lambda: shredder.want(clock.now())),
            replies=Replies(SqlReplyStore(database), randomness),
            figures=MadeUpFigures(site, clock) if demo else SqlFigures(database, randomness),
            barometer=Barometer(SqlAnswerStore(database)),
            roster=Roster(shifts, able, clock, randomness),
            chair=Chair(SqlVersionStore(database), file, clock),
            watched=Watched(store.commits, SqlStandings(database)),
            clock=clock,
            randomness=randomness,
            daily_keys=keys,
            languages=Languages.load(_HERE / "locales"),
            limits=allowed,
            templates=templates(_HERE / "templates"),
            demo=demo,
        )
        await _settle(house, site, tellings, Openings(shifts, able, clock).layer, holding, database)
        yield house
    finally:
        await shared.aclose()
        await _close(pool, store, database)


async def _settle(  # noqa: PLR0917 - each part once
    house: House, site: Site, tellings: Tellings, openings: Layer, holding: Held, database: Database
) -> None:
    """Let the parts of a house know each other."""
    if holding.several:
        house.chat.join(SqlProcesses(database, house.chair.digest))
    tellings.join(house.chat)
    house.chat.operators.is_signed_in = house.accounts.is_signed_in
    house.accounts.must_have_factor = lambda account: needs_factor(account, house.site)
    house.accounts.chosen.names = lambda: names_of(house.site, house.settings)
    # What organisations set is narrowed by their shifts, and never the other way round.
    house.site_now = SiteNow(house, site, (house.chair.layer, openings))
    if house.chat.lookout is not None:
        house.chat.lookout.besides.append(house.site_now.renew)
    await house.site_now.renew()
    await house.accounts.factors.key.settle()


async def _shared_clock(database: Database) -> SystemClock:
    """Follow the database's clock: several hosts over it must agree on who has been away for how long."""
    try:
        return SystemClock(ahead=await ahead_of(SystemClock(), database))
    except Fault as error:
        await database.close()
        raise CannotStart("The database does not say what time it is.") from error


async def _close(pool: Argon2Pool, store: SqlStore, database: Database) -> None:
    pool.close()
    await store.close()
    await database.close()


@asynccontextmanager
async def accounts_only(settings: Settings) -> AsyncIterator[Accounts]:
    """Open the staff accounts and nothing else, for the command line beside a running server."""
    clock, randomness = SystemClock(), SystemRandomness()
    keys, database = await _open_storage(settings, randomness)
    pool = Argon2Pool()
    try:
        yield _accounts(settings, database, pool, keys, clock, randomness, Tellings(clock))
    finally:
        pool.close()
        await database.close()


def keys_there_are(settings: Settings) -> frozenset[ReceiverId] | None:
    """Return the receiving units that have a key, without making anything; None when nobody can tell."""
    return units_with_key(partial(look, settings.database_url))


def factors_locked(settings: Settings) -> tuple[int, KeyState]:
    """Return how many second factors the key beside the daily keys does not open, and whether it counts."""
    key = FactorKeyFile(settings.keys, SystemRandomness())
    return locked.factors_locked(partial(look, settings.database_url), key)


def overlays_there_are(settings: Settings) -> dict[OrganisationId, Overlay]:
    """Return what organisations have set themselves, without making anything."""
    return peek.overlays_there_are(partial(look, settings.database_url))


def languages_of_pages() -> dict[str, int]:
    """Return the languages of her pages, each with how many of its texts nobody has vouched for."""
    languages = Languages.load(_HERE / "locales")
    return {code: languages.unvouched(code) for code in languages.codes}


def system_clock() -> SystemClock:
    """Return the clock, for a command that opens no house."""
    return SystemClock()


@asynccontextmanager
async def units_only(settings: Settings) -> AsyncIterator[Units]:
    """Open the keys of receiving units and nothing else, for the command line beside a running server."""
    clock, randomness = SystemClock(), SystemRandomness()
    _, database = await _open_storage(settings, randomness)
    pool = Argon2Pool()
    try:
        yield Units(SqlTicketStore(database, Counting), pool, clock, randomness)
    finally:
        pool.close()
        await database.close()


async def _begin(holding: Held, database: Database, store: SqlStore, clock: SystemClock) -> None:
    """Where nobody else serves this, whoever was connected before the start is not connected now."""
    await database.keep_room()
    if not holding.first:
        return
    try:
        if holding.several:
            await begin_together(database)
        await store.mark_all_away(clock.now())
    except Fault as error:
        raise CannotStart(
            "The database cannot be written now: its disk is full, or another program holds it."
        ) from error
    await holding.share()


async def _open_storage(
    settings: Settings, randomness: SystemRandomness
) -> tuple[DailyKeyDirectory, Database]:
    try:
        keys = DailyKeyDirectory(settings.keys, settings.data, randomness)
        migrate(settings.database_url)
        return keys, await Database.open(settings.database_url)
    except (CannotOpen, Fault, ValueError) as error:
        raise CannotStart(str(error)) from error


def _chat(  # noqa: PLR0917 - each port once
    site: Site,
    store: SqlStore,
    database: Database,
    pool: Argon2Pool,
    clock: SystemClock,
    randomness: SystemRandomness,
    shredder: Shredder,
    keys: DailyKeys,
    bus: Bus,
    allowed: Limits,
) -> Chat:
    return assemble(
        store=store,
        staff_entries=SqlStaffEntries(database),
        books=SqlFigures(database, randomness),
        talks=SqlTalks(database, on_deleted=lambda: shredder.want(clock.now())),
        shredder=shredder,
        bus=bus,
        clock=clock,
        keys=keys,
        randomness=randomness,
        services=site.chat_services(),
        stretching=pool,
        words=code_words(),
        border=site.border(),
        on_over=allowed.forget,
    )


def _office(  # noqa: PLR0917 - each port once
    settings: Settings,
    site: Site,
    database: Database,
    pool: Argon2Pool,
    clock: SystemClock,
    randomness: SystemRandomness,
    shredder: Shredder,
) -> Office:
    return office.assemble(
        store=SqlTicketStore(database, Counting),
        stretching=pool,
        clock=clock,
        randomness=randomness,
        border=site.border(),
        organisations={id_: each.name for id_, each in site.organisations.items()},
        judges={id_: each.chat.judge for id_, each in site.services.items()},
        hosts=site.hosts(),
        destinations=site.destinations(),
        words=code_words(),
        on_deleted=lambda: shredder.want(clock.now()),
        erased=_erased(settings, randomness),
    )


def _erased(settings: Settings, randomness: SystemRandomness) -> ErasedFiles:
    try:
        return ErasedFiles(settings.erased, randomness)
    except ValueError as error:
        raise CannotStart(str(error)) from error


def _accounts(  # noqa: PLR0917 - each port once
    settings: Settings,
    database: Database,
    pool: Argon2Pool,
    keys: DailyKeys,
    clock: SystemClock,
    randomness: SystemRandomness,
    tellings: Tellings,
    limits: Callable[[bytes], bool] = lambda _network: True,
) -> Accounts:
    passwords, factors = Argon2Passwords(pool), SqlFactorStore(database)
    chosen = ChosenPasswords(passwords, common_passwords)
    accounts = Accounts(
        store=SqlAccountStore(database),
        passwords=passwords,
        chosen=chosen,
        daily_keys=keys,
        clock=clock,
        randomness=randomness,
        factors=SecondFactors(
            store=factors,
            key=AgreedKey(factors, FactorKeyFile(settings.keys, randomness)),
            clock=clock,
            randomness=randomness,
            guesses=guesses.Guesses(CountingKey(keys, "codes"), tellings),
        ),
        attempts=attempts.Attempts(CountingKey(keys, "sign-ins"), limits, tellings),
        invitations=Invitations(
            store=SqlInvitationStore(database), chosen=chosen, clock=clock, randomness=randomness
        ),
        limits=limits,
    )
    tellings.hears(list(attempts.Sort), accounts.hear)
    tellings.hears(list(guesses.Sort), accounts.factors.hear)
    return accounts
