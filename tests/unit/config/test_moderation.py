# SPDX-License-Identifier: EUPL-1.2
"""What a service decides about what is written, as the site file says it."""

from __future__ import annotations

from typing import Any

import pytest

from chat.ids import ServiceId
from config.identity import browser_identity, identity_source
from config.site import Alarm, PublicService
from moderation.danger import Subject
from moderation.identity_rules import identity_rules
from moderation.judge import Judge
from moderation.verdict import Kind, Verdict
from tests.unit.config.sites import RIGHT, read, with_more

NUMBER = "070-174 06 05"


def service(more: str = "", id_: str = "linden") -> PublicService:
    """Return a service of the right site file with more lines in its table."""
    text = with_more("services.linden", more) if more else RIGHT
    return read(text).whole().services[ServiceId(id_)]


def judge(more: str = "") -> Judge:
    """Return the judge of that service."""
    return service(more).chat.judge


def mistakes(more: str) -> list[str]:
    """Return where the file is wrong with these lines."""
    return [mistake.path for mistake in read(with_more("services.linden", more)).mistakes]


def test_usual_service_masks_and_tells() -> None:
    """Without a word about it everything is looked for."""
    usual = judge()
    assert usual.of_visitor(NUMBER, language="sv").text == "[telefonnummer]"
    assert usual.of_visitor("han har en kniv", language="sv").danger is not None
    assert usual.of_visitor("jag ska döda dig", language="sv").cover is not None
    assert usual.of_operator(NUMBER).verdict is Verdict.REFUSE


@pytest.mark.parametrize("choice", ["allow", "ask", "mask"])
def test_identity_is_decided_for_all_or_by_kind(choice: str) -> None:
    """One word for every kind, or a table."""
    for more in (f'moderation.identity = "{choice}"', f'moderation.identity.phone = "{choice}"'):
        assert judge(more).policy.of_visitor(Kind.PHONE) is Verdict[choice.upper()]
    other = judge(f'moderation.identity.phone = "{choice}"').policy.of_visitor(Kind.EMAIL)
    assert other is Verdict.MASK


def test_switches_and_hosts() -> None:
    """Danger and shield can be turned off, a host can be allowed."""
    quiet = judge('moderation = { danger = false, shield = false, hosts = ["www.jouren.example.org"] }')
    assert quiet.of_visitor("han har en kniv, jag ska döda dig", language="sv").reasons == ()
    assert quiet.of_operator("läs https://www.jouren.example.org/rad").verdict is Verdict.ALLOW
    assert quiet.of_operator("läs https://example.org/rad").verdict is Verdict.REFUSE


def test_own_numbers_may_be_given() -> None:
    """What staff send people to, though it is no line that everybody is shown."""
    given = judge('moderation.numbers = ["08-123 456 78"]')
    assert given.of_operator("ring 08-12 34 56 78").verdict is Verdict.ALLOW
    assert given.of_visitor("ring 08-123 456 78", language="sv").masked == ()


def test_what_is_switched_off_is_said() -> None:
    """Once, with its place; a name that is only asked about is nothing to warn of."""
    more = 'moderation = { identity = { phone = "allow", name = "ask" }, danger = false, shield = false }'
    warned = [warning.path for warning in read(with_more("services.linden", more)).warnings]
    assert [path for path in warned if ".moderation" in path] == [
        f"services.linden.moderation.{key}" for key in ("identity", "danger", "shield")
    ]
    assert "phone" in next(
        warning.what
        for warning in read(with_more("services.linden", more)).warnings
        if warning.path.endswith("identity")
    )


def test_own_phrases_are_heard() -> None:
    """A word that only this service knows."""
    more = 'moderation.phrases = { visitor-own = { acute = "rosa elefant" } }'
    danger = judge(more).of_visitor("det är rosa elefant här", language="sv").danger
    assert danger is not None
    assert (danger.subject, danger.reason) == (Subject.VISITOR, "own")
    assert judge().of_visitor("det är rosa elefant här", language="sv").danger is None


def test_routine_is_read_by_alarm() -> None:
    """Texts in the service's language at least."""
    routine = service('routine = { acute = { sv = "Ring 112." }, self = { sv = "Fråga rakt ut." } }').routine
    assert routine == {Alarm.ACUTE: {"sv": "Ring 112."}, Alarm.SELF: {"sv": "Fråga rakt ut."}}
    assert service().routine == {}


def test_harm_to_others_follows_the_track() -> None:
    """Only where people come because they use violence."""
    assert not judge().harms
    assert service(id_="bron").chat.judge.harms


def test_own_lines_are_never_identity() -> None:
    """A line of the site that nobody else knows."""
    line = """
[lines.egen]
name.sv = "Egen"
channel = "phone"
address = "08-123 456 78"
hours = "24/7"
source = "vi"
verified_at = 2026-05-01
"""
    own = read(RIGHT + line).whole().services[ServiceId("linden")].chat.judge
    assert own.of_operator("ring 08-123 456 78").verdict is Verdict.ALLOW
    assert judge().of_operator("ring 08-123 456 78").verdict is Verdict.REFUSE


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ('moderation.identity = "cover"', "services.linden.moderation.identity"),
        ('moderation.identity.phone = "refuse"', "services.linden.moderation.identity.phone"),
        ('moderation.identity.shoe_size = "mask"', "services.linden.moderation.identity.shoe_size"),
        ("moderation.danger = 1", "services.linden.moderation.danger"),
        ('moderation.hosts = ["https://example.se/x"]', "services.linden.moderation.hosts"),
        ('moderation.numbers = ["ring"]', "services.linden.moderation.numbers"),
        ('moderation.phrases = "kniv"', "services.linden.moderation.phrases"),
        (
            'moderation.phrases = { visitor-own = { acute = "@nothing" } }',
            "services.linden.moderation.phrases",
        ),
        ("moderation.colour = 1", "services.linden.moderation.colour"),
        ('routine.panic.sv = "x"', "services.linden.routine.panic"),
        ('routine.acute.en = "x"', "services.linden.routine.acute"),
    ],
)
def test_mistakes_are_named_with_their_place(more: str, where: str) -> None:
    """Nothing is refused for its content, and nothing unknown is passed over."""
    assert where in mistakes(more)


@pytest.mark.parametrize("language", ["sv", "en", "ar", "fi", "xx"])
def test_browser_gets_what_the_server_reads(language: str) -> None:
    """The same form, fewer languages: what it finds, the server finds too."""
    part: dict[str, Any] = dict(browser_identity(language))
    part["rule"] = [
        {"kind": kind, "needs": needs, "find": find, "check": check}
        for kind, needs, find, check in part["rule"]
    ]
    rules = identity_rules(part)
    assert len(rules.rules) <= len(identity_source()["rule"])
    assert {rule.kind for rule in rules.rules} == set(Kind)
