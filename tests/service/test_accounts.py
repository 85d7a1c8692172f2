# SPDX-License-Identifier: EUPL-1.2
"""Signing in and out: who may, for how long, and that nothing tells more than it must."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest

from chat.ids import DutyId
from handover.ids import ReceiverId
from tests.service.accounts_house import AWAY, HOME, LINDEN, PASSWORD, START, AccountsHouse, opened
from web.accounts.account import StaffRole
from web.accounts.errors import (
    Busy,
    NameTaken,
    NameUnfit,
    NoSuchAccount,
    PasswordGuessable,
    PasswordUnfit,
    SignInRefused,
    TooMany,
)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncGenerator[AccountsHouse]:
    """Accounts with one operator."""
    async with opened(tmp_path) as house:
        await house.add("Åsa")
        yield house


async def fail(house: AccountsHouse, times: int, network: bytes = HOME, name: str = "Åsa") -> None:
    """Guess wrong."""
    for _ in range(times):
        with pytest.raises(SignInRefused):
            await house.accounts.sign_in(name, "wrong", network=network)


class TestSessions:
    async def test_sign_in_begins_a_session(self, house: AccountsHouse) -> None:
        """The right password gives a token, and the token its session."""
        signed_in = await house.accounts.sign_in("Åsa", PASSWORD, network=HOME)
        session = await house.accounts.session(signed_in.token)
        assert session == signed_in.session
        assert (session.account, session.role, session.services) == (
            "åsa",
            StaffRole.OPERATOR,
            frozenset({LINDEN}),
        )
        assert session.expires_at == START + timedelta(hours=16)

    async def test_sign_in_name_is_the_same_however_it_is_typed(self, house: AccountsHouse) -> None:
        """Case, a composed letter and spaces around a name do not matter."""
        for typed in ("åsa", "ÅSA", "A\u030asa", " Åsa "):
            await house.accounts.sign_in(typed, PASSWORD, network=HOME)

    async def test_sign_in_gives_another_token_each_time(self, house: AccountsHouse) -> None:
        """Two sign-ins share neither token nor duty nor CSRF token, and both live."""
        one = await house.accounts.sign_in("åsa", PASSWORD, network=HOME)
        other = await house.accounts.sign_in("åsa", PASSWORD, network=HOME)
        assert one.token != other.token
        assert one.session.csrf != other.session.csrf
        assert await house.accounts.live([one.session.id, other.session.id]) == {
            one.session.id,
            other.session.id,
        }

    async def test_session_shows_nothing_of_its_token(self, house: AccountsHouse) -> None:
        """Neither a repr nor the CSRF token carries the token."""
        signed_in = await house.accounts.sign_in("åsa", PASSWORD, network=HOME)
        assert signed_in.token not in repr(signed_in)
        assert signed_in.token not in signed_in.session.csrf
        assert signed_in.session.csrf not in repr(signed_in)

    async def test_session_is_none_for_everything_else(self, house: AccountsHouse) -> None:
        """No token, a malformed one, a flipped one, a long one: there is no session."""
        token = (await house.accounts.sign_in("åsa", PASSWORD, network=HOME)).token
        flipped = token[:-1] + ("A" if token[-1] != "A" else "Q")
        for other in (None, "", "x", token[:-1], token + "A", flipped, token * 1000, "\ud800" * 46):
            assert await house.accounts.session(other) is None

    async def test_session_ends_after_sixteen_hours(self, house: AccountsHouse) -> None:
        """A session dies at its time, also for who polls."""
        signed_in = await house.accounts.sign_in("åsa", PASSWORD, network=HOME)
        house.clock.go_on(hours=16, seconds=-1)
        assert await house.accounts.session(signed_in.token)
        house.clock.go_on(seconds=1)
        assert await house.accounts.session(signed_in.token) is None
        assert await house.accounts.live([signed_in.session.id]) == set()

    async def test_session_ends_with_its_daily_key(self, house: AccountsHouse) -> None:
        """Without the key of its day, a token finds nothing."""
        signed_in = await house.accounts.sign_in("åsa", PASSWORD, network=HOME)
        house.keys.gone.add(signed_in.session.token.day)
        assert await house.accounts.session(signed_in.token) is None

    async def test_sign_out_ends_only_that_session(self, house: AccountsHouse) -> None:
        """The other sign-ins of the account go on."""
        one = await house.accounts.sign_in("åsa", PASSWORD, network=HOME)
        other = await house.accounts.sign_in("åsa", PASSWORD, network=HOME)
        await house.accounts.sign_out(one.token)
        await house.accounts.sign_out(one.token)
        await house.accounts.sign_out("nothing")
        assert await house.accounts.live([one.session.id, other.session.id]) == {other.session.id}

    async def test_live_knows_only_what_is_asked(self, house: AccountsHouse) -> None:
        """Unknown sign-ins are not live, and nobody asked means nobody live."""
        await house.accounts.sign_in("åsa", PASSWORD, network=HOME)
        assert await house.accounts.live([DutyId("nobody")]) == set()
        assert await house.accounts.live([]) == set()

    async def test_csrf_token_belongs_to_one_session(self, house: AccountsHouse) -> None:
        """Another session's token, none, and one that is not text are refused."""
        one = (await house.accounts.sign_in("åsa", PASSWORD, network=HOME)).session
        other = (await house.accounts.sign_in("åsa", PASSWORD, network=HOME)).session
        assert one.is_own_csrf(one.csrf)
        assert not any(one.is_own_csrf(text) for text in (other.csrf, "", "å", "\ud800"))


