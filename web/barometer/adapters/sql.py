# SPDX-License-Identifier: EUPL-1.2
"""The answers of a year in the house's database: implements `AnswerStore`. Knows no answer."""

from __future__ import annotations

import msgspec

from chat.ids import OrganisationId
from web.barometer.adapters.tables import barometer
from web.barometer.answers import Given
from web.database import Database
from web.documents import Documents


class SqlAnswerStore:
    """One document for an organisation and a year."""

    def __init__(self, database: Database) -> None:
        self._documents = Documents(database, barometer, "given")

    async def load(self, organisation: OrganisationId, year: int) -> tuple[int, Given]:
        """Select the row."""
        version, given = await self._documents.load(organisation=organisation, year=year)
        return version, Given() if given is None else msgspec.convert(given, Given)

    async def save(self, organisation: OrganisationId, year: int, version: int, given: Given) -> bool:
        """Insert the first version, or update exactly the one that was read."""
        document = msgspec.to_builtins(given)
        return await self._documents.save(version, document, organisation=organisation, year=year)
