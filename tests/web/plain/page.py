# SPDX-License-Identifier: EUPL-1.2
"""Somebody at `/chat/{service}/plain` without scripts: she reads, fills in fields and presses buttons."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

import httpx

from tests.outside.connection import browser

NAME = "__Host-place"


@dataclass
class Button:
    """One button of a form."""

    label: str = ""
    name: str = ""
    value: str = ""


@dataclass
class Form:
    """One form: its fields as they are sent untouched, what can be ticked, and its buttons."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    boxes: dict[str, bool] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._area = ""
        self._select = ""
        self._in_button = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            assert has["method"] == "post"
            self.forms.append(Form(has["action"]))
        elif tag == "input" and has.get("type") == "checkbox":
            self.forms[-1].boxes[has["name"]] = "checked" in has
        elif tag == "input" and has.get("type") == "radio":
            if "checked" in has:
                self.forms[-1].fields[has["name"]] = has["value"]
        elif tag == "input":
            self.forms[-1].fields[has["name"]] = has["value"]
        elif tag == "textarea":
            self._area = has["name"]
            self.forms[-1].fields[self._area] = ""
        elif tag == "select":
            self._select = has["name"]
        elif tag == "option" and "selected" in has:
            self.forms[-1].fields[self._select] = has["value"]
        elif tag == "button":
            self._in_button = True
            self.forms[-1].buttons.append(Button(name=has.get("name", ""), value=has.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self._in_button:
            self.forms[-1].buttons[-1].label += readable(data)
        elif self._area:
            self.forms[-1].fields[self._area] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "button":
            self._in_button = False
        elif tag == "textarea":
            self._area = ""


@dataclass
class Plain:
    """She, at one address of a server, with her cookie and the page that she sees."""

    url: str
    service: str = "linden"
    source: str | None = None
    cookie: str = ""
    page: str = ""
    status: int = 0
    headers: httpx.Headers = field(default_factory=httpx.Headers)
    asked_for: list[str] = field(default_factory=list)
    """Every address that was asked for."""

    @property
    def path(self) -> str:
        """The address of the chat."""
        return f"/chat/{self.service}/plain"

    async def opens(self, path: str = "", method: str = "GET") -> None:
        """Open an address; her chat's own if none is given."""
        await self._ask(method, path or self.path)

    async def looks(self) -> str:
        """Return what the log says, as the frame asks for it."""
        there = await self.asks("GET", f"{self.path}/log")
        return readable(there.text)

    async def starts(self) -> None:
        """Open the chat and begin."""
        await self.opens()
        await self.presses("Börja chatta")
        assert self.cookie, self.text()

    async def says(self, text: str) -> None:
        """Write and send."""
        await self.opens()
        await self.presses("Skicka", text=text)

    async def presses(self, label: str, *ticks: str, nth: int = 0, **fields: str) -> None:
        """Press the nth button of that name, with these boxes ticked besides."""
        form, button = self.form(label, nth)
        await self.sends(form.action, filled(form, button, ticks, fields))

    def form(self, label: str, nth: int = 0) -> tuple[Form, Button]:
        """Return the nth form with a button of that name."""
        found = [(form, button) for form in self.forms() for button in form.buttons if button.label == label]
        assert found, f"no button {label}: {self.text()}"
        return found[nth]

    async def sends(self, action: str, fields: dict[str, str], origin: str | None = None) -> None:
        """Send a form as a page of ours does, and follow where it leads within the chat."""
        await self._ask("POST", action, fields, origin)
        while self.status == 303 and self.headers["location"].startswith("/"):
            await self._ask("GET", self.headers["location"])

    async def asks(
        self, method: str, path: str, fields: dict[str, str] | None = None, origin: str | None = None
    ) -> httpx.Response:
        """Send one request with her cookie, and keep what the answer says of it."""
        headers = {"Cookie": f"{NAME}={self.cookie}"} if self.cookie else {}
        if method == "POST":
            headers["Origin"] = self.url if origin is None else origin
        self.asked_for.append(path)
        async with self._browser() as http:
            answer = await http.request(method, self.url + path, data=fields, headers=headers)
        for line in answer.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                assert name == NAME
                assert {"httponly", "secure"} <= {key for key in morsel if morsel[key]}
                assert morsel["samesite"].lower() == "strict"
                self.cookie = "" if morsel["max-age"] == "0" else morsel.value
        return answer

    async def _ask(
        self, method: str, path: str, fields: dict[str, str] | None = None, origin: str | None = None
    ) -> None:
        answer = await self.asks(method, path, fields, origin)
        self.page, self.status, self.headers = answer.text, answer.status_code, answer.headers

    def forms(self) -> list[Form]:
        """Return the forms of the page."""
        parser = _Forms()
        parser.feed(self.page)
        return parser.forms

    def text(self) -> str:
        """Return what can be read on the page."""
        return readable(self.page)

    def draft(self) -> str:
        """Return what stands in her field."""
        return next(form.fields["text"] for form in self.forms() if "text" in form.fields)

    def _browser(self) -> httpx.AsyncClient:
        if self.source is None:
            return browser()
        there = httpx.AsyncHTTPTransport(local_address=self.source)
        return httpx.AsyncClient(trust_env=False, transport=there)


def filled(form: Form, button: Button, ticks: tuple[str, ...], fields: dict[str, str]) -> dict[str, str]:
    """Return what a form sends."""
    assert set(ticks) <= set(form.boxes), form.boxes
    on = {name: "yes" for name, is_on in form.boxes.items() if is_on or name in ticks}
    pressed = {button.name: button.value} if button.name else {}
    return form.fields | on | fields | pressed


def readable(page: str) -> str:
    """Return what can be read on a page, without any mark-up."""
    body = re.sub(r"<head>.*</head>", "", page, flags=re.DOTALL)
    text = html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))
    return re.sub(r"\s+", " ", text.replace("\u2068", "").replace("\u2069", "")).strip()


def is_elsewhere(location: str, url: str) -> bool:
    """Tell whether an address is another site's."""
    return urlsplit(location).netloc not in {"", urlsplit(url).netloc}
