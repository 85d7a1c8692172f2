# SPDX-License-Identifier: EUPL-1.2
"""What a form adds to the counters: what was ticked, what was left open, and nothing else."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import String

from chat.adapters.sql.tables import counter as table
from chat.errors import OtherVocabulary
from chat.ids import ServiceId, Track
from chat.statistics import Counted
from chat.violence import ViolenceForm
from chat.wrapping_up import (
    THEMES,
    AgeBand,
    Channel,
    Outcome,
    RelationTold,
    Theme,
    WrapUp,
    counters,
    counts_of,
)

LINDEN = ServiceId("linden")
K = TypeVar("K", bound=StrEnum)
TODAY = date(2026, 11, 18)
TRACKS = st.sampled_from(list(Track))


def one_of(kind: type[K]) -> st.SearchStrategy[K | None]:
    """Return one answer of a kind, or none."""
    return st.none() | st.sampled_from(list(kind))


@st.composite
def forms(draw: st.DrawFn) -> tuple[WrapUp, Track]:
    """Return any form that is accepted, with answers given twice among them."""
    track = draw(TRACKS)
    told = WrapUp(
        service=LINDEN,
        channel=draw(st.sampled_from(list(Channel))),
        violence=tuple(draw(st.lists(st.sampled_from(list(ViolenceForm)), max_size=9))),
        relation=draw(one_of(RelationTold)),
        themes=tuple(draw(st.lists(st.sampled_from(THEMES[track]), max_size=10))),
        outcome=draw(one_of(Outcome)),
        age_band=draw(one_of(AgeBand)),
    )
    return told, track


@given(forms())
def test_form_adds_one_for_each_answer_and_nothing_else(form: tuple[WrapUp, Track]) -> None:
    """Written out here once more, by hand: the rules of the page."""
    told, track = form
    wanted = {f"told_channel_{told.channel.value}"}
    wanted |= {f"told_violence_{each.value}" for each in told.violence} or {"told_violence_untold"}
    wanted |= {f"told_theme_{each.value}" for each in told.themes} or {"told_theme_untold"}
    wanted.add(f"told_relation_{told.relation.value if told.relation else 'untold'}")
    wanted.add(f"told_outcome_{told.outcome.value if told.outcome else 'untold'}")
    wanted.add(f"told_age_{told.age_band.value if told.age_band else 'untold'}")
    counts = counts_of(told, track, TODAY)
    assert sorted(str(count.name) for count in counts) == sorted(wanted)
    assert {(count.service, count.day, count.by) for count in counts} == {(LINDEN, TODAY, 1)}


@given(forms())
def test_counters_are_those_of_the_page(form: tuple[WrapUp, Track]) -> None:
    """No form adds to a counter that the page does not name."""
    told, track = form
    named = {name for names in counters().values() for name in names}
    assert {count.name for count in counts_of(told, track, TODAY)} <= named


@pytest.mark.parametrize("track", Track)
def test_theme_of_the_other_track_is_refused(track: Track) -> None:
    """Whoever uses violence is asked about other things, and the figures never mix."""
    for theme in set(Theme) - set(THEMES[track]):
        told = WrapUp(service=LINDEN, channel=Channel.CHAT, themes=(THEMES[track][0], theme))
        with pytest.raises(OtherVocabulary):
            counts_of(told, track, TODAY)


def test_every_theme_is_asked_about_and_fits_a_digit() -> None:
    """A theme that no track has could never be ticked; a digit chooses ten at most."""
    assert {theme for themes in THEMES.values() for theme in themes} == set(Theme)
    assert max(len(themes) for themes in THEMES.values()) <= 10
    assert len(ViolenceForm) <= 10


def test_names_fit_the_table_and_are_nobody_elses() -> None:
    """A longer one would be refused by PostgreSQL in the middle of an evening."""
    names = [name for each in counters().values() for name in each]
    column = table.c.name.type
    assert isinstance(column, String)
    assert max(map(len, names)) <= (column.length or 0)
    assert len(set(names)) == len(names)
    assert not set(names) & {each.value for each in Counted}
