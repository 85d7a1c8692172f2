# SPDX-License-Identifier: EUPL-1.2
"""Her answer to what she is asked for a yes to, from the frame to the tickets.

Owns how an answer on the wire is read against the question that it answers. Decides nothing: `handover` does.
"""

from __future__ import annotations

import msgspec

from chat.commands import Invites, Moves, Target
from chat.errors import NotNow, Unavailable
from chat.hours import local_day
from chat.ids import ClientId, ConversationId
from chat.live import proposing
from chat.live.visitors import VisitorSeat
from chat.moves.agreed_word import is_in_doubt
from handover import counted
from handover.consent import Decision, Proposal
from handover.errors import Incomplete, TooManyTries
from handover.inviting import Invitation
from handover.items import Content
from handover.moving import MoveGrant, MoveQuestion
from handover.questions import read_question
from handover.service import Where
from web.handing_over import where_of
from web.house import House
from web.visitor.handover_frames import AnswerAsked, Approved


class Answering:
    """What one connection of hers answers."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def answer(self, seat: VisitorSeat, frame: AnswerAsked) -> None:
        """Carry out her answer.

        Raises:
            NotNow: that question is not on the table, or it is a yes of somebody who may not be she.
            TooManyTries. And what `handover/errors.py` says.
        """
        if frame.yes and is_in_doubt(seat.room.conversation.word):
            raise NotNow  # the conversation would say so too, after the slow work
        # Only what lies on the table is worth the slow work; a retry of an answer needs none of it.
        is_asked = seat.room.conversation.proposal == frame.proposal
        decide = await self._deciding(seat, frame) if is_asked else _not_yet
        await self._house.chat.visitors.answer(seat, ClientId(frame.id), frame.proposal, decide)

    async def _deciding(self, seat: VisitorSeat, frame: AnswerAsked) -> proposing.Decide:
        where = where_of(self._house.site, seat.room.conversation)
        asked = await proposing.asked(self._house.chat.rooms, seat.room, frame.proposal)
        if asked is None:
            return _not_yet
        question = read_question(asked)
        if isinstance(question, Invitation):
            return self._about_a_guest(where, frame)
        if isinstance(question, MoveQuestion):
            return self._about_going_on(where, frame)
        return await self._about_a_handover(where, frame, asked, seat.room.id)

    def _about_a_guest(self, where: Where, frame: AnswerAsked) -> proposing.Decide:
        decide = self._house.office.invitations.deciding(where, frame.yes, history=frame.history)

        def decided(question: str) -> proposing.Answered:
            invitation = read_question(question)
            assert isinstance(invitation, Invitation)  # a seq names one entry, for good
            answered, grant = decide(invitation)
            invites = Invites(grant.service, grant.name, grant.history) if grant is not None else None
            text = msgspec.json.encode(answered).decode()
            return proposing.Answered(text, invites=invites, yes=bool(frame.yes))

        return decided

    def _about_going_on(self, where: Where, frame: AnswerAsked) -> proposing.Decide:
        decide = self._house.office.moves.deciding(where, frame.yes, history=frame.history)

        def decided(text: str) -> proposing.Answered:
            question = read_question(text)
            assert isinstance(question, MoveQuestion)  # a seq names one entry, for good
            answered, grant = decide(question)
            moves = _moves(grant) if grant is not None else None
            return proposing.Answered(
                msgspec.json.encode(answered).decode(), moves=moves, yes=bool(frame.yes)
            )

        return decided

    async def _about_a_handover(
        self, where: Where, frame: AnswerAsked, asked: str, conversation: ConversationId
    ) -> proposing.Decide:
        handovers = self._house.office.handovers
        key = None
        if frame.yes:
            # What could not be carried out is refused before any slow work.
            handovers.check(where, asked, lambda proposal: decision_of(frame, proposal))
            if not self._house.limits.may_answer(conversation):
                raise TooManyTries
            key = await handovers.fresh_key(frame.code)
        decide = await handovers.deciding(where, lambda proposal: decision_of(frame, proposal), key)

        def decided(question: str) -> proposing.Answered:
            answered, alongside = decide(question)
            today, sent = local_day(self._house.clock.now()), len(answered.receivers)
            counts = counted.answered(where.service, sent, today)
            text = msgspec.json.encode(answered).decode()
            return proposing.Answered(text, alongside, counts, yes=bool(frame.yes))

        return decided


def _moves(grant: MoveGrant) -> Moves:
    """Return to whom the conversation is offered by her yes."""
    to = grant.destination
    return Moves(Target(to.service, to.organisation, to.track, grant.name), grant.history)


def _not_yet(_question: str) -> proposing.Answered:
    """The question has come to this process only now: the same answer again will do."""
    raise Unavailable


def decision_of(frame: AnswerAsked, proposal: Proposal) -> Decision:
    """Return her decision: her words, and of the messages that were proposed those that she leaves in.

    Raises:
        Incomplete: a yes without content, or a message that was not proposed.
    """
    if not frame.yes:
        return Decision(content=Content())
    if frame.content is None:
        raise Incomplete
    return Decision(content=_content(frame.content, proposal), yes=frame.yes)


def _content(approved: Approved, proposal: Proposal) -> Content:
    proposed = {message.seq: message for message in proposal.content.messages}
    if not set(approved.messages) <= set(proposed):
        raise Incomplete
    return Content(
        want=approved.want.strip() or None,
        summary=approved.summary.strip() or None,
        forms=approved.forms,
        relation=approved.relation,
        children=approved.children,
        danger=approved.danger.strip() or None,
        called_112=approved.called_112,
        messages=tuple(proposed[seq] for seq in sorted(set(approved.messages))),
        contact=approved.contact.kept() if approved.contact is not None else None,
        name=approved.name.strip() or None,
        reach=approved.reach.strip() or None,
    )
