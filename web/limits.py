# SPDX-License-Identifier: EUPL-1.2
"""How often somebody may start, and say something; and what follows when staff end an unsafe conversation.

Owns who it is counted for: a truncated network prefix under a key of the day, and a conversation. Nothing of
it is kept outside memory, and which network a conversation came from goes with its end. Where there are
several processes, each tells the others what it has counted (`web/tellings.py`).
Whoever shares a network with somebody who floods it is asked for work, or waits for her turn; nobody is
turned away for good because of her network.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from chat.ids import ConversationId, OrganisationId, Randomness, ServiceId, random_id
from chat.ports import Clock, DailyKeys
from chat.told import Told
from moderation.admission import Admission, Admitted, Busy, WorkNeeded
from moderation.rate import Allowances, Rate, network_key
from moderation.sanctions import BITS, LASTS, Sanction, Sanctions, Unsafe
from moderation.work import SALT_BYTES, Challenge, Spent, is_solved
from web.counting_key import CountingKey
from web.lanes import Lanes
from web.security import is_loopback
from web.tellings import Tellings

COUNTED = Rate(burst=30, every=timedelta(seconds=10))
"""For one /24 or /56: so many who find a service closed are counted. A flood must not make the statistics."""
WAITED_S = 30
"""Whoever has no scripts cannot work: a challenge held for so long lets in as a solved one does. It costs a
flood less than work; the pace and the places of a crowd, and what is kept for others, bound both."""
CODES = Rate(burst=10, every=timedelta(minutes=1))
"""For one /24 or /56: so many codes of any kind without a wait. A code is beyond guessing; this is for us."""
CODES_WAITING = 40
"""Beyond that a network's codes are tried one after the other; so many wait, about six seconds in all."""
MESSAGES = Rate(burst=30, every=timedelta(seconds=1))
"""For one conversation: faster than anybody writes for long."""
ANSWERS = Rate(burst=4, every=timedelta(seconds=20))
"""For one conversation: a yes to a handover, or a code, makes the server work on purpose (Argon2id)."""
LONG = 500
DEAREST = 5
"""A message costs one more for each 500 characters, up to the longest that is taken at all."""


UNSAFE_WITHIN = timedelta(seconds=5)
"""So long after an end it is still known where the conversation came from, for an unsafe end in another
process."""


_REASONS: frozenset[str] = frozenset(Unsafe)


class Sort(StrEnum):
    """What processes tell each other of limits."""

    START = "start"
    CLOSED = "closed"
    CODE = "code"
    SPENT = "spent"
    UNSAFE = "unsafe"
    SANCTION = "sanction"
    NEXT_START = "next_start"
    LIFTED = "lifted"


@dataclass(frozen=True, slots=True)
class Task:
    """Work that is asked for: a challenge and its zero bits."""

    challenge: str
    bits: int


@dataclass(frozen=True, slots=True)
class _Came:
    """Where a conversation came from: what stood for its network on a day, and when that is forgotten."""

    key: bytes
    day: date
    forget_at: datetime | None
    counts: bool
    """Whether anything is limited for that network."""


def _at(network: bytes, organisation: OrganisationId) -> bytes:
    """Return what stands for a network as one organisation meets it; the first part has one length."""
    return network + organisation.encode()


