# SPDX-License-Identifier: EUPL-1.2
"""When something of ours fails: a calm page with the way out, and what she wrote is still there."""

from __future__ import annotations

import io
from collections.abc import Collection
from typing import Any

import pytest

from chat.errors import Unavailable
from tests.web.handed import INTAKE, Tickets
from tests.web.ticket_page import comes, with_code

UNSENT = "Det här skrev du. Det är inte skickat:"
CALM = "Det går inte just nu. Vänta en liten stund och försök igen."


class Broken:
    """A store some of whose answers fail; without `names`, all."""

    def __init__(self, store: Any, error: Exception, names: Collection[str] = ()) -> None:
        self._store = store
        self._error = error
        self._names = names

    def __getattr__(self, name: str) -> Any:
        """Return what fails, or what the store does."""
        if self._names and name not in self._names:
            return getattr(self._store, name)

        async def fails(*_: object, **__: object) -> None:
            raise self._error

        return fails


def breaks(at: Tickets, patch: pytest.MonkeyPatch, error: Exception, *names: str) -> None:
    """Let her side of the store fail from now on."""
    stepping = at.run.house.office.pickup.stepping
    patch.setattr(stepping, "store", Broken(stepping.store, error, names))


@pytest.mark.parametrize(("error", "status"), [(Unavailable(), 503), (RuntimeError("disk"), 500)])
async def test_what_she_wrote_is_still_there(
    at: Tickets, monkeypatch: pytest.MonkeyPatch, written: io.StringIO, error: Exception, status: int
) -> None:
    """In a field, with her tick; sent again when it goes, it is sent once. Nothing of it is logged."""
    her = await with_code(at)
    with monkeypatch.context() as patch:
        breaks(at, patch, error)
        await her.presses("Skicka", text="Kan ni ringa Vintergatan?", keep="yes")
        for _ in range(2):
            assert her.status == status
            assert her.headers["retry-after"] == "5"
            assert her.headers["cache-control"] == "no-store"
            assert her.sees(UNSENT)
            assert her.sees(CALM)
            assert "Kan ni ringa Vintergatan?</textarea>" in her.page
            assert "checked" in her.page
            assert "Lämna snabbt" in her.page
            await her.loads_again()
    await her.presses("Skicka", text="Kan ni ringa Vintergatan?", keep="yes")
    assert her.sees("Det är skickat.")
    await at.opens(INTAKE)
    assert await at.letters_of(INTAKE) == ["Kan ni ringa Vintergatan?"]
    assert "Vintergatan" not in written.getvalue()


async def test_text_too_long_is_kept_when_the_page_cannot_be_shown(
    at: Tickets, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was refused, and then the store was away."""
    her = await with_code(at)
    with monkeypatch.context() as patch:
        breaks(at, patch, Unavailable())
        await her.presses("Skicka", text="å" * 2_001)
    assert her.sees(UNSENT)
    assert "å" * 2_001 in her.page


async def test_what_was_sent_is_not_said_to_be_unsent(at: Tickets, monkeypatch: pytest.MonkeyPatch) -> None:
    """It went out, and only then the store was away."""
    her = await with_code(at)
    with monkeypatch.context() as patch:
        breaks(at, patch, Unavailable(), "of_handover")
        await her.presses("Skicka", text="En gång.")
    assert her.status == 503
    assert not her.sees(UNSENT)
    assert her.is_at_the_empty_page()
    await at.opens(INTAKE)
    assert await at.letters_of(INTAKE) == ["En gång."]


async def test_whatever_fails_is_the_empty_page_with_the_way_out(
    at: Tickets, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before a code has opened anything, and after."""
    code = await at.hands_over(INTAKE)
    for typed in (True, False):
        her = comes(at)
        if not typed:
            await her.enters(code)
        with monkeypatch.context() as patch:
            breaks(at, patch, RuntimeError("disk"))
            await (her.enters(code) if typed else her.presses("Se om något har hänt"))
        assert her.status == 500
        assert her.sees(CALM)
        assert her.is_at_the_empty_page()
        assert her.headers["cache-control"] == "no-store"
        assert 'id="exit" href="https://www.smhi.se/"' in her.page
