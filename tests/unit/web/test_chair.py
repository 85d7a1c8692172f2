# SPDX-License-Identifier: EUPL-1.2
"""The forms of the chair's pages: rows and expressions, what is wrong in a field, lists, meaning."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.hours import OpeningHours
from config.overlay import FIELDS
from web.chair.errors import NoSuchVersion, Wrong
from web.chair.forms import MOST_ADDRESSES, MOST_DAYS, Ground, fields_of, read_form
from web.chair.items import NEW, fields_of_item, items_of, put, read_item
from web.chair.matters import MATTERS, Matter, matter_of
from web.chair.warning import Thought, hard_sentences, of_addresses, of_line, of_staff_texts, of_texts
from web.chair.weekly import DAYS, Week, expression_of, openings, week_of

TODAY = date(2026, 11, 27)
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
THURSDAY = {"hours.Th.1.from": "18", "hours.Th.1.until": "21"}

clocks = st.times().map(lambda time: f"{time.hour:02}:{time.minute:02}")
weeks = st.builds(
    Week,
    st.tuples(*[st.lists(st.tuples(clocks, clocks), max_size=2).map(tuple)] * 7),
    always=st.just(value=False),
    red_days_closed=st.booleans(),
).filter(lambda week: not week.is_empty)


def the(kind: str, name: str) -> Matter:
    """Return a matter that there is."""
    found = matter_of(kind, name)
    assert found is not None
    return found


def ground(languages: tuple[str, ...] = ("sv", "en"), **baseline: Any) -> Ground:
    """Return what a form is held against; a telephone number is what tells who somebody is."""
    return Ground(
        baseline=baseline,
        languages=languages,
        decided=False,
        tells_who=lambda text: "070" in text,
        today=TODAY,
    )


def wrongs_of(
    name: str, fields: dict[str, str], kind: str = "services", **baseline: Any
) -> set[tuple[str, str]]:
    """Return field and reason of all that is wrong in a form."""
    _, wrongs = read_form(the(kind, name), "linden", fields, ground(**baseline))
    return {(wrong.field, wrong.why) for wrong in wrongs}


def test_every_field_that_may_be_set_has_a_page_and_no_other_has() -> None:
    """What the table of the overlay names is what there are forms for."""
    for kind, fields in FIELDS.items():
        assert sorted(path for each in MATTERS if each.kind == kind for path in each.paths) == sorted(fields)


# --- hours --------------------------------------------------------------------------------------------------


@given(weeks)
def test_rows_become_an_expression_and_come_back(week: Week) -> None:
    """Nothing is lost on the way, and the expression can be read."""
    expression = expression_of(week)
    OpeningHours.parse(expression)
    assert week_of(expression) == week


@pytest.mark.parametrize(
    ("expression", "kept"),
    [
        ("24/7", True),
        ("24/7; PH off", True),
        ("Mo-Th 18:00-21:00; Sa 16:00-18:00; PH off", True),
        ("Mo,We 9:00-12:00,13:00-24:00", True),
        ("Sa-Mo 10:00-12:00; Su off", True),
        ("Mo-Fr 10:00-16:00; PH 10:00-12:00", False),
        ("Mo[1] 18:00-21:00", False),
        ("Jan-Mar Mo 18:00-21:00", False),
        ("Mo 08:00-10:00,11:00-12:00,13:00-14:00", False),
        ("Mo 18:00-21:00, Tu 10:00-12:00", False),
        ("Mo 20:00-26:00", False),
    ],
)
def test_expression_that_rows_cannot_show_stays_one(expression: str, *, kept: bool) -> None:
    """Where rows are shown they mean the same for all of two weeks."""
    week = week_of(expression)
    assert (week is not None) is kept
    if week is not None:
        one, other = OpeningHours.parse(expression), OpeningHours.parse(expression_of(week))
        moments = [NOW + timedelta(minutes=30 * step) for step in range(48 * 14)]
        assert [one.is_open(at) for at in moments] == [other.is_open(at) for at in moments]


def test_times_are_taken_as_people_write_them() -> None:
    """`18`, `18.30` and `2100`; what is half or no time is marked at its day."""
    fields = {
        "hours.Mo.1.from": "18",
        "hours.Mo.1.until": "21.30",
        "hours.Tu.1.from": "0900",
        "hours.Tu.1.until": "24",
    }
    values, wrongs = read_form(the("services", "hours"), "linden", fields, ground())
    assert wrongs == []
    assert values[0][1] == "Mo 18:00-21:30; Tu 09:00-00:00"
    for start, end in (("18", ""), ("25", "26"), ("18:70", "19"), ("sex", "sju"), ("24:30", "2")):
        bad = {"hours.Mo.1.from": start, "hours.Mo.1.until": end}
        assert wrongs_of("hours", bad) == {("hours.Mo.1.from", "span")}


def test_hours_that_say_nothing_new_follow_the_file() -> None:
    """None takes what was set away; days that have passed go by themselves."""
    fields = {"hours.always": "on", "closed": "2026-12-24\n2020-01-01, 2026-12-25", "last": "15"}
    values, wrongs = read_form(
        the("services", "hours"), "linden", fields, ground(hours="24/7", last_chat_minutes=15)
    )
    assert wrongs == []
    assert [value for _, value in values] == [None, None, ["2026-12-24", "2026-12-25"]]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, ("hours.Mo.1.from", "never")),
        ({"hours.raw": "alltid"}, ("hours.raw", "expression")),
        (THURSDAY | {"hours.always": "on"}, ("hours.always", "always_and_times")),
        (THURSDAY | {"hours.raw": "Mo 10:00-12:00"}, ("hours.raw", "rows_and_raw")),
        ({"hours.always": "on", "hours.raw": "Mo 10:00-12:00"}, ("hours.raw", "rows_and_raw")),
        ({"hours.red": "on", "hours.raw": "Mo 10:00-12:00"}, ("hours.raw", "rows_and_raw")),
        (
            {"hours.Su.2.from": "1", "hours.Su.2.until": "2", "hours.always": "on"},
            ("hours.always", "always_and_times"),
        ),
        ({"hours.always": "on", "last": "-5"}, ("last", "number")),
        ({"hours.always": "on", "last": "9" * 5000}, ("last", "number")),
        ({"hours.always": "on", "closed": "julafton"}, ("closed", "date")),
    ],
)
def test_hours_that_cannot_be_are_told_at_their_field(fields: dict[str, str], wrong: tuple[str, str]) -> None:
    """In the chair's own words, before any expression is read."""
    assert wrongs_of("hours", fields) == {wrong}


