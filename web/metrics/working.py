# SPDX-License-Identifier: EUPL-1.2
"""What this process has done and holds, as it is told: with few people each step of it is one of theirs.

Owns that nothing here moves with a single message, a single refusal or a single end. Counts are told in
fives, also within a spread, whose sum is left out; bytes, seconds and open files in steps that one person
does not fill. It is read once a minute (`looking`).
"""

from __future__ import annotations

import resource
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from prometheus_client import ProcessCollector
from prometheus_client.core import Metric as Family

from chat.watched import Spread, TellsBells
from web.house import House
from web.metrics.lag import Lag
from web.metrics.names import OTHER, PROCESS, REFUSED, down_in_fives

Values = dict[tuple[str, str], float]
"""A number by the figure's name (without `jourchatt_`) and the word beside it, "" where there is none."""

MINUTE_S: Final = 60
CHUNK: Final = 65_536
"""Bytes that nobody has taken yet are told in these: what is written to one person is less."""
TENTHS: Final = 10
_FILES: Final = Path("/proc/self/fd")


def work_of(house: House) -> Values:
    """Return the figures of one process that grow or stand with what people do there."""
    now, shredded = house.clock.now(), house.chat.rooms.shredder.report()
    unfinished = shredded.unfinished_since
    age = 0.0 if unfinished is None else max(0.0, (now - unfinished).total_seconds())
    values: Values = {
        ("commit_waiting", ""): down_in_fives(house.watched.commits.waiting),
        ("shred_unfinished_seconds", ""): whole_minutes(age),
        ("shreds", ""): down_in_fives(shredded.finished),
        ("shred_longest_seconds", ""): int(shredded.longest_took),
        ("messages", ""): down_in_fives(house.watched.commits.messages),
    }
    for side, hub in (("visitor", house.visitor_hub), ("operator", house.operator_hub)):
        values["frames_waiting_bytes", side] = hub.owed.bytes // CHUNK * CHUNK
        values["sockets_too_slow", side] = down_in_fives(hub.owed.too_slow)
    return values | _bells(house.chat.bus) | _refused(house.refused) | _files()


def spreads_of(house: House, lag: Lag) -> dict[str, Spread]:
    """Return a copy of each spread, every part of it in fives."""
    commits = house.watched.commits
    return {
        "commit_seconds": _coarse(commits.seconds),
        "commit_operations": _coarse(commits.together),
        "loop_lag_seconds": _coarse(lag.seconds),
    }


def process() -> Iterator[Family]:
    """Yield what the system says of the process: whole seconds and whole megabytes."""
    for family in ProcessCollector(registry=None).collect():
        kept = [sample for sample in family.samples if sample.name in PROCESS]
        family.samples = [sample._replace(value=_rough(sample.name, sample.value)) for sample in kept]
        if kept:
            yield family


def whole_minutes(seconds: float) -> float:
    """Return a time as it is told where its beginning is something that a person did."""
    return seconds // MINUTE_S * MINUTE_S


def _rough(name: str, value: float) -> float:
    if name.endswith("_bytes"):
        return float(int(value) >> 20 << 20)
    return float(int(value))


def _coarse(spread: Spread) -> Spread:
    told = Spread(spread.edges)
    # Each part by itself and not the sums up to it: of those, nearly every single commit would move one.
    told.counts = [down_in_fives(count) for count in spread.counts]
    return told


def _refused(counted: Mapping[str, int]) -> Values:
    """Tell each word from the start, at 0: the first of a kind is no rise to a monitor otherwise."""
    told = {code: counted.get(code, 0) for code in REFUSED - {OTHER}}
    told[OTHER] = sum(counted.values()) - sum(told.values())
    return {("refused", code): down_in_fives(number) for code, number in told.items()}


def _bells(bus: object) -> Values:
    """Return what a bus between processes has counted; one process alone rings for nobody."""
    told = bus.report() if isinstance(bus, TellsBells) else None
    counted = {
        "sent": told.sent if told else 0,
        "heard": told.heard if told else 0,
        "dropped": told.dropped if told else 0,
        "refused": told.refused if told else 0,
    }
    return {("doorbells", way): down_in_fives(number) for way, number in counted.items()}


def _files() -> Values:
    """Return which part of the files that may be open is, in tenths; nothing where nobody can look."""
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        number = sum(1 for _ in _FILES.iterdir())
    except OSError:
        return {}
    return {("files_used_ratio", ""): number * TENTHS // most / TENTHS if most > 0 else 0.0}
