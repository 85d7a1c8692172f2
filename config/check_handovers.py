# SPDX-License-Identifier: EUPL-1.2
"""Looks at the way out of a conversation: receivers, their texts and keys, and the agreements behind them.

Owns what is doubtful about them. What is wrong with a single table is noted where it is read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from config.ages import year_before
from config.errors import Mistake
from config.receivers import standard_texts
from config.site import PublicService, Site
from handover.ids import ReceiverId
from handover.receivers import Receiver


def look(site: Site, today: date, keys: Collection[ReceiverId] | None) -> Iterator[Mistake]:
    """Yield everything doubtful. `keys`: the units that have a key; None when nobody could look."""
    border = site.border()
    for receiver in site.receivers.values():
        path = f"receivers.{receiver.id}"
        senders = [each for each in site.services.values() if each.chat.track is receiver.track]
        reached = [s for s in senders if border.is_open(s.organisation.id, receiver.organisation, today)]
        if not reached:
            yield Mistake(
                path,
                f"No service of the {receiver.track} track can send anything to it today.",
                "Add a partnership that is in force, with an organisation of such a service.",
            )
        yield from _languages(receiver, reached, path)
        if keys is not None and receiver.id not in keys:
            yield Mistake(
                path,
                "The unit has no key, so nothing can be sent to it.",
                f"Run jourchatt receiver create {receiver.id} together with the unit.",
            )
    yield from _partnerships(site, today)
    if site.receivers:
        yield from _standard(today)


def _languages(receiver: Receiver, senders: Collection[PublicService], path: str) -> Iterator[Mistake]:
    """A yes to a text in a language that she does not read is no yes."""
    spoken = dict.fromkeys(language for service in senders for language in service.languages)
    for language in spoken:
        if language not in receiver.notices:
            yield Mistake(
                f"{path}.notice",
                f"It is missing in “{language}”, which a service that can send to it speaks.",
                f'Add notice.{language} = "..." beside the others.',
            )


def _partnerships(site: Site, today: date) -> Iterator[Mistake]:
    for number, partnership in enumerate(site.partnerships):
        last = partnership.ends_within_notice(today)
        if last is not None:
            yield Mistake(
                f"partnerships[{number}]",
                f"It ends on {last}. Nothing is handed over between its parties after that day.",
                "Agree on a new one in time, or tell the staff of both.",
            )


def _standard(today: date) -> Iterator[Mistake]:
    verified: date = standard_texts()["verified_at"]
    if verified < year_before(today):
        yield Mistake(
            "config/handover.toml",
            f"What everybody reads before a yes was verified on {verified}, more than 12 months ago.",
            "Let somebody who knows the law read it again, then change verified_at.",
        )
