# SPDX-License-Identifier: EUPL-1.2
"""Whether a code of six words is shown somewhere."""

from __future__ import annotations


def shows(code: str, text: str) -> bool:
    """Tell whether every word of a code is in a text: one alone may be part of another word."""
    return all(word in text for word in code.split())
