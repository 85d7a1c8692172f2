# SPDX-License-Identifier: EUPL-1.2
"""The paper on all of Sweden says what follows from the figures that stand beside it."""

from __future__ import annotations

from bench.sweden import BEGIN, DOCS, END, breaks, draw, measured, tables, work_out


def test_scale_page_is_up_to_date() -> None:
    """Tables and picture are those of `docs/scale.json`; `python -m bench.sweden` writes them anew."""
    costs = measured()
    page = (DOCS / "scale.md").read_text(encoding="utf-8")
    told = page.partition(BEGIN)[2].partition(END)[0]
    assert told == f"\n{tables(costs)}\n", "docs/scale.md is stale"
    assert (DOCS / "scale.svg").read_text(encoding="utf-8") == draw(costs), "docs/scale.svg is stale"


def test_scale_grows_as_it_must() -> None:
    """Ten times the country is ten times the messages; whatever gives way by then, gives way in order."""
    costs = measured()
    one, ten = work_out(costs, 1), work_out(costs, 10)
    assert (ten.messages_s, ten.sockets, ten.rows_day) == (
        10 * one.messages_s,
        10 * one.sockets,
        10 * one.rows_day,
    )
    assert one.processes >= 2
    assert ten.servers <= ten.processes * 0.5
    times = [at for _, at in breaks(costs)]
    assert times == sorted(times)
    assert times[0] > 1, "it does not carry the country"
