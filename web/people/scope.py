# SPDX-License-Identifier: EUPL-1.2
"""Who may do what with whom: an administrator with the people of their organisations, nobody with themselves.

Owns the decisions, as functions of values: an account and all others as they are at that moment. Knows no
store and no page. An account that also belongs to another organisation is seen only as far as it is of one's
own, and can only lose what is of one's own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from chat.ids import OrganisationId, ServiceId
from config.site import Site
from handover.ids import ReceiverId
from web.accounts.account import Account, StaffRole
from web.accounts.fitting import Misfit, misfit
from web.accounts.invitation import Invitation
from web.people.errors import LastAdministrator, NotYours, Oneself, Unfit


@dataclass(frozen=True, slots=True)
class Places:
    """What an account reaches, or is to."""

    services: frozenset[ServiceId] = frozenset()
    units: frozenset[ReceiverId] = frozenset()
    organisations: frozenset[OrganisationId] = frozenset()

    def within(self, other: Places) -> Places:
        """Return what of it is also in the other."""
        return Places(
            self.services & other.services,
            self.units & other.units,
            self.organisations & other.organisations,
        )

    def without(self, other: Places) -> Places:
        """Return what of it is not in the other."""
        return Places(
            self.services - other.services,
            self.units - other.units,
            self.organisations - other.organisations,
        )

    def plus(self, other: Places) -> Places:
        """Return both together."""
        return Places(
            self.services | other.services,
            self.units | other.units,
            self.organisations | other.organisations,
        )


NOWHERE = Places()


def places_of(holder: Account | Invitation) -> Places:
    """Return what an account reaches, or one that is invited will."""
    return Places(holder.services, holder.units, holder.organisations)


def run_by(organisations: Collection[OrganisationId], site: Site) -> Places:
    """Return all that whoever runs these organisations has, and so may give: with its services and units."""
    return Places(
        frozenset(each.id for each in site.services.values() if each.organisation.id in organisations),
        frozenset(each.id for each in site.receivers.values() if each.organisation in organisations),
        frozenset(organisations) & site.organisations.keys(),
    )


def organisations_of(account: Account | Invitation, site: Site) -> list[OrganisationId]:
    """Return the organisations that an account belongs to: it runs them, or serves or works in them."""
    found = {
        *(id_ for id_ in account.organisations if id_ in site.organisations),
        *(each.organisation.id for each in site.services.values() if each.id in account.services),
        *(each.organisation for each in site.receivers.values() if each.id in account.units),
    }
    return sorted(found)


def needs_factor(account: Account, site: Site) -> bool:
    """Tell whether an organisation that an account belongs to wants a second factor of its role."""
    # Asked at every page: where nobody wants one, nobody looks further.
    wanting = {id_ for id_, each in site.organisations.items() if account.role.value in each.second_factor}
    return bool(wanting) and not wanting.isdisjoint(organisations_of(account, site))


def is_seen(account: Account | Invitation, mine: Places) -> bool:
    """Tell whether any of it is of one's own organisations."""
    return places_of(account).within(mine) != NOWHERE


def is_whole(account: Account | Invitation, mine: Places, site: Site) -> bool:
    """Tell whether all of it is: what has left the site file is nobody's and does not count."""
    known = run_by(site.organisations.keys(), site)
    there = places_of(account).within(known)
    return there != NOWHERE and there.without(mine) == NOWHERE


# --- what becomes of an account


def changed(
    account: Account,
    everybody: Sequence[Account],
    mine: Places,
    site: Site,
    *,
    role: StaffRole,
    wanted: Places,
) -> Account:
    """Return an account with another role and other places. Of a shared one only what is one's own may go.

    Raises:
        NotYours: nothing of it is one's own, or what is wanted is not one's own to give. Unfit: it cannot be.
        LastAdministrator: an organisation would have none.
    """
    if not is_seen(account, mine) or wanted.without(mine) != NOWHERE:
        raise NotYours
    whole = is_whole(account, mine, site)
    if not whole and (role is not account.role or wanted.without(places_of(account)) != NOWHERE):
        raise NotYours
    after = places_of(account).without(mine).plus(wanted)
    _check(role, after, site, wanted if whole else after)
    _refuse_to_orphan(account, account.organisations - after.organisations, everybody)
    return replace(
        account, role=role, services=after.services, units=after.units, organisations=after.organisations
    )


def check_invited(role: StaffRole, wanted: Places, mine: Places, site: Site) -> None:
    """Look whether somebody may be invited to this.

    Raises:
        NotYours: what is wanted is not one's own to give. Unfit: such an account cannot be.
    """
    if wanted.without(mine) != NOWHERE:
        raise NotYours
    _check(role, wanted, site, wanted)


def _check(role: StaffRole, places: Places, site: Site, left: Places) -> None:
    why = misfit(role, places.services, places.units, places.organisations, site)
    if why is not None:
        raise Unfit(why)
    if left == NOWHERE:
        # It would belong to nobody, and nobody could ever change it again.
        raise Unfit(Misfit.NOWHERE)


def shut(account: Account, everybody: Sequence[Account], mine: Places, site: Site) -> Account:
    """Return an account that may sign in no more.

    Raises:
        NotYours: it is not wholly of one's own organisations. LastAdministrator: one would have none.
    """
    _refuse_foreign(account, mine, site)
    _refuse_to_orphan(account, account.organisations, everybody)
    return replace(account, disabled=True)


def opened(account: Account, mine: Places, site: Site) -> Account:
    """Return an account that may sign in again, with the password that it has.

    Raises:
        NotYours: it is not wholly of one's own organisations. Unfit: the site has changed, and such an
            account cannot be any more.
    """
    _refuse_foreign(account, mine, site)
    places = places_of(account)
    _check(account.role, places, site, places)
    return replace(account, disabled=False)


def without_password(account: Account, nobodys: str, mine: Places, site: Site) -> Account:
    """Return an account whose password is put out of use, until its holder has chosen another one.

    One that is disabled is opened with that: whoever had its password cannot use the opening.

    Raises:
        NotYours: it is not wholly of one's own organisations. Unfit: it is disabled, and such an account
            cannot be any more.
    """
    _refuse_foreign(account, mine, site)
    able = opened(account, mine, site) if account.disabled else account
    return replace(able, password_hash=nobodys)


def refuse_oneself(account: Account, name: str) -> None:
    """Refuse what somebody would do to their own account.

    Raises:
        Oneself: it is theirs.
    """
    if account.name == name:
        raise Oneself


def _refuse_foreign(account: Account, mine: Places, site: Site) -> None:
    if not is_whole(account, mine, site):
        raise NotYours


def _refuse_to_orphan(
    account: Account, losing: Collection[OrganisationId], everybody: Sequence[Account]
) -> None:
    others = [each for each in everybody if each.id != account.id and not each.disabled]
    running = {id_ for each in others if each.role is StaffRole.ADMINISTRATOR for id_ in each.organisations}
    if not account.disabled and set(losing) - running:
        raise LastAdministrator
