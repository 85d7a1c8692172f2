# SPDX-License-Identifier: EUPL-1.2
"""Figures of a running house: what is looked at, how often, and what is told of what does not answer."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import pytest_asyncio
from prometheus_client.parser import text_string_to_metric_families

from chat.adapters.sql.standings import SqlStandings
from chat.errors import Unavailable
from tests.web.running import Running
from tests.web.ticketing import INTAKE, hand_over
from web.backup.files import name_at
from web.metrics import lag, looking
from web.metrics.collector import Figures
from web.metrics.lag import Lag
from web.metrics.server import told_at
from web.socket import TAKEN_OVER, TOO_SLOW, Hub, Socket

STEPS = {
    **dict.fromkeys(
        ("draining", "store_up", "bus_away", "clock_trusted", "daily_key", "weeks_to_close"), 1.0
    ),
    **dict.fromkeys(("faults", "events", "process_cpu", "process_start", "shred_longest"), 1.0),
    **dict.fromkeys(("waiting_longest", "shred_unfinished"), 60.0),
    "frames_waiting": 65_536.0,
    "process_resident": 1 << 20,
    "data_free": 64 << 20,
}
"""In which steps a figure is told, by how its name begins; all others in fives."""


@pytest_asyncio.fixture(loop_scope="session")
async def figures(run: Running) -> AsyncGenerator[Figures]:
    """The figures of the folder's server, which nobody has looked at yet."""
    yield Figures(run.house, Lag())


