# SPDX-License-Identifier: EUPL-1.2
"""Her yes or no: everything is off by default, each receiver is a yes of its own, nothing else is a grant."""

from __future__ import annotations

from dataclasses import replace as copied
from datetime import timedelta
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chat.ids import Track
from handover.border import Border
from handover.consent import (
    TIME_TO_OPEN,
    TRANSITIONS,
    Answer,
    Command,
    Consent,
    ConsentGrant,
    ConsentState,
    Decision,
    Propose,
    Replace,
    Retract,
    Sender,
    Yes,
    digest_of,
    exact_form,
)
from handover.errors import Incomplete, NoPartnership, NoticeOutdated, TooLate, TracksMeet
from handover.items import IDENTITY, Content, Item, Message
from handover.receivers import Receiver
from tests.unit.handover.making import (
    BORDER,
    CLINIC,
    CONTENT,
    INTAKE,
    JOUR,
    NOW,
    OTHER_TRACK,
    POLICE,
    SENDER,
    STATION,
    TOWN,
    agreement,
    asked,
    granted,
    proposal,
    receiver,
    yes,
)

WITH_NAME = replace(CONTENT, name="Kim", reach="070-174 06 05")


def answered(*answers: Yes, content: Content = CONTENT) -> Consent:
    """Return the question about all three receivers, answered."""
    return asked(INTAKE, CLINIC, STATION).receive(
        Answer(Decision(content=content, yes=answers)), NOW, BORDER
    )[0]


def test_yes_to_one_receiver_grants_that_one_and_its_items_alone() -> None:
    """What is not ticked for a receiver is not in its grant, in no field and no form."""
    (grant,) = granted(yes(INTAKE, Item.WANT, Item.CONTACT))
    assert grant.receiver == INTAKE.id
    assert grant.content == Content(want=CONTENT.want, contact=CONTENT.contact)
    raw = exact_form(grant.record, grant.content).decode()
    for left_out in ("två år", "Han tog", "värre", "physical", "partner"):
        assert left_out not in raw


def test_each_receiver_has_a_view_of_its_own() -> None:
    """Two receivers, two grants, two contents."""
    one, other = granted(yes(INTAKE, Item.WANT, Item.SUMMARY), yes(CLINIC, Item.DANGER))
    assert set(one.content.items()) == {Item.WANT, Item.SUMMARY}
    assert set(other.content.items()) == {Item.DANGER}


def test_no_grants_nothing() -> None:
    """A no is an answer, and final."""
    consent, grants = asked(INTAKE).receive(Answer(Decision(content=CONTENT)), NOW, BORDER)
    assert (consent.state, grants) == (ConsentState.DECLINED, ())
    with pytest.raises(TooLate):
        consent.receive(Answer(Decision(content=CONTENT, yes=(yes(INTAKE),))), NOW, BORDER)


def test_every_consent_is_off_until_she_says_so() -> None:
    """The defaults of a yes grant nothing at all."""
    bare = Yes(receiver=INTAKE.id, notice=INTAKE.notice_version, items=(Item.WANT,))
    given = {
        name: getattr(bare, name) for name in Yes.__struct_fields__ if isinstance(getattr(bare, name), bool)
    }
    assert given == dict.fromkeys(given, False)
    with pytest.raises(Incomplete):
        answered(bare)


@pytest.mark.parametrize("to", [INTAKE, STATION], ids=["intake", "police"])
def test_every_combination_of_consents(to: Receiver) -> None:
    """Waiver and data are needed, police exactly where they work, identity exactly with such items."""
    names = ("secrecy", "data", "measure", "police", "identity")
    for values in product([False, True], repeat=len(names)):
        for items in ((Item.WANT,), (Item.WANT, Item.NAME), (Item.REACH,)):
            said = dict(zip(names, values, strict=True))
            whole = (
                said["secrecy"]
                and said["data"]
                and said["police"] == to.police
                and said["identity"] == bool(IDENTITY & set(items))
            )
            answer = Yes(receiver=to.id, notice=to.notice_version, items=items, **said)
            if whole:
                (grant,) = granted(answer, content=WITH_NAME)
                assert grant.record.identity_shared == said["identity"]
                assert grant.record.yes.measure == said["measure"]
            else:
                with pytest.raises(Incomplete):
                    answered(answer, content=WITH_NAME)


