# SPDX-License-Identifier: EUPL-1.2
"""What holds for every test: one Hypothesis profile, no silent skips, and a PostgreSQL for those who ask."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.outside.overheard import remember

if TYPE_CHECKING:
    from tests.servers.postgresql import Postgresql

FUZZ = int(os.environ.get("FUZZ", "1"))
"""`make fuzz` looks at so many times as many examples, and at other ones each time."""

settings.register_profile("jourchatt", deadline=None, derandomize=FUZZ == 1, database=None, print_blob=True)
settings.load_profile("jourchatt")


def examples(quick: int) -> int:
    """Return how many examples to look at, where `quick` are enough for every day."""
    return quick * FUZZ


# Whatever people say to any server from here on is looked for in what that server logs, when it ends.
remember(on=True)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let no search for garbage go through the tests and the program: they stay until the last test.

    Such searches were a quarter of what the quick tests took. The price: what a test leaves open in a cycle
    may be found only at the end of its file (`_leaks_are_found_in_their_file`).
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(20_000, 20, 10)
        gc.enable()


@pytest.fixture(scope="module", autouse=True)
def _leaks_are_found_in_their_file() -> Iterator[None]:
    """Search once when the last test of a file is over: what it left open fails that file and no other.

    What lives on after a file (caches, the servers of a session) is not gone through again: two million
    values that some files leave to others would cost a second each time; so 114 files take 2 s together.
    A cycle among what lived on and dies later is not found.
    """
    yield
    gc.collect()
    gc.freeze()


NO_SKIPS = bool(os.environ.get("NO_SKIPS") or os.environ.get("CI"))


def _forbid_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure that says the same line."""
    if NO_SKIPS and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"nothing may be skipped here. {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Look at every finished step of a test."""
    report = yield
    _forbid_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Look at every collected module: a module may skip itself as a whole."""
    report = yield
    _forbid_skip(report)
    return report


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with all tables and no rows, to copy: making one takes as long as a whole test."""
    from chat.adapters.sql.schema import migrate  # only where it is wanted

    file = tmp_path_factory.mktemp("empty") / "chat.sqlite"
    migrate(f"sqlite+aiosqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgresql]:
    """A server, for as long as the tests of this worker run."""
    from tests.servers.postgresql import Postgresql  # only where it is wanted

    with Postgresql(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture(scope="session")
def migrated(postgresql: Postgresql) -> str:
    """The name of a database with all tables and no rows, to make others from."""
    from chat.adapters.sql.schema import migrate

    return postgresql.new_template(migrate)


@pytest.fixture
def postgresql_url(postgresql: Postgresql, migrated: str) -> str:
    """The URL of a migrated PostgreSQL database."""
    return postgresql.new_database(migrated)
