# SPDX-License-Identifier: EUPL-1.2
"""From an operator's wish to have somebody beside her, to whom her yes lets in.

Owns the order of it. Knows no socket and no frame; the conversation is a few facts about it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from chat.ids import OrganisationId
from chat.ports import Clock
from handover.border import Border
from handover.consent import Offer, Propose, Sender, Yes
from handover.errors import Incomplete, Refused
from handover.ids import ReceiverId
from handover.inviting import AnswerInvitation, GuestGrant, Host, Invitation, Inviting, checked
from handover.receivers import Receiver
from handover.service import Answered, Where


@dataclass(slots=True, eq=False)
class Invitations:
    """Who may come into conversations as a guest."""

    border: Border
    organisations: Mapping[OrganisationId, str]
    """Their names."""
    hosts: Mapping[ReceiverId, Host]
    """Who would come for each receiver that has a chat of its own."""
    clock: Clock

    def options(self, where: Where) -> list[tuple[Receiver, Host]]:
        """Return the receivers from whose chat somebody may come into this conversation today."""
        possible = []
        for receiver in self.border.of_track(where.track):
            host = self.hosts.get(receiver.id)
            if host is not None and host.service != where.service and self._is_open(where, receiver.id, host):
                possible.append((receiver, host))
        return possible

    def name_of(self, host: Host) -> str:
        """Return the name of the organisation that runs a receiver's chat."""
        return self.organisations[host.organisation]

    def ask(self, where: Where, receiver: ReceiverId, asked_by: str) -> str:
        """Return the question that is put to her.

        Raises:
            Incomplete, TracksMeet, NoPartnership: as `inviting.checked` says.
        """
        host, now = self._host(receiver), self.clock.now()
        found = checked(Sender(where.organisation, where.track), receiver, host, now, self.border)
        if host.service == where.service:
            raise Incomplete  # she is there already
        language, notice = found.chat_notice_in(where.language)
        invitation = Invitation(
            offer=Offer(
                receiver=found.id,
                name=found.name_in(where.language),
                organisation=self.name_of(host),
                language=language,
                notice=notice,
                notice_version=found.chat_version,
                hours="",
                police=found.police,
            ),
            asked_by=asked_by,
            sender=where.sender,
            language=where.language,
            routine=where.routine,
        )
        # Put through the machine now: what she could not say yes to is not put to her.
        Inviting(Sender(where.organisation, where.track), invitation, host).receive(
            Propose(), now, self.border
        )
        return msgspec.json.encode(invitation).decode()

    def deciding(
        self, where: Where, yes: tuple[Yes, ...], *, history: bool
    ) -> Callable[[Invitation], tuple[Answered, GuestGrant | None]]:
        """Return what turns a question into her answer and whom it lets in."""

        def decide(invitation: Invitation) -> tuple[Answered, GuestGrant | None]:
            if len(yes) > 1:
                raise Incomplete
            host, now = self._host(invitation.offer.receiver), self.clock.now()
            drafted = Inviting(Sender(where.organisation, where.track), invitation, host)
            answer = AnswerInvitation(yes[0] if yes else None, history)
            if answer.yes is None:
                return Answered(), None
            proposed, _ = drafted.receive(Propose(), now, self.border)
            _, grant = proposed.receive(answer, now, self.border)
            assert grant is not None
            return Answered(invited=grant.name, history=grant.history), grant

        return decide

    def _host(self, receiver: ReceiverId) -> Host:
        host = self.hosts.get(receiver)
        if host is None:
            raise Incomplete
        return host

    def _is_open(self, where: Where, receiver: ReceiverId, host: Host) -> bool:
        try:
            checked(Sender(where.organisation, where.track), receiver, host, self.clock.now(), self.border)
        except Refused:
            return False
        return True
