# SPDX-License-Identifier: EUPL-1.2
"""A second factor at the sign-in: each code once, no guessing, and nothing in the database that opens it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pyotp
import pytest
from sqlalchemy import select

from chat.ids import DutyId
from tests.service.accounts_house import AWAY, HOME, PASSWORD, AccountsHouse, opened
from web.accounts import codes
from web.accounts.account import Account, SignedIn
from web.accounts.adapters.tables import recovery_codes, second_factors
from web.accounts.errors import (
    CodeNeeded,
    CodeRefused,
    FactorThere,
    NoFactor,
    SignInRefused,
    StepOver,
    TooMany,
)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncGenerator[AccountsHouse]:
    """Accounts with one operator."""
    async with opened(tmp_path) as house:
        await house.add("Åsa")
        yield house


class Phone:
    """An app for codes, and the codes on paper."""

    def __init__(self, house: AccountsHouse, account: Account, secret: str) -> None:
        self.house = house
        self.account = account
        self.secret = secret
        self.paper: list[str] = []

    def shows(self, steps: int = 0) -> str:
        """Return the code of now, or of some steps away."""
        at = int(self.house.clock.now().timestamp()) // 30 + steps
        return pyotp.TOTP(self.secret).generate_otp(at)


async def set_up(house: AccountsHouse, keep: DutyId | None = None) -> Phone:
    """Give Åsa a second factor; half a minute later the code that she set it up with is no longer shown."""
    factors = house.accounts.factors
    phone = Phone(house, await house.accounts.named("Åsa"), factors.new_secret())
    phone.paper, _ = await factors.set_up(phone.account.id, phone.secret, phone.shows(), keep=keep)
    house.clock.go_on(minutes=1)
    return phone


async def password_first(house: AccountsHouse) -> tuple[str, str]:
    """Give the right password; return the pre-session cookie and what the form with the code brings back."""
    cookie = house.accounts.sign_in_form(None).cookie
    with pytest.raises(CodeNeeded) as needed:
        await house.accounts.sign_in("Åsa", PASSWORD, network=HOME, cookie=cookie)
    return cookie, needed.value.step


async def enter(house: AccountsHouse, code: str) -> SignedIn:
    """Sign in with password and code."""
    cookie, step = await password_first(house)
    return await house.accounts.sign_in_with_code(step, code, network=HOME, cookie=cookie)


class TestSigningIn:
    async def test_code_of_now_or_a_step_beside_signs_in(self, house: AccountsHouse) -> None:
        """A phone may be half a minute off; one that is a minute off is not heard."""
        phone = await set_up(house)
        for steps in (-1, 0, 1):
            assert (await enter(house, phone.shows(steps))).session.account == "åsa"
        house.clock.go_on(minutes=10)
        for steps in (-2, 2):
            with pytest.raises(CodeRefused):
                await enter(house, phone.shows(steps))

    async def test_code_is_read_however_it_is_typed(self, house: AccountsHouse) -> None:
        """Spaces in the middle and small letters on paper do not matter."""
        phone = await set_up(house)
        shown = phone.shows()
        await enter(house, f" {shown[:3]} {shown[3:]} ")
        await enter(house, codes.in_groups(phone.paper[0]).lower())

    async def test_code_is_good_once(self, house: AccountsHouse) -> None:
        """Nor is the one before it good after it, nor the one that set the factor up."""
        factors = house.accounts.factors
        phone = Phone(house, await house.accounts.named("Åsa"), factors.new_secret())
        await factors.set_up(phone.account.id, phone.secret, phone.shows(), keep=None)
        for code in (phone.shows(), phone.shows(-1)):
            with pytest.raises(CodeRefused):
                await enter(house, code)
        house.clock.go_on(minutes=1)
        await enter(house, phone.shows())
        for code in (phone.shows(), phone.shows(-1)):
            with pytest.raises(CodeRefused):
                await enter(house, code)

    async def test_of_many_with_one_code_at_once_one_signs_in(self, house: AccountsHouse) -> None:
        """Exactly one, of a phone's code and of a recovery code."""
        phone = await set_up(house)
        for code in (phone.shows(), phone.paper[0]):
            cookie, step = await password_first(house)
            tries = [
                house.accounts.sign_in_with_code(step, code, network=HOME, cookie=cookie) for _ in range(4)
            ]
            done = await asyncio.gather(*tries, return_exceptions=True)
            assert sum(isinstance(each, SignedIn) for each in done) == 1
            assert all(isinstance(each, SignedIn | CodeRefused) for each in done)

    async def test_recovery_code_is_good_once_and_said_to_be_one(self, house: AccountsHouse) -> None:
        """Ten of them, counted; what was used is no longer one."""
        phone = await set_up(house)
        assert len(set(phone.paper)) == 10
        assert (await enter(house, phone.paper[3])).by_recovery_code
        with pytest.raises(CodeRefused):
            await enter(house, phone.paper[3])
        assert await house.accounts.factors.recovery_codes_left(phone.account.id) == 9
        assert not (await enter(house, phone.shows())).by_recovery_code

    async def test_password_and_code_together_sign_in(self, house: AccountsHouse) -> None:
        """A script that knows both needs no second form."""
        phone = await set_up(house)
        await house.accounts.sign_in("åsa", PASSWORD, network=HOME, code=phone.shows())
        with pytest.raises(CodeRefused):
            await house.accounts.sign_in("åsa", PASSWORD, network=HOME, code="000000")

    async def test_wrong_password_is_refused_before_any_code(self, house: AccountsHouse) -> None:
        """Whoever does not have the password does not learn that a code is asked for, and uses none up."""
        phone = await set_up(house)
        for name in ("åsa", "nobody"):
            with pytest.raises(SignInRefused):
                await house.accounts.sign_in(name, "wrong", network=HOME, code=phone.shows())
        await enter(house, phone.shows())