@given(weeks)
def test_form_of_hours_filled_and_sent_back_changes_nothing(week: Week) -> None:
    """Who only looks has set nothing."""
    table: dict[str, Any] = {"hours": expression_of(week)}
    matter, held = the("services", "hours"), ground(hours=table["hours"])
    values, wrongs = read_form(matter, "linden", fields_of(matter, table, held), held)
    assert (wrongs, [value for _, value in values]) == ([], [None, None, None])


def test_week_ahead_begins_now_and_ends_after_seven_days() -> None:
    """Open now counts from now; a place that never closes has no end."""
    hours = OpeningHours.parse("Fr 10:00-16:00; Mo 18:00-21:00")
    assert [opens for opens, _ in openings(hours, NOW, timedelta(days=6))] == [
        NOW,
        datetime(2026, 11, 30, 17, tzinfo=UTC),
    ]
    assert list(openings(OpeningHours.parse("24/7"), NOW, timedelta(days=7))) == [(NOW, None)]
    assert len(DAYS) == 7


# --- texts and addresses ------------------------------------------------------------------------------------


def test_text_as_in_the_file_is_not_set_and_an_empty_one_falls_back() -> None:
    """Only what differs is kept; a text that must be there cannot be emptied, tonight's words can."""
    there = {"sv": "Vi är {organisation}.", "en": "We are here."}
    fields = {"notice.sv": "Vi är {organisation}.\r\n", "notice.en": "We are new."}
    values, wrongs = read_form(the("services", "notice"), "linden", fields, ground(notice=there))
    assert (wrongs, values[0][1]) == ([], {"en": "We are new."})
    values, _ = read_form(the("services", "notice"), "linden", {}, ground(notice=there))
    assert values[0][1] is None
    values, _ = read_form(the("services", "tonight"), "linden", {}, ground(tonight=there))
    assert values[0][1] == {"sv": "", "en": ""}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x" * 4001, "long"),
        ("Hej\u202e", "strange"),
        ("Ring 070", "identity"),
        ("Hej {namn}", "placeholder"),
        ("{", "placeholder"),
    ],
)
def test_text_that_cannot_stand_is_told_at_its_language(text: str, why: str) -> None:
    """Each for its own reason."""
    assert wrongs_of("notice", {"notice.sv": text}) == {("notice.sv", why)}


