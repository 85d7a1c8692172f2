# SPDX-License-Identifier: EUPL-1.2
"""The multiplied site of the bench."""

from __future__ import annotations

from datetime import date

import pytest

from bench.many_services import multiplied
from web import demo


@pytest.mark.parametrize("count", [1, 3, 4, 280])
def test_site_of_any_size_names_no_service_that_it_lacks(count: int) -> None:
    """Also where it is cut to fewer services than the receivers of the demo know."""
    site = multiplied(demo.demo_site(8000, 3, date(2026, 11, 26)), count)
    assert len(site.services) == count
    assert {host.service for host in site.hosts().values()} <= set(site.services)
