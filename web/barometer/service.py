# SPDX-License-Identifier: EUPL-1.2
"""The answers of an installation: reading them, and giving them.

Owns who may give them. Knows no page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from chat.ids import OrganisationId
from config.barometer import questions
from web.accounts.account import StaffSession
from web.accounts.rights import Deed, may
from web.barometer.answers import Given, answered
from web.barometer.errors import Changed, MayNot
from web.barometer.ports import AnswerStore


def may_answer(session: StaffSession, organisation: OrganisationId) -> bool:
    """Tell whether a sign-in may answer for an organisation."""
    return may(session, Deed.ANSWER_YEARLY) and organisation in session.organisations


class Barometer:
    """The answers of every organisation."""

    def __init__(self, store: AnswerStore) -> None:
        self._store = store

    async def of(self, organisation: OrganisationId, year: int) -> tuple[int, Given]:
        """Return the answers of a year and their version; 0 is nothing yet."""
        return await self._store.load(organisation, year)

    async def answer(  # noqa: PLR0917 - whose, which year, what, and how it is judged
        self,
        session: StaffSession,
        organisation: OrganisationId,
        year: int,
        read: int,
        given: Mapping[str, str],
        tells_who: Callable[[str], bool],
        done: date | None = None,
    ) -> None:
        """Keep the answers of a form. `read` is the version that it was filled in from.

        `done` marks the year as done on that day.

        Raises:
            MayNot: this sign-in may not.
            Done: the year is done.
            Changed: somebody else has changed them since.
            Unfit: an answer cannot be taken.
        """
        if not may_answer(session, organisation):
            raise MayNot
        before = await self._store.load(organisation, year)
        after = answered(before, read, given, questions(), tells_who)
        if not await self._store.save(organisation, year, read, replace(after, done=done)):
            raise Changed