class TestTheStepBetween:
    async def test_step_is_of_one_browser_and_of_minutes(self, house: AccountsHouse) -> None:
        """With another cookie, changed, malformed, or after five minutes it is nothing."""
        phone = await set_up(house)
        cookie, step = await password_first(house)
        other = house.accounts.sign_in_form(None).cookie
        account, expires, mark = step.split(".")
        later = f"{account}.{int(expires) + 60}.{mark}"
        for wrong_cookie, wrong in (
            (other, step),
            ("", step),
            (cookie, later),
            (cookie, step[:-1]),
            (cookie, f"{account}.{'9' * 4000}.{mark}"),
            (cookie, "x"),
            (cookie, "\ud800.1.1"),
        ):
            with pytest.raises(StepOver):
                await house.accounts.sign_in_with_code(
                    wrong, phone.shows(), network=HOME, cookie=wrong_cookie
                )
        house.clock.go_on(minutes=5)
        with pytest.raises(StepOver):
            await house.accounts.sign_in_with_code(step, phone.shows(), network=HOME, cookie=cookie)

    async def test_step_of_an_earlier_password_or_a_disabled_account_is_over(
        self, house: AccountsHouse
    ) -> None:
        """What was right a minute ago says nothing about now."""
        phone = await set_up(house)
        cookie, step = await password_first(house)
        await house.accounts.reset("åsa", "another password")
        with pytest.raises(StepOver):
            await house.accounts.sign_in_with_code(step, phone.shows(), network=HOME, cookie=cookie)
        await house.accounts.reset("åsa", PASSWORD)
        cookie, step = await password_first(house)
        await house.accounts.disable("åsa")
        with pytest.raises(StepOver):
            await house.accounts.sign_in_with_code(step, phone.shows(), network=HOME, cookie=cookie)

    async def test_password_is_in_no_step(self, house: AccountsHouse) -> None:
        """Nor its hash."""
        await set_up(house)
        cookie, step = await password_first(house)
        assert PASSWORD not in step
        assert "hash" not in step
        assert cookie not in step


class TestGuessing:
    async def test_guesses_wait_wherever_they_come_from(self, house: AccountsHouse) -> None:
        """Five are free; then also the right code waits, from any network, and a recovery code does not."""
        phone = await set_up(house)
        for network in (HOME, AWAY, HOME, AWAY, HOME):
            with pytest.raises(CodeRefused):
                await house.accounts.sign_in("åsa", PASSWORD, network=network, code="000000")
        waits = []
        for _ in range(12):
            with pytest.raises(TooMany) as refused:
                await house.accounts.sign_in("åsa", PASSWORD, network=AWAY, code=phone.shows())
            waits.append(refused.value.retry_after)
            house.clock.go_on(seconds=refused.value.retry_after)
            with pytest.raises(CodeRefused):
                await house.accounts.sign_in("åsa", PASSWORD, network=AWAY, code="000000")
        assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
        with pytest.raises(TooMany):
            await house.accounts.sign_in("åsa", PASSWORD, network=HOME, code=phone.shows())
        await house.accounts.sign_in("åsa", PASSWORD, network=HOME, code=phone.paper[0])

    async def test_many_guesses_at_once_do_not_slip_through(self, house: AccountsHouse) -> None:
        """Each counts as wrong from the moment it is taken up."""
        await set_up(house)
        cookie, step = await password_first(house)
        tries = [
            house.accounts.sign_in_with_code(step, f"{number:06}", network=HOME, cookie=cookie)
            for number in range(50)
        ]
        done = await asyncio.gather(*tries, return_exceptions=True)
        assert sum(isinstance(each, CodeRefused) for each in done) <= 5

    async def test_right_code_forgets_the_wrong_ones(self, house: AccountsHouse) -> None:
        """Four mistakes, then right: the next mistake is the first."""
        phone = await set_up(house)
        for _ in range(2):
            for _ in range(4):
                with pytest.raises(CodeRefused):
                    await enter(house, "000000")
            await enter(house, phone.shows())
            house.clock.go_on(minutes=1)


