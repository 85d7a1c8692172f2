# SPDX-License-Identifier: EUPL-1.2
"""Staff before their pages, without a console."""

from __future__ import annotations

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