def test_addresses_are_taken_as_people_copy_them() -> None:
    """A page's address becomes its origin; what no browser would send is told."""
    fields = {"addresses": "https://www.jouren.se/kontakt\nwww.jouren.se https://WWW.annan.se:443/"}
    values, wrongs = read_form(the("organisations", "host_origins"), "x", fields, ground(host_origins=[]))
    assert (wrongs, values[0][1]) == ([], ["https://www.jouren.se", "https://www.annan.se"])
    for bad in (
        "*.jouren.se",
        "http://jouren.se",
        "jouren",
        "https://a@b.se",
        "javascript:alert(1)",
        "https://[",
        "https://jåuren.se",
    ):
        assert wrongs_of("host_origins", {"addresses": bad}, "organisations") == {("addresses", "origin")}


def test_link_gets_its_beginning_and_must_be_whole() -> None:
    """The quick exit leads to a page over https."""
    values, wrongs = read_form(the("organisations", "exit_url"), "x", {"address": "www.smhi.se"}, ground())
    assert (wrongs, values[0][1]) == ([], "https://www.smhi.se")
    assert wrongs_of("exit_url", {"address": "http://x.se"}, "organisations") == {("address", "link")}
    assert wrongs_of("exit_url", {}, "organisations") == {("address", "link")}


@pytest.mark.parametrize(
    "way", ["a\0@b.se", "\u202egro.live@x.se", "javascript:alert(1)//@x.se", "a" * 30_000]
)
def test_way_to_tell_is_one_that_can_be_read(way: str) -> None:
    """It stands on her page about what cannot be used."""
    assert wrongs_of("feedback", {"way": way}, "organisations") == {("way", "way")}


def test_own_language_cannot_be_left_out() -> None:
    """The service's texts begin from it."""
    assert wrongs_of("languages", {"language.en": "on"}, language="sv") == {("language.sv", "own_language")}


# --- lists --------------------------------------------------------------------------------------------------

LINE = {
    "name.sv": "Vår telefon", "channel": "phone", "address": "08-123 456 00", "source": "vi själva",
    "hours.always": "on", "checked": "on",
}  # fmt: skip


def test_line_is_added_changed_and_taken_away() -> None:
    """It gets an id that none has; the last one gone, the file holds again."""
    matter, held = the("organisations", "lines"), ground()
    item, wrongs = read_item(matter, LINE, {}, held)
    assert wrongs == []
    assert item["verified_at"] == "2026-11-27"
    (values, _) = put({}, NEW, item, matter=matter, name="x", ground=held)
    assert values[0][1] == {"own-1": item}
    things = items_of(matter, {"lines": values[0][1]})
    assert read_item(matter, fields_of_item(matter, item, held), item, held) == (item, []), (
        "looking checks nothing"
    )
    (values, _) = put(things, "own-1", None, matter=matter, name="x", ground=held)
    assert values[0][1] is None
    with pytest.raises(NoSuchVersion):
        put(things, "own-9", None, matter=matter, name="x", ground=held)


def test_changed_number_must_be_checked_again() -> None:
    """An old day would vouch for a new number."""
    matter, held = the("organisations", "lines"), ground()
    item, _ = read_item(matter, LINE, {}, held)
    unchecked = {key: value for key, value in LINE.items() if key != "checked"}
    assert read_item(matter, unchecked, item, held)[1] == []
    assert read_item(matter, {**unchecked, "address": "08-999 99 00"}, item, held)[1] == [
        Wrong("checked", "checked")
    ]
    assert read_item(matter, unchecked, {}, held)[1] == [Wrong("checked", "checked")]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"address": "ring oss"}, ("address", "phone")),
        ({"channel": "web"}, ("address", "link")),
        ({"channel": "post"}, ("channel", "needed")),
        ({"source": " "}, ("source", "needed")),
        ({"name.sv": "", "name.en": "Ours"}, ("name.sv", "needed")),
        ({"name.sv": "x" * 121}, ("name.sv", "long")),
    ],
)
def test_line_that_cannot_be_called_is_told(fields: dict[str, str], wrong: tuple[str, str]) -> None:
    """At its field."""
    _, wrongs = read_item(the("organisations", "lines"), {**LINE, **fields}, {}, ground())
    assert [(each.field, each.why) for each in wrongs] == [wrong]


