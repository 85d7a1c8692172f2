# SPDX-License-Identifier: EUPL-1.2
"""The store in a SQL database: one set of tables, SQLite now and PostgreSQL behind the same statements.

Knows ciphertexts, states and times; no key and no readable word ever comes here.
"""
