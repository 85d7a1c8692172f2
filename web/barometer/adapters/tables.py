# SPDX-License-Identifier: EUPL-1.2
"""The table of what organisations have answered: one row for an organisation and a year.

`chat/adapters/migrations/versions/0018_barometer.py` makes it; a test compares the two. Nothing in it is
about a person, nor about a conversation.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, Integer, MetaData, String, Table

metadata = MetaData()

barometer = Table(
    "barometer",
    metadata,
    Column("organisation", String(64), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("given", JSON, nullable=False),
)
