# SPDX-License-Identifier: EUPL-1.2
"""The CSRF token of a form that changes nothing and knows nobody: where there is no session to bind one to.

It says on which day a page of ours was given out, under a key derived from that day's key: every process of
the house accepts what another one gave out, also after a restart, and nothing is stored. It proves that the
form is ours; that one of our own pages sends it is for the Origin check, and the two are asked together.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import datetime
from typing import Final

from chat.ids import Randomness
from chat.ports import DailyKeys

_DAY: Final = 2
_NONCE: Final = 14
_SAID: Final = _DAY + _NONCE
_DIGEST: Final = 16


def new_token(keys: DailyKeys, now: datetime, randomness: Randomness) -> str:
    """Return a token for one form."""
    day, key = keys.today(now)
    said = day.to_bytes(_DAY, "big") + randomness.bytes(_NONCE)
    return base64.urlsafe_b64encode(said + _mac(key, said)).rstrip(b"=").decode()


def is_own(token: str, keys: DailyKeys) -> bool:
    """Tell whether a token is ours and the key of its day is still there."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return False
    if len(raw) != _SAID + _DIGEST:
        return False
    key = keys.for_day(int.from_bytes(raw[:_DAY], "big"))
    return key is not None and hmac.compare_digest(raw[_SAID:], _mac(key, raw[:_SAID]))


def _mac(day_key: bytes, said: bytes) -> bytes:
    key = hmac.digest(day_key, b"jourchatt form", hashlib.sha256)
    return hmac.digest(key, said, hashlib.sha256)[:_DIGEST]
