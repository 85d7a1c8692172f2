# SPDX-License-Identifier: EUPL-1.2
"""The figures in the form that a monitor reads.

Owns what is read at the moment somebody asks, and the registry. Nothing is told that `names.py` does not
list: a name or a word that is not there fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.core import Metric as Family
from prometheus_client.registry import Collector

from chat.watched import Spread, TellsBells
from web import logs
from web.house import House
from web.metrics.lag import Lag
from web.metrics.looking import Looking, Values
from web.metrics.names import METRICS, Kind, Metric

PREFIX = "jourchatt_"


class Figures:
    """Reads the figures of one house; each call of `text` is one look."""

    def __init__(self, house: House, lag: Lag) -> None:
        self._house = house
        self._lag = lag
        self._looking = Looking(house)
        self._registry = CollectorRegistry(auto_describe=False)
        self._told = _Told()
        self._registry.register(self._told)
        ProcessCollector(registry=self._registry)

    async def text(self) -> bytes:
        """Return all of them, as a monitor reads them."""
        values = self._now() | await self._looking.look()
        commits = self._house.watched.commits
        self._told.values = values
        self._told.spreads = {
            "commit_seconds": commits.seconds,
            "commit_operations": commits.together,
            "loop_lag_seconds": self._lag.seconds,
        }
        return generate_latest(self._registry)

    def _now(self) -> Values:
        house = self._house
        now, shredded = house.clock.now(), house.chat.rooms.shredder.report()
        unfinished = shredded.unfinished_since
        values: Values = {
            ("draining", ""): float(house.draining),
            ("bus_away", ""): float(house.chat.bus.is_away()),
            ("clock_trusted", ""): float(house.clock.trusted()),
            ("faults", ""): house.faults,
            ("commit_waiting", ""): house.watched.commits.waiting,
            ("shred_unfinished_seconds", ""): (
                0.0 if unfinished is None else max(0.0, (now - unfinished).total_seconds())
            ),
            ("shreds", ""): shredded.finished,
            ("shred_longest_seconds", ""): shredded.longest_took,
        }
        for side, hub in (("visitor", house.visitor_hub), ("operator", house.operator_hub)):
            values["frames_waiting_bytes", side] = hub.owed.bytes
            values["sockets_too_slow", side] = hub.owed.too_slow
        values |= _bells(house.chat.bus)
        _count_by_word(values, "events", logs.counted())
        _count_by_word(values, "refused", house.refused)
        return values


def _bells(bus: object) -> Values:
    """Return what a bus between processes has counted; one process alone rings for nobody."""
    told = bus.report() if isinstance(bus, TellsBells) else None
    return {
        ("doorbells", "sent"): told.sent if told else 0,
        ("doorbells", "heard"): told.heard if told else 0,
        ("doorbells", "dropped"): told.dropped if told else 0,
        ("doorbells", "refused"): told.refused if told else 0,
    }


def _count_by_word(values: Values, name: str, counted: Mapping[str, int]) -> None:
    """Tell each word from the start, at 0: the first of a kind is no rise to a monitor otherwise."""
    for word in METRICS[f"{PREFIX}{name}"].words:
        values[name, word] = counted.get(word, 0)


class _Told(Collector):
    """Hands on what was read last."""

    def __init__(self) -> None:
        self.values: Values = {}
        self.spreads: dict[str, Spread] = {}

    def collect(self) -> Iterator[Family]:
        """Return each figure that was read, with its words in order."""
        by_name: dict[str, dict[str, float]] = {}
        for (name, word), value in self.values.items():
            by_name.setdefault(name, {})[word] = value
        for name, words in by_name.items():
            yield _family(METRICS[f"{PREFIX}{name}"], words)
        for name, spread in self.spreads.items():
            yield _histogram(METRICS[f"{PREFIX}{name}"], spread)


def _family(metric: Metric, words: Mapping[str, float]) -> Family:
    made = CounterMetricFamily if metric.kind is Kind.COUNTER else GaugeMetricFamily
    family = made(metric.name, metric.help, labels=[metric.label] if metric.label else None)
    for word, value in sorted(words.items()):
        if word and word not in metric.words:
            raise KeyError(metric.name)
        family.add_metric([word] if word else [], value)
    return family


def _histogram(metric: Metric, spread: Spread) -> Family:
    family = HistogramMetricFamily(metric.name, metric.help)
    buckets, so_far = [], 0
    for edge, count in zip((*map(str, spread.edges), "+Inf"), spread.counts, strict=True):
        so_far += count
        buckets.append((edge, so_far))
    family.add_metric([], buckets, spread.total)
    return family
