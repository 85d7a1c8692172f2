# SPDX-License-Identifier: EUPL-1.2
"""A contact list under changes: what fits is done, what does not is refused and changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.errors import Incomplete
from handover.letters import MOST_CONTACTS, ContactLine, ContactList, ContactStatus
from web.receiver.contact_list import CannotChange, Unfit, added, changed, moved, without

ABC = ContactList(tuple(map(ContactLine, "abc")))


def names(contacts: ContactList) -> str:
    """Return the names in their order."""
    return "".join(line.name for line in contacts.lines)


def test_added_names_stand_last_and_empty_ones_are_left_out() -> None:
    """One line for each name, planned and without a note."""
    after = added(ABC, ["d", "  ", " e "])
    assert names(after) == "abcde"
    assert after.lines[-1] == ContactLine("e", ContactStatus.PLANNED, "")


@pytest.mark.parametrize(
    ("new", "why"),
    [([], Unfit.NAME), ([" "], Unfit.NAME), (["x" * 121], Unfit.TOO_LONG), (["x"] * 58, Unfit.TOO_MANY)],
)
def test_added_refuses_what_does_not_fit(new: list[str], why: Unfit) -> None:
    """The reason is one that a page has words for."""
    with pytest.raises(CannotChange) as refused:
        added(ABC, new)
    assert refused.value.why is why


def test_changed_line_is_another_and_the_rest_stays() -> None:
    """Name, status and note of one line."""
    after = changed(ABC, 1, " B ", "done", " klart ")
    assert after.lines[1] == ContactLine("B", ContactStatus.DONE, "klart")
    assert names(after) == "aBc"
    for at, name, status, note in ((3, "x", "done", ""), (-1, "x", "done", ""), (0, "x", "gone", "")):
        with pytest.raises(Incomplete):
            changed(ABC, at, name, status, note)
    for name, note in (("", ""), ("x" * 121, ""), ("x", "n" * 201)):
        with pytest.raises(CannotChange):
            changed(ABC, 0, name, "done", note)


@pytest.mark.parametrize(
    ("at", "to", "order"),
    [(0, 2, "bca"), (2, 0, "cab"), (1, 1, "abc"), (0, -5, "abc"), (0, 99, "bca"), (2, 99, "abc")],
)
def test_moved_line_stands_as_near_as_there_is_a_place(at: int, to: int, order: str) -> None:
    """The others keep their order."""
    assert names(moved(ABC, at, to)) == order


def test_without_takes_out_one() -> None:
    """And no line that is not there."""
    assert names(without(ABC, 1)) == "ac"
    with pytest.raises(Incomplete):
        without(ABC, 3)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-1, 61), st.integers(-1, 61)), max_size=40))
def test_list_never_grows_beyond_its_bound_or_loses_a_line(steps: list[tuple[int, int, int]]) -> None:
    """Whatever is asked in whatever order, a list stays one, and only what is added or taken out counts."""
    contacts, expected = ABC, 3
    for what, at, to in steps:
        try:
            if what == 0:
                contacts = added(contacts, [f"n{at}"] * 5)
                expected += 5
            elif what == 1:
                contacts = without(contacts, at)
                expected -= 1
            elif what == 2:
                contacts = moved(contacts, at, to)
            else:
                contacts = changed(contacts, at, f"c{to}", "done", "")
        except (CannotChange, Incomplete):
            pass
        assert len(contacts.lines) == expected <= MOST_CONTACTS
