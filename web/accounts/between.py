# SPDX-License-Identifier: EUPL-1.2
"""What is known between the password and the code of a sign-in, held by nobody but the page.

The form with the code brings it back: whose password was right, until when that counts, and a mark under a
key derived from the daily key. The mark also covers the browser's pre-session cookie and the password's hash:
on another browser, or after the password has changed, it is nothing. The password itself is in no page.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Final

from web.accounts.account import Account, AccountId, is_account_id

LASTS: Final = timedelta(minutes=5)


def new_step(account: Account, cookie: str, day_key: bytes, now: datetime) -> str:
    """Return what the form carries."""
    expires = int((now + LASTS).timestamp())
    return f"{account.id}.{expires}.{_mark(account, cookie, day_key, expires)}"


def account_of(step: str) -> AccountId | None:
    """Return whose it says it is, not yet believed; None when it is malformed."""
    parts = step.split(".")
    return AccountId(parts[0]) if len(parts) == 3 and step.isascii() and is_account_id(parts[0]) else None


def is_good(step: str, account: Account, cookie: str, day_key: bytes, now: datetime) -> bool:
    """Tell whether it is ours, of this browser, of the password that the account has, and not too old."""
    _, expires, mark = step.split(".")
    if not expires.isdecimal() or len(expires) > 12:
        return False
    right = _mark(account, cookie, day_key, int(expires))
    return hmac.compare_digest(right, mark) and now.timestamp() < int(expires)


def _mark(account: Account, cookie: str, day_key: bytes, expires: int) -> str:
    key = hmac.digest(day_key, b"jourchatt sign-in step", hashlib.sha256)
    said = "\0".join((account.id, cookie, account.password_hash, str(expires)))
    return hmac.digest(key, said.encode(), hashlib.sha256).hex()
