# SPDX-License-Identifier: EUPL-1.2
"""Who may do what with whom: nothing that is not one's own, nothing with oneself, nobody left without."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.ids import OrganisationId, ServiceId
from config.baseline import ROLES
from config.site_file import read_site
from handover.ids import ReceiverId
from web.accounts.account import Account, AccountId, StaffRole
from web.accounts.fitting import Misfit, misfit
from web.people import scope
from web.people.errors import LastAdministrator, NotYours, Oneself, Refused, Unfit
from web.people.scope import NOWHERE, Places

FILE = Path(__file__).parents[4] / "config" / "demo.toml"
TEXT = FILE.read_text(encoding="utf-8").replace("{port}", "8000")
SITE = read_site(TEXT, today=date(2026, 11, 1), source="demo.toml").whole()
VALLENTUNA = OrganisationId("kvinnojouren-vallentuna")
LINDEN, EKEN, BRON, HAMNEN = map(ServiceId, ("linden", "eken", "bron", "hamnen"))
STOD = ReceiverId("kvinnojouren-stod")
MINE = scope.run_by([VALLENTUNA], SITE)


def account(
    name: str = "lisa", role: StaffRole = StaffRole.OPERATOR, places: Places = NOWHERE, **more: object
) -> Account:
    """Return somebody's account."""
    made = Account(
        id=AccountId(name),
        name=name,
        role=role,
        services=places.services,
        units=places.units,
        organisations=places.organisations,
        password_hash="a hash",
    )
    return replace(made, **more)  # type: ignore[arg-type]  # fields of the account by name


def serving(*services: ServiceId) -> Places:
    """Return places that are services only."""
    return Places(services=frozenset(services))


EVA = account("eva", StaffRole.ADMINISTRATOR, Places(organisations=frozenset({VALLENTUNA})))


def test_roles_that_the_site_file_names_are_those_of_accounts() -> None:
    """The list there is the real one."""
    assert set(ROLES) == set(StaffRole)


def test_organisation_has_its_services_and_units() -> None:
    """And no other's."""
    assert MINE.services == {LINDEN, EKEN}
    assert MINE.units == {id_ for id_, each in SITE.receivers.items() if each.organisation == VALLENTUNA}
    assert scope.run_by([OrganisationId("nobody")], SITE) == NOWHERE


@pytest.mark.parametrize(
    ("places", "seen", "whole"),
    [
        (serving(LINDEN), True, True),
        (serving(LINDEN, BRON), True, False),
        (serving(BRON), False, False),
        (serving(ServiceId("gone")), False, False),
        (serving(LINDEN, ServiceId("gone")), True, True),
        (NOWHERE, False, False),
    ],
)
def test_account_is_seen_as_far_as_it_is_of_ones_own(places: Places, seen: bool, whole: bool) -> None:
    """What has left the site file is nobody's."""
    lisa = account(places=places)
    assert (scope.is_seen(lisa, MINE), scope.is_whole(lisa, MINE, SITE)) == (seen, whole)


def change(lisa: Account, wanted: Places, role: StaffRole | None = None, *others: Account) -> Account:
    """Let Eva change somebody."""
    return scope.changed(lisa, [EVA, lisa, *others], MINE, SITE, role=role or lisa.role, wanted=wanted)


def test_shared_account_can_only_lose_what_is_ones_own() -> None:
    """What is another's stays, whatever is ticked; nothing is given, and the role is not touched."""
    shared = account(places=serving(LINDEN, BRON))
    assert change(shared, NOWHERE).services == {BRON}
    assert change(shared, serving(LINDEN)).services == {LINDEN, BRON}
    for wanted, role in ((serving(LINDEN, EKEN), None), (serving(LINDEN), StaffRole.SUPERVISOR)):
        with pytest.raises(NotYours):
            change(shared, wanted, role)
    with pytest.raises(NotYours):
        scope.shut(shared, [EVA, shared], MINE, SITE)
    with pytest.raises(NotYours):
        scope.opened(shared, MINE, SITE)
    with pytest.raises(NotYours):
        scope.without_password(shared, "nobody's", MINE, SITE)


def test_nothing_is_given_that_is_not_ones_own() -> None:
    """Neither in a change nor in an invitation, foreign or unknown."""
    for places in (serving(LINDEN, BRON), serving(HAMNEN), serving(ServiceId("nowhere"))):
        with pytest.raises(NotYours):
            change(account(places=serving(LINDEN)), places)
        with pytest.raises(NotYours):
            scope.check_invited(StaffRole.OPERATOR, places, MINE, SITE)
    foreign = Places(organisations=frozenset({OrganisationId("nobody")}))
    with pytest.raises(NotYours):
        scope.check_invited(StaffRole.ADMINISTRATOR, foreign, MINE, SITE)


