# SPDX-License-Identifier: EUPL-1.2
"""What is answered when the store is away: a page to a person of the staff, a word to a program."""

from __future__ import annotations

from html import unescape

import pytest

from chat.errors import Unavailable
from tests.web.running import Running
from web.accounts.service import Accounts

HTML = {"Accept": "text/html,application/xhtml+xml"}


@pytest.fixture(autouse=True)
def away(monkeypatch: pytest.MonkeyPatch) -> None:
    """No sign-in can be looked up or made."""

    async def fails(*_: object) -> None:
        raise Unavailable("the store is away")

    monkeypatch.setattr(Accounts, "session", fails)
    monkeypatch.setattr(Accounts, "sign_in", fails)


@pytest.mark.parametrize("path", ["/supervisor", "/console", "/staff/site?lang=sv"])
async def test_person_of_the_staff_gets_a_page(run: Running, path: str) -> None:
    """It says that it is not their doing and leads back to where they were; the fault has its number."""
    answer = await run.get(path, headers=HTML)
    assert answer.status_code == 503
    assert answer.headers["content-type"].startswith("text/html")
    page = unescape(answer.text)
    assert "Det går inte att nå allt just nu" in page
    assert f'href="{path}"' in page
    assert "unavailable" not in page
    assert "Felet har numret" in page
    english = unescape((await run.get(f"{path.partition('?')[0]}?lang=en", headers=HTML)).text)
    assert "Not everything can be reached right now" in english


async def test_program_gets_a_word(run: Running) -> None:
    """The board's own script, and whatever else asks for no page."""
    answer = await run.get("/supervisor/board")
    assert (answer.status_code, answer.text.split()[0]) == (503, "unavailable")
    assert answer.headers["content-type"].startswith("text/plain")