async def told(figures: Figures) -> dict[str, float]:
    """Return every sample, by its name without `jourchatt_` and the word beside it."""
    text = (await figures.text()).decode()
    return {
        " ".join((sample.name.removeprefix("jourchatt_"), *sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_people_are_looked_at_once_a_minute(
    run: Running, figures: Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asks all the time costs the store nothing, and sees nobody come."""
    asked = []
    standing = SqlStandings.standing

    async def count(self: SqlStandings, now: Any) -> Any:
        asked.append(now)
        return await standing(self, now)

    monkeypatch.setattr(SqlStandings, "standing", count)
    before = await told(figures)
    await run.talk()
    await asyncio.gather(*(figures.text() for _ in range(10)))
    assert len(asked) == 1
    assert (await told(figures))["conversations active"] == before["conversations active"] == 0
    assert figures._looking._at is not None
    figures._looking._at -= looking.EVERY
    after = await told(figures)
    assert len(asked) == 2
    assert (after["conversations active"], after["duties present"], after["sockets visitor"]) == (5, 5, 5)
    assert after["waiting_longest_seconds"] == 0


async def test_nothing_that_one_person_does_moves_a_figure_within_the_minute(
    run: Running, figures: Figures
) -> None:
    """Not a page, a socket, a message, a refusal or an end: every sample stands as it stood."""
    before = await figures.text()
    her, operator, conversation = await run.talk()
    for times in range(6):
        await her.says(f"meddelande {times}")
        assert await figures.text() == before
    await her.connection.send_text('{"type":"say"')
    await her.connection.expect("nack")
    assert await figures.text() == before
    await operator.ends(conversation)
    await her.connection.expect("ended")
    assert await figures.text() == before


async def test_what_was_done_is_told_in_fives_after_the_minute(
    run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each part of a spread, each refusal; and what somebody tried to say has no word of its own."""
    monkeypatch.setattr(run.house, "refused", Counter(work=4, identity=3, bad_frame=3, unavailable=10))
    await (await run.visitor()).connection.close()
    seen = await told(Figures(run.house, Lag()))
    assert [seen[f"refused_total {code}"] for code in ("work", "other", "unavailable")] == [0, 5, 10]
    steps = dict.fromkeys(seen, 5.0) | {
        name: step for name in seen for start, step in STEPS.items() if name.startswith(start)
    }
    assert [name for name, value in seen.items() if value % steps[name]] == []
    assert [name for name in seen if "_fds" in name or name.endswith(("_sum", "_count"))] == []


@pytest.mark.parametrize("hangs", [False, True])
async def test_store_that_is_away_is_told_and_nothing_is_made_up(
    figures: Figures, monkeypatch: pytest.MonkeyPatch, *, hangs: bool
) -> None:
    """What needs no store is told all the same, and what nobody knows is left out."""

    async def away(*_: object) -> None:
        if not hangs:
            raise Unavailable
        await asyncio.Event().wait()

    monkeypatch.setattr(SqlStandings, "standing", away)
    monkeypatch.setattr(looking, "WITHIN_S", 0.01)
    seen = await told(figures)
    assert (seen["store_up"], seen["daily_keys_up"], seen["draining"]) == (0, 1, 0)
    assert [name for name in seen if name.startswith(("conversations", "duties", "tickets", "weeks"))] == []


async def test_handover_is_told_as_late_after_a_working_day(
    run: Running, figures: Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As both supervisors are told of it; others may have left some that are."""
    left = await told(Figures(run.house, Lag()))
    await hand_over(run, INTAKE)
    seen = await told(figures)
    assert seen["tickets_unopened in_time"] >= 5
    assert seen["tickets_unopened late"] == left["tickets_unopened late"]
    monkeypatch.setattr(looking, "alert_at", lambda granted: granted - timedelta(days=1))
    seen = await told(Figures(run.house, Lag()))
    assert (seen["tickets_unopened in_time"], seen["tickets_unopened late"] >= 5) == (0, True)


async def test_key_that_should_be_gone_is_told(run: Running, figures: Figures) -> None:
    """Whoever put it back, and whenever."""
    today = int(run.house.clock.now().timestamp()) // 86_400
    kept = run.house.settings.keys / f"{today - 5}.key"
    kept.write_bytes(bytes(32))
    kept.chmod(0o400)
    try:
        assert (await told(figures))["daily_key_oldest_days"] == 5
    finally:
        kept.unlink()
    assert (await told(Figures(run.house, Lag())))["daily_key_oldest_days"] <= 1


async def test_newest_backup_is_told_where_backups_are(
    run: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its name; another file is none, nor an empty one, nor one that is still to come."""
    assert "backup_newest_seconds" not in await told(Figures(run.house, Lag()))
    new = datetime(2026, 1, 3, tzinfo=UTC)
    (tmp_path / "README").write_bytes(b"x")
    for at, size in (
        (new - timedelta(days=1), 1),
        (new, 1),
        (new + timedelta(days=1), 0),
        (run.house.clock.now() + timedelta(hours=1), 1),
    ):
        (tmp_path / name_at(at)).write_bytes(b"x" * size)
    for place, expected in ((tmp_path / "missing", 0), (tmp_path, new.timestamp())):
        with monkeypatch.context() as there:
            there.setattr(run.house, "settings", replace(run.house.settings, backups=place))
            assert (await told(Figures(run.house, Lag())))["backup_newest_seconds"] == expected


async def test_doorbells_are_told_where_there_are_others(
    run: Running, figures: Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the bus has counted them; a bus that reaches nobody else has none."""
    assert (await told(figures))["doorbells_total sent"] == 0
    counted = SimpleNamespace(sent=17, heard=5, dropped=6, refused=4)
    monkeypatch.setattr(type(run.house.chat.bus), "report", lambda _: counted, raising=False)
    assert figures._looking._at is not None
    figures._looking._at -= looking.EVERY
    seen = await told(figures)
    assert [seen[f"doorbells_total {way}"] for way in ("sent", "heard", "dropped", "refused")] == [
        15,
        5,
        5,
        0,
    ]


async def test_nothing_is_told_unless_a_port_is_given(run: Running) -> None:
    """No port, no timer."""
    tasks = asyncio.all_tasks()
    async with told_at(None, run.house):
        assert asyncio.all_tasks() == tasks


async def test_lag_is_noted_until_it_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """One note for each time that the loop comes back."""
    monkeypatch.setattr(lag, "EVERY_S", 0.0)
    noted = Lag()
    noted.start()
    while sum(noted.seconds.counts) < 3:  # noqa: ASYNC110 - the loop's own turns are what is counted
        await asyncio.sleep(0)
    noted.stop()
    counts = list(noted.seconds.counts)
    for _ in range(5):
        await asyncio.sleep(0)
    assert noted.seconds.counts == counts


async def test_slow_peer_is_counted_once() -> None:
    """By its side; whoever is taken over is not slow."""

    async def nothing(*_: object) -> Any:
        await asyncio.sleep(0)

    hub = Hub()
    for code in (TOO_SLOW, TAKEN_OVER):
        socket = Socket(nothing, nothing, hub, "one")
        socket.drop(code)
        socket.drop(TOO_SLOW)
        await socket.closed()
    assert hub.owed.too_slow == 1
