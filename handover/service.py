# SPDX-License-Identifier: EUPL-1.2
"""From a question in a conversation to sealed tickets: drafting, proposing, and carrying out her answer.

Owns the order of the way out of a conversation. Knows no socket and no frame; the conversation is a few
facts about it. What is sealed here is stored by the chat in the same transaction as her answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from msgspec import Struct

from chat import code as codes
from chat.hours import local_day
from chat.ids import OrganisationId, Randomness, ServiceId, Track, random_id
from chat.ports import Alongside, Clock, Stretching
from handover import drafting
from handover.border import Border
from handover.consent import (
    Answer,
    Consent,
    ConsentGrant,
    ConsentState,
    Decision,
    Proposal,
    Propose,
    Sender,
)
from handover.drafting import Draft
from handover.errors import Incomplete, WrongCode
from handover.export import SentCopy, document_of
from handover.ids import HandoverId, ReceiverId, TicketId
from handover.items import Message
from handover.ports import Handover, NewTicket, TicketStore
from handover.receivers import Receiver
from handover.sealing import SALT_BYTES, PickupKey, Spot, seal
from handover.ticket import Ticket
from moderation.judge import Judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """The conversation that something leaves, as far as it matters here."""

    service: ServiceId
    organisation: OrganisationId
    sender: str
    """The organisation's name."""
    track: Track
    language: str
    judge: Judge
    routine: str = ""


class Answered(Struct, frozen=True, omit_defaults=True):
    """Her answer, as both see it afterwards: which receivers got something, by name; none is a no."""

    receivers: tuple[str, ...] = ()
    masked: bool = False
    """Something that tells who she is was taken out of a text that is not for that."""
    invited: str = ""
    """Of a question about a guest, or about going on elsewhere: the organisation that she has said yes to."""
    history: bool = False
    """They may read what was written before they came."""


@dataclass(frozen=True, slots=True)
class Option:
    """One receiver as an operator may choose it, and why not."""

    receiver: Receiver
    organisation: str
    agreed: bool
    """A partnership is in force, or it is the same organisation."""
    has_key: bool
    """Its unit can open what it is sent."""

    @property
    def is_open(self) -> bool:
        """Whether it can be chosen today."""
        return self.agreed and self.has_key


