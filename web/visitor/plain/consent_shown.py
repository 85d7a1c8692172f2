# SPDX-License-Identifier: EUPL-1.2
"""From her answer as far as it has come to the screen that she sees of it.

Owns the values that `consent.html` and its parts know. What she is shown is what is sent, to the letter.
Decides nothing, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, Final

from chat.violence import Relation, ViolenceForm
from config.site import PublicService
from handover.consent import Offer, Proposal
from handover.items import IDENTITY, Answer, ContactWay, Item
from web.languages import Worded, direction, tag
from web.visitor.plain import answering, consent
from web.visitor.plain.asks import without
from web.visitor.plain.log import names_of
from web.visitor.plain.visit import Visit
from web.visitor.plain.words import PlainWords

_CHOSEN: Final[Mapping[Item, tuple[str, str, type[StrEnum]]]] = {
    Item.RELATION: ("relation", "relation", Relation),
    Item.CHILDREN: ("children", "answer", Answer),
    Item.CALLED_112: ("called_112", "answer", Answer),
    Item.CONTACT: ("way", "way", ContactWay),
}
"""Items that are answered with one of several values: the field, the prefix of the words, and the values."""


@dataclass(frozen=True, slots=True)
class ConsentShown:
    """Shows one visit's answer in one language."""

    visit: Visit
    service: PublicService
    words: PlainWords

    def screen(self) -> dict[str, Any] | None:
        """Return the screen of her answer; None when nothing is asked any more."""
        visit, asking = self.visit, self.visit.asking
        asked = answering.open_question(visit)
        if asking is None or asked is None or asked.seq != asking.seq:
            return None
        proposal, say = asking.proposal, partial(self.words.consent, track=visit.track)
        shown: dict[str, Any] = {
            "seq": asking.seq,
            "step": asking.step,
            "step_of": say("sheet.step", n=str(asking.step + 1), all=str(len(proposal.offers) + 2)),
            "trouble": "",
            "lacks": [say(f"lack.{lack}") for lack in asking.lacks],
            "once": asking.id,
        }
        if asking.step == 0:
            return shown | {"kind": "items"} | self._items(asking)
        if asking.offer is not None:
            return shown | {"kind": "receiver"} | self._receiver(asking, asking.offer)
        return shown | {"kind": "summary"} | self._summary(asking)

    def _items(self, asking: consent.Asking) -> dict[str, Any]:
        draft, proposal = asking.draft, asking.proposal
        say = partial(self.words.consent, track=self.visit.track)
        content = proposal.content
        there = {*content.items(), Item.WANT}
        forms = [(form.value, say(f"form.{form}"), form in draft.forms) for form in ViolenceForm]
        return {
            "heading": say("items.heading"),
            "lead": say("items.lead", receivers=names_of(self.words, proposal)),
            "why": say("items.why", alias=proposal.asked_by),
            "purpose": proposal.purpose,
            "texts": [
                (name, say(f"item.{name}"), getattr(draft, name), consent.MOST[name])
                for name in ("want", "summary", "danger")
                if Item(name) in there
            ],
            "selects": [self._select(draft, item) for item in _CHOSEN if item in there],
            "times": draft.times if Item.CONTACT in there else None,
            "forms": forms if Item.FORMS in there else [],
            "messages": [
                (each.seq, self._by(proposal, each.by), each.text, each.seq in draft.messages)
                for each in content.messages
            ],
            "name": draft.name,
            "reach": draft.reach,
            "most": consent.MOST,
        }

    def _select(self, draft: consent.Draft, item: Item) -> tuple[str, str, str, list[tuple[str, str]]]:
        """Return one choice: its field, its label, what is chosen, and each value with its words."""
        field, prefix, values = _CHOSEN[item]
        say = partial(self.words.consent, track=self.visit.track)
        options = [(value.value, say(f"{prefix}.{value}")) for value in values]
        return field, say(f"item.{item}"), getattr(draft, field), options

    def _by(self, proposal: Proposal, by: str) -> str:
        if by == "visitor":
            return self.words.consent("message.visitor", self.visit.track)
        return self.words.consent("message.operator", self.visit.track, alias=proposal.asked_by)

    def _receiver(self, asking: consent.Asking, offer: Offer) -> dict[str, Any]:
        say = partial(self.words.consent, track=self.visit.track)
        wish, present = asking.wish(offer), asking.draft.present
        receiver, sender = offer.name, asking.proposal.sender

        def box(item: Item) -> tuple[str, str, list[str], bool]:
            return item.value, say(f"item.{item}"), self._lines(asking, item), item in wish.items

        def tick(name: str) -> tuple[str, str, bool]:
            return name, say(f"yes.{name}", receiver=receiver, sender=sender), name in wish.ticks

        other = asking.coordinates(offer)
        may = offer.may_coordinate and other is None
        return {
            "heading": offer.name,
            "organisation": offer.organisation,
            "notice": worded(offer),
            "usual": [box(item) for item in present if item not in IDENTITY],
            "who": [box(item) for item in present if item in IDENTITY],
            "identity": tick("identity"),
            "needed": [tick(name) for name in ("secrecy", "data") + (("police",) if offer.police else ())],
            "optional": [tick("measure"), *([tick("coordinate")] if may else [])],
            "coordinate_more": say("yes.coordinate.more") if may else "",
            "coordinated": say("receiver.coordinated", receiver=other.name) if other is not None else "",
        }

    def _summary(self, asking: consent.Asking) -> dict[str, Any]:
        say = partial(self.words.consent, track=self.visit.track)
        going = asking.going()
        proposal, trouble = asking.proposal, asking.trouble
        is_final = bool(going) and all(offer.received_at == "delivery" for offer in going)
        return {
            "heading": say("summary.refused" if trouble in answering.FINAL else "summary.heading"),
            "trouble": say(f"trouble.{trouble}", alias=proposal.asked_by) if trouble else "",
            "is_refused": trouble in answering.FINAL,
            "receivers": [self._goes(asking, offer, is_going=offer in going) for offer in proposal.offers],
            "is_empty": not going,
            "code": say("summary.code.final" if is_final else "summary.code"),
        }

    def _goes(self, asking: consent.Asking, offer: Offer, *, is_going: bool) -> dict[str, Any]:
        say = partial(self.words.consent, track=self.visit.track)
        receiver, sender = offer.name, asking.proposal.sender
        items = asking.items_of(offer) if is_going else []
        return {
            "heading": say("summary.to", receiver=offer.name),
            "items": [(say(f"item.{item}"), self._lines(asking, item)) for item in items],
            "said": [say(f"yes.{tick}", receiver=receiver, sender=sender) for tick in asking.said(offer)]
            if is_going
            else [],
            "final": say("summary.final", receiver=offer.name)
            if is_going and offer.received_at == "delivery"
            else "",
        }

    def _lines(self, asking: consent.Asking, item: Item) -> list[str]:
        """Return what stands in an item, in words, exactly as it is sent."""
        draft, say = asking.draft, partial(self.words.consent, track=self.visit.track)

        def clean(text: str) -> str:
            return without(self.service, text, self.visit.language)

        match item:
            case Item.FORMS:
                return [", ".join(say(f"form.{form}") for form in draft.forms)]
            case Item.RELATION:
                return [say(f"relation.{draft.relation}")]
            case Item.CHILDREN | Item.CALLED_112:
                return [say(f"answer.{getattr(draft, item.value)}")]
            case Item.MESSAGES:
                content = asking.proposal.content
                kept = [each for each in content.messages if each.seq in draft.messages]
                return [f"{self._by(asking.proposal, each.by)}: {each.text}" for each in kept]
            case Item.CONTACT:
                times = consent.shown(draft, "times", clean)
                return [say(f"way.{draft.way}"), *([times] if times else [])]
            case _:
                return [consent.shown(draft, item.value, clean)]


def worded(offer: Offer) -> list[Worded]:
    """Return the notice of a receiver, each paragraph in the language that it is in."""
    language = offer.language
    return [Worded(text, tag(language), direction(language)) for text in offer.notice]