# --- meaning -----------------------------------------------------------------------------------


def test_text_that_leaves_a_language_behind_or_is_hard_is_told() -> None:
    """What a change of any text may mean."""
    before = {"notice": {"sv": "A", "en": "A", "sv-easy": "A"}}
    after = {"notice": {**before["notice"], "sv": "B", "sv-easy": "Det här är en mening som är svår."}}
    told = [
        each.about for each in of_texts(the("services", "notice"), before, after, ["sv", "sv-easy", "en"])
    ]
    assert told == ["other_languages", "hard"]
    assert hard_sentences(
        "Du får skriva. Vi läser det.\nEtt två tre fyra fem sex sju åtta nio tio elva."
    ) == ["Ett två tre fyra fem sex sju åtta nio tio elva."]


@pytest.mark.parametrize("duty", [".", "–", "{organisation}", "Ja.", "1234567890123"])
def test_duty_that_says_nothing_is_refused(duty: str) -> None:
    """At its language."""
    assert ("reporting_text.sv", "says_nothing") in wrongs_of(
        "reporting_text", {"reporting_text.sv": duty}, "organisations", reporting_text={"sv": "Vi måste."}
    )


@pytest.mark.parametrize(
    ("name", "kind", "field", "most"),
    [
        ("hours", "services", "closed", MOST_DAYS),
        ("host_origins", "organisations", "addresses", MOST_ADDRESSES),
    ],
)
def test_field_with_ever_so_much_in_it_is_one_mistake(name: str, kind: str, field: str, most: int) -> None:
    """Nothing of it is looked at, and no word is said of each: that took longer than anybody can wait."""
    fields = {field: "x\n" * 32_000, "hours.Mo.1.from": "10", "hours.Mo.1.until": "12"}
    _, wrongs = read_form(the(kind, name), "linden", fields, ground())
    assert wrongs == [Wrong(field, "many", str(most))]


def test_address_that_tells_or_reaches_into_the_frame_is_told() -> None:
    """The chat's own host, and a page after the exit that says where she was."""
    origins, exit_ = the("organisations", "host_origins"), the("organisations", "exit_url")
    assert [each.about for each in of_addresses(origins, ["https://chat.se:8443"], "https://chat.se")] == [
        "own_host"
    ]
    assert [each.about for each in of_addresses(origins, [], "https://chat.se")] == ["no_address"]
    assert [each.about for each in of_addresses(exit_, ["https://kvinnojouren.se/"], "https://chat.se")] == [
        "telling"
    ]


def test_number_may_stand_where_only_staff_read_and_is_asked_about() -> None:
    """Whom staff ring when they are alone: whoever may not write it there writes it where all see it."""
    number = "Bakjour i kväll: Lisa 070-123 45 67."
    for name in ("tonight", "alone"):
        assert wrongs_of(name, {f"{name}.sv": number}) == set()
        thoughts = of_staff_texts(
            the("services", name), {}, {name: {"sv": number}}, ["sv"], ground().tells_who
        )
        assert [*thoughts] == [Thought("tells_who")]
    assert wrongs_of("notice", {"notice.sv": number}) == {("notice.sv", "identity")}
    held = {"tonight": {"sv": number}}
    tonight = the("services", "tonight")
    assert not [*of_staff_texts(tonight, held, held, ["sv"], ground().tells_who)], "asked once"
    hers = the("services", "notice")
    assert not [*of_staff_texts(hers, {}, {"notice": {"sv": number}}, ["sv"], ground().tells_who)]


@pytest.mark.parametrize("number", ["070-123 45 67", "+46 73 123 45 67", "0046721234567", "079 000 00 00"])
def test_mobile_among_lines_is_asked_about_when_it_is_new(number: str) -> None:
    """Everybody who opens the chat sees it."""
    lines, form = the("organisations", "lines"), {"channel": "phone", "address": number}
    assert [each.about for each in of_line(lines, form, {})] == ["own_mobile"]
    assert not [*of_line(lines, form, {"address": number})]
    assert not [*of_line(lines, form | {"address": "08-123 456 00"}, {})]
    assert not [*of_line(lines, form | {"channel": "web"}, {})]
