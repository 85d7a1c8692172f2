# SPDX-License-Identifier: EUPL-1.2
"""The picture that a phone scans: read by a reader that is not ours."""

from __future__ import annotations

import pytest

from tests.web.scanning import read
from web.accounts.codes import address
from web.people.picture import picture_of


@pytest.mark.parametrize("name", ["anna", "Åsa Öberg", "a" * 64])
def test_picture_says_the_address_to_whoever_scans_it(name: str) -> None:
    """Also for names with letters beyond ASCII, and for the longest one."""
    told = address("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", name, "Konsol")
    picture = picture_of(told)
    assert read(picture.size, picture.path) == told
