# SPDX-License-Identifier: EUPL-1.2
"""What is shown once by a plain `make test`, and again by `make test-all` and CI."""

from __future__ import annotations

from collections.abc import Iterable

import pytest


def once_more(values: Iterable[object]) -> list[object]:
    """Return the values of a parameter; all but the first are marked as thorough."""
    first, *others = values
    return [first, *(pytest.param(other, marks=pytest.mark.thorough) for other in others)]
