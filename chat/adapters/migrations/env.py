# SPDX-License-Identifier: EUPL-1.2
"""How Alembic runs here: on the connection and in the transaction that `chat.adapters.sql.schema` has opened.

Configures no logging. Knows no table: each version writes its own.
"""

from __future__ import annotations

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transactional_ddl=True, render_as_batch=True)
context.run_migrations()
