# SPDX-License-Identifier: EUPL-1.2
"""Somebody at `/ticket` who has no script: she reads the page, fills in fields and presses buttons."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx

from tests.outside.connection import browser
from tests.web.handed import INTAKE, Tickets


@dataclass
class Form:
    """One form of a page: its fields as they are sent untouched, and what is written on its buttons."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._in_button = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            assert has["method"] == "post"
            self.forms.append(Form(has["action"]))
        elif tag == "input" and has.get("type") != "checkbox":
            self.forms[-1].fields[has["name"]] = has["value"]
        elif tag == "textarea":
            self.forms[-1].fields[has["name"]] = ""
        self._in_button = tag == "button"

    def handle_data(self, data: str) -> None:
        if self._in_button and data.strip():
            self.forms[-1].buttons.append(data.strip())

    def handle_endtag(self, tag: str) -> None:
        self._in_button = False


@dataclass
class Her:
    """She, at one address, with the page that she sees."""

    url: str
    page: str = ""
    status: int = 0
    headers: httpx.Headers = field(default_factory=httpx.Headers)
    sent: tuple[str, dict[str, str]] = ("", {})
    """The form that was sent last."""
    source: str | None = None
    """The address that she comes from."""

    async def opens(self, query: str = "", **headers: str) -> None:
        """Open the page by its address."""
        async with self._browser() as http:
            self._keep(await http.get(f"{self.url}/ticket{query}", headers=headers))

    async def enters(self, code: str) -> None:
        """Open the page and type a code."""
        await self.opens()
        await self.presses("Visa", code=code)

    async def presses(self, button: str, nth: int = 0, **fields: str) -> None:
        """Press the nth button of that name."""
        form = [form for form in self.forms() if button in form.buttons][nth]
        await self.sends(form.action, form.fields | fields)

    async def sends(self, action: str, fields: dict[str, str], origin: str | None = None) -> None:
        """Send a form as a page of ours does."""
        self.sent = action, fields
        async with self._browser() as http:
            headers = {"Origin": self.url if origin is None else origin}
            self._keep(await http.post(self.url + action, data=fields, headers=headers))

    async def loads_again(self) -> None:
        """Send the same form once more, as a browser does when a page is loaded again."""
        await self.sends(*self.sent)

    def forms(self) -> list[Form]:
        """Return the forms of the page."""
        parser = _Forms()
        parser.feed(self.page)
        return parser.forms

    def sees(self, text: str) -> bool:
        """Tell whether the page says something."""
        return text in self.text()

    def text(self) -> str:
        """Return what can be read, without any mark-up."""
        body = re.sub(r"<head>.*</head>", "", self.page, flags=re.DOTALL)
        return (
            html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", body)))
            .replace("\u2068", "")
            .replace("\u2069", "")
        )

    def is_at_the_empty_page(self) -> bool:
        """Tell whether there is a field for a code and nothing else."""
        return [form.buttons for form in self.forms()] == [["Visa"]]

    def _browser(self) -> httpx.AsyncClient:
        return (
            browser()
            if self.source is None
            else httpx.AsyncClient(
                trust_env=False, transport=httpx.AsyncHTTPTransport(local_address=self.source)
            )
        )

    def _keep(self, answer: httpx.Response) -> None:
        self.page, self.status, self.headers = answer.text, answer.status_code, answer.headers


def comes(at: Tickets) -> Her:
    """Return her, before she has opened the page."""
    return Her(at.run.at.url)


async def with_code(at: Tickets, *receivers: str, coordinator: str = "") -> Her:
    """Return her on her page."""
    her = comes(at)
    await her.enters(await at.hands_over(*(receivers or (INTAKE,)), coordinator=coordinator))
    assert her.status == 200
    return her
