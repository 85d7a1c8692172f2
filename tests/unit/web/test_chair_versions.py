# SPDX-License-Identifier: EUPL-1.2
"""What an organisation has set, version by version: what differs, and what is taken back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chat.ids import OrganisationId
from web.chair.matters import matters_of
from web.chair.version import KEPT, Version, before_last, differences, with_values


def test_versions_differ_in_matters() -> None:
    """What holds nothing leaves nothing behind, so that taking back is the same as never having set."""
    hours, name = ("services", "linden", ("hours",)), ("services", "linden", ("routine", "acute"))
    one = with_values({}, [(hours, "24/7"), (name, {"sv": "x"})])
    assert differences({}, one) == [hours, name]
    assert [(matter.name, id_) for matter, id_ in matters_of(differences({}, one))] == [
        ("hours", "linden"),
        ("routine", "linden"),
    ]
    assert with_values(one, [(hours, None), (name, None)]) == {}
    assert Version(organisation=OrganisationId("x"), number=0).overlay == {}


def said(number: int, what: int) -> Version:
    """Return a version in which one field is set; 0: nothing is."""
    overlay = {"services": {"linden": {"hours": f"Mo {what:02}:00-24:00"}}} if what else {}
    return Version(organisation=OrganisationId("o"), number=number, overlay=overlay)


@given(st.lists(st.one_of(st.none(), st.integers(1, 5)), max_size=40))
def test_taking_back_unwinds_the_changes_one_by_one(steps: list[int | None]) -> None:
    """Whatever is set and taken back: a change that leads to what held before counts as going back to it."""
    kept: list[Version] = []
    held = [0]
    for step in steps:
        before = before_last(kept[::-1])
        assert (before.overlay if before else None) == (said(0, held[-2]).overlay if len(held) > 1 else None)
        if (step is None and before is None) or step == held[-1]:
            continue
        if step is None:
            held.pop()
        elif step in held:
            del held[held.index(step) + 1 :]
        else:
            held.append(step)
        kept.append(said(len(kept) + 1, held[-1]))


def test_what_is_no_longer_kept_is_not_gone_back_to() -> None:
    """Of more changes than are kept the last can be taken back until the oldest that there is."""
    kept = [said(number, number % 23 + 1) for number in range(1, KEPT + 5)][-KEPT:]
    for left in range(KEPT - 1, 0, -1):
        before = before_last(kept[::-1])
        assert before == kept[left - 1]
        kept = [*kept, said(kept[-1].number + 1, 0)]
        kept[-1] = Version(organisation=kept[-1].organisation, number=kept[-1].number, overlay=before.overlay)
    assert before_last(kept[::-1]) is None
