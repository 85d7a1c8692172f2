# SPDX-License-Identifier: EUPL-1.2
"""What she is asked without scripts: before the start, and after the end. Both can be skipped."""

from __future__ import annotations

import re

import pytest

from chat.ids import ConversationId, ServiceId
from chat.statistics import Counted
from tests.web.plain.page import Plain, filled
from tests.web.plain.people import meets
from tests.web.running import Running
from tests.web.test_asked import counted

THANKS = "Tack för att du svarade."
FELT, HELPED, AGAIN = (
    "Kändes det bra att skriva här?",
    "Fick du hjälp med det du ville?",
    "Skulle du skriva hit igen?",
)


async def ends(run: Running, her: Plain) -> None:
    """Let her be met, and end it."""
    await meets(run, her)
    await her.opens()
    await her.presses("Avsluta")
    await her.presses("Ja, avsluta")


# --- before the start ---------------------------------------------------------------------------------------


async def test_answers_before_the_start_reach_whoever_takes_her(run: Running, her: Plain) -> None:
    """She is told at once what to do in danger, and writes in the language that she chose."""
    await her.opens()
    said = {"acute": "yes", "need": "shelter", "age_band": "under_18", "municipality": "Vallentuna"}
    form, button = her.form("Börja chatta")
    await her.sends(form.action, filled(form, button, (), said | {"language": "en"}))
    assert "Ring 112 och säg var du är." in her.text()
    operator = await run.operator("anna", "linden", alias="Kim")
    conversation = await operator.sees_waiting()
    opened = await operator.accepts(conversation)
    assert {key: opened["intake"][key] for key in ("need", "age_band", "municipality")} == {
        key: said[key] for key in ("need", "age_band", "municipality")
    }
    room = run.house.chat.rooms.get(ConversationId(conversation))
    assert room is not None
    assert (room.conversation.acute, room.conversation.language) == (True, "en")


async def test_all_can_be_skipped_and_nothing_else_is_taken(run: Running, her: Plain) -> None:
    """An answer that nobody offered is none; what tells who she is does not come through as a place."""
    await her.opens()
    strange = {"acute": "1", "need": "stop_violence", "age_band": "<b>", "role": "x", "language": "xx"}
    form, button = her.form("Börja chatta")
    await her.sends(form.action, filled(form, button, (), strange | {"municipality": "070-123 45 67"}))
    operator = await run.operator("anna", "linden", alias="Kim")
    opened = await operator.accepts(await operator.sees_waiting())
    assert not {"need", "age_band", "role"} & set(opened["intake"])
    assert "070" not in opened["intake"].get("municipality", "")


async def test_answers_stand_in_the_form_of_whoever_must_press_again(run: Running, her: Plain) -> None:
    """She is refused for a notice that has changed: what she chose is still chosen, and opened."""
    await her.opens()
    await her.presses("Börja chatta", notice="old", acute="yes", need="talk", municipality="Täby")
    assert her.status >= 400
    form, _ = her.form("Börja chatta")
    assert (form.fields["acute"], form.fields["need"]) == ("yes", "talk")
    assert form.fields["municipality"] == "Täby"
    assert re.search(r'<details class="ask" open', her.page)


# --- after the end ------------------------------------------------------------------------------------------


async def test_each_tap_after_the_end_is_one_number_more(run: Running, her: Plain) -> None:
    """Three taps and thanks; pressed twice counts once; no address and no cookie tell of it afterwards."""
    before = await counted(run)
    await ends(run, her)
    assert FELT in her.text()
    assert her.cookie == ""
    form, button = her.form("Ja")
    await her.presses("Ja")
    assert HELPED in her.text()
    await her.sends(form.action, filled(form, button, (), {}))
    await her.presses("Lite")
    assert AGAIN in her.text()
    await her.presses("Nej")
    assert THANKS in her.text()
    assert her.cookie == ""
    after = await counted(run)
    new = {name: n - before.get(name, 0) for name, n in after.items() if n != before.get(name, 0)}
    assert new == {Counted.EXIT_FELT_YES: 1, Counted.EXIT_HELPED_SOME: 1, Counted.EXIT_AGAIN_NO: 1}
    handle = form.fields["handle"]
    assert not [address for address in her.asked_for if handle in address or "yes" in address]
    await her.opens()
    assert THANKS not in her.text()
    assert "Börja chatta" in her.text()


