# SPDX-License-Identifier: EUPL-1.2
"""What the site file says about receivers, and what she reads about each before she says yes."""

from __future__ import annotations

import pytest

from chat.ids import OrganisationId, ServiceId, Track
from config.receivers import standard_texts
from config.site_file import Reading
from handover.ids import ReceiverId
from handover.receivers import ReceivedAt, Receiver, Regime
from tests.unit.config.sites import RECEIVERS, RIGHT, read

INTAKE, SUPPORT = ReceiverId("mottagningen"), ReceiverId("stod")


def with_receivers(*changes: tuple[str, str]) -> Reading:
    """Read the right site file with its receivers, some places changed; each must be there exactly once."""
    text = RECEIVERS
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return read(RIGHT + text)


def intake(*changes: tuple[str, str]) -> Receiver:
    """Return the receiver of the authority."""
    return with_receivers(*changes).whole().receivers[INTAKE]


def test_receivers_that_are_right_have_nothing_to_mend() -> None:
    """No mistakes, no warnings."""
    reading = with_receivers()
    assert (reading.mistakes, reading.warnings) == ((), ())
    assert list(reading.whole().receivers) == [INTAKE, SUPPORT]


def test_receiver_takes_the_values_that_are_given() -> None:
    """Every key reaches its place, and the law comes from the organisation."""
    receiver = intake()
    assert receiver.organisation == OrganisationId("socialtjansten")
    assert receiver.regime is Regime.MUNICIPALITY
    assert receiver.track is Track.EXPOSED
    assert receiver.function_address == "mottagning@kommunen.example"
    assert receiver.hours.expression == "Mo-Fr 08:00-16:30"
    assert (receiver.name_in("en"), receiver.hours_in("en")) == ("The intake", "on weekdays")
    assert (receiver.name_in("fi"), receiver.hours_in("fi")) == ("Mottagningen", "på vardagar")
    assert receiver.may_coordinate
    assert receiver.police
    assert receiver.chat == ServiceId("linden")
    assert (receiver.received_at, receiver.decision) == (ReceivedAt.OPENING, "SN 7")
    assert str(receiver.decided_on) == "2026-02-01"


def standard(key: str, receiver: str, hours: str = "") -> str:
    """Return one of our own texts in Swedish, filled by hand."""
    text: str = standard_texts()["sv"][key]
    return text.replace("{receiver}", receiver).replace("{hours}", hours)


def test_notice_of_an_authority_has_its_paragraphs_in_one_order() -> None:
    """What may happen against her will comes first, what protects her in any case last, then the hours."""
    keys = (
        "police",
        "limits_opening",
        "known",
        "under_18",
        "reporting_authority",
        "record_opening",
        "secrecy_authority",
        "hours",
    )
    own = "Mottagningen hos Socialtjänsten läser på vardagar."
    _, paragraphs = intake().notice_in("sv")
    assert paragraphs == (own, *(standard(key, "Mottagningen", "på vardagar") for key in keys))


def test_notice_of_an_association_names_a_promise_and_no_secrecy() -> None:
    """Volunteers have promised silence; nothing becomes a public record, and no law makes them report."""
    _, paragraphs = with_receivers().whole().receivers[SUPPORT].notice_in("sv")
    keys = ("limits_opening", "known", "secrecy_association", "hours")
    assert paragraphs == ("Vi följer med.", *(standard(key, "Stödet", "varje kväll") for key in keys))
    assert "sekretess" not in " ".join(paragraphs)


def test_notice_at_delivery_says_that_nothing_can_be_recalled() -> None:
    """The text follows the authority's decision."""
    delivery = intake(('received_at = "opening"', 'received_at = "delivery"'))
    _, paragraphs = delivery.notice_in("sv")
    assert standard("record_delivery", "Mottagningen") in paragraphs
    assert standard("limits_delivery", "Mottagningen") in paragraphs
    assert standard("limits_opening", "Mottagningen") not in paragraphs


def test_notice_of_the_police_says_that_they_are_the_police() -> None:
    """Where police work beside others they are named so; of the state they are the receiver itself."""
    own = intake(('regime = "municipality" # theirs', 'regime = "state"')).notice_in("sv")[1]
    assert standard("police_own", "") in own
    assert standard("police", "") not in own
    assert standard("police_own", "") not in intake().notice_in("sv")[1]


def test_secrecy_is_told_without_a_name_that_may_not_fit_the_sentence() -> None:
    """“De som arbetar på Kuratorn” is nothing that anybody says."""
    for each in standard_texts().values():
        if isinstance(each, dict):
            assert not any("{" in each[key] for key in ("secrecy_authority", "secrecy_association"))


def test_notice_speaks_each_language_alone() -> None:
    """English paragraphs are English to the last, and a language that is not there becomes Swedish."""
    language, paragraphs = intake().notice_in("en")
    assert language == "en"
    assert paragraphs[0] == "The intake reads."
    assert paragraphs[-1] == "The intake reads it on weekdays. If it is urgent, call 112."
    assert intake().notice_in("fi")[0] == "sv"