@dataclass(slots=True, eq=False)
class Handovers:
    """What leaves conversations."""

    border: Border
    organisations: Mapping[OrganisationId, str]
    """Their names."""
    words: Sequence[str]
    """What pick-up codes are made of."""
    store: TicketStore
    stretching: Stretching
    clock: Clock
    randomness: Randomness

    # --- drafting ---

    async def options(self, where: Where) -> list[Option]:
        """Return every receiver of the conversation's track, with what keeps it from being chosen."""
        today, keys = local_day(self.clock.now()), await self.store.unit_keys()
        return [
            Option(
                receiver,
                self.organisations[receiver.organisation],
                self.border.is_open(where.organisation, receiver.organisation, today),
                receiver.id in keys,
            )
            for receiver in self.border.of_track(where.track)
        ]

    async def propose(self, where: Where, draft: Draft, said: Sequence[Message], asked_by: str) -> str:
        """Return the proposal that a draft becomes, as it is put to her.

        Raises:
            IdentityInText, Incomplete, ProposalTooLong, TracksMeet, NoPartnership: see `handover/errors.py`.
        """
        content = drafting.content_of(draft, said, where.judge, where.language)
        now = self.clock.now()
        receivers = [
            self.border.check(where.organisation, where.track, each, local_day(now))
            for each in draft.receivers
        ]
        keys = await self.store.unit_keys()
        if any(receiver.id not in keys for receiver in receivers):
            raise Incomplete
        proposal = Proposal(
            content=content,
            offers=tuple(
                drafting.offer_of(each, self.organisations[each.organisation], where.language)
                for each in receivers
            ),
            purpose=draft.purpose.strip(),
            asked_by=asked_by,
            sender=where.sender,
            language=where.language,
            track=where.track,
            routine=where.routine,
        )
        # Put through the machine now: what she could not say yes to is not put to her.
        self._consent(where, proposal, ConsentState.DRAFTED).receive(Propose(), now, self.border)
        return drafting.encoded(proposal)

    # --- her answer ---

    def new_code(self) -> str:
        """Return a fresh pick-up code. It is kept nowhere: she brings it with her answer."""
        return codes.new_code(self.words, self.randomness)

    async def fresh_key(self, code: str) -> PickupKey:
        """Return what a code gives that comes with a yes: one that nobody uses yet.

        Raises:
            WrongCode: it is not one that `new_code` gives, or is in use.
        """
        known = codes.read_code(code, self.words)
        if known is None or not codes.is_strong(known):
            raise WrongCode
        key = await self.pickup_key(code)
        if await self.store.found_by(key.lookup) is not None:
            raise WrongCode
        return key

    async def pickup_key(self, code: str) -> PickupKey:
        """Return what a code gives; slow on purpose.

        Raises:
            WrongCode: it has not the form of a code.
        """
        known = codes.read_code(code, self.words)
        if known is None:
            raise WrongCode
        salt = await self.store.code_salt(self.randomness.bytes(SALT_BYTES))
        return PickupKey.of(await self.stretching.stretch(known.encode(), salt))

    async def deciding(
        self, where: Where, decision: Callable[[Proposal], Decision], key: PickupKey | None
    ) -> Callable[[str], tuple[Answered, tuple[Alongside, ...]]]:
        """Return what turns the text of a proposal into her answer and what is stored with it.

        `decision` reads her answer against the proposal; `key` is what her code gives, needed for a yes.
        All that must be waited for is done before, so that the answer itself is one step.
        """
        keys = await self.store.unit_keys()

        def decide(text: str) -> tuple[Answered, tuple[Alongside, ...]]:
            proposal = drafting.decoded(text)
            answer = decision(proposal)
            content = drafting.without_identity(answer.content, where.judge, where.language)
            approved = msgspec.structs.replace(answer, content=content)
            answered, alongside = self._carry_out(where, proposal, approved, key, keys)
            return msgspec.structs.replace(answered, masked=content != answer.content), alongside

        return decide

    def check(self, where: Where, question: str, decision: Callable[[Proposal], Decision]) -> None:
        """Refuse an answer that cannot be carried out.

        Raises:
            Incomplete, TracksMeet, NoPartnership, NoticeOutdated: as the consent machine says.
        """
        proposal = drafting.decoded(question)
        asked = self._consent(where, proposal, ConsentState.PROPOSED)
        asked.receive(Answer(decision(proposal)), self.clock.now(), self.border)

    def _carry_out(
        self,
        where: Where,
        proposal: Proposal,
        decision: Decision,
        key: PickupKey | None,
        keys: Mapping[ReceiverId, bytes],
    ) -> tuple[Answered, tuple[Alongside, ...]]:
        now = self.clock.now()
        # It lay on the table: only what she says yes to is held against the borders of this day, so that a no
        # is always possible, and a yes to one receiver does not fail for the sake of another.
        asked = self._consent(where, proposal, ConsentState.PROPOSED)
        consent, grants = asked.receive(Answer(decision), now, self.border)
        if consent.state is ConsentState.DECLINED:
            return Answered(), ()
        if key is None or any(grant.receiver not in keys for grant in grants):
            raise Incomplete
        handed, tickets = self._sealed(where, grants, key, keys, now)
        names = tuple(grant.record.offer.name for grant in grants)
        return Answered(names), (self.store.entrusting(handed, tickets),)

    def _sealed(
        self,
        where: Where,
        grants: Sequence[ConsentGrant],
        key: PickupKey,
        keys: Mapping[ReceiverId, bytes],
        now: datetime,
    ) -> tuple[Handover, list[NewTicket]]:
        handover = HandoverId(random_id(self.randomness))
        tickets, documents = [], []
        for grant in grants:
            ticket = Ticket.of(grant, TicketId(random_id(self.randomness)), handover)
            document = document_of(grant, ticket.id)
            spot = Spot("ticket", ticket.id, grant.receiver)
            body = seal(msgspec.json.encode(document), keys[grant.receiver], spot)
            tickets.append(NewTicket(ticket=ticket, body=body, shown=grant.shown))
            documents.append(document)
        copy = SentCopy(handover=handover, documents=tuple(documents))
        handed = Handover(
            id=handover,
            service=where.service,
            sender=where.organisation,
            track=where.track,
            language=where.language,
            created_on=local_day(now),
            lookup=key.lookup,
            public=key.public,
            copy=seal(msgspec.json.encode(copy), key.public, Spot("copy", handover, "visitor")),
        )
        return handed, tickets

    @staticmethod
    def _consent(where: Where, proposal: Proposal, state: ConsentState) -> Consent:
        return Consent(Sender(where.organisation, where.track), proposal, state)