def test_identity_is_not_shared_by_default() -> None:
    """Even when she has written her name, it goes nowhere without its own yes."""
    (grant,) = granted(yes(INTAKE, Item.WANT), content=WITH_NAME)
    assert not grant.record.identity_shared
    assert "Kim" not in exact_form(grant.record, grant.content).decode()


def test_identity_can_not_be_proposed() -> None:
    """Staff have no way to put such an item before her."""
    with pytest.raises(Incomplete):
        Consent(SENDER, proposal(INTAKE, content=WITH_NAME)).receive(Propose(), NOW, BORDER)


@pytest.mark.parametrize(
    "wrong",
    [
        yes(INTAKE, Item.NAME),  # nothing is written there
        Yes(receiver=INTAKE.id, notice=INTAKE.notice_version, items=(), secrecy=True, data=True),
        yes(OTHER_TRACK),  # was not offered
        yes(CLINIC, coordinate=True),  # may not coordinate
    ],
    ids=["empty item", "no item", "not offered", "may not coordinate"],
)
def test_yes_that_is_not_whole_is_refused(wrong: Yes) -> None:
    """Nothing is granted, also not to the other receiver of the same answer."""
    with pytest.raises(Incomplete):
        answered(yes(STATION), wrong)


def test_one_receiver_coordinates_at_most() -> None:
    """The contact list has one owner."""
    both = receiver("andra", may_coordinate=True)
    border = Border({**BORDER.receivers, both.id: both}, BORDER.partnerships)
    consent = Consent(SENDER, proposal(INTAKE, both)).receive(Propose(), NOW, border)[0]
    answers = (yes(INTAKE, coordinate=True), yes(both, coordinate=True))
    with pytest.raises(Incomplete):
        consent.receive(Answer(Decision(content=CONTENT, yes=answers)), NOW, border)


def test_same_receiver_twice_is_refused() -> None:
    """In a question and in an answer."""
    with pytest.raises(Incomplete):
        asked(INTAKE, INTAKE)
    with pytest.raises(Incomplete):
        answered(yes(INTAKE), yes(INTAKE, Item.SUMMARY))


def test_messages_can_be_left_out_and_not_changed() -> None:
    """What was said is sent as it was said, or not at all."""
    first, second = CONTENT.messages
    (grant,) = granted(yes(INTAKE, Item.MESSAGES))
    assert grant.content.messages == (first, second)
    consent = asked(INTAKE)
    kept = Decision(content=replace(CONTENT, messages=(second,)), yes=(yes(INTAKE, Item.MESSAGES),))
    assert consent.receive(Answer(kept), NOW, BORDER)[1][0].content.messages == (second,)
    for made_up in (Message(3, "visitor", "Han slog mig."), Message(9, "visitor", "Hej")):
        wrong = Decision(content=replace(CONTENT, messages=(made_up,)), yes=(yes(INTAKE, Item.MESSAGES),))
        with pytest.raises(Incomplete):
            consent.receive(Answer(wrong), NOW, BORDER)


def test_changed_notice_is_refused() -> None:
    """She answers to the text that holds now, and says which one she read."""
    newer = Border({**BORDER.receivers, INTAKE.id: copied(INTAKE, notice_version="v2")}, BORDER.partnerships)
    for border, answer in (
        (newer, yes(INTAKE)),
        (BORDER, replace(yes(INTAKE), notice="v0")),
        (newer, replace(yes(INTAKE), notice="v2")),
    ):
        with pytest.raises(NoticeOutdated):
            asked(INTAKE).receive(Answer(Decision(content=CONTENT, yes=(answer,))), NOW, border)


def test_partnership_that_has_run_out_stops_question_and_answer() -> None:
    """In force when it is asked is not in force when she says yes."""
    later = NOW + timedelta(days=400)
    with pytest.raises(NoPartnership):
        Consent(SENDER, proposal(INTAKE)).receive(Propose(), later, BORDER)
    with pytest.raises(NoPartnership):
        asked(INTAKE).receive(Answer(Decision(content=CONTENT, yes=(yes(INTAKE),))), later, BORDER)