@pytest.mark.parametrize(
    "change",
    [
        ('notice.sv = "{receiver} hos', 'notice.sv = "{receiver}  hos'),
        ('notice.en = "The intake reads."', 'notice.en = "The intake reads it."'),
        ('notice.en = "The intake reads."\n', ""),
        ('name.sv = "Mottagningen"', 'name.sv = "Mottagning"'),
        ('name = "Socialtjänsten"', 'name = "Socialtjänst"'),
        ('hours_text.en = "on weekdays"', 'hours_text.en = "every day"'),
        ("police = true", "police = false"),
        ('received_at = "opening"', 'received_at = "delivery"'),
        ('regime = "municipality" # theirs', 'regime = "association" # theirs'),
    ],
)
def test_notice_version_changes_with_every_change_of_its_words(change: tuple[str, str]) -> None:
    """Whatever she would read differently needs another yes; the other receiver keeps its version."""
    changes = [change]
    if "association" in change[1]:
        changes.append((DECISION, ""))
    before, after = with_receivers().whole().receivers, with_receivers(*changes).whole().receivers
    assert before[INTAKE].notice_version != after[INTAKE].notice_version
    assert before[SUPPORT].notice_version == after[SUPPORT].notice_version


@pytest.mark.parametrize("key", ["police", "limits_opening", "known", "secrecy_authority", "hours"])
def test_notice_version_changes_with_our_own_words(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also what stands in `config/handover.toml`."""
    before = intake().notice_version
    texts = standard_texts()
    changed = {**texts, "sv": {**texts["sv"], key: "Något annat."}}
    monkeypatch.setattr("config.receivers.standard_texts", lambda: changed)
    assert intake().notice_version != before


def test_notice_version_stays_where_nothing_that_she_reads_changes() -> None:
    """A function address or opening hours by the clock are not in the text."""
    moved = intake(("mottagning@kommunen.example", "intag@kommunen.example"), ("Mo-Fr 08:00", "Mo-Fr 09:00"))
    assert moved.notice_version == intake().notice_version


DECISION = '[receivers.mottagningen.decision]\nreference = "SN 7"\ndate = 2026-02-01\n'
AT = "receivers.mottagningen"

MISTAKES = [
    ('organisation = "socialtjansten"', 'organisation = "socialen"', f"{AT}.organisation"),
    ('organisation = "socialtjansten"\n', "", f"{AT}.organisation"),
    ('name.sv = "Mottagningen"\n', "", f"{AT}.name"),
    ('notice.sv = "{receiver} hos {organisation} läser {hours}."\n', "", f"{AT}.notice"),
    ('hours_text.sv = "på vardagar"\n', "", f"{AT}.hours_text"),
    ("läser {hours}.", "läser {when}.", f"{AT}.notice.sv"),
    ("läser {hours}.", "läser {hours.", f"{AT}.notice.sv"),
    ('notice.en = "The intake reads."', 'notice.en = ""', f"{AT}.notice.en"),
    ('function_address = "mottagning@kommunen.example"\n', "", f"{AT}.function_address"),
    ('track = "exposed" # theirs\n', 'track = "both"\n', f"{AT}.track"),
    ('hours = "Mo-Fr 08:00-16:30" # theirs', 'hours = "alltid"', f"{AT}.hours"),
    ("police = true", 'police = "ja"', f"{AT}.police"),
    ("may_coordinate = true", "may_coordinate = 1", f"{AT}.may_coordinate"),
    ('chat = "linden"', 'chat = "eken"', f"{AT}.chat"),
    ('chat = "linden"', 'chat = "bron"', f"{AT}.chat"),
    ('received_at = "opening"', 'received_at = "never"', f"{AT}.received_at"),
    (DECISION, "", f"{AT}.decision"),
    ('reference = "SN 7"\n', "", f"{AT}.decision.reference"),
    ("date = 2026-02-01\n", "", f"{AT}.decision.date"),
    ("date = 2026-02-01", "date = 2027-02-01", f"{AT}.decision.date"),
    ("date = 2026-02-01", "date = 2026-02-01\nby = 'nämnden'", f"{AT}.decision.by"),
    ("police = true", "polis = true", f"{AT}.polis"),
    ("[receivers.stod]", "[receivers.Stod]", "receivers.Stod"),
    (
        'notice.sv = "Vi följer med."',
        'notice.sv = "a"\nreceived_at = "delivery"',
        "receivers.stod.received_at",
    ),
]


@pytest.mark.parametrize(
    ("old", "new", "path"), MISTAKES, ids=[f"{index}-{path}" for index, (*_, path) in enumerate(MISTAKES)]
)
def test_receiver_names_the_place_and_the_mend_of_a_mistake(old: str, new: str, path: str) -> None:
    """One thing wrong is one mistake at its own path."""
    reading = with_receivers((old, new))
    assert {mistake.path for mistake in reading.mistakes} == {path}
    assert all(mistake.what and mistake.mend.endswith((".", "?")) for mistake in reading.mistakes)


def test_notice_in_a_language_without_our_words_is_left_out_with_a_warning() -> None:
    """Half a notice is no notice: she reads the Swedish one."""
    reading = with_receivers(
        ('notice.en = "The intake reads."', 'notice.en = "The intake reads."\nnotice.fi = "He lukevat."')
    )
    assert [warning.path for warning in reading.warnings] == [f"{AT}.notice"]
    assert reading.whole().receivers[INTAKE].notice_in("fi")[0] == "sv"


def test_our_own_words_are_whole_in_every_language() -> None:
    """Each language has the same texts, filled by nothing but what a receiver says."""
    texts = {code: each for code, each in standard_texts().items() if isinstance(each, dict)}
    assert {"sv", "sv-easy", "en"} <= set(texts)
    assert len({frozenset(each) for each in texts.values()}) == 1
    for language, each in texts.items():
        for text in each.values():
            filled = text.format(receiver="R", organisation="O", hours="H")
            assert filled.strip(), language
            assert "!" not in filled
