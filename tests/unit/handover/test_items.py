# SPDX-License-Identifier: EUPL-1.2
"""What can be handed over: an item is there or it is not, and what is not named leaves no trace."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.errors import TracksMeet
from handover.items import IDENTITY, Contact, ContactWay, Content, Item
from handover.receivers import Reach
from tests.unit.handover.making import CLINIC, CONTENT, INTAKE, OTHER_TRACK

WHOLE = msgspec.structs.replace(CONTENT, name="Kim", reach="070-174 06 05")


def test_every_item_is_a_field_and_every_field_an_item() -> None:
    """In the same order: the order of the page."""
    assert tuple(Item) == Content.__struct_fields__
    assert WHOLE.items() == set(Item)


@given(st.sets(st.sampled_from(sorted(Item))))
def test_only_keeps_what_is_named(items: set[Item]) -> None:
    """And nothing else, in no form."""
    kept = WHOLE.only(items)
    assert kept.items() == items
    assert all(kept[item] == WHOLE[item] for item in items)
    raw = msgspec.json.decode(msgspec.json.encode(kept))
    assert set(raw) == {item.value for item in items}


def test_no_field_can_name_the_other_person() -> None:
    """The items are these, and none of them is for that: one more needs a decision."""
    assert {item.value for item in Item} == {
        "want",
        "summary",
        "forms",
        "relation",
        "children",
        "danger",
        "called_112",
        "messages",
        "contact",
        "name",
        "reach",
    }
    assert {item.value for item in IDENTITY} == {"name", "reach"}


def test_texts_are_all_free_texts() -> None:
    """Each that somebody may have written something into, with its item; and it can be replaced."""
    found = dict(WHOLE.texts())
    assert set(found) == {Item.WANT, Item.SUMMARY, Item.DANGER, Item.NAME, Item.REACH, Item.CONTACT}
    for item in found:
        assert dict(WHOLE.with_text(item, "annat").texts())[item] == "annat"
    assert WHOLE.with_text(Item.CONTACT, "kväll").contact == Contact(ContactWay.CODE, "kväll")


def test_reach_never_holds_both_tracks() -> None:
    """In the type: there is no such value."""
    assert Reach.of([INTAKE, CLINIC]).track is INTAKE.track
    assert Reach.of([]).track is None
    with pytest.raises(TracksMeet):
        Reach.of([INTAKE, OTHER_TRACK])