class TestSettingUp:
    async def test_secret_that_the_phone_does_not_have_is_not_set(self, house: AccountsHouse) -> None:
        """Nobody is locked out by a key that was copied wrong."""
        account = await house.accounts.named("åsa")
        with pytest.raises(CodeRefused):
            await house.accounts.factors.set_up(
                account.id, house.accounts.factors.new_secret(), "000000", keep=None
            )
        await house.accounts.sign_in("åsa", PASSWORD, network=HOME)

    async def test_factor_ends_the_sign_ins_that_came_without_it(self, house: AccountsHouse) -> None:
        """All but the one that set it up; also one that is just being checked."""
        own = await house.accounts.sign_in("åsa", PASSWORD, network=HOME)
        other = await house.accounts.sign_in("åsa", PASSWORD, network=AWAY)
        checked = house.passwords.wait_for = asyncio.Event()
        while not house.passwords.asked.empty():
            house.passwords.asked.get_nowait()
        being_checked = asyncio.create_task(house.accounts.sign_in("åsa", PASSWORD, network=AWAY))
        await house.passwords.asked.get()
        await set_up(house, keep=own.session.id)
        checked.set()
        with pytest.raises(SignInRefused):
            await being_checked
        assert await house.accounts.live([own.session.id, other.session.id]) == {own.session.id}

    async def test_second_second_factor_is_refused(self, house: AccountsHouse) -> None:
        """Of two that are set up at once there is one."""
        account, factors = await house.accounts.named("åsa"), house.accounts.factors
        phones = [Phone(house, account, factors.new_secret()) for _ in range(2)]
        done = await asyncio.gather(
            *(factors.set_up(account.id, each.secret, each.shows(), keep=None) for each in phones),
            return_exceptions=True,
        )
        assert sorted(type(each) is FactorThere for each in done) == [False, True]

    async def test_removed_factor_asks_for_nothing_and_ends_sign_ins(self, house: AccountsHouse) -> None:
        """The recovery codes go with it."""
        phone = await set_up(house)
        signed_in = await enter(house, phone.shows())
        assert await house.accounts.factors.remove(phone.account.id) == [signed_in.session.id]
        assert await house.accounts.session(signed_in.token) is None
        await house.accounts.sign_in("åsa", PASSWORD, network=HOME)
        with pytest.raises(NoFactor):
            await house.accounts.factors.remove(phone.account.id)
        async with house.database.read() as connection:
            assert (await connection.execute(select(recovery_codes))).all() == []

    async def test_new_recovery_codes_replace_the_old(self, house: AccountsHouse) -> None:
        """Ten again, and none of those before."""
        phone = await set_up(house)
        new = await house.accounts.factors.new_recovery_codes(phone.account.id)
        assert set(new) & set(phone.paper) == set()
        with pytest.raises(CodeRefused):
            await enter(house, phone.paper[0])
        await enter(house, new[0])

    async def test_database_alone_tells_no_secret_and_no_code(self, house: AccountsHouse) -> None:
        """Neither as text nor as bytes; under another key or for another account nothing opens."""
        phone = await set_up(house)
        async with house.database.read() as connection:
            factor = (await connection.execute(select(second_factors))).one()
            digests = (await connection.execute(select(recovery_codes.c.digest))).scalars().all()
        raw = pyotp.TOTP(phone.secret).byte_secret()
        kept = factor.sealed + b"".join(digests)
        assert raw not in kept
        assert phone.secret.encode() not in kept
        assert not any(code.encode() in kept for code in phone.paper)
        assert codes.unseal(factor.sealed, phone.account.id, b"k" * 32) == phone.secret
        assert codes.unseal(factor.sealed, phone.account.id, b"x" * 32) is None
        assert codes.unseal(factor.sealed, "b" * 22, b"k" * 32) is None


class TestRequired:
    async def test_sign_in_without_a_needed_factor_reaches_nothing_else(self, house: AccountsHouse) -> None:
        """Until it is set up: then the same sign-in is whole."""
        signed_in = await house.accounts.sign_in("åsa", PASSWORD, network=HOME)
        house.accounts.must_have_factor = lambda account: account.name == "åsa"
        assert await house.accounts.session(signed_in.token) is None
        unfinished = await house.accounts.unfinished(signed_in.token)
        assert unfinished == signed_in.session
        await set_up(house, keep=signed_in.session.id)
        assert await house.accounts.session(signed_in.token) == signed_in.session
        assert await house.accounts.unfinished(signed_in.token) is None
