# SPDX-License-Identifier: EUPL-1.2
"""The form asks in words about exactly what the frame can tell, and nothing is ticked beforehand."""

from __future__ import annotations

from html.parser import HTMLParser

import msgspec
import pytest

from chat.ids import Track
from tests.texts import LANGUAGES
from tests.unit.web.staff import EKEN, LINDEN, Pages, session
from web.accounts.account import StaffRole
from web.operator.wrapping_up import DOMAIN, channels, forms
from web.operator.wrapup_frames import WrapUp

TRACKS = [track.value for track in Track]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_question_and_answer_has_words_of_its_own(language: str) -> None:
    """An id would stand on the chip instead, and two chips alike could not be told apart."""
    texts = LANGUAGES.texts(language, DOMAIN)
    assert [problem for problem in LANGUAGES.problems() if f"/{DOMAIN}.po" in problem] == []
    for form in forms(TRACKS, texts):
        for question in (channels(texts), *form.questions):
            labels = [option.label for option in question.options]
            assert len(set(labels)) == len(labels)
            assert not [text for text in (question.legend, *labels) if text.startswith("wrapup.")]


@pytest.mark.parametrize("track", Track)
def test_every_answer_is_one_that_the_frame_takes(track: Track) -> None:
    """All of them ticked, one after the other, are a frame; an empty value is left out of it."""
    texts = LANGUAGES.texts("sv", DOMAIN)
    (form,) = forms([track.value], texts)
    frame = {"type": "wrap_up", "id": "A" * 22, "service": "linden", "channel": "phone"}
    for question in (channels(texts), *form.questions):
        for option in filter(lambda each: each.value, question.options):
            answer = [option.value] if question.several else option.value
            told = msgspec.convert({**frame, question.name: answer}, WrapUp)
            assert getattr(told, question.name) in (option.value, (option.value,))
        assert len(question.options) <= 10, "a digit chooses each"


class _Ticked(HTMLParser):
    """Counts the answers of the forms in a page, and those that are ticked."""

    def __init__(self) -> None:
        super().__init__()
        self.answers = 0
        self.ticked = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        if tag == "input" and has.get("name") in WrapUp.__struct_fields__:
            self.answers += 1
            self.ticked += "checked" in has


async def test_page_has_the_forms_of_its_own_tracks_and_ticks_nothing() -> None:
    """Whoever answers those who are exposed does not even have the other questions."""
    page = (await Pages(session(StaffRole.OPERATOR, [LINDEN, EKEN])).get("/console")).text
    assert 'id="wrapup-exposed"' in page
    assert "perpetrator" not in page.partition('id="wrapup-exposed"')[2]
    found = _Ticked()
    found.feed(page)
    assert found.answers > 60
    assert found.ticked == 0
