# SPDX-License-Identifier: EUPL-1.2
"""The one cookie that the chat ever gives her, and the CSRF value that comes from it.

Owns its name and its form: her token and nothing else, for as long as the browser runs; after the end, from
one answer to the next page, the handle of what she is asked. Knows no page.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from web import security
from web.visitor.plain import after
from web.visitor.plain.after import After

NAME: Final = "__Host-place"
"""It says nothing of what it is for."""


def read(request: Request) -> str | None:
    """Return her token; None when there is none, or two: then one is planted."""
    text = security.read_cookie(request, NAME) or ""
    return None if not text or after.read(text) else text


def read_after(request: Request) -> After | None:
    """Return what the answer before this page has left, instead of a token."""
    return after.read(security.read_cookie(request, NAME) or "")


def give(response: Response, token: str) -> None:
    """Let a browser bring the token back, to us alone and never with a request that another site begins."""
    security.give_cookie(response, NAME, token)


def clear(response: Response) -> None:
    """Take it back."""
    security.clear_cookie(response, NAME)


def form_value(token: str) -> str:
    """Return the CSRF value of every form of a conversation; a restart does not change it."""
    digest = hmac.digest(token.encode("utf-8", "replace"), b"jourchatt plain form", hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:18]).decode()


def is_own(token: str, value: str) -> bool:
    """Tell whether a form belongs to the conversation of this token."""
    return hmac.compare_digest(form_value(token).encode(), value.encode("utf-8", "replace"))
