# SPDX-License-Identifier: EUPL-1.2
"""How people and links look on the pages: names of places instead of ids, and only what is of one's own.

Owns the projection: what is not named here goes out to nobody. No password, no token and no place of another
organisation has a field.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from chat.hours import STOCKHOLM
from web.accounts.account import Account, StaffRole
from web.accounts.invitation import Invitation
from web.languages import day_and_month, in_language
from web.people import scope
from web.people.reading import ORGANISATION, SERVICE, UNIT
from web.people.scope import Places
from web.roster import shown as roster
from web.staff_page import AtPage

DOMAIN = "people"
ORDER = (
    StaffRole.ADMINISTRATOR,
    StaffRole.SUPERVISOR,
    StaffRole.COORDINATOR,
    StaffRole.OPERATOR,
    StaffRole.RECEIVER,
)
CHOICE = (
    StaffRole.OPERATOR,
    StaffRole.SUPERVISOR,
    StaffRole.COORDINATOR,
    StaffRole.RECEIVER,
    StaffRole.ADMINISTRATOR,
)
"""What is most often wanted first."""


def by_role(at: AtPage, people: Sequence[Account], own: Places) -> list[dict[str, Any]]:
    """Return the roles that somebody has, each with its people."""
    return [
        {
            "role": at.say(DOMAIN, f"roles.{role}"),
            "people": [one(at, each, own) for each in people if each.role is role],
        }
        for role in ORDER
        if any(each.role is role for each in people)
    ]


def one(at: AtPage, account: Account, own: Places) -> dict[str, Any]:
    """Return one person."""
    return {
        "id": account.id,
        "name": account.name,
        "role": at.say(DOMAIN, f"role.{account.role}"),
        "places": names(at, scope.places_of(account).within(own)),
        "disabled": account.disabled,
        "second_factor": account.second_factor,
        "lacks_factor": not account.second_factor and at.house.accounts.must_have_factor(account),
        "whole": scope.is_whole(account, own, at.house.site),
        "oneself": account.name == at.session.account,
    }


def link(at: AtPage, invitation: Invitation) -> dict[str, Any]:
    """Return one link that is out."""
    return {
        "id": invitation.id,
        "label": invitation.label,
        "renews": invitation.account is not None,
        "role": at.say(DOMAIN, f"role.{invitation.role}"),
        "places": names(at, scope.places_of(invitation)),
        "until": until(invitation.expires_at, at.language),
    }


def until(moment: datetime, language: str) -> str:
    """Return the day until which a link is good."""
    return day_and_month(moment.astimezone(STOCKHOLM).date(), language)


async def left(at: AtPage, account: Account) -> list[dict[str, Any]]:
    """Return the shifts to come, of one's own chats, that somebody has a place on and may not answer in."""
    site = at.house.site
    own = {
        id_: in_language(site.services[id_].name, at.language, site.services[id_].language).text
        for id_ in at.house.may_serve(at.session)
    }
    found = await at.house.roster.lost_by(account.name)
    return roster.mine(found, own, at.language, at.query)


def names(at: AtPage, places: Places) -> list[str]:
    """Return what places are called, each in a form that people know."""
    site = at.house.site
    return [
        *(each.name for id_, each in site.organisations.items() if id_ in places.organisations),
        *(
            in_language(each.name, at.language, each.language).text
            for id_, each in site.services.items()
            if id_ in places.services
        ),
        *(each.name_in(at.language) for id_, each in site.receivers.items() if id_ in places.units),
    ]


def choices(at: AtPage, own: Places, ticked: Places, only: Places | None = None) -> list[dict[str, Any]]:
    """Return the boxes of a form, in groups; `only` those, for an account that can lose and not gain."""
    site, offered = at.house.site, own if only is None else only.within(own)
    services = [
        _box(SERVICE + id_, in_language(each.name, at.language, each.language).text, id_, ticked.services)
        for id_, each in site.services.items()
        if id_ in offered.services
    ]
    units = [
        _box(UNIT + id_, each.name_in(at.language), id_, ticked.units)
        for id_, each in site.receivers.items()
        if id_ in offered.units
    ]
    organisations = [
        _box(ORGANISATION + id_, each.name, id_, ticked.organisations)
        for id_, each in site.organisations.items()
        if id_ in offered.organisations
    ]
    groups = (("services", services), ("units", units), ("organisations", organisations))
    return [
        {
            "name": at.say(DOMAIN, f"choose.{kind}"),
            "hint": at.say(DOMAIN, f"choose.{kind}_hint"),
            "boxes": boxes,
        }
        for kind, boxes in groups
        if boxes
    ]


def roles(at: AtPage, chosen: StaffRole) -> list[dict[str, Any]]:
    """Return the roles to choose from."""
    return [
        {
            "value": role.value,
            "name": at.say(DOMAIN, f"role.{role}"),
            "hint": at.say(DOMAIN, f"role.{role}_hint"),
            "chosen": role is chosen,
        }
        for role in CHOICE
    ]


def _box(name: str, text: str, id_: str, ticked: Collection[str]) -> dict[str, Any]:
    return {"name": name, "text": text, "ticked": id_ in ticked}
