# SPDX-License-Identifier: EUPL-1.2
"""Values to test with: each has everything it must have, and a test names only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import settings

from chat.catalogue import Service
from chat.conversation import Conversation
from chat.duty import Duty
from chat.hours import OpeningHours
from chat.ids import ConversationId, DutyId, OrganisationId, ServiceId, Track

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
FEW = settings(max_examples=25, derandomize=True, deadline=None, database=None)
"""For properties: the same few examples each time, so the folder stays quick and a red test red."""

A, B, C = DutyId("a"), DutyId("b"), DutyId("c")


def minutes(count: float) -> timedelta:
    """Return so many minutes."""
    return timedelta(minutes=count)


def a_conversation(name: str = "one", **told: Any) -> Conversation:
    """Return a conversation that began to wait at noon."""
    usual: dict[str, Any] = {
        "service": ServiceId("jour"),
        "track": Track.EXPOSED,
        "language": "sv",
        "started_at": NOON,
        "waiting_since": NOON,
    }
    return Conversation(id=ConversationId(name), organisation=OrganisationId("org"), **(usual | told))


def a_service(name: str = "jour", **told: Any) -> Service:
    """Return a service that is open day and night."""
    usual: dict[str, Any] = {"track": Track.EXPOSED, "hours": OpeningHours("24/7")}
    return Service(id=ServiceId(name), organisation=OrganisationId("org"), **(usual | told))


def a_duty(name: str = "a", *services: str, **told: Any) -> Duty:
    """Return somebody on duty in `services` (in "jour", when none is named) since noon."""
    usual: dict[str, Any] = {"track": Track.EXPOSED, "since": NOON, "idle_since": NOON}
    return Duty(
        id=DutyId(name),
        alias=name.upper(),
        services=frozenset(map(ServiceId, services or ("jour",))),
        public_key=bytes(32),
        key_day=0,
        **(usual | told),
    )
