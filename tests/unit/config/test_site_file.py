# SPDX-License-Identifier: EUPL-1.2
"""What the site file becomes, and every way in which it can be wrong."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.catalogue import RoutingMode
from chat.ids import OrganisationId, ServiceId, Track
from config.errors import Broken
from config.site import Channel, Decision, OpenWhen, Tone
from handover.goals import Goal, Indicator
from tests.unit.config.sites import RIGHT, read, with_change, with_more

LINDEN, BRON = ServiceId("linden"), ServiceId("bron")


def test_site_file_that_is_right_has_nothing_to_mend() -> None:
    """No mistakes, no warnings, a site."""
    reading = read()
    assert (reading.mistakes, reading.warnings) == ((), ())
    assert reading.whole().source == "site.toml"


def test_service_has_the_usual_values_where_nothing_is_said() -> None:
    """Pull, three chats, Swedish, warm."""
    service = read().whole().services[LINDEN]
    assert service.chat.mode is RoutingMode.PULL
    assert service.chat.capacity == 3
    assert service.chat.track is Track.EXPOSED
    assert (service.language, service.languages, service.tone) == ("sv", ("sv",), Tone.WARM)
    assert (service.open_when, service.fewest_on_shift) == (OpenWhen.HOURS, 1)


def test_organisation_names_the_roles_that_need_a_second_factor() -> None:
    """None where nothing is said."""
    jouren = OrganisationId("jouren")
    assert read().whole().organisations[jouren].second_factor == frozenset()
    text = with_change('name = "Jouren"', 'name = "Jouren"\nsecond_factor = ["administrator", "supervisor"]')
    assert read(text).whole().organisations[jouren].second_factor == {"administrator", "supervisor"}


def test_service_takes_the_values_that_are_given() -> None:
    """Every optional key reaches its place."""
    more = 'mode = "offer"\ncapacity = 5\nmean_minutes = 50\ntone = "informal"\nlast_chat_minutes = 20'
    more += '\nopen_when = "staffed"\nfewest_on_shift = 2'
    more += "\ndeadlines.active_parked = 600\ndeadlines.offer_rings = 45"
    service = read(with_more("services.linden", more)).whole().services[LINDEN]
    assert service.tone is Tone.INFORMAL
    assert (service.chat.mode, service.chat.capacity, service.chat.mean_minutes) == (RoutingMode.OFFER, 5, 50)
    assert service.chat.hours.last_chat_minutes == 20
    assert service.chat.hours.staffed is None, "the roster says that, not the file"
    assert (service.open_when, service.fewest_on_shift) == (OpenWhen.STAFFED, 2)
    assert service.chat.deadlines.active_parked == timedelta(minutes=10)
    assert service.chat.deadlines.offer_rings == timedelta(seconds=45)
    assert service.chat.deadlines.operator_lost == timedelta(seconds=90)


def test_texts_are_filled_when_they_are_read() -> None:
    """Organisation, reporting text and decision stand in the texts that she reads."""
    services = read().whole().services
    assert services[LINDEN].notice == {"sv": "Vi är Jouren. Vi kan behöva berätta."}
    assert services[BRON].kept == {"sv": "Kommunen har beslutat (SN 2, 2026-01-16)."}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Vi är {organisation}.", "Vi är  {organisation}."),
        ("Vi kan behöva berätta.", "Vi berättar."),
        ('name = "Jouren"', 'name = "Nya jouren"'),
        ('notice.sv = "Vi är', 'notice.en = "We are"\nnotice.sv = "Vi är'),
        ("Vi raderar det.", "Vi raderar det nu."),
    ],
)
def test_notice_version_changes_with_every_change_of_its_words(old: str, new: str) -> None:
    """Whatever she would read differently is another version, also through a placeholder."""
    before = read().whole().services
    after = read(with_change(old, new)).whole().services
    assert before[LINDEN].chat.notice_version != after[LINDEN].chat.notice_version
    assert before[BRON].chat.notice_version == after[BRON].chat.notice_version


def test_municipality_without_a_decision_stays_closed_and_says_so() -> None:
    """The start is allowed, the service is not; staff read why, and so does whoever checks the file."""
    reading = read(with_change('disposal_decision = { reference = "SN 2", date = 2026-01-16 }\n', ""))
    why = reading.whole().services[BRON].chat.cannot_open
    assert why is not None
    assert "Kommunen" in why
    assert "gallring" in why
    assert "dokumentation" not in why
    assert reading.whole().services[LINDEN].chat.cannot_open is None
    (warning,) = reading.warnings
    assert warning.path == "services.bron"
    assert "disposal_decision" in warning.mend


def test_municipality_with_both_decisions_may_open() -> None:
    """Reference and date of each are kept."""
    site = read().whole()
    assert site.services[BRON].chat.cannot_open is None
    organisation = site.organisations[OrganisationId("kommunen")]
    assert organisation.documentation_decision == Decision(reference="SN 1", date=date(2026, 1, 15))


def test_line_that_was_never_verified_is_only_shown_when_asked_for() -> None:
    """A demonstration shows it; a real site does not."""
    text = RIGHT + _line("polisen", 'address = "114 14"')
    assert [line.id for line in read(text).whole().lines] == ["sos"]
    assert [line.id for line in read(text, unverified=True).whole().lines] == ["sos", "polisen"]
    assert [warning.path for warning in read(text).warnings] == ["lines.polisen.verified_at"]


def test_emergency_line_is_shown_without_having_been_verified() -> None:
    """112 must be there whatever else is missing."""
    reading = read(with_change("verified_at = 2026-05-01\n", ""))
    assert [line.id for line in reading.whole().lines] == ["sos"]
    assert "shown all the same" in reading.warnings[0].what


@pytest.mark.parametrize(("day", "warned"), [("2025-11-20", False), ("2025-11-19", True)])
def test_line_is_old_after_twelve_months(day: str, warned: bool) -> None:
    """On the very day it is still trusted."""
    reading = read(with_change("verified_at = 2026-05-01", f"verified_at = {day}"))
    assert bool(reading.warnings) is warned


def test_line_keeps_channel_hours_and_tracks() -> None:
    """What a line says reaches its place."""
    text = RIGHT + _line("bris", 'address = "https://www.bris.se/"\nverified_at = 2026-05-01', channel="chat")
    line = read(text + 'tracks = ["exposed"]\n').whole().lines[1]
    assert (line.channel, line.hours, line.tracks) == (Channel.CHAT, "24/7", ("exposed",))


def test_partnership_is_read_with_its_goals() -> None:
    """The agreement covers the two organisations."""
    (partnership,) = read(RIGHT + _partnership()).whole().partnerships
    assert partnership.covers(OrganisationId("jouren"), OrganisationId("kommunen"), date(2026, 1, 1))
    assert partnership.goals == (Goal("fler får hjälp"),)


def test_partnership_goal_may_have_a_figure() -> None:
    """A goal in words stands beside one that is counted."""
    text = RIGHT + _goals(
        '["ny", { text = "fler får hjälp", indicator = "handovers_accepted" }, { text = "x" }]'
    )
    (partnership,) = read(text).whole().partnerships
    counted = Goal("fler får hjälp", Indicator.HANDOVERS_ACCEPTED)
    assert partnership.goals == (Goal("ny"), counted, Goal("x"))


def _goals(goals: str) -> str:
    return _partnership().replace('["fler får hjälp"]', goals)


def _line(name: str, more: str, *, channel: str = "phone") -> str:
    values = f'name.sv = "Namn"\nchannel = "{channel}"\nhours = "24/7"\nsource = "någon"'
    return f"\n[lines.{name}]\n{values}\n{more}\n"


def _partnership(parties: str = '["jouren", "kommunen"]', end: str = "2023-06-30") -> str:
    return (
        f'\n[[partnerships]]\nparties = {parties}\nkind = "iop"\nstart = 2021-07-01\nend = {end}\n'
        'goals = ["fler får hjälp"]\n'
    )


MISTAKES = [
    # a place of its own for every kind of mistake: what is changed, and the path that is named
    (with_change('name = "Jouren"', "name = 3"), "organisations.jouren.name"),
    (with_change('name = "Jouren"', 'name = " "'), "organisations.jouren.name"),
    (with_change('name = "Jouren"', 'name = "Jouren"\nnmae = "x"'), "organisations.jouren.nmae"),
    (with_change('kind = "kvinnojour"', 'kind = "jour"'), "organisations.jouren.kind"),
    (with_change('regime = "association"', ""), "organisations.jouren.regime"),
    (
        with_change('name = "Jouren"', 'name = "Jouren"\nsecond_factor = ["chair"]'),
        "organisations.jouren.second_factor",
    ),
    (with_change("https://www.jouren.example", "https://*.example"), "organisations.jouren.host_origins"),
    (
        with_change("https://www.jouren.example", "http://www.jouren.example"),
        "organisations.jouren.host_origins",
    ),
    (
        with_change("https://www.jouren.example", "https://www.jouren.example/"),
        "organisations.jouren.host_origins",
    ),
    (
        with_change('["https://www.jouren.example"]', '"https://a.example"'),
        "organisations.jouren.host_origins",
    ),
    (with_change('["https://www.jouren.example"]', "[1]"), "organisations.jouren.host_origins"),
    (with_change("Vi kan behöva berätta.", "{nej}"), "organisations.jouren.reporting_text.sv"),
    (
        with_change('reporting_text.sv = "Vi k', 'reporting_text.en = "Vi k'),
        "organisations.jouren.reporting_text",
    ),
    (
        with_change('reporting_text.sv = "Vi k', 'reporting_text = "Vi k'),
        "organisations.jouren.reporting_text",
    ),
    (
        with_more("organisations.jouren", 'disposal_decision = { reference = "x", date = 2026-01-01 }'),
        "organisations.jouren.disposal_decision",
    ),
    (
        with_change("date = 2026-01-15", "date = 2026-12-01"),
        "organisations.kommunen.documentation_decision.date",
    ),
    (
        with_change("date = 2026-01-15", "date = 20260115"),
        "organisations.kommunen.documentation_decision.date",
    ),
    (with_change("date = 2026-01-15", 'date = "igår"'), "organisations.kommunen.documentation_decision.date"),
    (
        with_change('reference = "SN 1"', 'reference = ""'),
        "organisations.kommunen.documentation_decision.reference",
    ),
    (with_change("[services.linden]", "[services.Linden]"), "services.Linden"),
    (with_change("[services.linden]", '[services."lin den"]'), 'services."lin den"'),
    (with_change('organisation = "jouren"', 'organisation = "joren"'), "services.linden.organisation"),
    (with_change('name.sv = "Jourens chatt"', 'name.en = "The chat"'), "services.linden.name"),
    (with_change('name.sv = "Jourens chatt"', 'name.sv = "a"\nname.SV = "b"'), "services.linden.name.SV"),
    (with_change('track = "exposed"', 'track = "both"'), "services.linden.track"),
    (
        with_change('track = "exposed"\nhours = "24/7"', 'track = "exposed"\nhours = "alltid"'),
        "services.linden.hours",
    ),
    (with_change('track = "exposed"\nhours = "24/7"', 'track = "exposed"'), "services.linden.hours"),
    (with_more("services.linden", "last_chat_minutes = -1"), "services.linden.last_chat_minutes"),
    (with_more("services.linden", 'mode = "push"'), "services.linden.mode"),
    (with_more("services.linden", 'open_when = "always"'), "services.linden.open_when"),
    (with_more("services.linden", "fewest_on_shift = 0"), "services.linden.fewest_on_shift"),
    (with_more("services.linden", 'closed_words.sv = "Stängt"'), "services.linden.closed_words"),
    (with_more("services.linden", "capacity = 0"), "services.linden.capacity"),
    (with_more("services.linden", "capacity = true"), "services.linden.capacity"),
    (with_more("services.linden", "capacity = 3.5"), "services.linden.capacity"),
    (with_more("services.linden", 'languages = ["en"]'), "services.linden.languages"),
    (with_more("services.linden", 'languages = ["sv", "sv"]'), "services.linden.languages"),
    (with_more("services.linden", "deadlines.operator_lost = 5"), "services.linden.deadlines.operator_lost"),
    (with_more("services.linden", "deadlines.opertor_lost = 90"), "services.linden.deadlines.opertor_lost"),
    (with_change("Vi är {organisation}.", "Vi är {organisationen}."), "services.linden.notice.sv"),
    (with_change("Vi är {organisation}.", "Vi är {organisation.name}."), "services.linden.notice.sv"),
    (with_change("Vi är {organisation}.", "Vi är {organisation!r}."), "services.linden.notice.sv"),
    (with_change("Vi är {organisation}.", "Vi är {."), "services.linden.notice.sv"),
    (with_change("Vi raderar det.", "Beslut {decision}."), "services.linden.kept.sv"),
    (
        with_more("services.linden", 'notice.en = "{reporting_text}"\nlanguages = ["sv", "en"]'),
        "organisations.jouren.reporting_text",
    ),
    (with_change('channel = "phone"', 'channel = "fax"'), "lines.sos.channel"),
    (with_change('address = "112"', 'address = "ett ett två"'), "lines.sos.address"),
    (with_change('channel = "phone"', 'channel = "web"'), "lines.sos.address"),
    (with_change("verified_at = 2026-05-01", "verified_at = 2027-05-01"), "lines.sos.verified_at"),
    (with_change("verified_at = 2026-05-01", "verified_at = 2026-05-01T10:00:00"), "lines.sos.verified_at"),
    (with_change("emergency = true", ""), "lines"),
    (with_change("emergency = true", 'emergency = "yes"'), "lines.sos.emergency"),
    (with_more("lines.sos", 'tracks = ["all"]'), "lines.sos.tracks"),
    (RIGHT + _line("sent", 'address = "0"', channel="phone"), "lines.sent.address"),
    (RIGHT + _partnership('["jouren"]'), "partnerships[0].parties"),
    (RIGHT + _partnership('["jouren", "grannen"]'), "partnerships[0].parties"),
    (RIGHT + _partnership(end="2020-01-01"), "partnerships[0].end"),
    (RIGHT + _partnership(end="2323-06-30"), "partnerships[0].end"),
    (RIGHT + _partnership() + "notice_given = 9999-12-31", "partnerships[0].notice_given"),
    (RIGHT + _goals('[{ indicator = "handovers_sent" }]'), "partnerships[0].goals[0].text"),
    (RIGHT + _goals('["x", { text = "y", indicator = "good" }]'), "partnerships[0].goals[1].indicator"),
    (RIGHT + _goals('[{ text = "y", figure = 3 }]'), "partnerships[0].goals[0].figure"),
    (RIGHT + _goals('[{ text = "y" }, 1]'), "partnerships[0].goals[1]"),
    (RIGHT + _goals('[" "]'), "partnerships[0].goals"),
    ("partnerships = [1]\n" + RIGHT, "partnerships[0]"),
    (
        RIGHT.replace('organisation = "jouren"', 'organisation = "polisen"')
        + '[organisations.polisen]\nname = "Polisen"\nkind = "authority"\nregime = "state"\n',
        "services.linden.organisation",
    ),
    ("extra = 1\n" + RIGHT, "extra"),
]


@pytest.mark.parametrize(
    ("text", "path"), MISTAKES, ids=[f"{index}-{path}" for index, (_, path) in enumerate(MISTAKES)]
)
def test_site_file_names_the_place_and_the_mend_of_a_mistake(text: str, path: str) -> None:
    """One thing wrong is one mistake at its own path, and there is no site."""
    reading = read(text)
    assert {mistake.path for mistake in reading.mistakes} - {"lines"} == {path} - {"lines"}
    assert path in {mistake.path for mistake in reading.mistakes}
    assert all(mistake.what and mistake.mend.endswith((".", "?")) for mistake in reading.mistakes)
    with pytest.raises(Broken):
        reading.whole()


def test_site_file_lists_all_its_mistakes_at_once() -> None:
    """Nothing is hidden behind the first mistake."""
    text = with_change('hours = "Mo-Fr 08:00-16:30"', 'hours = "x"').replace(
        'kind = "kvinnojour"', "kind = 1"
    )
    text = text.replace('exit_url = "https://www.smhi.se/"', 'exit_url = "http://www.smhi.se/"')
    assert [mistake.path for mistake in read(text).mistakes] == [
        "organisations.jouren.kind",
        "organisations.jouren.exit_url",
        "organisations.kommunen.exit_url",
        "services.bron.hours",
    ]


def test_broken_site_file_prints_as_one_line_for_each_mistake() -> None:
    """The error's text is what an administrator reads."""
    with pytest.raises(Broken) as caught:
        read(with_change('kind = "kvinnojour"', 'kind = "jour"')).whole()
    first, second = str(caught.value).splitlines()
    assert first == "site.toml: 1 to mend"
    assert second.startswith("organisations.jouren.kind: “jour” is not known here. Choose one of: kvinnojour")