class Limits:
    """See the module. Loopback addresses are limited only when `loopback` says so."""

    def __init__(
        self, clock: Clock, randomness: Randomness, keys: DailyKeys, tellings: Tellings, *, loopback: bool
    ) -> None:
        self._clock = clock
        self._randomness = randomness
        self._loopback = loopback
        self._admission = Admission()
        self._spent = Spent()
        self._counted = Allowances(COUNTED)
        self._codes = Allowances(CODES)
        self._codes_lanes = Lanes(CODES_WAITING)
        self._messages = Allowances(MESSAGES)
        self._answers = Allowances(ANSWERS)
        self._sanctions = Sanctions()
        self._networks: dict[ConversationId, _Came] = {}
        self._network_key = CountingKey(keys, "networks")
        self._work_key = CountingKey(keys, "work")
        self._tellings = tellings
        tellings.hears(list(Sort), self._hear)

    def counts(self, network: bytes) -> bool:
        """Tell whether anything is limited for this network."""
        return self._loopback or not is_loopback(network)

    def start(
        self,
        network: bytes,
        waiting: int,
        challenge: str = "",
        nonce: str = "",
        *,
        organisation: OrganisationId | None = None,
        waits: bool = False,
    ) -> Admitted | Task | Busy:
        """Decide about one start while `waiting` conversations wait. A solved challenge lets in once.

        `organisation`: whose sanctions ask for work; None for nobody's. `waits`: she cannot work, and waits
        for `WAITED_S` with her challenge instead.
        """
        if not self.counts(network):
            return Admitted()
        now = self._clock.now()
        key = self._key_of(network, now)
        done = self._waited(key, now, challenge) if waits else self._done(key, now, challenge, nonce)
        is_sanctioned = organisation is not None and self._sanctions.covers(_at(key, organisation), now)
        least = BITS if is_sanctioned else 0
        verdict = self._admission.judge(key, now, has_worked=done is not None, waiting=waiting, least=least)
        if isinstance(verdict, WorkNeeded):
            new = Challenge.new(now, verdict.bits, self._randomness.bytes(SALT_BYTES))
            return Task(new.text(self._work_key.value, key), verdict.bits)
        if isinstance(verdict, Admitted):
            self._tellings.tell(Sort.START, key)
            if done is not None:
                # Only now: whoever hears that all is busy does not work a second time for it.
                self._spent.add(done, now)
                self._tellings.tell(Sort.SPENT, done.body, at_once=True)
        return verdict

    def _done(self, network: bytes, now: datetime, challenge: str, nonce: str) -> Challenge | None:
        """Return the challenge that was solved, if it is ours, still good, and not used before."""
        read = Challenge.read(challenge, self._work_key.value, network, now)
        if read is None or self._spent.has(read) or not is_solved(challenge, nonce, read.bits):
            return None
        return read

    def _waited(self, network: bytes, now: datetime, challenge: str) -> Challenge | None:
        """Return the challenge that was held for long enough, and not used before."""
        read = Challenge.read(challenge, self._work_key.value, network, now)
        return None if read is None or self._spent.has(read) or read.age(now) < WAITED_S else read

    def left_to_wait(self, network: bytes, challenge: str) -> int:
        """Return for how many seconds more a challenge must be held; 0 when that is over, or it is none."""
        now = self._clock.now()
        key = self._key_of(network, now)
        read = Challenge.read(challenge, self._work_key.value, key, now)
        return 0 if read is None else max(0, WAITED_S - read.age(now))

    def is_counted(self, network: bytes) -> bool:
        """Take one count from the allowance of a network prefix."""
        now = self._clock.now()
        if not self.counts(network):
            return True
        key = self._key_of(network, now)
        if self._counted.take(key, now) is not None:
            return False
        self._tellings.tell(Sort.CLOSED, key)
        return True

    @asynccontextmanager
    async def code_turn(self, network: bytes, *, failed: bool = False) -> AsyncGenerator[None]:
        """Try one code in the block: at once within a network's allowance, beyond it in its lane.

        So one network holds at most its allowance and one more of what all share to try codes with. `failed`:
        a wrong one has come from the same place before; then whoever comes anew goes first.

        Raises:
            TooManyTries: too many of this network wait already.
        """
        now = self._clock.now()
        if not self.counts(network):
            yield
            return
        async with self._turn(self._key_of(network, now), now, failed=failed):
            yield

    @asynccontextmanager
    async def making_turn(self, conversation: ConversationId) -> AsyncGenerator[None]:
        """Make a code in the block, for somebody who sits in a conversation: it is as slow as trying one.

        Raises:
            TooManyTries: too many of her network wait already.
        """
        now, came = self._clock.now(), self._networks.get(conversation)
        if came is None or not came.counts:
            yield
            return
        async with self._turn(came.key, now, failed=False):
            yield

    @asynccontextmanager
    async def _turn(self, key: bytes, now: datetime, *, failed: bool) -> AsyncGenerator[None]:
        if self._codes.take(key, now) is None:
            self._tellings.tell(Sort.CODE, key)
            yield
            return
        async with self._codes_lanes.turn(key, failed=failed):
            yield

    # --- where a conversation came from, for as long as it lives ---

    def arrived(self, conversation: ConversationId, network: bytes) -> None:
        """Note where somebody sits from now on."""
        now = self._clock.now()
        key = self._key_of(network, now)
        self._networks[conversation] = _Came(key, now.date(), None, self.counts(network))

    def departed(self, conversation: ConversationId) -> None:
        """Her socket is gone; her conversation is not, for a while."""
        came = self._networks.get(conversation)
        if came is not None:
            self._networks[conversation] = replace(came, forget_at=self._clock.now() + LASTS)

    def forget(self, conversation: ConversationId) -> None:
        """A conversation is over."""
        came = self._networks.pop(conversation, None)
        if came is not None and self._tellings.are_heard:
            self._forget_over()
            self._networks[conversation] = replace(came, forget_at=self._clock.now() + UNSAFE_WITHIN)

    def network_of(self, conversation: ConversationId) -> bytes | None:
        """Return what stands today for the network that a conversation came from, if that is known here."""
        came, now = self._networks.get(conversation), self._clock.now()
        if came is None or came.day != now.date() or (came.forget_at is not None and came.forget_at <= now):
            return None
        return came.key

    def share(self, network: bytes, conversations: Iterable[ConversationId]) -> int:
        """Return how many of some conversations came from a network prefix; 0 where nothing is limited."""
        if not self.counts(network):
            return 0
        key = self._key_of(network, self._clock.now())
        return sum(self.network_of(each) == key for each in conversations)

    # --- sanctions ---

    def sanction(
        self,
        conversation: ConversationId,
        network: bytes | None,
        organisation: OrganisationId,
        service: ServiceId,
        reason: Unsafe,
    ) -> None:
        """Ask for work at the next starts from a network, in one organisation, and mark the first.

        `network`: where the ended conversation came from. None: that is not known here, so whoever knows is
        told; if nobody does, nothing follows.
        """
        id_ = random_id(self._randomness)
        if network is not None:
            self._sanction(_at(network, organisation), id_, service, reason)
        else:
            word = f"{id_} {organisation} {service} {reason}"
            self._tellings.tell(Sort.UNSAFE, conversation.encode(), word, at_once=True)

    def _sanction(self, key: bytes, id_: str, service: str, reason: Unsafe) -> None:
        sanction = Sanction(id=id_, service=service, reason=reason, since=self._clock.now())
        self._sanctions.add(key, sanction)
        self._tellings.tell(Sort.SANCTION, key, f"{id_} {service} {reason}", at_once=True)

    def note_start(self, network: bytes, organisation: OrganisationId, service: str) -> None:
        """Somebody was let in."""
        now = self._clock.now()
        key = _at(self._key_of(network, now), organisation)
        if self._sanctions.covers(key, now):
            self._sanctions.note_start(key, service, now)
            self._tellings.tell(Sort.NEXT_START, key, service)

    def sanctions(self, services: Collection[ServiceId]) -> list[Sanction]:
        """Return the sanctions of some services that are in force, the newest first."""
        return self._sanctions.in_force(services, self._clock.now())

    def lift(self, id_: str, services: Collection[ServiceId]) -> bool:
        """End a sanction of some services; False when there is none."""
        is_lifted = self._sanctions.lift(id_, services)
        if is_lifted:
            self._tellings.tell(Sort.LIFTED, b"", id_, at_once=True)
        return is_lifted

    # --- what was counted in other processes ---

    def _hear(self, told: Told) -> None:
        now, key = self._clock.now(), told.key
        self._new_day(now)
        match told.sort:
            case Sort.START:
                self._admission.note(key, now)
            case Sort.CLOSED:
                self._counted.push(key, now, COUNTED.burst)
            case Sort.CODE:
                self._codes.push(key, now, CODES.burst)
            case Sort.SPENT if (spent := Challenge.of(key)) is not None:
                self._spent.add(spent, now)
            case Sort.UNSAFE:
                self._hear_unsafe(ConversationId(key.decode("ascii", "replace")), told.word.split(" "))
            case Sort.SANCTION:
                self._hear_sanction(key, told.word.split(" "), now)
            case Sort.NEXT_START:
                self._sanctions.note_start(key, told.word, now)
            case Sort.LIFTED:
                self._sanctions.drop(told.word)
            case _:
                return

    def _hear_unsafe(self, conversation: ConversationId, words: list[str]) -> None:
        network = self.network_of(conversation)
        if network is not None and len(words) == 4 and words[3] in _REASONS:
            id_, organisation, service, reason = words
            self._sanction(_at(network, OrganisationId(organisation)), id_, service, Unsafe(reason))

    def _hear_sanction(self, key: bytes, words: list[str], now: datetime) -> None:
        if len(words) == 3 and words[2] in _REASONS:
            id_, service, reason = words
            self._sanctions.add(key, Sanction(id=id_, service=service, reason=Unsafe(reason), since=now))

    def may_say(self, conversation: ConversationId, length: int) -> bool:
        """Take one message of so many characters from a conversation's allowance; long ones cost more."""
        cost = min(1 + length // LONG, DEAREST)
        return self._messages.take(conversation.encode(), self._clock.now(), cost) is None

    def may_answer(self, conversation: ConversationId) -> bool:
        """Take one yes, or one code, from a conversation's allowance."""
        return self._answers.take(conversation.encode(), self._clock.now()) is None

    def forget_rested(self) -> None:
        """Forget everybody who has not come for a while."""
        now = self._clock.now()
        self._admission.forget_rested(now)
        self._counted.forget_rested(now)
        self._codes.forget_rested(now)
        self._messages.forget_rested(now)
        self._answers.forget_rested(now)
        self._forget_over()

    def _forget_over(self) -> None:
        now = self._clock.now()
        self._networks = {
            conversation: came
            for conversation, came in self._networks.items()
            if came.forget_at is None or now < came.forget_at
        }

    def _key_of(self, network: bytes, now: datetime) -> bytes:
        self._new_day(now)
        return network_key(network, self._network_key.value)

    def _new_day(self, now: datetime) -> None:
        """At midnight all networks are others."""
        self._work_key.turn(now)
        if self._network_key.turn(now):
            self._admission.forget_networks()
            self._counted.forget_all()
            self._codes.forget_all()
            self._sanctions.forget_networks()
