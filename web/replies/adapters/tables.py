# SPDX-License-Identifier: EUPL-1.2
"""The table of what staff have made of ready replies: one row for a service.

`chat/adapters/migrations/versions/0008_replies.py` makes it; a test compares the two. Nothing in it is
about a person, nor about a conversation.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, Integer, MetaData, String, Table

metadata = MetaData()

replies = Table(
    "replies",
    metadata,
    Column("service", String(64), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("edited", JSON, nullable=False),
)
