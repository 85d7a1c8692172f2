# SPDX-License-Identifier: EUPL-1.2
"""Several processes that tell each other what they have counted limit like one, and never more strictly."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import ValidationError, convert, json

from chat.ids import ConversationId, OrganisationId, ServiceId
from chat.live.chat import Chat
from chat.ports import Bell, Doorbell
from chat.told import MOST_TOLD, Told
from moderation.admission import OWN, Admitted
from moderation.sanctions import BITS, Unsafe
from tests.service.accounts_house import AWAY, HOME, START
from tests.unit.web.test_limits_of_networks import HERS, OTHERS, Clock, Keys, Numbers, asked, solve
from web.accounts import attempts, guesses
from web.accounts.account import AccountId
from web.accounts.attempts import Attempts
from web.accounts.errors import TooMany
from web.accounts.guesses import FREE, Guesses
from web.counting_key import CountingKey
from web.limits import Limits, Task
from web.tellings import Tellings

LINDEN, ORGANISATION, SHE = ServiceId("linden"), OrganisationId("jour"), ConversationId("c" * 22)


class Waiting(Clock):
    """A clock whose sleepers wake when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.wake = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        """Wait for the test."""
        await self.wake.wait()


@dataclass(eq=False)
class Line:
    """What all processes hear, once the test lets it through. `lost` loses everything."""

    chats: list[Any] = field(default_factory=list)
    rung: list[Doorbell] = field(default_factory=list)
    lost: bool = False

    def joined_by(self, tellings: Tellings) -> None:
        """Let one more process ring and hear."""
        bus = SimpleNamespace(is_shared=lambda: True, ring=self.rung.append)
        chat = SimpleNamespace(bus=bus, also=[], rooms=SimpleNamespace(origin=f"process {len(self.chats)}"))
        self.chats.append(chat)
        tellings.join(cast("Chat", chat))

    def carry(self) -> None:
        """Let every process hear what the others rang, as it comes through the wire."""
        rung = list(self.rung)
        self.rung.clear()
        for doorbell in rung if not self.lost else ():
            heard = json.decode(json.encode(doorbell), type=Doorbell)
            for chat in self.chats:
                if chat.rooms.origin != heard.origin:
                    for hear in chat.also:
                        hear(heard)


async def until_told(line: Line, clock: Waiting) -> None:
    """Let what waits to be told be told, and heard."""
    clock.wake.set()
    for _ in range(3):
        await asyncio.sleep(0)
    clock.wake.clear()
    line.carry()


def processes(count: int, clock: Clock) -> tuple[list[Limits], Line]:
    """Return the limits of so many processes."""
    line, made = Line(), []
    for number in range(count):
        tellings, numbers = Tellings(clock), Numbers()
        numbers.bytes(number + 1)
        made.append(Limits(clock, numbers, Keys(), tellings, loopback=True))
        line.joined_by(tellings)
    return made, line


async def test_allowance_of_a_network_is_one_for_all() -> None:
    """What is used up in one process is used up in the others, and another network does not notice."""
    clock = Waiting()
    (one, other), line = processes(2, clock)
    for number in range(OWN.burst):
        assert (one, other)[number % 2].start(HERS, 0) == Admitted()
        await until_told(line, clock)
    assert isinstance(one.start(HERS, 0), Task)
    assert isinstance(other.start(HERS, 0), Task)
    assert other.start(OTHERS, 0) == Admitted()


@given(turns=st.lists(st.tuples(st.integers(0, 2), st.booleans()), min_size=60, max_size=90))
def test_three_admit_as_many_as_one_and_what_was_under_way(turns: list[tuple[int, bool]]) -> None:
    """However starts and tellings interleave: beyond one process's allowance only what was not told yet."""

    async def run() -> None:
        clock = Waiting()
        made, line = processes(3, clock)
        untold, admitted = [0, 0, 0], 0
        for which, tell in turns:
            if made[which].start(HERS, 0) == Admitted():
                # Whatever others had admitted without telling is all that this one could not know.
                assert admitted < OWN.burst + sum(untold) - untold[which]
                admitted += 1
                untold[which] += 1
            if tell:
                await until_told(line, clock)
                untold = [0, 0, 0]

    asyncio.run(run())


