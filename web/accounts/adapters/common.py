# SPDX-License-Identifier: EUPL-1.2
"""The commonest passwords, from the list that the package zxcvbn carries. Nobody is asked over a network."""

from __future__ import annotations

from functools import cache


@cache
def common_passwords() -> frozenset[str]:
    """Return them in small letters: 30,000, read at the first call, which takes a tenth of a second."""
    # Here, because most processes never need it.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # type: ignore[import-untyped]  # noqa: PLC0415

    return frozenset(FREQUENCY_LISTS["passwords"])
