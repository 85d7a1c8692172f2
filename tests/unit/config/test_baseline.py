# SPDX-License-Identifier: EUPL-1.2
"""What all organisations inherit: it may be tightened and not loosened, whatever is written where."""

from __future__ import annotations

import random
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from chat.catalogue import Deadlines
from chat.ids import OrganisationId, ServiceId
from config.alarms import Alarm
from config.baseline import AUDIT_DAYS, ROLES, Baseline, Bounds
from config.baseline_table import SECONDS
from config.site import PublicService
from moderation.policy import Policy
from moderation.verdict import Kind, Verdict
from tests.unit.config.sites import RIGHT, read
from web.accounts.account import StaffRole

BASELINE = """
[baseline]
second_factor = ["administrator"]
audit_days = { least = 90, most = 365 }

[baseline.routine]
acute.sv = "Ring 112 först."
acute.en = "Call 112 first."
children.sv = "Ring socialjouren."

[baseline.moderation]
identity = { phone = "mask", email = "ask" }
danger = true
shield = true

[baseline.deadlines]
operator_lost = { most = 120 }
waiting_place_kept = { least = 120, most = 600 }
"""


def linden(text: str) -> PublicService:
    """Return the jour's service of a whole file."""
    return read(text).whole().services[ServiceId("linden")]


def paths(text: str) -> list[str]:
    """Return where a file must be mended."""
    return [each.path for each in read(text).mistakes]


def in_linden(more: str) -> str:
    """Return the right file under the baseline, with more in the jour's service."""
    return BASELINE + RIGHT.replace("[services.bron]", f"{more}\n[services.bron]")


def test_who_says_nothing_inherits_it() -> None:
    """Routine words, deadlines within their bounds, days of the audit."""
    service = linden(BASELINE + RIGHT)
    assert dict(service.routine) == {
        Alarm.ACUTE: {"sv": "Ring 112 först.", "en": "Call 112 first."},
        Alarm.CHILDREN: {"sv": "Ring socialjouren."},
    }
    assert service.chat.deadlines == Deadlines()
    site = read(BASELINE.replace("least = 90", "least = 200") + RIGHT).whole()
    assert site.organisations[OrganisationId("jouren")].audit_days == 200
    assert site.baseline.second_factor_of({"operator"}) == {"administrator", "operator"}


def test_own_words_of_a_routine_stand_after_those_of_all() -> None:
    """In every language that either has; what one of them lacks there comes in Swedish."""
    own = '[services.linden.routine]\nacute.sv = "Ring bakjouren."\nhonour.sv = "Inte familjen."'
    routine = linden(in_linden(own)).routine
    assert routine[Alarm.ACUTE] == {
        "sv": "Ring 112 först.\n\nRing bakjouren.",
        "en": "Call 112 first.\n\nRing bakjouren.",
    }
    assert routine[Alarm.HONOUR] == {"sv": "Inte familjen."}
    assert list(routine) == [Alarm.ACUTE, Alarm.HONOUR, Alarm.CHILDREN]


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ('[services.linden.moderation]\nidentity = { phone = "ask" }', "services.linden.moderation.identity"),
        (
            '[services.linden.moderation]\nidentity = { email = "allow" }',
            "services.linden.moderation.identity",
        ),
        ("[services.linden.moderation]\ndanger = false", "services.linden.moderation.danger"),
        ("[services.linden.moderation]\nshield = false", "services.linden.moderation.shield"),
        ("[services.linden.deadlines]\noperator_lost = 121", "services.linden.deadlines.operator_lost"),
        (
            "[services.linden.deadlines]\nwaiting_place_kept = 119",
            "services.linden.deadlines.waiting_place_kept",
        ),
    ],
)
def test_loosening_is_a_mistake_with_its_place(more: str, path: str) -> None:
    """And says what to write instead; without the baseline each of them may be decided."""
    (mistake,) = read(in_linden(more)).mistakes
    assert mistake.path == path
    assert "loosen the baseline" in mistake.what
    assert mistake.mend
    assert paths(in_linden(more).removeprefix(BASELINE)) == []


def test_every_loosening_is_told_at_once() -> None:
    """Those of an organisation too."""
    more = "[services.linden.moderation]\ndanger = false\nshield = false"
    text = in_linden(more).replace(
        'reporting_text.sv = "Vi kan', 'audit_days = 89\nreporting_text.sv = "Vi kan'
    )
    assert paths(text) == [
        "organisations.jouren.audit_days",
        "services.linden.moderation.danger",
        "services.linden.moderation.shield",
    ]


@pytest.mark.parametrize(
    "more",
    [
        '[services.linden.moderation]\nidentity = { email = "ask", name = "allow" }',
        "[services.linden.deadlines]\noperator_lost = 30\nwaiting_place_kept = 600",
    ],
)
def test_tightening_and_what_is_not_asked_for_are_free(more: str) -> None:
    """A service decides what the baseline says nothing about."""
    assert paths(in_linden(more)) == []


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ('second_factor = ["boss"]', "baseline.second_factor"),
        ("audit_days = { least = 10 }", "baseline.audit_days.least"),
        ("audit_days = { least = 200, most = 100 }", "baseline.audit_days"),
        ("deadlines = { operator_lost = { most = 9999 } }", "baseline.deadlines.operator_lost.most"),
        ("deadlines = { typing = { most = 9 } }", "baseline.deadlines.typing"),
        ('moderation = { hosts = ["example.se"] }', "baseline.moderation.hosts"),
        ('routine = { acute = { en = "Call." } }', "baseline.routine.acute"),
        ("hours = 1", "baseline.hours"),
    ],
)
def test_baseline_that_is_wrong_is_told(wrong: str, path: str) -> None:
    """With its place, like everything in the file."""
    assert paths(f"[baseline]\n{wrong}\n" + RIGHT) == [path]


