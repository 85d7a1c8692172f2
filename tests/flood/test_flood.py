# SPDX-License-Identifier: EUPL-1.2
"""A short flood against a real server; `make flood` is the long one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.flood.flood import Flood, run, summary


@pytest.mark.skipif(sys.platform != "linux", reason="other addresses of this machine are used as on Linux")
async def test_visitor_from_elsewhere_is_queued_while_bots_flood(tmp_path: Path) -> None:
    """Fifty starts a second from one network, and some of them work: everybody else has a place in 3 s."""
    seen = await run(Flood(bots=300, networks=1, workers=20, visitors_every=0.5), tmp_path)
    assert seen.kept, summary(seen)
    assert set(seen.bits) == {0}, "nobody elsewhere is asked for work"
    assert seen.bots["work"] > 200, summary(seen)
