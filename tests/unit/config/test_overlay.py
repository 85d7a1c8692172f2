# SPDX-License-Identifier: EUPL-1.2
"""What organisations set stands over the site file, by the same rules, and never over anybody else."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import config
from chat.ids import OrganisationId, ServiceId
from config.check import Severity, check
from config.errors import Broken
from config.overlay import FIELDS, Field, owner_of_path, strays
from config.overlay_toml import as_toml
from config.site import Site
from config.site_file import Reading, SiteFile

TODAY = date(2026, 11, 27)
TEXT = (Path(config.__file__).parent / "demo.toml").read_text(encoding="utf-8")
FILE = SiteFile(TEXT, "demo.toml", unverified=True)
VALUES = FILE.values()
OWN, OTHER = OrganisationId("kvinnojouren-vallentuna"), OrganisationId("oppenvarden-vallentuna")
LINDEN, BRON = ServiceId("linden"), ServiceId("bron")
BASE = FILE.read(TODAY).whole()
LINE = {
    "name": {"sv": "Vår telefon"},
    "channel": "phone",
    "address": "08-123 456 00",
    "hours": "Mo-Fr 09:00-16:00",
    "source": "vi själva",
    "verified_at": "2026-11-01",
}


def read(overlay: dict[str, Any], organisation: OrganisationId = OWN) -> Reading:
    """Read the demo's site with what one organisation has set."""
    return FILE.read(TODAY, {organisation: overlay})


def linden(**fields: Any) -> dict[str, Any]:
    """Return an overlay of the service linden."""
    return {"services": {"linden": fields}}


def own(**fields: Any) -> dict[str, Any]:
    """Return an overlay of the organisation itself."""
    return {"organisations": {OWN: fields}}


def seen_of(site: Site, organisation: OrganisationId) -> list[Any]:
    """Return all of a site that is another organisation's."""
    return [
        site.organisations[organisation],
        [each for each in site.services.values() if each.organisation.id == organisation],
        site.lines,
        site.partnerships,
        [each for each in site.receivers.values() if each.chat not in {"linden", "eken"}],
    ]


def test_what_is_set_stands_over_the_file_and_the_rest_of_it_stays() -> None:
    """A language that is not set is as in the file; the notice has another version."""
    site = read(linden(notice={"sv": "Ny text. {reporting_text}"}, closed_dates=["2026-12-24"])).whole()
    before, after = BASE.services[LINDEN], site.services[LINDEN]
    assert after.notice["sv"].startswith("Ny text. Om vi får veta")
    assert after.notice["en"] == before.notice["en"]
    assert after.chat.notice_version != before.chat.notice_version
    assert after.chat.hours.closed_dates == {date(2026, 12, 24)}
    assert after.kept == before.kept


def test_spare_text_can_be_taken_away_and_a_needed_one_cannot() -> None:
    """An empty text takes tonight's words out; a notice without words leaves no notice to read."""
    assert BASE.services[LINDEN].tonight
    gone = dict.fromkeys(BASE.services[LINDEN].tonight, "")
    assert read(linden(tonight=gone)).whole().services[LINDEN].tonight == {}
    empty = dict.fromkeys(BASE.services[LINDEN].notice, "")
    assert [each.path for each in read(linden(notice=empty)).set_aside[OWN]] == ["services.linden.notice"]


@pytest.mark.parametrize(
    "overlay",
    [
        own(regime="municipality"),
        own(disposal_decision={"reference": "x", "date": "2026-01-01"}),
        own(accessibility={"review": "outside"}),
        own(name="Någon annan"),
        linden(track="perpetrator"),
        linden(organisation=OTHER),
        linden(moderation={"shield": False}),
        linden(deadlines={"active_parked": 60}),
        linden(routine={"everything": {"sv": "x"}}),
        linden(capacity=20),
        {"services": {"bron": {"hours": "24/7"}}},
        {"services": {"nowhere": {"hours": "24/7"}}},
        {"organisations": {OTHER: {"exit_url": "https://www.example.se/"}}},
        {"receivers": {"x": {}}},
        {"lines": {"sos": {"address": "113"}}},
        {"partnerships": []},
        {"services": "all"},
        {"services": {"linden": []}},
        linden(routine="none"),
    ],
)
def test_what_is_not_its_own_or_not_to_be_set_holds_nowhere(overlay: dict[str, Any]) -> None:
    """One table says what may be set; whoever comes around the pages comes no further."""
    reading = read(overlay)
    assert reading.strays[OWN]
    assert reading.whole() == BASE


