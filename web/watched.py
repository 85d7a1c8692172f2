# SPDX-License-Identifier: EUPL-1.2
"""What only adapters can tell about the running server, as the house holds it for its figures.

Owns the value alone: who reads it is `web/metrics`.
"""

from __future__ import annotations

from dataclasses import dataclass

from chat.watched import Commits, Standings


@dataclass(frozen=True, slots=True)
class Watched:
    """The shared commits of this process, and how everything stands in the store."""

    commits: Commits
    standings: Standings
