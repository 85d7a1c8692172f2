# SPDX-License-Identifier: EUPL-1.2
"""Every figure that is told: its name, what it means, and the few words that may stand beside it.

Owns the allow-list. A label's words come from closed lists in the code. There is no label for a service, an
organisation, a unit, an account, an alias or a network, and none can be added without a change here: a
service with one volunteer is that volunteer. Knows no library and reads nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from chat.phase import Phase
from web.logs import EVENTS, LIFE, UNNAMED

STEP: Final = 5
"""What counts people, or what they did, is told in fives: who comes or goes among others is not seen."""


class Kind(StrEnum):
    """What a monitor may do with a figure."""

    GAUGE = "gauge"
    COUNTER = "counter"
    SPREAD = "histogram"


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure, or one for each word of its label."""

    name: str
    """Without the ending that a counter gets (`_total`)."""
    kind: Kind
    help: str
    label: str = ""
    words: frozenset[str] = frozenset()

    @property
    def told_as(self) -> str:
        """The name under which a monitor finds its number."""
        return f"{self.name}_total" if self.kind is Kind.COUNTER else self.name


SIDES: Final = frozenset({"visitor", "operator"})
STANDING: Final = frozenset(
    {Phase.WAITING.value, Phase.OFFERED.value, Phase.ACTIVE.value, Phase.PARKED.value}
)
DUTIES: Final = frozenset({"present", "paused", "away"})
BELLS: Final = frozenset({"sent", "heard", "dropped", "refused"})
WARNED: Final = EVENTS - LIFE | {UNNAMED}
OTHER: Final = "other"
REFUSED: Final = frozenset({"unavailable", "work", "rate", OTHER})
"""What tells of the server and of its limits has a word; what tells of what somebody tried to say has not."""
UNOPENED: Final = frozenset({"in_time", "late"})

_IN_FIVES = "In fives, rounded up; over all services, at most a minute old."
_DONE = "In fives, at most a minute old."


def _gauge(name: str, help_: str, label: str = "", words: frozenset[str] = frozenset()) -> Metric:
    return Metric(f"jourchatt_{name}", Kind.GAUGE, help_, label, words)


def _counter(name: str, help_: str, label: str = "", words: frozenset[str] = frozenset()) -> Metric:
    return Metric(f"jourchatt_{name}", Kind.COUNTER, help_, label, words)


def _spread(name: str, help_: str) -> Metric:
    return Metric(f"jourchatt_{name}", Kind.SPREAD, help_)


_ALL: Final = (
    # whether it works
    _gauge("draining", "1 while the server lets its people move on before it ends."),
    _gauge("store_up", "1 when the database answered the last look, at most a minute ago."),
    _gauge("bus_away", "1 while doorbells do not pass between processes."),
    _gauge("clock_trusted", "0 while the wall clock is in doubt: nothing is deleted by its date then."),
    _counter("faults", "What failed and was ours to mend, logged or left out."),
    _counter("events", "Events logged as a warning or worse, by name.", "event", WARNED),
    _counter("refused", f"Refusals, by why. {_DONE}", "code", REFUSED),
    # people
    _gauge("sockets", f"Open sockets of this process, by side. {_IN_FIVES}", "side", SIDES),
    _gauge("conversations", f"Conversations, by phase. {_IN_FIVES}", "phase", STANDING),
    _gauge("waiting_longest_seconds", "How long whoever has waited longest waits, in whole minutes."),
    _gauge("duties", f"Staff on duty, by whether they take what comes. {_IN_FIVES}", "state", DUTIES),
    _gauge("tickets_unopened", f"Handovers that no unit has opened yet. {_IN_FIVES}", "state", UNOPENED),
    _counter("messages", f"Messages stored and acknowledged by this process. {_DONE}"),
    # how fast it is
    _spread("commit_seconds", f"How long one shared commit took. {_DONE}"),
    _spread("commit_operations", f"How many operations shared one commit. {_DONE}"),
    _gauge("commit_waiting", f"Operations in line when the running commit began. {_DONE}"),
    _spread("loop_lag_seconds", f"How much later than asked for the event loop came back. {_DONE}"),
    _gauge("due_late_seconds", f"How long whatever has been due longest is due. {_DONE}"),
    _gauge("frames_waiting_bytes", "What peers have not taken yet, by side, in 64 KiB.", "side", SIDES),
    _counter("sockets_too_slow", f"Sockets closed as slow, by side. {_DONE}", "side", SIDES),
    _counter("doorbells", f"Doorbells between processes, by what became of them. {_DONE}", "way", BELLS),
    # what must go
    _gauge("shred_unfinished_seconds", "Age of the oldest deletion still in the files, in whole minutes."),
    _counter("shreds", f"Clearings of the files that are done. {_DONE}"),
    _gauge("shred_longest_seconds", "The longest time from a deletion to clear files."),
    _gauge("daily_key_oldest_days", "Age of the oldest daily key; 1 at most, but for a moment."),
    _gauge("daily_keys_up", "1 when the daily keys could be read at the last look."),
    _gauge("weeks_to_close", "Weeks, each of one service, that are over and not yet closed."),
    # what must be there
    _gauge("backup_newest_seconds", "When the newest backup was made, as Unix time; 0 when there is none."),
    _gauge("files_used_ratio", "Which part of the files that it may open is open, in tenths."),
    _gauge("data_free_bytes", "Room left on the disk of the data, in 64 MiB."),
)  # fmt: skip

METRICS: Final[Mapping[str, Metric]] = MappingProxyType({each.name: each for each in _ALL})
"""Every figure of ours, by name."""

PROCESS: Final = frozenset(
    {
        "process_cpu_seconds_total",
        "process_resident_memory_bytes",
        "process_start_time_seconds",
    }
)
"""What the library tells of the process, as far as it is passed on: numbers without a label. How many files
are open is not: each socket is one."""


def up_in_fives(number: int) -> int:
    """Return how many people there are, as it is told: 0 is nobody, 5 is one to five."""
    return -(-number // STEP) * STEP


def down_in_fives(number: int) -> int:
    """Return how many things people did, as it is told: what only grows may not run ahead."""
    return number // STEP * STEP