def test_service_that_has_left_the_file_takes_nothing_else_with_it() -> None:
    """What was set of it rests; hours, host addresses and texts of the others hold on."""
    rest = {**linden(hours="24/7", routine={"acute": {"sv": "x"}}), **own(exit_url="https://www.example.se/")}
    gone = {**rest["services"], "gone": {"hours": "24/7"}, "bron": {"hours": "24/7"}}
    reading = read({**rest, "services": gone, "receivers": {"x": {}}})
    paths = [each.path for each in reading.strays[OWN]]
    assert sorted(paths) == ["receivers", "services.bron.hours", "services.gone.hours"]
    assert reading.set_aside == {}
    assert reading.whole() == read(rest).whole()
    assert reading.whole().services[LINDEN].chat.hours.expression == "24/7"


@pytest.mark.parametrize("damaged", ["x", ["services"], 7])
def test_damaged_row_is_set_aside_like_any_other(damaged: Any) -> None:
    """Whatever the database gives: it costs that organisation what it has set, and nobody anything else."""
    reading = read(damaged)
    assert reading.strays[OWN]
    assert reading.whole() == BASE


def test_organisation_that_has_left_the_file_breaks_nothing() -> None:
    """What it had set rests, with its id."""
    reading = read(linden(hours="24/7"), OrganisationId("gone"))
    assert [each.path for each in reading.strays[OrganisationId("gone")]] == ["organisations.gone"]
    assert reading.whole() == BASE


@pytest.mark.parametrize(
    ("overlay", "path"),
    [
        (linden(hours="always"), "services.linden.hours"),
        (linden(notice={"sv": "Hej {namn}"}), "services.linden.notice.sv"),
        (linden(closed_dates=["i morgon"]), "services.linden.closed_dates"),
        (linden(languages=["en"]), "services.linden.languages"),
        (own(host_origins=["http://www.example.se"]), f"organisations.{OWN}.host_origins"),
        (own(lines={"own-1": {**LINE, "emergency": True}}), f"organisations.{OWN}.lines.own-1.emergency"),
        (
            own(lines={"own-1": {**LINE, "verified_at": "2027-01-01"}}),
            f"organisations.{OWN}.lines.own-1.verified_at",
        ),
        (own(lines={"own-1": None}), f"organisations.{OWN}.lines.own-1"),
        (own(referrals={"a": 1}), f"organisations.{OWN}.referrals"),
    ],
)
def test_mistake_is_the_one_of_the_file_and_the_file_alone_holds(overlay: dict[str, Any], path: str) -> None:
    """For that organisation; what another has set goes on."""
    other = {"services": {"bron": {"name": {"sv": "Nytt namn"}}}}
    reading = FILE.read(TODAY, {OWN: overlay, OTHER: other})
    assert path in [each.path for each in reading.set_aside[OWN]]
    assert OTHER not in reading.set_aside
    site = reading.whole()
    assert site.services[BRON].name["sv"] == "Nytt namn"
    assert site.services[LINDEN] == BASE.services[LINDEN]


def test_broken_file_stays_broken_whatever_was_set() -> None:
    """An overlay never hides what is wrong in the file itself."""
    file = SiteFile(
        TEXT.replace('regime = "association"', 'regime = "club"', 1), "demo.toml", unverified=True
    )
    reading = file.read(TODAY, {OWN: linden(hours="24/7")})
    with pytest.raises(Broken, match="regime"):
        reading.whole()


def test_own_lines_are_shown_with_own_services_after_those_of_all() -> None:
    """And their numbers are no identity data there, while they are with others."""
    site = read(own(lines={"own-1": LINE})).whole()
    names = [line.name["sv"] for line in site.lines_for(site.services[LINDEN])]
    assert names[-1] == "Vår telefon"
    assert len(names) > 1
    assert "Vår telefon" not in [line.name["sv"] for line in site.lines_for(site.services[BRON])]
    sentence = "Ring 08-123 456 00."
    assert not site.services[LINDEN].chat.judge.of_operator(sentence).reasons
    assert site.services[BRON].chat.judge.of_operator(sentence).reasons


def test_own_line_that_nobody_has_verified_is_not_shown() -> None:
    """As with any line."""
    bare = {key: value for key, value in LINE.items() if key != "verified_at"}
    file = SiteFile(TEXT, "demo.toml")
    site = file.read(TODAY, {OWN: own(lines={"own-1": bare})}).whole()
    assert site.organisations[OWN].lines == ()


# --- whatever is set ----------------------------------------------------------------------------------------

words = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="{}"), min_size=1, max_size=12
)
texts = st.dictionaries(st.sampled_from(["sv", "en", "sv-easy"]), words.filter(str.strip), max_size=3)
VALUES_OF: dict[str, st.SearchStrategy[Any]] = {
    "hours": st.sampled_from(["24/7", "Mo 10:00-12:00", "Mo-Fr 18:00-02:00; PH off"]),
    "last_chat_minutes": st.integers(0, 240),
    "closed_dates": st.lists(st.dates(date(2026, 1, 1), date(2030, 1, 1)).map(date.isoformat), max_size=3),
    "languages": st.sampled_from([["sv"], ["sv", "en"]]),
    "host_origins": st.sampled_from([[], ["https://www.example.se"]]),
    "exit_url": st.sampled_from(["https://www.smhi.se/", "https://www.example.se/x"]),
    "feedback": st.just("tillganglighet@example.se"),
    "reading": st.lists(
        st.fixed_dictionaries({"title": st.just({"sv": "T"}), "text": st.just({"sv": "x"})}), max_size=2
    ),
    "referrals": st.just([]),
    "lines": st.just({"own-1": LINE}),
}


def a_table(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """Make what an organisation might set of one service, or of itself."""

    def tree(chosen: dict[tuple[str, ...], Any]) -> dict[str, Any]:
        table: dict[str, Any] = {}
        for path, value in chosen.items():
            inner = table
            for key in path[:-1]:
                inner = inner.setdefault(key, {})
            inner[path[-1]] = value
        return table

    return st.fixed_dictionaries(
        {}, optional={path: VALUES_OF.get(path[-1], texts) for path in FIELDS[kind]}
    ).map(tree)


overlays = st.fixed_dictionaries(
    {},
    optional={
        "services": st.fixed_dictionaries(
            {}, optional={"linden": a_table("services"), "eken": a_table("services")}
        ),
        "organisations": st.fixed_dictionaries({}, optional={OWN: a_table("organisations")}),
    },
)


foreign = st.fixed_dictionaries(
    {
        "services": st.fixed_dictionaries(
            {"bron": a_table("services")}, optional={"linden": a_table("services")}
        )
    }
)


@settings(max_examples=25, deadline=None)
@given(overlays | foreign)
def test_what_one_sets_changes_nothing_of_another(overlay: dict[str, Any]) -> None:
    """Whatever it is, and whether or not it holds."""
    site = read(overlay).whole()
    for id_ in BASE.organisations:
        if id_ != OWN:
            assert seen_of(site, id_) == seen_of(BASE, id_)


@settings(max_examples=50, deadline=None)
@given(overlays)
def test_export_is_the_same_in_the_file(overlay: dict[str, Any]) -> None:
    """What is printed reads as what was set; so it can be pasted."""
    assert strays(VALUES, OWN, overlay) == []
    found = tomllib.loads(as_toml(overlay))
    for kind, named in overlay.items():
        for name, table in named.items():
            for path, field in FIELDS[kind].items():
                value = table if path[0] in table else None
                for key in path if value is not None else ():
                    value = value.get(key) if isinstance(value, dict) else None
                told: Any = found[kind][name]
                for key in path:
                    told = told.get(key, {}) if isinstance(told, dict) else told
                if value and field is Field.DAYS:
                    assert [each.isoformat() for each in told] == value
                elif value and field is not Field.TABLES:
                    assert told == value


def test_owner_of_a_path_is_found_by_the_file() -> None:
    """A service belongs to whom the file says; what belongs to nobody alone has no owner."""
    assert owner_of_path("services.linden.notice.sv", VALUES) == OWN
    assert owner_of_path(f"organisations.{OTHER}.lines", VALUES) == OTHER
    assert owner_of_path("services.nowhere.name", VALUES) is None
    assert owner_of_path("lines.sos.hours", VALUES) is None


def test_check_tells_who_has_set_what() -> None:
    """A mistake stops nothing: it is a warning with the organisation's name; so is a warning."""
    findings = check(
        Broken("the environment", ()),
        TEXT,
        source="demo.toml",
        today=TODAY,
        overlays={OWN: linden(hours="always"), OTHER: {"services": {"bron": {"languages": ["sv", "fi"]}}}},
    )
    said = {each.path: each for each in findings if "has set this" in each.what}
    assert said["services.linden.hours"].severity is Severity.WARNING
    assert said["services.linden.hours"].what.startswith(
        "Kvinnojouren i Vallentuna has set this, and all that"
    )
    assert said["services.bron.notice"].what.startswith(
        "Vallentuna Öppenvård has set this: The text is missing"
    )
    assert [each for each in findings if each.severity is Severity.MISTAKE] == []
