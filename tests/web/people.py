# SPDX-License-Identifier: EUPL-1.2
"""Staff before their pages, without a console."""

from __future__ import annotations

from typing import Any

import httpx

from tests.outside.operator import Operator
from tests.web.running import Running


async def signed_in(run: Running, name: str) -> Operator:
    """Return somebody with a sign-in, an earlier one where there is one: a password takes its time."""
    person = Operator(run.at, run.staff(name))
    run.people.append(person)
    earlier = run.sign_ins.get(name)
    if earlier is not None and await run.session_of(earlier) is not None:
        person.cookies, person.csrf = dict(earlier.cookies), earlier.csrf
    else:
        await person.signs_in()
        run.sign_ins[name] = person
    return person


async def csrf_of(run: Running, person: Operator) -> str:
    """Return what the forms of somebody's pages carry."""
    session = await run.session_of(person)
    assert session is not None
    return session.csrf


async def sends(run: Running, person: Operator, path: str, **fields: Any) -> httpx.Response:
    """Send a form of somebody's own page, unless `fields` have another token."""
    form = {"csrf": await csrf_of(run, person), **fields}
    return await person.request("POST", path, {key: str(value) for key, value in form.items()})
