# SPDX-License-Identifier: EUPL-1.2
"""The waiting room: who is before whom, and how long it usually takes.

Owns the order of a queue and the honest estimate. Knows no store, no clock and nobody on duty: places are
numbers here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal

from chat.conversation import Conversation

WaitingLevel = Literal["none", "short", "long"]

_STEP = 5
"""Waits are told in steps of five minutes: a finer figure would claim to know more than anybody does."""
_AT_ONCE = (0, 2)
"""With a free place for her somebody only has to see that she is there."""
_SHORT_MINUTES = 30
_Z_20_TO_80 = 0.8416
"""The standard normal quantile of 80 %."""


def in_order(conversations: Iterable[Conversation]) -> list[Conversation]:
    """Return them in the order in which they are to be answered.

    Those who are here before those without a socket: nobody can be answered while she is away, and she stands
    where she stood as soon as she is back. Among each: the acute first, then those who lost their operator,
    then by how long they have waited, then by id so that every process sees one and the same queue.
    """
    return sorted(
        conversations,
        key=lambda one: (
            one.visitor_away_since is not None,
            not one.acute,
            not one.front,
            one.waiting_since,
            one.id,
        ),
    )


def in_order_of_asking(conversations: Iterable[Conversation]) -> list[Conversation]:
    """Return conversations that wait for a guest: the acute first, then by how long ago she let one in."""
    asked = [(one, one.invitation) for one in conversations]
    held = [(one, invitation) for one, invitation in asked if invitation is not None]
    held.sort(key=lambda each: (not each[0].acute, each[1].at, each[0].id))
    return [one for one, _ in held]


def in_order_of_offering(conversations: Iterable[Conversation]) -> list[Conversation]:
    """Return conversations that are offered to somebody: the acute first, then the oldest offer."""
    held = [(one, transfer) for one in conversations if (transfer := one.transfer) is not None]
    held.sort(key=lambda each: (not each[0].acute, each[1].at, each[0].id))
    return [one for one, _ in held]


def wait_range(ahead: int, *, slots: int, free: int, mean_minutes: int) -> tuple[int, int] | None:
    """Return from how many to how many minutes she will usually wait, or None when nobody is on duty.

    `ahead` stand before her, `slots` conversations can be held at once by those on duty, `free` of these
    places are empty now, and a conversation lasts `mean_minutes` on average.

    The queue is taken as M/M/c (A. K. Erlang, 1917): with every slot in use, conversations end at random, one
    every mean/slots minutes, and each end moves the queue on by one. Those before her take the free places
    first, so she waits for k = ahead - free + 1 ends, a time with the Erlang(k) distribution. The range runs
    from its 20th to its 80th percentile (Wilson and Hilferty's approximation, 1931), rounded outwards to five
    minutes: three of five waits fall inside. It is wide because the truth is. It does not foresee who comes
    on duty or leaves, nor the acute who may pass before her, nor who was away and comes back to her place.
    """
    if slots <= 0:
        return None
    if free > ahead:
        return _AT_ONCE
    ends = ahead - max(0, free) + 1
    between = mean_minutes / slots
    low = _STEP * math.floor(between * _erlang(ends, -_Z_20_TO_80) / _STEP)
    high = _STEP * math.ceil(between * _erlang(ends, _Z_20_TO_80) / _STEP)
    return low, max(low, high, _STEP)


def waiting_level(waiting: int, *, slots: int, free: int, mean_minutes: int) -> WaitingLevel:
    """Return what somebody who comes now has to expect, in the three words of the public status.

    `waiting` stand in the queue already. "none": a place is free for her. "short": she usually waits half an
    hour at most. "long": more than that, or nobody is on duty to answer at all.
    """
    usual = wait_range(waiting, slots=slots, free=free, mean_minutes=mean_minutes)
    if usual is None:
        return "long"
    if free > waiting:
        return "none"
    return "short" if usual[1] <= _SHORT_MINUTES else "long"


def _erlang(ends: int, z: float) -> float:
    """Return the quantile at the normal quantile `z` of the sum of `ends` exponential times with mean 1."""
    root = 1 - 1 / (9 * ends) + z / (3 * math.sqrt(ends))
    return ends * max(0.0, root) ** 3
