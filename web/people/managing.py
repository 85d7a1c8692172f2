# SPDX-License-Identifier: EUPL-1.2
"""What an administrator does with the people of their organisations, and what follows from it at once.

Owns the order: decided on how everybody is at that moment, stored, the sign-ins that it ended closed, and
recorded by organisation and day. Whoever acts is looked at in that same moment: an administrator who is
being stripped of the role gives nothing more. Decides nothing: `scope.py` does. Knows no page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chat.ids import DutyId
from web.accounts.account import Account, AccountId, StaffRole, StaffSession, is_account_id
from web.accounts.audit import Audited
from web.accounts.errors import NoFactor, NoSuchAccount
from web.accounts.invitation import Invitation, Link
from web.accounts.ports import Look
from web.house import House
from web.people import scope
from web.people.errors import NotYours
from web.people.scope import Places

_Judge = Callable[[Account, Sequence[Account], Places], Account]


def mine(house: House, session: StaffSession) -> Places:
    """Return all that somebody's organisations have."""
    return scope.run_by(house.may_run(session), house.site)


async def people(house: House, session: StaffSession) -> list[Account]:
    """Return the accounts that belong to somebody's organisations, by name; each with all that it reaches."""
    own = mine(house, session)
    return [each for each in await house.accounts.list() if scope.is_seen(each, own)]


async def person(house: House, session: StaffSession, id_: str) -> Account:
    """Return one of them.

    Raises:
        NotYours: unknown, or of other organisations only.
    """
    found = await house.accounts.by_id(AccountId(id_)) if is_account_id(id_) else None
    if found is None or not scope.is_seen(found, mine(house, session)):
        raise NotYours
    return found


async def links(house: House, session: StaffSession) -> list[Invitation]:
    """Return the links that are out and wholly within somebody's organisations."""
    own = mine(house, session)
    out = await house.accounts.invitations.out()
    return [each for each in out if scope.is_whole(each, own, house.site)]


async def invite(house: House, session: StaffSession, label: str, role: StaffRole, wanted: Places) -> Link:
    """Make a link for somebody new.

    Raises:
        NotYours, Unfit: as `scope.check_invited`.
    """

    def look(everybody: Sequence[Account]) -> None:
        scope.check_invited(role, wanted, _as_now(house, session, everybody), house.site)

    try:
        maker = await house.accounts.named(session.account)
        link = await house.accounts.invitations.invite(
            label, role, wanted.services, wanted.units, wanted.organisations, made_by=maker.id, look=look
        )
    except NoSuchAccount:
        raise NotYours from None
    await _record(house, session, Audited.INVITED, link.invitation)
    return link


async def take_back(house: House, session: StaffSession, id_: str) -> None:
    """Make a link good no more.

    Raises:
        NotYours: unknown, used already, or not wholly within somebody's organisations.
    """
    found = next((each for each in await links(house, session) if each.id == id_), None)
    if found is None:
        raise NotYours
    look = _whole_still(house, session, lambda _everybody: found)
    if not await house.accounts.invitations.take_back(id_, look):
        raise NotYours
    await _record(house, session, Audited.INVITATION_REVOKED, found)


async def change(house: House, session: StaffSession, id_: str, role: StaffRole, wanted: Places) -> None:
    """Give somebody another role and other places.

    Raises:
        NotYours, Unfit, Oneself, LastAdministrator: as `scope.changed`.
    """
    await _alter(
        house,
        session,
        id_,
        Audited.RIGHTS_CHANGED,
        lambda account, all_, own: scope.changed(account, all_, own, house.site, role=role, wanted=wanted),
    )


async def disable(house: House, session: StaffSession, id_: str) -> None:
    """Let somebody sign in no more.

    Raises:
        NotYours, Oneself, LastAdministrator: as `scope.shut`.
    """
    await _alter(
        house,
        session,
        id_,
        Audited.DISABLED,
        lambda account, all_, own: scope.shut(account, all_, own, house.site),
    )


