# SPDX-License-Identifier: EUPL-1.2
"""An administrator who loses the role while a form of theirs is on its way: it gives and takes nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from chat.ids import DutyId
from tests.web.peopling import account, given_a_factor, joins, seated
from tests.web.running import Running
from web.accounts.account import AccountId, StaffRole
from web.accounts.ports import Decide


@pytest.mark.parametrize("does", ["invite", "reset", "remove_factor", "take_back"])
async def test_administrator_being_stripped_gives_nothing_more(
    run: Running, does: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the page has let through is decided again where it is stored: both come at the same moment."""
    eva, bo = await seated(run, "eva"), await joins(run, f"bo-{does}", StaffRole.ADMINISTRATOR)
    lena = await joins(run, f"lena-{does}")
    whom, own = await eva.finds(lena.staff.name), await eva.finds(bo.staff.name)
    factors, hers = run.house.accounts.factors, (await account(run, lena.staff.name)).id
    await given_a_factor(run, hers)
    await eva.invites(f"Nils {does}")
    (nils,) = [each for each in await run.house.accounts.invitations.out() if each.label == f"Nils {does}"]
    holders: dict[str, tuple[Any, str]] = {
        "invite": (run.house.accounts.invitations, "add_invitation"),
        "reset": (run.house.accounts.invitations, "add_invitation"),
        "remove_factor": (factors, "remove_factor"),
        "take_back": (run.house.accounts.invitations, "take_back"),
    }
    holder, deed = holders[does]
    original, reached, let = getattr(holder._store, deed), asyncio.Event(), asyncio.Event()

    async def waits(*args: object, **more: object) -> object:
        reached.set()
        await let.wait()
        return await original(*args, **more)

    monkeypatch.setattr(holder._store, deed, waits)
    path, fields = {
        "invite": ("/staff/people/invite", {"label": "ny", "role": "administrator"}),
        "take_back": ("/staff/people/links", {"id": nils.id}),
    }.get(does, (whom, {"do": does}))
    asked = asyncio.create_task(bo.does(path, **fields, **{"organisation.kvinnojouren-vallentuna": "on"}))
    await reached.wait()
    answer = await eva.does(own, do="change", role="operator", service__linden="on")
    assert answer.status_code == 303
    let.set()
    foreign = await asked
    assert foreign.status_code == 403
    out = await run.house.accounts.invitations.out()
    assert (await account(run, bo.staff.name)).id not in {each.made_by for each in out}
    assert nils.id in {each.id for each in out}
    assert await factors._store.factor(hers) is not None


async def test_administrator_who_is_shut_out_meanwhile_shuts_out_nobody(
    run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A form that was let through before does nothing once its sender is disabled."""
    eva, bo = await seated(run, "eva"), await joins(run, "bo-late", StaffRole.ADMINISTRATOR)
    await joins(run, "lena-late")
    whom, own = await eva.finds("lena-late"), await eva.finds("bo-late")
    store, reached, let = run.house.accounts._store, asyncio.Event(), asyncio.Event()
    original, bos = store.alter, (await account(run, "bo-late")).id

    async def waits(id_: AccountId, decide: Decide) -> list[DutyId]:
        if id_ != bos:
            reached.set()
            await let.wait()
        return await original(id_, decide)

    monkeypatch.setattr(store, "alter", waits)
    asked = asyncio.create_task(bo.does(whom, do="disable"))
    await reached.wait()
    assert (await eva.does(own, do="disable")).status_code == 303
    let.set()
    assert (await asked).status_code == 403
    assert not (await account(run, "lena-late")).disabled
