# SPDX-License-Identifier: EUPL-1.2
"""Which web addresses the chat can rest on, and which words give it away."""

from __future__ import annotations

import pytest

from config.addresses import host_of, is_loopback, origin_of, wrong_link, wrong_origin
from config.neutral import telling_word


@pytest.mark.parametrize(
    "origin",
    [
        "https://www.jouren.example",
        "https://www.jouren.example:8443",
        "https://xn--kvinnojren-27a.example",
        "http://localhost:8000",
        "http://127.0.0.1",
        "http://[::1]:8000",
    ],
)
def test_origin_as_a_browser_writes_it_is_right(origin: str) -> None:
    """Scheme, host, and a port where it is not the usual one."""
    assert wrong_origin(origin) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "www.jouren.example",
        "https://",
        "https://*.jouren.example",
        "https://www.jouren.example/",
        "https://www.jouren.example/stod",
        "https://www.jouren.example?x",
        "https://www.jouren.example:443",
        "https://WWW.jouren.example",
        "HTTPS://www.jouren.example",
        "https://kvinnojören.example",
        "https://someone@www.jouren.example",
        "https://www.jouren.example:99999",
        "https://www.jouren.example https://other.example",
        "http://www.jouren.example",
        "http://localhost.example",
        "ftp://www.jouren.example",
        "null",
        "https://[::1",
    ],
)
def test_origin_in_any_other_form_is_wrong_and_has_a_mend(text: str) -> None:
    """Nothing is forgiven: what a browser would not send frames nothing."""
    wrong = wrong_origin(text)
    assert wrong is not None
    assert all(wrong)


def test_origin_that_is_too_long_is_shortened_in_the_mend() -> None:
    """The mend is what to write."""
    assert wrong_origin("https://www.jouren.example/stod") == (
        "“https://www.jouren.example/stod” is more than an origin.",
        "Write https://www.jouren.example.",
    )


@pytest.mark.parametrize("link", ["https://www.smhi.se/", "https://www.smhi.se/vader?ort=Vallentuna#nu"])
def test_link_to_an_https_page_is_right(link: str) -> None:
    """A whole address with path and query."""
    assert wrong_link(link) is None


@pytest.mark.parametrize(
    "text",
    [
        "http://www.smhi.se/",
        "www.smhi.se",
        "javascript:alert(1)",
        "https://a@smhi.se/",
        "https://smhi.se/a b",
        "https://",
    ],
)
def test_link_in_any_other_form_is_wrong(text: str) -> None:
    """What is not encrypted or not plain is refused."""
    assert wrong_link(text) is not None


def test_host_and_origin_of_an_address() -> None:
    """The parts that others compare."""
    assert host_of("https://Chat.example:8443/x") == "chat.example"
    assert origin_of("https://Chat.example:443/x") == "https://chat.example"
    assert origin_of("http://localhost:8000/") == "http://localhost:8000"
    assert is_loopback("127.0.0.1")
    assert not is_loopback("localhost.example")


@pytest.mark.parametrize(
    "text",
    ["kvinnojouren", "Tjejjour", "vald-stod", "våld", "chat.jouren.example", "womens-aid", "Våldsutsatt"],
)
def test_word_that_tells_is_found(text: str) -> None:
    """Somebody who glances at a tab would know."""
    assert telling_word(text)


@pytest.mark.parametrize(
    "text", ["linden", "Chatt", "vallentuna", "journalen", "https://www.smhi.se/", "valda-sidor"]
)
def test_word_that_says_nothing_is_left_alone(text: str) -> None:
    """A neutral word is neutral."""
    assert telling_word(text) is None


@pytest.mark.parametrize("more", ["\u202eoof", "\u200b", "\x7f", "\u2066x", "a" * 300], ids=ascii)
def test_address_shows_where_it_leads_and_has_an_end(more: str) -> None:
    """Nothing in it is unseen or turned around, and it is short enough to stand in every page."""
    assert wrong_link("https://www.jouren.example/råd") is None
    wrong = wrong_link(f"https://www.jouren.example/{more}")
    assert wrong is not None
    assert len(" ".join(wrong)) < 500
    assert wrong_origin(f"https://{'a' * 300}.example") is not None
