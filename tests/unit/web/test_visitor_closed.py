# SPDX-License-Identifier: EUPL-1.2
"""What she is told of a chat that closes soon, or that was closed before its time."""

from __future__ import annotations

import dataclasses

from chat.ids import ServiceId
from tests.unit.web.test_visitor_pages import CLOSED, Installation, demo_site


async def test_chat_that_closes_soon_says_that_none_begins_and_when_it_opens() -> None:
    """After the last chat of the evening there are people in it, and none for her: said as it is."""
    installation = Installation(demo_site())
    installation.lobby.statuses = {"linden": dataclasses.replace(CLOSED, last=True)}
    page = (await installation.get("/chat/linden")).text
    assert "Vi stänger snart, och hinner inte börja fler samtal." in page
    assert "Öppnar i morgon klockan 18:00" in page
    assert "/chat/bron?lang=sv" in page
    installation.lobby.statuses = {"linden": CLOSED}
    assert "Vi stänger snart" not in (await installation.get("/chat/linden")).text


async def test_chat_that_is_closed_by_hand_says_what_its_organisation_says() -> None:
    """In her language where it is there, else in the service's own; and nothing of it while it is open."""
    installation = Installation(demo_site())
    site = installation.house.site
    linden = dataclasses.replace(
        site.services[ServiceId("linden")], closed_words={"sv": "Vi är <sjuka>.", "en": "We are ill."}
    )
    installation.house.site = dataclasses.replace(
        site, services={**site.services, ServiceId("linden"): linden}
    )
    assert "sjuka" not in (await installation.get("/chat/linden")).text
    installation.lobby.statuses = {"linden": CLOSED}
    assert "<p>Vi är &lt;sjuka&gt;.</p>" in (await installation.get("/chat/linden")).text
    assert "<p>We are ill.</p>" in (await installation.get("/chat/linden?lang=en")).text
    assert (
        '<p lang="sv" dir="ltr">Vi är &lt;sjuka&gt;.</p>'
        in (await installation.get("/chat/linden?lang=ar")).text
    )
    assert (await installation.get("/others/linden")).json()["state"].endswith(". Vi är <sjuka>.")
    assert "Vi är &lt;sjuka&gt;." in (await installation.get("/")).text