async def test_lost_tellings_make_nothing_narrower() -> None:
    """Each process alone lets in what it would let in alone; nobody is refused for what was not told."""
    clock = Waiting()
    (one, other), line = processes(2, clock)
    line.lost = True
    asked(one)
    await until_told(line, clock)
    for _ in range(OWN.burst):
        assert other.start(HERS, 0) == Admitted()


async def test_work_is_good_in_every_process_and_once() -> None:
    """She is asked by one and lets another see what she solved; then no process takes it again."""
    clock = Waiting()
    (one, other), line = processes(2, clock)
    task = asked(one)
    nonce = solve(task)
    await until_told(line, clock)
    assert other.start(HERS, 0, task.challenge, nonce) == Admitted()
    await until_told(line, clock)
    assert isinstance(one.start(HERS, 0, task.challenge, nonce), Task)
    assert isinstance(other.start(HERS, 0, task.challenge, nonce), Task)


async def test_unsafe_end_elsewhere_is_felt_and_lifted_everywhere() -> None:
    """The operator's process does not know where she came from; hers does, and all ask for work from then."""
    clock = Waiting()
    (hers, operators, third), line = processes(3, clock)
    hers.arrived(SHE, HERS)
    hers.forget(SHE)  # the end is heard first
    assert operators.network_of(SHE) is None
    operators.sanction(SHE, None, ORGANISATION, LINDEN, Unsafe.THREAT)
    for _ in range(2):
        line.carry()
    for each in (hers, operators, third):
        task = each.start(HERS, 0, organisation=ORGANISATION)
        assert isinstance(task, Task)
        assert task.bits == BITS
        assert each.start(HERS, 0, organisation=OrganisationId("another")) == Admitted()
    third.note_start(HERS, ORGANISATION, LINDEN)
    await until_told(line, clock)
    (seen,) = operators.sanctions([LINDEN])
    assert seen.started_at is not None
    assert {each.sanctions([LINDEN])[0].id for each in (hers, operators, third)} == {seen.id}
    assert third.lift(seen.id, [LINDEN])
    line.carry()
    for each in (hers, operators, third):
        assert each.sanctions([LINDEN]) == []
        assert each.start(HERS, 0, organisation=ORGANISATION) == Admitted()


async def test_where_she_came_from_is_forgotten_soon_after_the_end() -> None:
    """A telling that comes late finds nothing, and one process alone forgets at once."""
    clock = Waiting()
    (hers, operators), line = processes(2, clock)
    hers.arrived(SHE, HERS)
    hers.forget(SHE)
    clock.moment += 2 * (START - START) + 6 * (START.resolution * 1_000_000)
    operators.sanction(SHE, None, ORGANISATION, LINDEN, Unsafe.SPAM)
    line.carry()
    assert hers.sanctions([LINDEN]) == operators.sanctions([LINDEN]) == []
    hers.forget_rested()
    assert hers._networks == {}
    alone = Limits(clock, Numbers(), Keys(), Tellings(clock), loopback=True)
    alone.arrived(SHE, HERS)
    alone.forget(SHE)
    assert alone._networks == {}


async def test_midnight_between_counting_and_telling_harms_nobody() -> None:
    """What is told under yesterday's key stands for nobody today."""
    clock = Waiting()
    (one, other), line = processes(2, clock)
    asked(one)
    clock.moment = clock.moment.replace(hour=0, minute=5) + (START.resolution * 86_400_000_000)
    await until_told(line, clock)
    for _ in range(OWN.burst):
        assert other.start(HERS, 0) == Admitted()


async def test_much_at_once_is_told_in_bounded_doorbells() -> None:
    """However much is counted within a moment."""
    clock = Waiting()
    (one, _), line = processes(2, clock)
    for number in range(3 * MOST_TOLD):
        one.is_counted(number.to_bytes(3))
    await asyncio.sleep(0)
    assert max(len(each.told) for each in line.rung) == MOST_TOLD
    line.carry()


