# SPDX-License-Identifier: EUPL-1.2
"""What is recorded of staff: each kind is complete, and becomes the same lines on the page and in a file."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest

from chat.ids import OrganisationId, ServiceId
from tests.texts import LANGUAGES
from tests.unit.web.staff import WEB
from web.accounts.audit import SORTS, Audited, AuditEntry, Keeping, Where
from web.attachment import BOM, table
from web.audit.listing import COLUMNS, Line, as_table, by_day, lines_of

DAY = date(2026, 2, 16)


def test_every_kind_says_where_and_how_long() -> None:
    """A new kind is a decision about both."""
    assert set(SORTS) == set(Audited)


def test_what_is_done_in_conversations_is_of_a_service() -> None:
    """And stays thirty days; nothing else is so short by itself."""
    of_a_talk = {kind for kind, sort in SORTS.items() if sort.keeping is Keeping.OF_A_TALK}
    assert Audited.CLAIMED in of_a_talk
    assert {SORTS[kind].where for kind in of_a_talk} == {Where.SERVICE}


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_kind_has_words(language: str) -> None:
    """In both languages of staff, and no two the same."""
    texts = LANGUAGES.texts(language, "audit")
    words = {kind: texts.gettext(f"deed.{kind}") for kind in Audited}
    assert [kind for kind, said in words.items() if said == f"deed.{kind}"] == []
    assert len(set(words.values())) == len(Audited)
    assert [problem for problem in LANGUAGES.problems() if "/audit.po" in problem] == []


@pytest.mark.parametrize("kind", Audited)
def test_every_kind_is_recorded_somewhere(kind: Audited) -> None:
    """A kind that nothing records would promise a trace that is not there."""
    recorded = re.compile(rf"\bAudited\.{kind.name}\b")
    own = Path("accounts") / "audit.py"
    found = [
        path
        for path in WEB.rglob("*.py")
        if path.relative_to(WEB) != own and recorded.search(path.read_text(encoding="utf-8"))
    ]
    assert found != []


def test_what_concerns_a_visitor_has_no_number() -> None:
    """How many conversations or tickets somebody had on a day is what the statistics hide."""
    assert not any(sort.numbered for sort in SORTS.values() if sort.keeping is Keeping.OF_A_TALK)
    assert not any(SORTS[kind].numbered for kind in (Audited.OPENED, Audited.ACCEPTED, Audited.DECLINED))
    assert SORTS[Audited.NOT_UNLOCKED].numbered, "how many guesses there were must be seen"


def _lines(*accounts: str, times: int | None = 2) -> list[Line]:
    entries = [
        AuditEntry(Audited.PLANNED, account, OrganisationId("jour"), ServiceId("linden"), DAY, times)
        for account in accounts
    ]
    return lines_of(entries, lambda kind: f"!{kind}", lambda _, place: place.title(), str.upper)


def test_lines_hold_the_words_in_their_order() -> None:
    """Those of one day stand together."""
    (line,) = _lines("åsa")
    assert line == Line("2026-02-16", "åsa", "!planned", "planned", "Linden", "JOUR", 2)
    assert by_day(_lines("a", "b")) == [("2026-02-16", _lines("a", "b"))]


def _csv(lines: list[Line]) -> str:
    return table(as_table(lines, COLUMNS)).decode().removeprefix(BOM)


def test_files_hold_the_same_as_the_lines() -> None:
    """The spreadsheet and the page cannot differ: they are made of the same."""
    lines = _lines("åsa", "berit")
    read = list(csv.DictReader(io.StringIO(_csv(lines)), delimiter=";"))
    assert [{**each, "times": int(each["times"])} for each in read] == [asdict(each) for each in lines]
    assert [each["person"] for each in read] == ["åsa", "berit"]


def test_line_without_a_number_is_empty_there() -> None:
    """Neither 0 nor 1, which would be numbers."""
    _, cells = as_table(_lines("åsa", times=None), COLUMNS)
    assert dict(zip(COLUMNS, cells, strict=True))["times"] == ""


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0+1", "＝1", "＋1", "－1", "＠A1"]
)
def test_file_for_a_spreadsheet_reckons_nothing(name: str) -> None:
    """A name is somebody's own choice, and a spreadsheet would run it."""
    text = _csv(_lines(name, 'a;"b"\n=c'))
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert rows[1][1] == f"'{name}"
    assert rows[2][1] == 'a;"b"\n=c', "what begins otherwise is left as it is, in one field"
    assert len(rows) == 3
