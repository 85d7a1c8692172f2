# SPDX-License-Identifier: EUPL-1.2
"""What can go wrong with a database at the start, each as one plain sentence for whoever runs the server.

Fault
├── CannotOpen      the database file or server cannot be used at all
├── SchemaTooNew    the database was written by a newer version of the program
├── NotEmpty        a backup is to be put into a database that holds something
└── DoesNotFit      rows break the rules of their tables
"""

from __future__ import annotations

from chat.errors import Fault


class CannotOpen(Fault):
    """The database cannot be used at all. Its text is one sentence that names the place and the reason."""


class SchemaTooNew(Fault):
    """The database was written by a newer version of the program."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"The database was written by a newer version of Jourchatt (schema {revision}): "
            "install that version, or restore a backup made by this one."
        )
        self.revision = revision


class NotEmpty(Fault):
    """A backup is to be put into a database that holds something already; nothing has changed."""

    def __init__(self, place: str) -> None:
        super().__init__(f"The database {place} is not empty: a backup is only put into an empty one.")


class DoesNotFit(Fault):
    """Rows break the rules of their tables; nothing has changed. The text names none of their values."""

    def __init__(self, table: str) -> None:
        super().__init__(f"What is in the backup does not fit into the table {table}; nothing has changed.")
