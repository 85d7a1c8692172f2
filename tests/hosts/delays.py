# SPDX-License-Identifier: EUPL-1.2
"""How long what was said took to be answered, and to be shown to the other one.

Owns the bounds that hold while doorbells do not pass. Knows no fault.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import quantiles
from time import perf_counter

from tests.drill.talks import Chat
from tests.drill.verdict import Verdict

SHOWN_WITHIN = 2.0
"""From the ack to the other one's screen (s), at another host, with no doorbell at all."""
ANSWERED_WITHIN = 1.0
"""Nothing waits longer for Redis (s)."""


@dataclass(slots=True)
class HostsVerdict(Verdict):
    """What was found on several hosts. Times are seconds, by the fault during which they were measured."""

    shown: dict[str, list[float]] = field(default_factory=dict)
    answered: dict[str, list[float]] = field(default_factory=dict)
    steps: dict[str, list[float]] = field(default_factory=dict)
    """How long each step of a whole conversation took, by its name."""
    claims: Counter[str] = field(default_factory=Counter)
    """How many each of two won who claimed at the same moment."""
    where: str = ""
    """What the hosts were: namespaces or loopback addresses."""

    def measure(self, fault: str, chats: Iterable[Chat], since: float, until: float, slack: float) -> None:
        """Note what was said between two moments; later than the bounds, times `slack`, is a finding."""
        shown = [each for chat in chats for each in _shown(chat, since, until)]
        answered = [
            took
            for chat in chats
            for view in chat.views
            for at, took in view.answers
            if since <= at - took and at <= until + SHOWN_WITHIN
        ]
        self.shown.setdefault(fault, []).extend(shown)
        self.answered.setdefault(fault, []).extend(answered)
        for what, times, bound in (
            ("shown", shown, SHOWN_WITHIN),
            ("answered", answered, ANSWERED_WITHIN),
        ):
            late = sorted(each for each in times if each > bound * slack)
            if late:
                self.broken.append(
                    f"{fault}: {len(late)} of {len(times)} {what} late, the last {late[-1]:.2f} s"
                )
        if not shown:
            self.broken.append(f"{fault}: nothing was said meanwhile")


def is_on_its_way(chats: Iterable[Chat], until: float) -> bool:
    """Tell whether something was acknowledged before a moment and is not shown to the other one yet."""
    return any(
        at <= until and seq not in reader.shown_at
        for chat in chats
        for author, reader in (chat.views, chat.views[::-1])
        for seq, at in author.acked_at.items()
    )


def _shown(chat: Chat, since: float, until: float) -> list[float]:
    """Return the delays to whoever was connected all the while; what is not shown yet counts until now."""
    hers, theirs = chat.views
    now = perf_counter()
    return [
        max(0.0, reader.shown_at.get(seq, now) - at)
        for author, reader in ((hers, theirs), (theirs, hers))
        for seq, at in author.acked_at.items()
        if since <= at <= until and reader.anew_at < at
    ]


def figures(times: list[float]) -> str:
    """Return how many there are, the median, p99 and the longest, to read."""
    if len(times) < 2:
        return f"{len(times)} times"
    cuts = quantiles(times, n=100, method="inclusive")
    return f"{len(times)} times, median {cuts[49]:.3f} s, p99 {cuts[98]:.3f} s, longest {max(times):.3f} s"
