# SPDX-License-Identifier: EUPL-1.2
"""One-time links: good once, for seven days, for whoever opens them; and what ends them before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from chat.ids import OrganisationId, ServiceId
from tests.service.accounts_house import HOME, LINDEN, PASSWORD, AccountsHouse, opened
from web.accounts.account import Account, AccountId, StaffRole
from web.accounts.adapters.tables import invitations
from web.accounts.errors import (
    NameTaken,
    NoInvitation,
    NoSuchAccount,
    PasswordGuessable,
    PasswordUnfit,
    SignInRefused,
)
from web.accounts.invitation import Link
from web.accounts.ports import Decide


@pytest.fixture
async def house(tmp_path: Path) -> AsyncGenerator[AccountsHouse]:
    """Accounts with an administrator and an operator."""
    async with opened(tmp_path) as house:
        await house.add("eva", StaffRole.ADMINISTRATOR)
        await house.add("åsa")
        yield house


def nothing(_everybody: Sequence[Account]) -> None:
    """Find nothing against it."""


def grow(values: Mapping[str, Any]) -> Decide:
    """Decide that an account becomes another."""
    return lambda account, _everybody: replace(account, **values)


async def invited(house: AccountsHouse, label: str = "Lisa") -> Link:
    """Let Eva invite an operator."""
    eva = await house.accounts.named("eva")
    return await house.accounts.invitations.invite(
        label, StaffRole.OPERATOR, frozenset({LINDEN}), frozenset(), frozenset(), made_by=eva.id, look=nothing
    )


async def renewed(house: AccountsHouse) -> Link:
    """Let Eva make a link for Åsa's new password."""
    eva, asa = await house.accounts.named("eva"), await house.accounts.named("åsa")
    return await house.accounts.invitations.renew(asa, made_by=eva.id, look=nothing)


async def is_dead(house: AccountsHouse, link: Link) -> None:
    """Look that a link does nothing, whichever way it is used."""
    own = house.accounts.invitations
    for use in (
        own.opened(link.token),
        own.join(link.token, "någon", PASSWORD),
        own.choose(link.token, PASSWORD),
    ):
        with pytest.raises(NoInvitation):
            await use


class TestLinks:
    async def test_link_makes_an_account_once(self, house: AccountsHouse) -> None:
        """Looking leaves it good; using it does not."""
        link = await invited(house)
        for _ in range(3):
            assert await house.accounts.invitations.opened(link.token) == link.invitation
        account = await house.accounts.invitations.join(link.token, "Lisa", PASSWORD)
        assert (account.name, account.role, account.services) == (
            "lisa",
            StaffRole.OPERATOR,
            frozenset({LINDEN}),
        )
        await house.accounts.sign_in("lisa", PASSWORD, network=HOME)
        await is_dead(house, link)

    async def test_link_ends_after_seven_days_or_when_taken_back(self, house: AccountsHouse) -> None:
        """To the second; and what has ended is deleted when the house is kept."""
        late, taken = await invited(house), await invited(house)
        assert await house.accounts.invitations.take_back(taken.invitation.id)
        assert not await house.accounts.invitations.take_back(taken.invitation.id)
        await is_dead(house, taken)
        house.clock.go_on(days=7, seconds=-1)
        await house.accounts.invitations.opened(late.token)
        house.clock.go_on(seconds=1)
        await is_dead(house, late)
        assert await house.accounts.invitations.out() == []
        await house.accounts.forget_expired()
        async with house.database.read() as connection:
            assert (await connection.execute(select(invitations))).all() == []

    @pytest.mark.parametrize("token", ["", "x", "A" * 43, "A" * 42, "A" * 5000, "å" * 43, "\ud800" * 43])
    async def test_guessed_link_is_as_dead_as_a_used_one(self, house: AccountsHouse, token: str) -> None:
        """Whatever its form."""
        link = await invited(house)
        await is_dead(house, Link(token, link.invitation))

    async def test_token_is_stored_nowhere(self, house: AccountsHouse) -> None:
        """Only a digest, from which it does not follow."""
        link = await invited(house)
        async with house.database.read() as connection:
            row = (await connection.execute(select(invitations))).one()
        assert link.token not in str(tuple(row))
        assert link.token not in repr(link)

    async def test_unfit_name_or_password_leaves_the_link_good(self, house: AccountsHouse) -> None:
        """So that a slip costs nothing."""
        link = await invited(house)
        for name, password, error in (
            ("lisa", "kort", PasswordUnfit),
            ("lisa", "lisalisa2026", PasswordGuessable),
            ("ÅSA", PASSWORD, NameTaken),
        ):
            with pytest.raises(error):
                await house.accounts.invitations.join(link.token, name, password)
        await house.accounts.invitations.join(link.token, "lisa", PASSWORD)


class TestRaces:
    async def test_of_two_who_open_one_link_at_once_one_joins(self, house: AccountsHouse) -> None:
        """Under names of their own: the other's account is not there."""
        link = await invited(house)
        tries = [house.accounts.invitations.join(link.token, f"lisa{at}", PASSWORD) for at in range(5)]
        done = await asyncio.gather(*tries, return_exceptions=True)
        assert sum(isinstance(each, Account) for each in done) == 1
        assert sum(isinstance(each, NoInvitation) for each in done) == 4
        assert sum(each.name.startswith("lisa") for each in await house.accounts.list()) == 1

    async def test_of_two_links_used_for_one_name_one_joins(self, house: AccountsHouse) -> None:
        """The other link stays good for another name."""
        links = [await invited(house, label) for label in ("Lisa", "Lisa B")]
        done = await asyncio.gather(
            *(house.accounts.invitations.join(link.token, "lisa", PASSWORD) for link in links),
            return_exceptions=True,
        )
        assert sorted(type(each) is NameTaken for each in done) == [False, True]
        (left,) = await house.accounts.invitations.out()
        other = next(link for link in links if link.invitation.id == left.id)
        await house.accounts.invitations.join(other.token, "lisa b", PASSWORD)