@pytest.mark.parametrize(
    "told",
    [
        {"sort": "sanction", "key": "AAAA", "word": "only-one"},
        {"sort": "sanction", "key": "AAAA", "word": "a linden nothing-of-ours"},
        {"sort": "unsafe", "key": "/////w==", "word": "a b c threat"},
        {"sort": "spent", "key": "AAAA", "word": ""},
        {"sort": "sign_in", "key": "AAAA", "word": ""},
        {"sort": "from tomorrow", "key": "AAAA", "word": ""},
    ],
)
async def test_what_nobody_of_us_tells_changes_nothing(told: dict[str, str]) -> None:
    """A newer process, or somebody who can write to the bus, breaks nothing and sanctions nobody."""
    (one,), line = processes(1, Clock())
    line.rung += [convert({"bell": Bell.TOLD, "told": [told], "origin": "another"}, Doorbell)]
    line.carry()
    assert one.sanctions([LINDEN]) == []
    assert one.start(HERS, 0) == Admitted()


@pytest.mark.parametrize(
    "told",
    [
        {"sort": "s" * 17, "key": "", "word": ""},
        {"sort": "start", "key": "A" * 400, "word": ""},
        {"sort": "start", "key": "", "word": "w" * 201},
    ],
)
def test_what_is_too_long_is_no_doorbell(told: dict[str, str]) -> None:
    """It is refused before anybody hears it, and so is more than fits."""
    with pytest.raises(ValidationError):
        convert({"bell": Bell.TOLD, "told": [told]}, Doorbell)
    with pytest.raises(ValidationError):
        convert({"bell": Bell.TOLD, "told": [{"sort": "start", "key": ""}] * (MOST_TOLD + 1)}, Doorbell)


# --- sign-ins ---


def _hear(memory: Attempts | Guesses, told: Told) -> None:
    memory.hear(told, START)


def _sign_ins(count: int, clock: Clock) -> tuple[list[Attempts], Line]:
    line, made = Line(), []

    for _ in range(count):
        tellings = Tellings(clock)
        memory = Attempts(CountingKey(Keys(), "sign-ins"), lambda _network: True, tellings)
        tellings.hears(list(attempts.Sort), partial(_hear, memory))
        line.joined_by(tellings)
        made.append(memory)
    return made, line


async def test_guesser_who_goes_round_waits_as_at_one_process() -> None:
    """Three are free in all; then every process makes them wait, and a right password frees in every one."""
    clock = Waiting()
    memories, line = _sign_ins(3, clock)
    for each in memories:
        each.finish(each.begin("åsa", HOME, START))
        await until_told(line, clock)
    for each in memories:
        with pytest.raises(TooMany):
            each.begin("åsa", HOME, START)
        each.finish(each.begin("åsa", AWAY, START))  # and nobody elsewhere
        each.finish(each.begin("berit", HOME, START))
    later = START.replace(minute=START.minute + 2)
    right = memories[0].begin("åsa", HOME, later)
    memories[0].succeeded(right)
    memories[0].finish(right)
    await until_told(line, clock)
    for each in memories:
        each.finish(each.begin("åsa", HOME, START))


async def test_attempt_that_was_not_looked_at_counts_nowhere() -> None:
    """When the house was too busy, no process holds it against her."""
    clock = Waiting()
    memories, line = _sign_ins(2, clock)
    for _ in range(10):
        attempt = memories[0].begin("åsa", HOME, START)
        memories[0].withdraw(attempt)
        memories[0].finish(attempt)
        await until_told(line, clock)
    assert [each._failures for each in memories] == [{}, {}]


async def test_codes_that_are_tried_all_round_wait_as_at_one_process() -> None:
    """Five are free in all; one that was right frees everywhere, and no account is named on the way."""
    clock = Waiting()
    line, made = Line(), []
    account = AccountId("the-account")
    for _ in range(2):
        tellings = Tellings(clock)
        memory = Guesses(CountingKey(Keys(), "codes"), tellings)
        tellings.hears(list(guesses.Sort), partial(_hear, memory))
        line.joined_by(tellings)
        made.append(memory)
    for number in range(FREE):
        made[number % 2].begin(account, START)
        clock.wake.set()
        for _ in range(3):
            await asyncio.sleep(0)
        assert b"the-account" not in json.encode(line.rung)
        await until_told(line, clock)
    for each in made:
        with pytest.raises(TooMany):
            each.begin(account, START)
        each.begin(AccountId("another"), START)
    made[1].succeeded(account, START)
    await until_told(line, clock)
    for each in made:
        each.begin(account, START)