def test_unknown_key_is_met_with_the_nearest_known_one() -> None:
    """A slip of the finger is mended by reading one line."""
    (mistake,) = read(with_more("services.linden", "capcity = 3")).mistakes
    assert mistake.mend == "Did you mean “capacity”?"


def test_file_that_is_no_toml_says_where() -> None:
    """The line and column of the parser are kept."""
    (mistake,) = read("[organisations\n").mistakes
    assert mistake.path == "site.toml"
    assert "line 1" in mistake.what


@pytest.mark.parametrize("text", ["", "organisations = 3\nservices = []\nlines = 1\n", "[services]\n"])
def test_site_file_without_anything_asks_for_what_it_needs(text: str) -> None:
    """Organisations, services and an emergency line are always needed."""
    paths = {mistake.path for mistake in read(text).mistakes}
    assert {"organisations", "services", "lines"} <= paths


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (with_change("[services.linden]", "[services.kvinnojouren]"), "services.kvinnojouren"),
        (
            with_change(
                'name.sv = "Jourens chatt"\npage_title = "Chatt"', 'name.sv = "x"\npage_title = "Jouren"'
            ),
            "services.linden.page_title",
        ),
        (
            with_change(
                'www.smhi.se/"\nreporting_text.sv = "Vi k',
                'www.kvinnojour.example/"\nreporting_text.sv = "Vi k',
            ),
            "organisations.jouren.exit_url",
        ),
        (with_more("services.linden", 'languages = ["sv", "en"]'), "services.linden.name"),
        (
            with_change(
                'kind = "oppenvard"\nregime = "municipality"', 'kind = "oppenvard"\nregime = "association"'
            )
            .replace('documentation_decision = { reference = "SN 1", date = 2026-01-15 }\n', "")
            .replace('disposal_decision = { reference = "SN 2", date = 2026-01-16 }\n', "")
            .replace("({decision})", ""),
            "organisations.kommunen.regime",
        ),
    ],
)
def test_site_file_warns_of_what_is_doubtful_and_still_starts(text: str, path: str) -> None:
    """A warning stops nothing."""
    reading = read(text)
    assert reading.site is not None
    assert path in {warning.path for warning in reading.warnings}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "x", "24/7", "{", "2026-01-01"]),
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=4,
)


@given(st.sampled_from(RIGHT.splitlines()), VALUES)
def test_site_file_never_fails_otherwise_than_by_its_mistakes(line: str, value: object) -> None:
    """Any value at any key gives a site or a list of mistakes, never a traceback."""
    if " = " not in line:
        return
    key = line.partition(" = ")[0]
    written = repr(value).replace("'", '"').replace("True", "true").replace("False", "false")
    reading = read(RIGHT.replace(line, f"{key} = {written}", 1))
    assert (reading.site is None) == bool(reading.mistakes)
