# SPDX-License-Identifier: EUPL-1.2
"""The figures in the form that a monitor reads.

Owns what is read at the moment somebody asks, which is whether the server works and nothing that a person
does, and the registry. Nothing is told that `names.py` does not list: a name or a word not there fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.core import Metric as Family
from prometheus_client.registry import Collector

from chat.watched import Spread
from web import logs
from web.house import House
from web.metrics.lag import Lag
from web.metrics.looking import Looking, Seen
from web.metrics.names import METRICS, Kind, Metric
from web.metrics.working import Values

PREFIX = "jourchatt_"


class Figures:
    """Reads the figures of one house; each call of `text` is one look."""

    def __init__(self, house: House, lag: Lag) -> None:
        self._house = house
        self._looking = Looking(house, lag)
        self._registry = CollectorRegistry(auto_describe=False)
        self._told = _Told()
        self._registry.register(self._told)

    async def text(self) -> bytes:
        """Return all of them, as a monitor reads them."""
        self._told.seen = await self._looking.look()
        self._told.now = self._now()
        return generate_latest(self._registry)

    def _now(self) -> Values:
        house = self._house
        values: Values = {
            ("draining", ""): float(house.draining),
            ("bus_away", ""): float(house.chat.bus.is_away()),
            ("clock_trusted", ""): float(house.clock.trusted()),
            ("faults", ""): house.faults,
        }
        _count_by_word(values, "events", logs.counted())
        return values


def _count_by_word(values: Values, name: str, counted: Mapping[str, int]) -> None:
    """Tell each word from the start, at 0: the first of a kind is no rise to a monitor otherwise."""
    for word in METRICS[f"{PREFIX}{name}"].words:
        values[name, word] = counted.get(word, 0)


class _Told(Collector):
    """Hands on what was read last."""

    def __init__(self) -> None:
        self.now: Values = {}
        self.seen = Seen()

    def collect(self) -> Iterator[Family]:
        """Return each figure that was read, with its words in order."""
        by_name: dict[str, dict[str, float]] = {}
        for (name, word), value in (self.seen.values | self.now).items():
            by_name.setdefault(name, {})[word] = value
        for name, words in by_name.items():
            yield _family(METRICS[f"{PREFIX}{name}"], words)
        for name, spread in self.seen.spreads.items():
            yield _histogram(METRICS[f"{PREFIX}{name}"], spread)
        yield from self.seen.process


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
    family.add_metric([], buckets, None)  # a sum to the last digit would tell of each
    return family