class TestNewPasswords:
    async def test_link_renews_a_password_and_nothing_else(self, house: AccountsHouse) -> None:
        """The name stays, and the old password is nothing."""
        link = await renewed(house)
        assert await house.accounts.invitations.choose(link.token, "en annan fras") == []
        with pytest.raises(SignInRefused):
            await house.accounts.sign_in("åsa", PASSWORD, network=HOME)
        await house.accounts.sign_in("åsa", "en annan fras", network=HOME)
        await is_dead(house, link)

    async def test_link_for_one_thing_is_not_good_for_the_other(self, house: AccountsHouse) -> None:
        """A new account is no new password."""
        new, renews = await invited(house), await renewed(house)
        with pytest.raises(NoInvitation):
            await house.accounts.invitations.choose(new.token, PASSWORD)
        with pytest.raises(NoInvitation):
            await house.accounts.invitations.join(renews.token, "lisa", PASSWORD)

    async def test_later_link_ends_the_earlier(self, house: AccountsHouse) -> None:
        """Of several for one account the newest is good."""
        first, second = await renewed(house), await renewed(house)
        await is_dead(house, first)
        await house.accounts.invitations.opened(second.token)

    async def test_disabling_or_resetting_ends_the_links_of_an_account(self, house: AccountsHouse) -> None:
        """Also those that it has made for others: who is shut out lets nobody in."""
        link = await renewed(house)
        await house.accounts.disable("åsa")
        await is_dead(house, link)
        await house.accounts.reset("åsa", PASSWORD)
        link = await renewed(house)
        await house.accounts.reset("åsa", PASSWORD)
        await is_dead(house, link)
        made = await invited(house)
        await house.accounts.disable("eva")
        await is_dead(house, made)
        with pytest.raises(NoSuchAccount):
            await invited(house)

    async def test_link_ends_when_the_account_becomes_another(self, house: AccountsHouse) -> None:
        """Whoever kept the link of an operator does not become what the operator has become."""
        asa = await house.accounts.named("åsa")
        for grown in (
            {"role": StaffRole.SUPERVISOR},
            {"services": frozenset({LINDEN, ServiceId("eken")})},
            {"organisations": frozenset({OrganisationId("kvinnojouren-vallentuna")})},
            {"password_hash": "another"},
            {"disabled": True},
        ):
            link = await renewed(house)
            await house.accounts.alter(asa.id, grow(grown))
            await is_dead(house, link)
            assert await house.accounts.invitations.out() == []

    @pytest.mark.parametrize(
        "stripped",
        [
            {"role": StaffRole.OPERATOR},
            {"organisations": frozenset({OrganisationId("x")})},
            {"disabled": True},
        ],
        ids=["role", "organisations", "disabled"],
    )
    async def test_links_end_with_the_rights_of_who_made_them(
        self, house: AccountsHouse, stripped: Mapping[str, Any]
    ) -> None:
        """For somebody new and for a new password alike; a new password of hers alone leaves them good."""
        eva = await house.accounts.named("eva")
        links = [await invited(house), await renewed(house)]
        await house.accounts.alter(eva.id, grow({"password_hash": "another"}))
        for link in links:
            await house.accounts.invitations.opened(link.token)
        await house.accounts.alter(eva.id, grow(stripped))
        for link in links:
            await is_dead(house, link)
        assert await house.accounts.invitations.out() == []

    async def test_link_opens_only_the_account_that_it_was_made_for(self, house: AccountsHouse) -> None:
        """Also where it was made from what was read before the account changed, and nothing deleted it."""
        before = await house.accounts.named("åsa")
        await house.accounts.alter(before.id, grow({"role": StaffRole.SUPERVISOR}))
        eva = await house.accounts.named("eva")
        link = await house.accounts.invitations.renew(before, made_by=eva.id, look=nothing)
        with pytest.raises(NoInvitation):
            await house.accounts.invitations.choose(link.token, "en annan fras")
        await house.accounts.sign_in("åsa", PASSWORD, network=HOME)

    async def test_own_new_password_ends_the_other_sign_ins_and_the_link(self, house: AccountsHouse) -> None:
        """And only with the one before."""
        link = await renewed(house)
        here = await house.accounts.sign_in("åsa", PASSWORD, network=HOME)
        there = await house.accounts.sign_in("åsa", PASSWORD, network=HOME)
        with pytest.raises(SignInRefused):
            await house.accounts.change_password(here.session, "fel", "en annan fras", network=HOME)
        for unfit in ("kort", "åsa-1985-sommar"):
            with pytest.raises(PasswordUnfit):
                await house.accounts.change_password(here.session, PASSWORD, unfit, network=HOME)
            with pytest.raises(PasswordUnfit):
                await house.accounts.reset("åsa", unfit)
            with pytest.raises(PasswordUnfit):
                await house.accounts.invitations.choose(link.token, unfit)
        ended = await house.accounts.change_password(here.session, PASSWORD, "en annan fras", network=HOME)
        assert ended == [there.session.id]
        assert await house.accounts.session(here.token)
        await is_dead(house, link)
        await house.accounts.sign_in("åsa", "en annan fras", network=HOME)

    async def test_unknown_account_is_altered_by_nobody(self, house: AccountsHouse) -> None:
        """Nothing is decided about who is not there."""
        with pytest.raises(NoSuchAccount):
            await house.accounts.alter(AccountId("nobody"), lambda account, _all: account)
