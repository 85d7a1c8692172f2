# SPDX-License-Identifier: EUPL-1.2
"""The CSRF token of a form that changes nothing and knows nobody: where there is no session to bind one to.

It is the same for everybody on one day, under a key derived from that day's key: every process of the house
accepts what another one gave out, also after a restart, and nothing is stored. It tells a page of ours that
has not lain for days from anything else; that one of our own pages sends the form is for the Origin check
(`web/security.py`), and the two are asked together.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import datetime
from typing import Final

from chat.ports import DailyKeys

_DAY: Final = 2
_MAC: Final = 16


def new_token(keys: DailyKeys, now: datetime) -> str:
    """Return the token of today's forms."""
    day, key = keys.today(now)
    said = day.to_bytes(_DAY, "big")
    return base64.urlsafe_b64encode(said + _mac(key, said)).rstrip(b"=").decode()


def is_own(token: str, keys: DailyKeys) -> bool:
    """Tell whether a token is ours and the key of its day is still there."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return False
    if len(raw) != _DAY + _MAC:
        return False
    key = keys.for_day(int.from_bytes(raw[:_DAY], "big"))
    return key is not None and hmac.compare_digest(raw[_DAY:], _mac(key, raw[:_DAY]))


def _mac(day_key: bytes, said: bytes) -> bytes:
    key = hmac.digest(day_key, b"jourchatt form", hashlib.sha256)
    return hmac.digest(key, said, hashlib.sha256)[:_MAC]
