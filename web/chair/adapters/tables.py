# SPDX-License-Identifier: EUPL-1.2
"""The table of what organisations have set: one row for a version.

`chat/adapters/migrations/versions/0015_site_versions.py` makes it; a test compares the two. Nothing in it is
about a visitor or a conversation; of those who change the site it keeps the account and the day.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, Integer, MetaData, String, Table

metadata = MetaData()

site_versions = Table(
    "site_versions",
    metadata,
    Column("organisation", String(64), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("account", String(64), nullable=False),
    Column("day", Date, nullable=False),
    Column("overlay", JSON, nullable=False),
)
