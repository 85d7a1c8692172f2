# SPDX-License-Identifier: EUPL-1.2
"""The CSRF token of her page's forms, where there is no session and no cookie to bind one to.

A token says in which hour a page of ours was given out, and for which visit; its HMAC is under a key of this
process, which holds the visits too. It proves that a form came from a page that we have given out not long
ago, not to which browser: that a page of ours is what sends it is for the Origin check (`web/security.py`),
and the two are asked together. Without a code or the name of a visit a forged form could only show the empty
page.

Of a form that has opened something it is known what, by a name that opens nothing itself, for as long as the
form is good. Without scripts a browser keeps what was posted, and offers to post it again to whoever goes
back and reloads after she has left: with that visit, the form is over too. A restart ends both.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import datetime
from typing import Final

from chat.ids import Randomness
from chat.ports import Clock

LIVES_H: Final = 12
"""Hours after which a page has lain too long: the code is then typed on a new one."""

MOST: Final = 100_000
"""So many forms are remembered at most, the newest: some 20 MB, for which it takes ten a second for hours."""

_HOUR, _NONCE, _MAC = 4, 12, 16


class TicketForms:
    """Gives out tokens and knows them again."""

    def __init__(self, clock: Clock, randomness: Randomness) -> None:
        self._clock = clock
        self._randomness = randomness
        self._key = randomness.bytes(32)
        self._opened: dict[bytes, tuple[str, int]] = {}
        """What a form has opened, and in which hour: the oldest first."""

    def new(self, visit: str = "") -> str:
        """Return a token for the forms of one page; `visit` names the visit that the page belongs to."""
        said = _hours(self._clock.now()).to_bytes(_HOUR, "big") + self._randomness.bytes(_NONCE)
        return base64.urlsafe_b64encode(said + self._mac(said, visit)).rstrip(b"=").decode()

    def is_own(self, token: str, visit: str = "") -> bool:
        """Tell whether we gave out this token, for this visit, and not too long ago."""
        raw = _read(token)
        if raw is None:
            return False
        said, mac = raw[:-_MAC], raw[-_MAC:]
        return hmac.compare_digest(mac, self._mac(said, visit)) and self._is_good(said)

    def opened(self, token: str) -> str | None:
        """Return the name of the visit that this form has opened, whether or not it goes on."""
        name, _ = self._opened.get(_read(token) or b"", (None, 0))
        return name

    def note_opened(self, token: str, visit: str) -> None:
        """Remember the visit that this form has opened, by a name that is no key to anything."""
        now = _hours(self._clock.now())
        while self._opened:
            oldest = next(iter(self._opened))
            _, hour = self._opened[oldest]
            # No form is given out after it was used, so what it opened is remembered for long enough.
            if len(self._opened) < MOST and now - hour <= LIVES_H:
                break
            del self._opened[oldest]
        if raw := _read(token):
            self._opened[raw] = visit, now

    def _is_good(self, said: bytes) -> bool:
        return 0 <= _hours(self._clock.now()) - int.from_bytes(said[:_HOUR], "big") <= LIVES_H

    def _mac(self, said: bytes, visit: str) -> bytes:
        return hmac.digest(self._key, said + visit.encode("utf-8", "surrogatepass"), hashlib.sha256)[:_MAC]


def _read(token: str) -> bytes | None:
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == _HOUR + _NONCE + _MAC else None


def _hours(moment: datetime) -> int:
    return int(moment.timestamp()) // 3_600
