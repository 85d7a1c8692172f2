# SPDX-License-Identifier: EUPL-1.2
"""Ready replies as values: what staff make of the site file's, who was faster, and what may stand in one."""

from __future__ import annotations

import pytest

from config.site import ReadyReply
from web.replies.errors import Changed, Full, NoSuchReply, Unfit
from web.replies.filling import filled
from web.replies.reply import (
    MOST,
    Change,
    Edited,
    Hide,
    Move,
    Remove,
    Undo,
    Wording,
    Write,
    changed,
    fit_words,
    listed,
)

BASELINE = (
    ReadyReply(id="hello", title={"sv": "Hälsning"}, text={"sv": "Hej, jag heter {alias}."}),
    ReadyReply(id="end", title={"sv": "Slut"}, text={"sv": "Tack."}),
)
OTHER = {"sv": Wording("Hej", "Hej hej.")}
KNOWN = ("alias", "service")


def after(*changes: Change, edited: Edited | None = None) -> Edited:
    """Return what changes make of the site file's replies, one after the other."""
    edited = edited or Edited()
    for number, each in enumerate(changes):
        edited = changed(BASELINE, edited, each, lambda number=number: f"own-{number}")  # type: ignore[misc]
    return edited


def texts(edited: Edited) -> list[tuple[str, bool]]:
    """Return text and hiddenness of every reply, in order."""
    return [(reply.words["sv"].text, reply.hidden) for reply in listed(BASELINE, edited)]


def test_nothing_changed_is_the_site_file() -> None:
    """Every reply of it, in its order, untouched."""
    replies = listed(BASELINE, Edited())
    assert [(each.id, each.version, each.own, each.changed, each.before) for each in replies] == [
        ("hello", 0, False, False, None),
        ("end", 0, False, False, None),
    ]


def test_changed_reply_stands_in_for_the_site_file_and_can_be_taken_back() -> None:
    """Undo brings the site file's words, undo again the changed ones."""
    edited = after(Write("hello", 0, OTHER))
    first = listed(BASELINE, edited)[0]
    assert (first.words, first.version, first.changed, first.own) == (OTHER, 1, True, False)
    undone = after(Undo("hello", 1), edited=edited)
    assert texts(undone)[0] == ("Hej, jag heter {alias}.", False)
    assert texts(after(Undo("hello", 2), edited=undone))[0] == ("Hej hej.", False)


def test_words_of_the_site_file_follow_it_again() -> None:
    """Whoever writes exactly what it says has changed nothing: a later site file is seen."""
    same = {"sv": Wording("Hälsning", "Hej, jag heter {alias}.")}
    edited = after(Write("hello", 0, OTHER), Write("hello", 1, same))
    newer = (ReadyReply(id="hello", title={"sv": "Hälsning"}, text={"sv": "Nytt."}), BASELINE[1])
    assert listed(newer, edited)[0].words["sv"].text == "Nytt."


def test_hidden_reply_keeps_its_words_and_comes_back() -> None:
    """Of the site file and of staff alike."""
    edited = after(Hide("end", 0, hidden=True))
    assert texts(edited)[1] == ("Tack.", True)
    assert texts(after(Hide("end", 1, hidden=False), edited=edited))[1] == ("Tack.", False)
    assert texts(after(Undo("end", 1), edited=edited))[1] == ("Tack.", False)


def test_own_reply_is_deleted_only_when_it_is_hidden() -> None:
    """One of the site file never is."""
    edited = after(Write(None, 0, OTHER))
    assert [reply.own for reply in listed(BASELINE, edited)] == [False, False, True]
    with pytest.raises(NoSuchReply):
        after(Remove("own-0", 1), edited=edited)
    hidden = after(Hide("own-0", 1, hidden=True), edited=edited)
    assert after(Remove("own-0", 2), edited=hidden) == Edited()
    with pytest.raises(NoSuchReply):
        after(Hide("end", 0, hidden=True), Remove("end", 1))


def test_taking_back_a_new_reply_hides_it() -> None:
    """What was written is not lost."""
    assert texts(after(Write(None, 0, OTHER), Undo("own-0", 1)))[2] == ("Hej hej.", True)


