# SPDX-License-Identifier: EUPL-1.2
"""Which figures of a goal may be shown."""

from __future__ import annotations

import pytest

from handover.goals import shown


@pytest.mark.parametrize(("figure", "expected"), [(0, None), (1, None), (4, None), (5, 5), (120, 120)])
def test_figure_under_five_is_not_shown(figure: int, expected: int | None) -> None:
    """Nor is nought told from four."""
    assert shown(figure) == expected
