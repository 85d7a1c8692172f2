# SPDX-License-Identifier: EUPL-1.2
"""What it costs to judge one message: the usual one, and the worst that can be made up.

Messages are lines of the held-back corpus joined to about 200 characters. The worst is looked for among texts
that keep the rules busiest: 2,000 code points, the most that the server ever looks at (8 KiB with four bytes
each), and 8,192 one-byte characters, which it refuses unread.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from time import process_time

from chat.ids import ServiceId
from moderation.judge import Judge
from web.demo import demo_site

CORPUS = Path(__file__).resolve().parents[1] / "tests" / "corpus" / "held_back" / "ordinary" / "sv.txt"
ON = date(2026, 11, 1)
LENGTH = 200
LONGEST = 2_000
EIGHT_KIB = 8_192
ROUNDS = 5

BUSY = {
    "numbers": "070-123 45 67 ",
    "digits": "0 1 ",
    "letters for digits": "o1 l0 ",
    "mail": "a@b.se a@",
    "links": "a.b/ www.x ",
    "handles": "snap a_b ",
    "streets": "storgatan 1 bor på ab 2 ",
    "names": "jag heter Bo min man Bo ",
    "accounts": "konto 1 5432 12 ",
    "wide": "０７０１𝟎𝟕 ",
    "danger": "han slår mig nu med kniv inte ",
    "harassment": "jag ska döda dig hora ",
}
"""What is repeated to make a text that keeps one part of the search busy."""


def judging() -> dict[str, float]:
    """Return µs of the processor for a message of 200 characters, and ms for the worst texts."""
    judge = demo_site(0, 3, ON).services[ServiceId("linden")].chat.judge
    usual = [_best(judge, text) for text in messages()]
    return {
        "usual_us": round(statistics.median(usual) * 1e6, 1),
        "worst_ms": round(max(_best(judge, text) for text in _busy(LONGEST)) * 1e3, 2),
        "worst_8_kib_ms": round(max(_best(judge, text) for text in _busy(EIGHT_KIB)) * 1e3, 2),
    }


def messages() -> list[str]:
    """Return ordinary messages of about 200 characters."""
    found, text = [], ""
    for line in CORPUS.read_text(encoding="utf-8").splitlines():
        text = f"{text} {line}".strip()
        if len(text) >= LENGTH:
            found.append(text[:LENGTH])
            text = ""
    return found


def _busy(length: int) -> Iterator[str]:
    for unit in BUSY.values():
        yield (unit * (length // len(unit) + 1))[:length]
    chance = random.Random(7)
    for letters in ("ab 0123456789.-@/_ åjag", "0123456789 ", "hanslårmigkniv nujag ", "😀1 "):
        yield "".join(chance.choice(letters) for _ in range(length))


def _best(judge: Judge, text: str) -> float:
    best = float("inf")
    times = 20 if len(text) <= LENGTH else 1
    for _ in range(ROUNDS):
        begun = process_time()
        for _ in range(times):
            judge.of_visitor(text, language="sv")
        best = min(best, (process_time() - begun) / times)
    return best
