# SPDX-License-Identifier: EUPL-1.2
"""The page about what the way out cannot do, and what of ours other sites may load."""

from __future__ import annotations

import re

import pytest

from tests.web.running import Running


async def test_chat_leads_to_the_page_and_the_page_leads_back(run: Running) -> None:
    """In the language she reads, by plain links, and the way out is the organisation's."""
    chat = (await run.get("/chat/linden?lang=en")).text
    link = re.search(r'href="(/safety/linden\?lang=en)"', chat)
    assert link is not None
    page = (await run.get(link[1])).text
    assert "Leave quickly" in page
    assert 'href="/chat/linden?lang=en"' in page
    assert 'href="/safety/linden?lang=sv"' in page
    assert '<a class="exit"' in page
    assert 'href="/safety?lang=sv"' in (await run.get("/?lang=sv")).text


async def test_page_may_be_framed_where_its_chat_may(run: Running) -> None:
    """She reads it inside the frame on a host page; the general one stands in no frame."""
    chat, own, general = [
        (await run.get(path)).headers["content-security-policy"]
        for path in ("/chat/linden", "/safety/linden", "/safety")
    ]
    ancestors = re.compile(r"frame-ancestors [^;]*")
    assert ancestors.findall(own) == ancestors.findall(chat)
    assert ancestors.findall(general) == ["frame-ancestors 'none'"]


@pytest.mark.parametrize(
    ("path", "theirs"),
    [
        ("embed/panel.js", True),
        ("visitor/exit.js", True),
        ("visitor/chat.js", False),
        ("visitor/writing.js", False),
        ("operator/console.js", False),
    ],
)
async def test_other_sites_load_the_loader_and_the_way_out_alone(
    run: Running, path: str, *, theirs: bool
) -> None:
    """Nothing of the conversation runs in a page of somebody else."""
    headers = (await run.get(f"/static/{path}")).headers
    assert headers["cross-origin-resource-policy"] == ("cross-origin" if theirs else "same-origin")
    assert headers.get("access-control-allow-origin") == ("*" if theirs else None)