class TestRefusals:
    async def test_unknown_wrong_and_disabled_look_the_same(self, house: AccountsHouse) -> None:
        """Three reasons, one refusal, and one check of a password for each."""
        await house.add("berit")
        await house.accounts.disable("berit")
        said = []
        for name, password in (
            ("nobody", PASSWORD),
            ("åsa", "wrong"),
            ("berit", PASSWORD),
            ("", ""),
            ("\0", "x"),
        ):
            with pytest.raises(SignInRefused) as refused:
                await house.accounts.sign_in(name, password, network=HOME)
            said.append((type(refused.value), str(refused.value), refused.value.__cause__))
        assert len(set(said)) == 1
        usual = f"hash of {PASSWORD}"
        assert house.passwords.checked == [None, usual, usual, None, None]

    async def test_disable_ends_every_session(self, house: AccountsHouse) -> None:
        """A disabled account has no session left and gets no new one."""
        signed_in = await house.accounts.sign_in("åsa", PASSWORD, network=HOME)
        await house.accounts.disable("Åsa")
        assert await house.accounts.session(signed_in.token) is None
        assert await house.accounts.live([signed_in.session.id]) == set()
        await fail(house, 1)

    async def test_disable_during_a_check_wins(self, house: AccountsHouse) -> None:
        """A sign-in that was being checked when its account was disabled does not come alive."""
        house.passwords.wait_for = asyncio.Event()
        signing_in = asyncio.create_task(house.accounts.sign_in("åsa", PASSWORD, network=HOME))
        await house.passwords.asked.get()
        await house.accounts.disable("åsa")
        house.passwords.wait_for.set()
        with pytest.raises(SignInRefused):
            await signing_in

    async def test_other_units_end_every_session_and_the_next_has_them(self, house: AccountsHouse) -> None:
        """What a session was begun for never changes under it; the password stays, and so does a disable."""
        signed_in = await house.accounts.sign_in("åsa", PASSWORD, network=HOME)
        await house.accounts.set_units("Åsa", [ReceiverId("stod")])
        assert await house.accounts.session(signed_in.token) is None
        again = await house.accounts.sign_in("åsa", PASSWORD, network=HOME)
        assert again.session.units == {"stod"}
        await house.accounts.disable("åsa")
        await house.accounts.set_units("åsa", [ReceiverId("mottagningen")])
        assert (await house.accounts.named("Åsa")).disabled
        await fail(house, 1)

    async def test_reset_ends_every_session_and_lets_back_in(self, house: AccountsHouse) -> None:
        """The old password and the old session are dead; the new password works, also after a disable."""
        signed_in = await house.accounts.sign_in("åsa", PASSWORD, network=HOME)
        await house.accounts.disable("åsa")
        await house.accounts.reset("åsa", "tio röda cyklar")
        assert await house.accounts.session(signed_in.token) is None
        with pytest.raises(SignInRefused):
            await house.accounts.sign_in("åsa", PASSWORD, network=HOME)
        await house.accounts.sign_in("åsa", "tio röda cyklar", network=HOME)

    async def test_add_refuses_what_is_unfit(self, house: AccountsHouse) -> None:
        """Names that are taken or invisible, and passwords that are short or no text, are refused."""
        for name, password, refusal in (
            ("ÅSA", PASSWORD, NameTaken),
            ("", PASSWORD, NameUnfit),
            ("a\0b", PASSWORD, NameUnfit),
            ("x" * 65, PASSWORD, NameUnfit),
            ("cilla", "kort", PasswordUnfit),
            ("cilla", "Iloveyou2026", PasswordGuessable),
            ("cilla", "cilla cilla 1985", PasswordGuessable),
            ("cilla", "sparven2026", PasswordGuessable),
            ("cilla", "x" * 257, PasswordUnfit),
            ("cilla", "\ud800" * 12, PasswordUnfit),
        ):
            with pytest.raises(refusal):
                await house.accounts.add(name, password, StaffRole.OPERATOR, [])
        assert [account.name for account in await house.accounts.list()] == ["åsa"]

    async def test_unknown_account_is_named_so_to_administrators(self, house: AccountsHouse) -> None:
        """The command line hears that there is no such account."""
        for name in ("nobody", "\0"):
            with pytest.raises(NoSuchAccount):
                await house.accounts.disable(name)
            with pytest.raises(NoSuchAccount):
                await house.accounts.reset(name, PASSWORD)


