# SPDX-License-Identifier: EUPL-1.2
"""A net that keeps everything that goes to a visitor, a receiver or a guest, by the way on which it went."""

from __future__ import annotations

import json
from collections.abc import Iterable

import httpx

from tests.outside.connection import Connection
from tests.service.traces import forms
from tests.web.plain.page import Plain
from tests.web.running import Running
from tests.web.ticket_page import Her
from tests.web.ticketing import Worker


class Net:
    """Everything that was caught."""

    def __init__(self) -> None:
        self.caught: dict[str, list[bytes]] = {}

    def keep(self, way: str, *what: str) -> None:
        """Keep something."""
        self.caught.setdefault(way, []).extend(one.encode("utf-8", "surrogatepass") for one in what)

    def keep_answer(self, way: str, answer: httpx.Response) -> None:
        """Keep an answer with its headers."""
        self.keep(
            way, str(answer.url), answer.text, *(f"{name}: {value}" for name, value in answer.headers.items())
        )

    def keep_frames(self, way: str, connection: Connection) -> None:
        """Keep every frame that came on a socket."""
        self.keep(way, *(json.dumps(frame, ensure_ascii=False) for frame in connection.seen))

    async def keep_pages(self, way: str, run: Running, *paths: str) -> None:
        """Keep what anybody gets at these addresses."""
        for path in paths:
            self.keep_answer(way, await run.get(path))

    def finds(self, *words: str) -> list[str]:
        """Return which word went on which way, in any form that it could have; case does not hide it."""
        wanted = {word: {form.lower() for form in forms(word)} for word in words}
        return [
            f"{word} in {way}"
            for way, caught in self.caught.items()
            for word, its_forms in wanted.items()
            if _is_in(b"\n".join(caught).lower(), its_forms)
        ]

    def ways_with(self, word: str) -> set[str]:
        """Return the ways on which a word went."""
        return {way for way in self.caught if any(word.encode() in one for one in self.caught[way])}


def _is_in(caught: bytes, wanted: Iterable[bytes]) -> bool:
    return any(form in caught for form in wanted)


class PlainInNet(Plain):
    """Her chat without scripts, where every answer is caught."""

    net: Net

    async def asks(
        self, method: str, path: str, fields: dict[str, str] | None = None, origin: str | None = None
    ) -> httpx.Response:
        """Send one request, and keep the answer."""
        answer = await super().asks(method, path, fields, origin)
        self.net.keep_answer("plain", answer)
        return answer


class HerInNet(Her):
    """Her ticket's page, where every answer is caught."""

    net: Net

    def _keep(self, answer: httpx.Response) -> None:
        super()._keep(answer)
        self.net.keep_answer("ticket page", answer)


async def sees(net: Net, way: str, worker: Worker, path: str) -> None:
    """Let somebody at a receiving unit ask for a page, and keep it."""
    net.keep_answer(way, await worker.sees(path))