def test_own_organisation_needs_no_partnership() -> None:
    """A unit of the organisation that she is talking to."""
    own = receiver("stod", JOUR)
    border = Border({own.id: own}, ())
    consent = Consent(SENDER, proposal(own)).receive(Propose(), NOW, border)[0]
    assert consent.receive(Answer(Decision(content=CONTENT, yes=(yes(own),))), NOW, border)[1]


def test_tracks_never_meet() -> None:
    """Neither way, whatever the agreements say."""
    both = Border(BORDER.receivers, (agreement(JOUR, TOWN, POLICE),))
    with pytest.raises(TracksMeet):
        Consent(SENDER, proposal(OTHER_TRACK)).receive(Propose(), NOW, both)
    with pytest.raises(TracksMeet):
        Consent(Sender(JOUR, Track.PERPETRATOR), proposal(INTAKE)).receive(Propose(), NOW, both)


def test_grant_can_be_made_by_nobody_else() -> None:
    """Copied, forged or built by hand: a type error each time."""
    (grant,) = granted(yes(INTAKE))
    fields = {name: getattr(grant, name) for name in ConsentGrant.__dataclass_fields__}
    for made_by in (None, object(), "consent"):
        with pytest.raises(TypeError):
            ConsentGrant(**{**fields, "made_by": made_by})


def test_record_is_complete() -> None:
    """Everything that must be provable afterwards, and for how long it holds."""
    (grant,) = granted(yes(STATION, Item.WANT, Item.SUMMARY, measure=True))
    record = grant.record
    assert (record.offer.notice, record.offer.notice_version) == (
        STATION.notices["sv"],
        STATION.notice_version,
    )
    assert (record.asked_by, record.sender, record.purpose) == (
        "Alva",
        "Jouren",
        "Att du får hjälp med boende",
    )
    assert (record.routine, record.language, record.offer.police) == ("r1", "sv", True)
    assert set(record.yes.items) == {Item.WANT, Item.SUMMARY}
    assert record.yes.measure
    assert record.open_by - record.given_at == TIME_TO_OPEN
    assert grant.shown == digest_of(record, grant.content)


@given(st.sampled_from(sorted(Item)), st.text(max_size=20))
def test_digest_tells_every_change(item: Item, text: str) -> None:
    """Another word in the content, or in the text that she read, gives another digest."""
    (grant,) = granted(yes(INTAKE, Item.WANT, Item.SUMMARY))
    changed = replace(grant.content, **{item.value: text}) if item in {Item.WANT, Item.SUMMARY} else None
    if changed is not None and changed != grant.content:
        assert digest_of(grant.record, changed) != grant.shown
    noticed = replace(grant.record, offer=replace(grant.record.offer, notice=(text,)))
    assert digest_of(noticed, grant.content) != grant.shown


SAMPLES: tuple[Command, ...] = (
    Propose(),
    Answer(Decision(content=CONTENT, yes=(yes(INTAKE),))),
    Answer(Decision(content=CONTENT)),
    Retract(),
    Replace(),
)


def test_every_sequence_of_commands() -> None:
    """All of length four: what the table does not know is refused, and at most one answer ever counts."""
    assert {type(command) for command in SAMPLES} == set(get_args(Command))
    reached = set()
    for commands in product(SAMPLES, repeat=4):
        consent, grants = Consent(SENDER, proposal(INTAKE)), 0
        for command in commands:
            legal = (consent.state, type(command)) in TRANSITIONS
            try:
                after, given = consent.receive(command, NOW, BORDER)
            except TooLate:
                assert not legal
                continue
            assert legal
            assert bool(given) == (after.state is ConsentState.GRANTED)
            grants += len(given)
            consent = after
            reached.add(consent.state)
        assert grants == (1 if consent.state is ConsentState.GRANTED else 0)
    assert reached | {ConsentState.DRAFTED} == set(ConsentState)