class TestBackoff:
    async def test_wait_grows_and_is_capped(self, house: AccountsHouse) -> None:
        """After three failures the waits are 1, 2, 4 … and never more than 60 seconds."""
        await fail(house, 3)
        waits = []
        for _ in range(9):
            with pytest.raises(TooMany) as refused:
                await house.accounts.sign_in("åsa", PASSWORD, network=HOME)
            waits.append(refused.value.retry_after)
            house.clock.go_on(seconds=refused.value.retry_after)
            await fail(house, 1)
        assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]

    async def test_refused_attempt_is_not_looked_at_and_makes_nothing_longer(
        self, house: AccountsHouse
    ) -> None:
        """Trying during a wait checks no password, and the wait ends when it was said to."""
        await fail(house, 3)
        checked = len(house.passwords.checked)
        for _ in range(50):
            with pytest.raises(TooMany):
                await house.accounts.sign_in("åsa", PASSWORD, network=HOME)
        assert len(house.passwords.checked) == checked
        house.clock.go_on(seconds=1)
        await house.accounts.sign_in("åsa", PASSWORD, network=HOME)

    async def test_attacker_elsewhere_locks_nobody_out(self, house: AccountsHouse) -> None:
        """Whatever others do with her name, her own network keeps its three tries, and then a minute."""
        for number in range(100):
            await fail(house, 3, network=number.to_bytes(3, "big"))
        await house.accounts.sign_in("åsa", PASSWORD, network=HOME)
        await fail(house, 3)
        house.clock.go_on(seconds=30)
        await fail(house, 3, network=AWAY)
        house.clock.go_on(seconds=30)
        await house.accounts.sign_in("åsa", PASSWORD, network=HOME)

    async def test_unknown_names_wait_alike(self, house: AccountsHouse) -> None:
        """Backoff does not tell whether an account exists."""
        await fail(house, 3, name="nobody")
        with pytest.raises(TooMany) as refused:
            await house.accounts.sign_in("nobody", "wrong", network=HOME)
        assert refused.value.retry_after == 1

    async def test_network_that_tries_many_names_waits_longer(self, house: AccountsHouse) -> None:
        """Failures with other names from the same network raise the wait of a name that has failed there."""
        for number in range(9):
            await fail(house, 3, name=f"name{number}")
        with pytest.raises(TooMany) as refused:
            await house.accounts.sign_in("name0", "wrong", network=HOME)
        assert refused.value.retry_after == 60
        await house.accounts.sign_in("åsa", PASSWORD, network=HOME)

    async def test_success_and_time_forgive(self, house: AccountsHouse) -> None:
        """A sign-in clears the name, an hour clears everything, and so does midnight."""
        await fail(house, 2)
        await house.accounts.sign_in("åsa", PASSWORD, network=HOME)
        await fail(house, 3)
        house.clock.go_on(hours=1)
        await fail(house, 3)
        house.clock.go_on(hours=1, minutes=20)
        await fail(house, 3)

    async def test_many_at_one_moment_do_not_slip_through(self, house: AccountsHouse) -> None:
        """Of fifty guesses sent together, three are looked at."""
        attempts = [house.accounts.sign_in("åsa", "wrong", network=HOME) for _ in range(50)]
        said = await asyncio.gather(*attempts, return_exceptions=True)
        assert sum(isinstance(error, SignInRefused) for error in said) == 3
        assert len(house.passwords.checked) == 3

    async def test_network_does_not_fill_the_queue(self, house: AccountsHouse) -> None:
        """Of many names tried at once from one network, eight are looked at; others are not held up."""
        house.passwords.wait_for = asyncio.Event()
        tries = [asyncio.create_task(house.accounts.sign_in(f"n{n}", "x", network=HOME)) for n in range(30)]
        for _ in range(8):
            await house.passwords.asked.get()
        signing_in = asyncio.create_task(house.accounts.sign_in("åsa", PASSWORD, network=AWAY))
        house.passwords.wait_for.set()
        await signing_in
        said = await asyncio.gather(*tries, return_exceptions=True)
        assert sum(isinstance(error, SignInRefused) for error in said) == 8

    async def test_full_queue_counts_against_nobody(self, house: AccountsHouse) -> None:
        """What the server could not look at is no failure."""
        house.passwords.full = True
        for _ in range(5):
            with pytest.raises(Busy):
                await house.accounts.sign_in("åsa", PASSWORD, network=HOME)
        house.passwords.full = False
        await house.accounts.sign_in("åsa", PASSWORD, network=HOME)

    async def test_network_without_limits_never_waits(self, tmp_path: Path) -> None:
        """The demo's own machine may fail as often as it likes."""
        (tmp_path / "demo").mkdir()
        async with opened(tmp_path / "demo", limits=lambda network: network != HOME) as demo:
            await fail(demo, 10)
            await fail(demo, 3, network=AWAY)
            with pytest.raises(TooMany):
                await demo.accounts.sign_in("åsa", "wrong", network=AWAY)


class TestSignInForm:
    async def test_form_belongs_to_its_cookie(self, house: AccountsHouse) -> None:
        """Only the two halves that were given together fit."""
        one, other = house.accounts.sign_in_form(None), house.accounts.sign_in_form("nothing")
        assert house.accounts.is_own_form(one.cookie, one.csrf)
        for cookie, csrf in (
            (one.cookie, other.csrf),
            (other.cookie, one.csrf),
            (one.cookie, ""),
            (one.cookie, one.cookie),
            (None, one.csrf),
            ("", ""),
            (one.cookie, "\ud800"),
        ):
            assert not house.accounts.is_own_form(cookie, csrf)

    async def test_form_keeps_a_good_cookie(self, house: AccountsHouse) -> None:
        """Two tabs of one browser can both be sent."""
        form = house.accounts.sign_in_form(None)
        assert house.accounts.sign_in_form(form.cookie) == form

    async def test_form_dies_with_its_daily_key(self, house: AccountsHouse) -> None:
        """A form from days ago is not taken any more."""
        form = house.accounts.sign_in_form(None)
        house.keys.gone.add(house.keys.today(house.clock.now())[0])
        assert not house.accounts.is_own_form(form.cookie, form.csrf)