async def test_skipped_is_no_number(run: Running, her: Plain) -> None:
    """One tap leads away from the questions."""
    before = await counted(run)
    await ends(run, her)
    await her.presses("Hoppa över")
    assert FELT not in her.text()
    assert HELPED not in her.text()
    assert await counted(run) == before


async def test_nobody_is_asked_who_was_alone_or_left_quickly(run: Running, her: Plain) -> None:
    """Nor is anybody before whom a code or unsent words stand: a tap would take them away."""
    await her.starts()
    await her.opens()
    await her.presses("Avsluta")
    await her.presses("Ja, avsluta")
    assert "Du har avslutat samtalet" in her.text()
    assert FELT not in her.text()
    _, conversation = await meets(run, her)
    await her.opens()
    await her.presses("Lämna snabbt")
    await her.opens()
    assert FELT not in her.text()
    operator, conversation = await meets(run, her)
    await her.opens()
    await operator.ends(conversation)
    await her.presses("Skicka", text="Jag hann inte")
    assert "Jag hann inte" in her.text()
    assert FELT not in her.text()


@pytest.mark.parametrize("change", ["origin", "csrf", "handle", "question", "answer"])
async def test_forged_answer_is_not_counted(run: Running, her: Plain, change: str) -> None:
    """A foreign page and a value that is not ours are refused; the rest leads away like any other."""
    before = await counted(run)
    await ends(run, her)
    form, button = her.form("Ja")
    fields = filled(form, button, (), {})
    origin = None
    if change == "origin":
        origin = "https://evil.example"
    else:
        fields[change] = fields[change][::-1] if change in {"csrf", "handle"} else "x"
    answer = await her.asks("POST", form.action, fields, origin)
    assert answer.status_code == (403 if change in {"origin", "csrf"} else 303)
    assert await counted(run) == before


async def test_answer_leaves_a_talk_that_has_begun_meanwhile_alone(run: Running, her: Plain) -> None:
    """In another tab she has started anew: the answer counts, and her place is kept."""
    before = await counted(run)
    await ends(run, her)
    form, button = her.form("Nej")
    await her.starts()
    token = her.cookie
    await her.sends(form.action, filled(form, button, (), {}))
    assert her.cookie == token
    assert "Skicka" in [each.label for one in her.forms() for each in one.buttons]
    assert (await counted(run))[Counted.EXIT_FELT_NO] == before.get(Counted.EXIT_FELT_NO, 0) + 1


@pytest.mark.parametrize("value", ["after.1.x", "after.9." + "A" * 22, "after.1." + "A" * 22, "after.."])
async def test_forged_cookie_of_the_questions_opens_nothing(run: Running, her: Plain, value: str) -> None:
    """At most it shows a question whose answer counts for nobody."""
    before = await counted(run)
    her.cookie = value
    await her.opens()
    assert her.status == 200
    assert her.cookie == ""
    if HELPED in her.text():
        await her.presses("Ja")
    assert await counted(run) == before


async def test_handle_is_for_the_service_it_came_from(run: Running) -> None:
    """Sent to another service's address it counts where it belongs."""
    her, handle = (
        Plain(run.at.url, "eken"),
        run.house.exit_questions.new(ServiceId("linden"), run.house.clock.now(), run.house.randomness),
    )
    before = await counted(run)
    await her.opens()
    csrf = her.forms()[0].fields["csrf"]
    await her.sends(
        her.path, {"csrf": csrf, "do": "asked", "handle": handle, "question": "felt", "answer": "some"}
    )
    assert (await counted(run))[Counted.EXIT_FELT_SOME] == before.get(Counted.EXIT_FELT_SOME, 0) + 1
