# SPDX-License-Identifier: EUPL-1.2
"""The paper on all of Sweden says what follows from the figures that stand beside it."""

from __future__ import annotations

from bench.sweden import DOCS, Costs, breaks, draw, marks, measured, parts, work_out


def test_scale_page_is_up_to_date() -> None:
    """Tables and picture are those of `docs/scale.json`; `python -m bench.sweden` writes them anew."""
    found = measured()
    page = (DOCS / "scale.md").read_text(encoding="utf-8")
    for part, inside in parts(found).items():
        begin, end = marks(part)
        assert page.partition(begin)[2].partition(end)[0] == f"\n{inside}\n", f"{part}: stale"
    assert (DOCS / "scale.svg").read_text(encoding="utf-8") == draw(Costs.of(found)), (
        "docs/scale.svg is stale"
    )


def test_scale_grows_as_it_must() -> None:
    """Ten times the country is ten times the messages; whatever gives way by then, gives way in order."""
    costs = Costs.of(measured())
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
