# SPDX-License-Identifier: EUPL-1.2
"""What the console sees of names in a draft, and shows as taken out of messages: the same as the server."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from config.identity import browser_identity, identity_source
from moderation.verdict import Kind
from tests.unit.web.staff import LINDEN, demo_site

SCRIPT = Path(__file__).parents[2] / "js" / "operator_seen.js"
NODE = shutil.which("node")

pytestmark = pytest.mark.skipif(NODE is None, reason="it runs in Node: sudo apt install nodejs")

SAID = (
    "Ring mig på 070-123 45 67 eller mejla anna.svensson@gmail.com",
    "jag heter Anna Svensson, min man Ali Hassan",
    "Jag bor på Storgatan 12 B, 753 20 Uppsala",
    "[telefonnummer] var det jag skrev",
    "[070-123 45 67]",
    "Ring 112 eller 020-50 50 50",
    "Vi kan prata vidare i morgon om du vill",
    "850709-9805",
)


def _seen(lines: tuple[str, ...], kinds: list[str]) -> list[dict[str, Any]]:
    assert NODE is not None
    masks = {kind: f"[{word}]" for kind, word in identity_source()["masks"]["sv"].items()}
    given = {"rules": browser_identity("sv", demo_site().lines), "masks": masks}
    asked = json.dumps({"given": given, "kinds": kinds, "lines": lines})
    run = subprocess.run([NODE, str(SCRIPT)], input=asked, capture_output=True, text=True, check=True)
    found: list[dict[str, Any]] = json.loads(run.stdout)
    return found


def test_messages_are_shown_as_they_go_along() -> None:
    """Masked where the server masks, and left where it leaves: masks, lines and plain words."""
    service = demo_site().services[LINDEN]
    judge = service.chat.judge
    seen = _seen(SAID, list(Kind))
    assert [each["masked"] for each in seen] == [judge.of_visitor(text, language="sv").text for text in SAID]
    assert len({each["masked"] for each in seen} & set(SAID)) == 3


def test_message_keeps_the_kinds_that_the_service_lets_stand() -> None:
    """Only what the policy takes out is shown as taken out."""
    (shown,) = _seen(("070-123 45 67, jag heter Anna Svensson",), [Kind.PHONE])
    assert shown["masked"] == "[telefonnummer], jag heter Anna Svensson"


def test_names_in_a_draft_are_seen_and_plain_words_are_not() -> None:
    """Each once, however often it stands there. A warning may miss some; it must not cry at everything."""
    named, twice, place, plain = _seen(
        (
            "Hon heter Lisa och vill ha hjälp",
            "Han heter Ali Hassan. Ali Hassan är arg.",
            "Hon vill flytta från kommunen, och prata med socialtjänsten på måndag",
            "Hjälp med boende. Besökaren är rädd att han hittar adressen.",
        ),
        list(Kind),
    )
    assert named["names"] == ["Lisa"]
    assert twice["names"] == ["Ali Hassan"]
    assert (place["names"], plain["names"]) == ([], [])
