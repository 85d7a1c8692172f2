# SPDX-License-Identifier: EUPL-1.2
"""What organisations have set, read without making or changing anything.

Owns a look into the database from outside, for whoever only checks an installation. A server uses `sql.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Select

from chat.ids import OrganisationId
from config.overlay import Overlay
from web.chair.adapters.sql import NEWEST
from web.chair.adapters.tables import site_versions

Look = Callable[[Select[Any]], Sequence[Any] | None]
"""Asks the database, as `chat.adapters.sql.peek.look` does."""

_QUERY = NEWEST.with_only_columns(site_versions.c.organisation, site_versions.c.overlay)


def overlays_there_are(look: Look) -> dict[OrganisationId, Overlay]:
    """Return what each organisation has set; nothing when there is no database yet, or it cannot be read."""
    try:
        return {OrganisationId(id_): overlay for id_, overlay in look(_QUERY) or ()}
    except ValueError:  # what is stored there is no JSON
        return {}