def test_version_of_a_routine_changes_with_anything_in_the_baseline() -> None:
    """And with the service's own words; without a baseline it is what it was."""
    own = '[services.linden.routine]\nacute.sv = "Ring bakjouren."'
    texts = [
        in_linden(own),
        in_linden(own).replace("Ring 112 först", "Ring 112 genast"),
        in_linden(own).replace("most = 120 }", "most = 110 }"),
        in_linden(own).replace('["administrator"]', '["administrator", "supervisor"]'),
        in_linden(own).replace("least = 90", "least = 91"),
        in_linden(own).replace("\nshield = true", ""),
        in_linden(own).replace("bakjouren", "handledaren"),
        in_linden(own).removeprefix(BASELINE),
    ]
    versions = [linden(text).routine_version for text in texts]
    assert len(set(versions)) == len(texts)
    assert all(versions)
    assert linden(RIGHT).routine_version == ""
    assert Baseline().version == ""


def test_roles_are_those_that_there_are() -> None:
    """The file names them as accounts do."""
    assert set(ROLES) == {role.value for role in StaffRole}


def test_every_deadline_has_its_bounds() -> None:
    """A new one is a decision about them."""
    assert set(SECONDS) == {each.name for each in fields(Deadlines)}


def drawn(draw: random.Random) -> tuple[Baseline, dict[str, Any]]:
    """Return a baseline and somebody's own values, both drawn at random."""

    def bounds(widest: Bounds) -> Bounds:
        one, other = sorted(draw.choices(range(widest.least, widest.most + 1), k=2))
        return Bounds(one, other)

    def some(of: Any) -> list[Any]:
        return draw.sample(list(of), draw.randint(0, len(list(of))))

    def words(whose: str, *codes: str) -> dict[Alarm, dict[str, str]]:
        return {
            alarm: {code: f"{alarm} {whose} {code}" for code in ("sv", *some(codes))} for alarm in some(Alarm)
        }

    verdicts = (Verdict.ALLOW, Verdict.ASK, Verdict.MASK)
    baseline = Baseline(
        routine={
            alarm: {code: f"{alarm} all {code}" for code in ("sv", *some(["en"]))} for alarm in some(Alarm)
        },
        identity={kind: draw.choice(verdicts) for kind in some(Kind)},
        danger=draw.random() < 0.5,
        shield=draw.random() < 0.5,
        deadlines={key: bounds(SECONDS[key]) for key in some(SECONDS)},
        second_factor=frozenset(some(ROLES)),
        audit_days=bounds(AUDIT_DAYS),
    )
    own = {
        "routine": {
            alarm: {code: f"{alarm} own {code}" for code in ("sv", *some(["en", "ar"]))}
            for alarm in some(Alarm)
        },
        "policy": Policy(
            identity={kind: draw.choice(verdicts) for kind in some(Kind)},
            danger=draw.random() < 0.5,
            shield=draw.random() < 0.5,
        ),
        "deadlines": replace(
            Deadlines(),
            **{
                key: timedelta(seconds=draw.randint(SECONDS[key].least, SECONDS[key].most))
                for key in some(SECONDS)
            },
        ),
        "second_factor": frozenset(some(ROLES)),
        "audit_days": draw.randint(AUDIT_DAYS.least, AUDIT_DAYS.most),
    }
    return baseline, own


def test_merged_is_never_looser_in_any_key() -> None:
    """Of 500 baselines and own values: nothing below what all are held to, nothing of one's own loosened."""
    for seed in range(500):
        baseline, own = drawn(random.Random(seed))
        policy, deadlines = baseline.policy_of(own["policy"]), baseline.deadlines_of(own["deadlines"])
        for kind in Kind:
            strict = max(own["policy"].of_visitor(kind), baseline.identity.get(kind, Verdict.ALLOW))
            assert policy.of_visitor(kind) is strict, seed
        assert (policy.danger, policy.shield) == (
            own["policy"].danger or baseline.danger,
            own["policy"].shield or baseline.shield,
        )
        for key in SECONDS:
            held, given = (getattr(each, key).total_seconds() for each in (deadlines, own["deadlines"]))
            bounds = baseline.deadlines.get(key, SECONDS[key])
            assert bounds.least <= held <= bounds.most, (seed, key)
            assert held == given or not bounds.least <= given <= bounds.most, (seed, key)
        assert (
            baseline.audit_days.least <= baseline.audit_days_of(own["audit_days"]) <= baseline.audit_days.most
        )
        assert (
            baseline.second_factor_of(own["second_factor"]) >= baseline.second_factor | own["second_factor"]
        )
        routine = baseline.routine_of(own["routine"])
        for alarm, texts in baseline.routine.items():
            for code, text in texts.items():
                assert routine[alarm][code].startswith(text), (seed, alarm)
        for alarm, texts in own["routine"].items():
            for code, text in texts.items():
                assert routine[alarm][code].endswith(text), (seed, alarm)
        again = Baseline.policy_of(baseline, policy)
        assert again == policy, "what is held already stays as it is"
