# SPDX-License-Identifier: EUPL-1.2
"""The way back for somebody whose account was shut because another has the password."""

from __future__ import annotations

from tests.web.peopling import joins, link_in, seated
from tests.web.running import Running
from web.accounts.audit import Audited


async def opened(run: Running) -> int:
    """Return how often an administrator has opened an account."""
    entries = await run.house.audit.entries()
    own = (Audited.ENABLED, "eva")
    return sum(each.times or 0 for each in entries if (each.kind, each.account) == own)


async def test_stolen_password_opens_a_shut_account_never_again(run: Running) -> None:
    """The way back for the person goes past whoever has the password, and past an earlier link."""
    new = "nya glada hundar"
    eva = await seated(run, "eva")
    nora = await joins(run, "nora-stulen")
    path = await eva.finds("nora-stulen")
    earlier = link_in(await eva.does(path, do="reset"))
    assert (await eva.does(path, do="disable")).status_code == 303
    page = (await eva.request("GET", path)).text
    assert page.index("Öppna med nytt lösenord") < page.index("Öppna kontot<")
    before = await opened(run)
    link = link_in(await eva.does(path, do="reset"))
    assert (await nora.enters()).status_code == 403
    dead = await nora.opens(earlier)
    assert dead.status_code == 404
    await nora.opens(link)
    assert (await nora.uses(link, password=new, again=new)).status_code == 200
    assert (await nora.enters()).status_code == 403
    assert (await nora.enters(password=new)).status_code == 303
    assert await opened(run) == before + 1