@pytest.mark.parametrize(
    "late", [Write("hello", 0, OTHER), Hide("hello", 0, hidden=True), Undo("hello", 0), Remove("hello", 0)]
)
def test_change_of_what_somebody_has_changed_meanwhile_is_refused(late: Change) -> None:
    """Whatever it would do, nothing has happened; another reply is free."""
    edited = after(Write("hello", 0, OTHER))
    with pytest.raises(Changed):
        after(late, edited=edited)
    after(Write("end", 0, OTHER), edited=edited)


def test_order_is_chosen_and_new_replies_follow() -> None:
    """At either end a reply stays where it is; what is not there is refused."""
    edited = after(Move("end", "up"), Move("end", "up"), Write(None, 0, OTHER))
    assert [reply.id for reply in listed(BASELINE, edited)] == ["end", "hello", "own-2"]
    assert [reply.id for reply in listed(BASELINE, after(Move("end", "down"), edited=edited))][:2] == [
        "hello",
        "end",
    ]
    with pytest.raises(NoSuchReply):
        after(Move("gone", "up"))


def test_reply_that_left_the_site_file_stays_where_staff_have_written_it() -> None:
    """One that was only hidden or moved is gone with it."""
    edited = after(Write("hello", 0, OTHER), Hide("end", 0, hidden=True), Move("end", "up"))
    assert [(reply.id, reply.own) for reply in listed((), edited)] == [("hello", True)]


def test_there_is_an_end_to_how_many() -> None:
    """Hidden ones count: they can be shown again."""
    edited = after(*(Write(None, 0, OTHER) for _ in range(MOST - 2)))
    with pytest.raises(Full):
        after(Write(None, 0, OTHER), edited=edited)


def fit(title: str = "Hej", text: str = "Hej.", **more: Wording) -> dict[str, Wording]:
    """Return words in Swedish and other languages, as they are kept."""
    return fit_words({"sv": Wording(title, text), **more}, "sv", KNOWN, lambda said: "070" in said)


def test_words_are_kept_as_they_are_meant() -> None:
    """Spaces around them go, lines and joiners stay, and a language without words is not there."""
    kept = fit("  Två   ord ", "Ett \r\n\r\nTvå\u200c\u0645\n", en=Wording(" ", ""), ar=Wording("م", "م"))
    assert kept == {"sv": Wording("Två ord", "Ett\n\nTvå\u200c\u0645"), "ar": Wording("م", "م")}


@pytest.mark.parametrize(
    ("title", "text", "why"),
    [
        ("", "", "empty"),
        ("Hej", "  ", "half"),
        ("", "Hej.", "half"),
        ("x" * 61, "Hej.", "long"),
        ("Hej", "x" * 1001, "long"),
        ("Hej\u202eno", "Hej.", "strange"),
        ("Hej", "Hej\u2066.", "strange"),
        ("Hej", "Hej\x00.", "strange"),
        ("Hej", "Hej\U000e0041.", "strange"),
        ("Hej", "a" + "\u0301" * 9, "strange"),
        ("Hej", "Ring 070.", "identity"),
        ("070", "Ring.", "identity"),
        ("Hej", "Jag är {namn}.", "placeholder"),
        ("Hej", "Jag är {alias.__class__}.", "placeholder"),
        ("Hej", "Jag är {0}.", "placeholder"),
        ("Hej", "Öppet {opens}.", "placeholder"),
        ("Hej", "Hej {", "placeholder"),
        ("Hej }", "Hej.", "placeholder"),
    ],
)
def test_words_that_cannot_be_a_reply_say_why(title: str, text: str, why: str) -> None:
    """With the language that they stand in."""
    with pytest.raises(Unfit) as refused:
        fit(title, text)
    assert (refused.value.why, refused.value.language) == (why, "sv")


def test_filling_touches_nothing_but_names_that_it_knows() -> None:
    """Once: what is filled in is not looked at again."""
    assert filled("{alias} {service} {strange}", {"alias": "{service}", "service": "Linden"}) == (
        "{service} Linden {strange}"
    )
