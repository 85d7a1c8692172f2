# SPDX-License-Identifier: EUPL-1.2
"""An operator from outside, written from the contract alone: signs in, copies the cookie by hand."""

from __future__ import annotations

from collections.abc import Collection
from html.parser import HTMLParser
from http.cookies import SimpleCookie

import httpx

from tests.outside.connection import Connection, Frame, browser, forwarded, new_id
from tests.outside.server import Addresses, Staff


class _Values(HTMLParser):
    """Collects hidden form fields and `<meta>` values of a page by name."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        value = has.get("value") if tag == "input" else has.get("content") if tag == "meta" else None
        name = has.get("name")
        if name is not None and value is not None:
            self.found[name] = value


def _values(page: str) -> dict[str, str]:
    parser = _Values()
    parser.feed(page)
    return parser.found


class Operator:
    """Somebody on duty. `connection` is the socket in use; `cookies` are what a browser would send."""

    def __init__(self, at: Addresses, staff: Staff) -> None:
        self.at = at
        self.staff = staff
        self.cookies: dict[str, str] = {}
        self.csrf = ""
        self.connection: Connection

    @property
    def cookie_header(self) -> str:
        """The cookies as a request carries them."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    async def request(self, method: str, path: str, form: dict[str, str] | None = None) -> httpx.Response:
        """Send one request as a page of the chat's own origin, and keep the cookies of the answer.

        A `Secure` cookie on plain http loopback is what a browser allows and a library does not: so, by hand.
        """
        headers = {"Origin": self.at.origin}
        if self.at.host is not None:
            headers |= {"Host": self.at.host, **forwarded()}
        if self.cookies:
            headers["Cookie"] = self.cookie_header
        async with browser() as http:
            answer = await http.request(method, self.at.url + path, data=form, headers=headers)
        for line in answer.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer

    async def signs_in(self) -> None:
        """Sign in and read the console's CSRF value."""
        page = await self.request("GET", "/staff/sign-in")
        form = {
            "name": self.staff.name,
            "password": self.staff.password,
            "csrf": _values(page.text).get("csrf", ""),
        }
        answer = await self.request("POST", "/staff/sign-in", form)
        assert answer.status_code == 303, f"the sign-in of {self.staff.name} answered {answer.status_code}"
        self.csrf = _values((await self.request("GET", "/console")).text)["csrf"]

    async def connects(self) -> Frame:
        """Open the console's socket, say hello and return `ready`."""
        self.connection = await Connection.open(
            self.at.ws_operator, self.at.origin, self.cookie_header, host=self.at.host
        )
        await self.connection.send("hello", csrf=self.csrf)
        return await self.connection.expect("ready")

    async def goes_on_duty(self, *services: str, alias: str) -> None:
        """Go on duty in these services and return once the waiting list has come."""
        await self.connection.send("duty", on=True, services=list(services), alias=alias)
        await self.connection.expect("waiting")

    async def accepts(self, conversation: str) -> Frame:
        """Take a waiting conversation and return `accepted`."""
        await self.connection.send("accept", conversation=conversation)
        return await self.connection.expect("accepted", conversation=conversation)

    async def sees_waiting(self, besides: Collection[str] = ()) -> str:
        """Wait until somebody waits (besides these), and return the first such conversation of the list."""
        while True:
            lists = [frame for frame in self.connection.seen if frame["type"] == "waiting"]
            for listed in lists[-1]["conversations"] if lists else ():
                if listed["conversation"] not in besides:
                    return str(listed["conversation"])
            await self.connection.expect("waiting")

    async def says(self, conversation: str, text: str, client_id: str | None = None) -> Frame:
        """Say something and return its `ack`."""
        sent = client_id or new_id()
        await self.connection.send("say", conversation=conversation, id=sent, text=text)
        return await self.connection.expect("ack", conversation=conversation, id=sent)

    async def hears(self, conversation: str, text: str) -> Frame:
        """Wait until this text is said in the conversation."""
        return await self.connection.expect("said", conversation=conversation, text=text)

    async def resumes(self, conversation: str, after: int = 0) -> Frame:
        """Read a held conversation beyond `after` and return `accepted`."""
        await self.connection.send("resume", conversation=conversation, after=after)
        return await self.connection.expect("accepted", conversation=conversation)

    async def ends(self, conversation: str) -> Frame:
        """End a conversation and return `ended`."""
        await self.connection.send("end", conversation=conversation)
        return await self.connection.expect("ended", conversation=conversation)
