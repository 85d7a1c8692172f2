# SPDX-License-Identifier: EUPL-1.2
"""One run of everything: measures, prints a table, leaves `bench.json` and `speed.svg` in `artefacts`."""

from __future__ import annotations

import argparse
import asyncio
import json
from pathlib import Path

from bench.measure import Effort, measure
from bench.plot import draw
from bench.table import table

ARTEFACTS = Path(__file__).resolve().parents[1] / "artefacts"
QUICK = Effort(
    seconds=2.0,
    sockets=(1_000, 3_000),
    conversations=(10, 100),
    services=(3,),
    returning=500,
    starts=3,
    rounds=2,
    pairs=2,
)
"""Enough to see whether a change helped."""
WHOLE = Effort(
    seconds=5.0,
    sockets=(1_000, 3_000, 10_000),
    conversations=(10, 100, 1_000, 2_000),
    services=(3, 280),
    returning=2_000,
    starts=5,
    rounds=5,
    pairs=10,
)


def main() -> None:
    """Measure, print, keep."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true", help="shorter loads, and no thousands")
    given = arguments.parse_args()
    ARTEFACTS.mkdir(exist_ok=True)
    found = asyncio.run(measure(ARTEFACTS, QUICK if given.quick else WHOLE))
    (ARTEFACTS / "bench.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    (ARTEFACTS / "speed.svg").write_text(draw(found), encoding="utf-8")
    print(table(found))


if __name__ == "__main__":
    main()
