# SPDX-License-Identifier: EUPL-1.2
"""What a site tells whoever begins a shift, and the names that are proposed to them."""

from __future__ import annotations

import pytest

from config.aliases import alias_names
from tests.unit.config.test_moderation import mistakes, service
from web.operator.alias import fit_alias


def test_tonight_and_alone_are_read_by_language() -> None:
    """Both may be left out; what stands there is kept as it is."""
    told = service('tonight = { sv = "Bakjouren har telefon.", en = "Call." }\nalone.sv = "Ett i taget."')
    assert told.tonight == {"sv": "Bakjouren har telefon.", "en": "Call."}
    assert told.alone == {"sv": "Ett i taget."}
    assert (service().tonight, service().alone) == ({}, {})


@pytest.mark.parametrize("line", ['tonight = "hej"', 'tonight.en = "hej"', "alone.sv = 3"])
def test_mistake_in_what_a_shift_is_told_is_named(line: str) -> None:
    """A text without its language, or that is none, is found by `check`."""
    assert mistakes(line)


def test_proposed_names_fit_and_stand_there_once() -> None:
    """Each may be taken as it stands; one of many is nobody in particular."""
    names = alias_names()
    assert len(set(names)) == len(names) >= 30
    assert [fit_alias(name, [service().chat.judge]) for name in names] == [*names]
