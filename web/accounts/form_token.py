# SPDX-License-Identifier: EUPL-1.2
"""The CSRF token of the sign-in form, where there is no session yet to derive one from.

A random value lies in a cookie, and the form carries its HMAC under a key derived from the daily key: whoever
can set or read one of the two cannot make the other. Every process of the house accepts what another one gave
out, also after a restart, and nothing is stored.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field

from chat.ids import Randomness
from chat.sealing import Token


@dataclass(frozen=True, slots=True)
class SignInForm:
    """What a sign-in page sends: `cookie` for the pre-session cookie, `csrf` for the hidden field."""

    cookie: str = field(repr=False)
    csrf: str = field(repr=False)


def new_form(day: int, day_key: bytes, randomness: Randomness) -> SignInForm:
    """Return the two halves for a page that has no pre-session cookie."""
    value = Token.new(day, randomness)
    return SignInForm(value.text(), _other_half(value, day_key))


def form_of(cookie: str | None, keys: Callable[[int], bytes | None]) -> SignInForm | None:
    """Return both halves for a cookie that came back; None when it is malformed or its day's key is gone."""
    value = Token.parse(cookie) if cookie else None
    day_key = keys(value.day) if value else None
    if value is None or day_key is None:
        return None
    return SignInForm(value.text(), _other_half(value, day_key))


def is_own(form: SignInForm | None, csrf: str) -> bool:
    """Tell whether the hidden field belongs to the cookie."""
    return form is not None and hmac.compare_digest(form.csrf.encode(), csrf.encode("utf-8", "surrogatepass"))


def _other_half(value: Token, day_key: bytes) -> str:
    key = hmac.digest(day_key, b"jourchatt sign-in form", hashlib.sha256)
    digest = hmac.digest(key, value.text().encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
