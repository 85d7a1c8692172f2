# SPDX-License-Identifier: EUPL-1.2
"""Conversations on the demo server for the load generator: visitors and their operators.

Knows the outward contract only, like any outside party.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

import httpx

from bench.load import Lane
from bench.wire import Wire
from tests.outside.operator import Operator
from tests.outside.server import Addresses


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation with both its connections."""

    conversation: str
    visitor: Wire
    operator: Wire


async def notice_of(at: Addresses, service: str) -> str:
    """Return the version of the notice that a visitor of `service` is shown."""
    async with httpx.AsyncClient(trust_env=False) as http:
        headers = {"Host": at.host} if at.host else {}
        answer = await http.get(f"{at.url}/status/{service}", headers=headers)
    return str(answer.raise_for_status().json()["notice"])


async def start_visitor(at: Addresses, service: str, notice: str) -> Wire:
    """Connect one visitor and return once she has a place in the queue."""
    wire = await Wire.connect(at.ws_visitor, at.origin, host=at.host)
    wire.send(json.dumps({"type": "start", "service": service, "language": "sv", "notice": notice}).encode())
    await wire.next("welcome")
    return wire


async def start_operator(at: Addresses, service: str, number: int) -> Wire:
    """Sign in, go on duty and return once the waiting list has come. Each call is a sign-in of its own."""
    staff = at.operators_of(service)
    operator = Operator(at, staff[number % len(staff)])
    await operator.signs_in()
    wire = await Wire.connect(at.ws_operator, at.origin, operator.cookie_header, at.host)
    wire.send(json.dumps({"type": "hello", "csrf": operator.csrf}).encode())
    await wire.next("ready")
    wire.send(json.dumps({"type": "duty", "on": True, "services": [service], "alias": f"A{number}"}).encode())
    await wire.next("waiting")
    return wire


async def start_talks(at: Addresses, service: str, operators: int, each: int) -> list[Talk]:
    """Bring `operators` on duty and let each of them accept `each` visitors."""
    notice = await notice_of(at, service)
    talks: list[Talk] = []
    for number in range(operators):
        operator = await start_operator(at, service, number)
        for _ in range(each):
            visitor = await start_visitor(at, service, notice)
            conversation = await new_in_list(operator, {talk.conversation for talk in talks})
            operator.send(json.dumps({"type": "accept", "conversation": conversation}).encode())
            await operator.next("accepted")
            await visitor.next("joined")
            talks.append(Talk(conversation, visitor, operator))
    return talks


async def new_in_list(operator: Wire, known: Collection[str]) -> str:
    """Return the first conversation besides these that the waiting list shows from now on."""
    while True:
        for listed in (await operator.next("waiting")).conversations:
            if listed["conversation"] not in known:
                return str(listed["conversation"])


def lanes_of(talks: list[Talk]) -> tuple[list[Wire], list[Lane]]:
    """Return the connections of these conversations and both directions of each."""
    lanes = [lane for talk in talks for lane in (Lane(talk.visitor), Lane(talk.operator, talk.conversation))]
    return list({id(lane.sender): lane.sender for lane in lanes}.values()), lanes