@pytest.mark.parametrize(
    ("role", "places", "why"),
    [
        (StaffRole.OPERATOR, NOWHERE, Misfit.NO_SERVICE),
        (StaffRole.OPERATOR, Places(frozenset({LINDEN}), frozenset({STOD})), Misfit.AT_UNIT),
        (StaffRole.RECEIVER, serving(LINDEN), Misfit.NO_UNIT),
        (StaffRole.COORDINATOR, NOWHERE, Misfit.NO_PLACE),
        (StaffRole.SUPERVISOR, NOWHERE, Misfit.NOWHERE),
        (StaffRole.ADMINISTRATOR, NOWHERE, Misfit.NOWHERE),
        (
            StaffRole.OPERATOR,
            replace(serving(LINDEN), organisations=frozenset({VALLENTUNA})),
            Misfit.NOT_RUNNING,
        ),
    ],
)
def test_account_that_cannot_be_is_refused(role: StaffRole, places: Places, why: Misfit) -> None:
    """In a change and in an invitation alike."""
    for decide in (
        lambda: change(account(places=serving(LINDEN)), places, role),
        lambda: scope.check_invited(role, places, MINE, SITE),
    ):
        with pytest.raises(Unfit) as refused:
            decide()
        assert refused.value.why is why


def test_both_tracks_are_in_no_hand() -> None:
    """Also of somebody who runs organisations of both; and not by way of what the account had before."""
    everything = scope.run_by(SITE.organisations.keys(), SITE)
    for role in StaffRole:
        units = frozenset(SITE.receivers) if role is not StaffRole.OPERATOR else frozenset()
        both = misfit(role, [LINDEN, HAMNEN], units, [], SITE)
        assert both is Misfit.BOTH_TRACKS
    with pytest.raises(Unfit):
        scope.check_invited(StaffRole.OPERATOR, serving(LINDEN, HAMNEN), everything, SITE)
    here = account(places=serving(HAMNEN, ServiceId("gone")))
    with pytest.raises(Unfit):
        scope.changed(
            here, [EVA, here], everything, SITE, role=StaffRole.SUPERVISOR, wanted=serving(LINDEN, HAMNEN)
        )


def test_last_administrator_stays() -> None:
    """Neither shut out nor made something else; a disabled other one does not count."""
    shut_out = replace(EVA, id=AccountId("bo"), name="bo", disabled=True)
    for others in ([], [shut_out]):
        with pytest.raises(LastAdministrator):
            scope.shut(EVA, [EVA, *others], MINE, SITE)
        with pytest.raises(LastAdministrator):
            change(EVA, serving(LINDEN), StaffRole.OPERATOR, *others)
    another = replace(shut_out, disabled=False)
    assert scope.shut(another, [EVA, another], MINE, SITE).disabled
    assert change(another, serving(LINDEN), StaffRole.OPERATOR).organisations == frozenset()


def test_nobody_acts_on_themselves() -> None:
    """Whatever it is."""
    with pytest.raises(Oneself):
        scope.refuse_oneself(EVA, "eva")
    scope.refuse_oneself(EVA, "bo")


def test_disabled_account_is_opened_with_a_new_password() -> None:
    """At once, so that whoever has the old one is never let in; not where no such account can be."""
    lisa = account(places=serving(LINDEN), disabled=True)
    renewed = scope.without_password(lisa, "nobody's", MINE, SITE)
    assert (renewed.disabled, renewed.password_hash) == (False, "nobody's")
    assert not scope.opened(lisa, MINE, SITE).disabled
    both = account(places=serving(LINDEN), role=StaffRole.RECEIVER, disabled=True)
    with pytest.raises(Unfit):
        scope.without_password(both, "nobody's", MINE, SITE)


def test_factor_is_needed_where_an_organisation_says_so() -> None:
    """Of the roles that it names, in any organisation that the account belongs to."""
    wants = replace(SITE.organisations[VALLENTUNA], second_factor=frozenset({"operator"}))
    site = replace(SITE, organisations={**SITE.organisations, VALLENTUNA: wants})
    site = replace(
        site, services={**site.services, LINDEN: replace(site.services[LINDEN], organisation=wants)}
    )
    assert scope.needs_factor(account(places=serving(LINDEN, BRON)), site)
    assert not scope.needs_factor(account(places=serving(BRON)), site)
    assert not scope.needs_factor(account(role=StaffRole.SUPERVISOR, places=serving(LINDEN)), site)
    assert not scope.needs_factor(account(places=serving(LINDEN)), SITE)


SERVICES = st.frozensets(st.sampled_from([*SITE.services, ServiceId("gone")]))
UNITS = st.frozensets(st.sampled_from([*SITE.receivers]))
ORGANISATIONS = st.frozensets(st.sampled_from([*SITE.organisations]))
PLACES = st.builds(Places, SERVICES, UNITS, ORGANISATIONS)


@given(
    before=PLACES,
    wanted=PLACES,
    runs=ORGANISATIONS,
    role=st.sampled_from(StaffRole),
    after_role=st.sampled_from(StaffRole),
)
def test_change_never_touches_what_is_anothers(
    before: Places, wanted: Places, runs: frozenset[OrganisationId], role: StaffRole, after_role: StaffRole
) -> None:
    """Whatever is asked: what is not of one's own stays as it was, and nothing new comes from elsewhere."""
    mine = scope.run_by(runs, SITE)
    lisa = account(role=role, places=before)
    try:
        after = scope.changed(lisa, [EVA, lisa], mine, SITE, role=after_role, wanted=wanted)
    except Refused:
        return
    became = scope.places_of(after)
    assert became.without(mine) == before.without(mine)
    assert became.within(mine) == wanted
    assert after.role is role or scope.is_whole(lisa, mine, SITE)
    assert misfit(after.role, after.services, after.units, after.organisations, SITE) is None
