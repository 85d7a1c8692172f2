# SPDX-License-Identifier: EUPL-1.2
"""Tells whether a web address has the exact form that the chat can rest on.

Owns the rules for origins and links; must not know whose they are. Each returns what is wrong and how to mend
it, or None.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

_DEFAULT_PORTS = {"https": 443, "http": 80}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\]")

LONGEST: Final = 300
"""Characters of an address: it stands in every page of a chat, and no page's way is longer."""

Wrong = tuple[str, str]
"""What is wrong, and how to mend it."""


def is_loopback(host: str) -> bool:
    """Tell whether a host name means this very machine."""
    return host.strip("[]") in _LOOPBACK


def wrong_origin(text: str) -> Wrong | None:
    """Tell what keeps `text` from being an origin exactly as a browser sends it, or None.

    A browser compares origins letter by letter, so nothing is forgiven here: a slash too many frames nothing.
    """
    if "*" in text:
        return (
            f"“{text}” has a wildcard.",
            "Write each host name out: a wildcard would let strangers frame the chat.",
        )
    parts = _split(text)
    if parts is None or parts.scheme not in _DEFAULT_PORTS or not parts.hostname or len(text) > LONGEST:
        return f"“{text[:60]}” is not an origin.", "Write scheme and host, such as https://www.example.se."
    if not _HOST.fullmatch(_host_part(parts)):
        return (
            f"“{text}” is not as a browser writes it.",
            "Use small letters a-z only (the xn-- form of a name with å, ä, ö).",
        )
    exact = origin_of(text)
    if exact != text:
        return f"“{text}” is more than an origin.", f"Write {exact}."
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        return f"“{text}” is not encrypted.", f"Write https://{text.removeprefix('http://')}."
    return None


def wrong_link(text: str) -> Wrong | None:
    """Tell what keeps `text` from being an https address of a web page, or None."""
    if len(text) > LONGEST:
        return f"“{text[:60]}…” is too long.", f"Write an address of at most {LONGEST} characters."
    parts = _split(text)
    if parts is None or not parts.hostname or parts.scheme not in _DEFAULT_PORTS:
        return f"“{text}” is not a web address.", "Write a whole address, such as https://www.example.se/."
    if parts.scheme != "https":
        return f"“{text}” is not encrypted.", f"Write https://{text.removeprefix('http://')}."
    # What cannot be seen, or turns the letters after it around, shows another address than it leads to.
    if parts.username is not None or not text.isprintable() or re.search(r"[\s\x00-\x1f\"<>\\]", text):
        return f"“{text}” is not a plain web address.", "Remove spaces, quotes and sign-in details from it."
    return None


def origin_of(address: str) -> str:
    """Return the origin of a web address as a browser writes it."""
    parts = urlsplit(address)
    host = _host_part(parts).lower()
    default = parts.port is None or parts.port == _DEFAULT_PORTS.get(parts.scheme)
    return f"{parts.scheme}://{host}" if default else f"{parts.scheme}://{host}:{parts.port}"


def host_of(address: str) -> str:
    """Return the host name of a web address, without brackets."""
    return urlsplit(address).hostname or ""


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        _ = parts.port  # reading it is what checks it
    except ValueError:
        return None
    return parts


def _host_part(parts: SplitResult) -> str:
    """Return the host as it stands in the address, capitals and brackets kept."""
    host = parts.netloc.rpartition("@")[2]
    return re.sub(r":[0-9]*$", "", host)
