# SPDX-License-Identifier: EUPL-1.2
"""The token of forms that no cookie goes with: whose it is, and for how long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from web.visitor import ticket_form
from web.visitor.ticket_form import LIVES_H, TicketForms

EVENING = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)


class Clock:
    """Stands still until a test moves it."""

    moment = EVENING

    def now(self) -> datetime:
        """Return the moment."""
        return self.moment

    def trusted(self) -> bool:
        """Nothing is wrong with it."""
        return True

    async def sleep(self, seconds: float) -> None:
        """Nobody sleeps here."""
        raise NotImplementedError


class Numbers:
    """Other bytes each time."""

    def __init__(self, first: int = 1) -> None:
        self._next = count(first)

    def bytes(self, length: int) -> bytes:
        """Return the next number."""
        return next(self._next).to_bytes(length)


def test_token_is_ours_for_its_own_page_alone() -> None:
    """The empty page's token is not a visit's, nor is one visit's another's; no two are alike."""
    forms = TicketForms(Clock(), Numbers())
    empty, first = forms.new(), forms.new("first")
    assert (forms.is_own(empty), forms.is_own(first, "first")) == (True, True)
    assert not forms.is_own(empty, "first")
    assert not forms.is_own(first)
    assert not forms.is_own(first, "second")
    assert forms.new() != empty
    assert "first" not in first


@pytest.mark.parametrize("broken", ["", "x", "=", "å", "A" * 43, "A" * 10_000, "\0", "\ud800"])
def test_broken_token_is_nobodys(broken: str) -> None:
    """Whatever it is, it is no error."""
    forms = TicketForms(Clock(), Numbers())
    assert not forms.is_own(broken)
    assert forms.opened(broken) is None


def test_token_of_another_process_is_not_ours() -> None:
    """Each has a key of its own, and so has each start."""
    token = TicketForms(Clock(), Numbers()).new()
    assert not TicketForms(Clock(), Numbers(1_000)).is_own(token)


def test_every_changed_character_is_found() -> None:
    """Neither the hour nor the rest can be made up."""
    forms = TicketForms(Clock(), Numbers())
    token = forms.new()
    for place in range(len(token) - 1):  # the last one holds two bits that mean nothing
        other = "A" if token[place] != "A" else "B"
        assert not forms.is_own(token[:place] + other + token[place + 1 :])


def test_token_lives_half_a_day() -> None:
    """It is good over midnight, and not for ever; a clock that was set back makes none from the future."""
    clock = Clock()
    forms = TicketForms(clock, Numbers())
    token = forms.new()
    clock.moment = EVENING + timedelta(hours=LIVES_H)
    assert forms.is_own(token)
    clock.moment = EVENING + timedelta(hours=LIVES_H + 1)
    assert not forms.is_own(token)
    clock.moment = EVENING - timedelta(hours=1)
    assert not forms.is_own(token)


def test_what_a_form_opened_is_known_as_long_as_it_is_good() -> None:
    """Also when the visit is over; then both are forgotten."""
    clock = Clock()
    forms = TicketForms(clock, Numbers())
    token = forms.new()
    assert forms.opened(token) is None
    forms.note_opened(token, "visit")
    assert forms.opened(token) == "visit"
    clock.moment = EVENING + timedelta(hours=LIVES_H + 1)
    forms.note_opened(forms.new(), "another")
    assert forms.opened(token) is None


def test_form_that_was_used_late_is_remembered_for_as_long_as_it_is_good() -> None:
    """What is forgotten goes by when it was opened: no form that is good is among it."""
    clock = Clock()
    forms = TicketForms(clock, Numbers())
    early = forms.new()
    clock.moment = EVENING + timedelta(hours=LIVES_H - 1)
    late = forms.new()
    forms.note_opened(early, "early")
    forms.note_opened(late, "late")
    clock.moment = EVENING + timedelta(hours=2 * LIVES_H - 1)
    forms.note_opened(forms.new(), "another")
    assert forms.is_own(late)
    assert forms.opened(late) == "late"


def test_only_so_many_forms_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest: a flood of starts costs a bounded place, and each of them the same time."""
    monkeypatch.setattr(ticket_form, "MOST", 2)
    forms = TicketForms(Clock(), Numbers())
    tokens = [forms.new() for _ in range(3)]
    for number, token in enumerate(tokens):
        forms.note_opened(token, str(number))
    assert [forms.opened(token) for token in tokens] == [None, "1", "2"]