async def enable(house: House, session: StaffSession, id_: str) -> None:
    """Let somebody sign in again.

    Raises:
        NotYours, Oneself, Unfit: as `scope.opened`.
    """
    await _alter(
        house,
        session,
        id_,
        Audited.ENABLED,
        lambda account, _all, own: scope.opened(account, own, house.site),
    )


async def reset(house: House, session: StaffSession, id_: str) -> Link:
    """Put somebody's password out of use, and make a link for another one; a disabled account is opened.

    Raises:
        NotYours, Oneself, Unfit: as `scope.without_password`.
    """
    was_shut: list[bool] = []

    def without_password(account: Account, _all: Sequence[Account], own: Places) -> Account:
        was_shut[:] = [account.disabled]
        return scope.without_password(account, nobodys, own, house.site)

    nobodys = await house.accounts.invitations.nobodys_password()
    account = await _alter(house, session, id_, Audited.RESET, without_password)
    if was_shut[0]:
        await _record(house, session, Audited.ENABLED, account)
    look = _whole_still(house, session, lambda everybody: _among(everybody, account.id))
    try:
        maker = await house.accounts.named(session.account)
        return await house.accounts.invitations.renew(account, made_by=maker.id, look=look)
    except NoSuchAccount:
        raise NotYours from None


async def remove_factor(house: House, session: StaffSession, id_: str) -> None:
    """Remove the second factor of somebody who has lost the phone and the codes on paper.

    Raises:
        NotYours, Oneself: it is not wholly of one's own, has none, or is one's own.
    """
    account = await person(house, session, id_)
    scope.refuse_oneself(account, session.account)
    look = _whole_still(house, session, lambda everybody: _among(everybody, account.id))
    try:
        ended = await house.accounts.factors.remove(account.id, look=look)
    except NoFactor:
        raise NotYours from None
    await _revoke(house, ended)
    await _record(house, session, Audited.FACTOR_REMOVED, account)


async def _alter(house: House, session: StaffSession, id_: str, kind: Audited, judge: _Judge) -> Account:
    """Return the account as it has become."""
    became: list[Account] = []
    before: list[Account] = []

    def decide(account: Account, everybody: Sequence[Account]) -> Account:
        scope.refuse_oneself(account, session.account)
        became[:] = [judge(account, everybody, _as_now(house, session, everybody))]
        before[:] = [account]
        return became[0]

    try:
        ended = await house.accounts.alter(AccountId(id_), decide)
    except NoSuchAccount:
        raise NotYours from None
    await _revoke(house, ended)
    await _record(house, session, kind, before[0])
    return became[0]


def _as_now(house: House, session: StaffSession, everybody: Sequence[Account]) -> Places:
    """Return what somebody runs at the moment of the decision: two may be shutting each other out."""
    oneself = next((each for each in everybody if each.name == session.account), None)
    if oneself is None or oneself.disabled or oneself.role is not StaffRole.ADMINISTRATOR:
        raise NotYours
    return scope.run_by(oneself.organisations, house.site)


def _whole_still(
    house: House, session: StaffSession, whom: Callable[[Sequence[Account]], Account | Invitation | None]
) -> Look:
    """Return a look at whether this is wholly of what somebody runs at that moment."""

    def look(everybody: Sequence[Account]) -> None:
        found = whom(everybody)
        if found is None or not scope.is_whole(found, _as_now(house, session, everybody), house.site):
            raise NotYours

    return look


def _among(everybody: Sequence[Account], id_: AccountId) -> Account | None:
    return next((each for each in everybody if each.id == id_), None)


async def _revoke(house: House, ended: Sequence[DutyId]) -> None:
    for duty in ended:
        await house.revoke(duty)


async def _record(house: House, session: StaffSession, kind: Audited, whom: Account | Invitation) -> None:
    for organisation in scope.organisations_of(whom, house.site):
        if organisation in session.organisations:
            await house.record(kind, session, organisation)
