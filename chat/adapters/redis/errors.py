# SPDX-License-Identifier: EUPL-1.2
"""What can go wrong with Redis or Valkey.

Fault
├── Unavailable
│   └── RedisAway   it does not answer now, or not in time; trying again may help
└── RedisUnfit      it answers, and must not be used as it is: settings, password, rights
"""

from __future__ import annotations

from chat.errors import Fault, Unavailable


class RedisAway(Unavailable):
    """Redis does not answer now."""


class RedisUnfit(Fault):
    """Redis must not be used as it is. Its text is one sentence that says why and what to do."""
