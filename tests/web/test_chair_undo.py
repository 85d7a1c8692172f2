# SPDX-License-Identifier: EUPL-1.2
"""Taking back what an organisation has set, one change after the other."""

from __future__ import annotations

import re
from html import unescape

from tests.web.chair import HOURS, OF_OWN, Chair, eva
from tests.web.running import Running

__all__ = ("eva",)


async def test_taking_back_twice_goes_back_two_changes(run: Running, eva: Chair) -> None:
    """Not to and fro between two; the button says what it takes back."""

    async def back() -> tuple[str, str] | None:
        page = unescape((await eva.page("/staff/site/linden?lang=sv")).text)
        found = re.search(r'name="number" value="(\d+)">(Ångra: [^<]+)<', page)
        return (found[1], found[2]) if found is not None else None

    async def goes_back() -> None:
        found = await back()
        assert found is not None
        assert (await eva.sends(f"{OF_OWN}/history", number=found[0])).status_code == 303

    tonight = {"tonight.sv": "Fråga Mona.", "tonight.en": "Ask Mona.", "sure": "other_languages"}
    assert (await eva.sends("/staff/site/linden/hours", **HOURS)).status_code == 303
    assert (await eva.sends("/staff/site/linden/tonight", **tonight)).status_code == 303
    found = await back()
    assert found is not None
    assert found[1].startswith("Ångra: ")
    assert "Kvinnojouren i Vallentuna" in found[1]
    assert "Öppettider" not in found[1]
    await goes_back()
    found = await back()
    assert found is not None
    assert found[1] == "Ångra: Öppettider (Kvinnojouren i Vallentuna)"
    await goes_back()
    assert (await run.get("/status/linden")).json()["open"] is True
    told = unescape((await eva.page(f"{OF_OWN}/history?lang=sv")).text)
    assert "onsdag 03:00–03:01" in told, "each change says to what"
