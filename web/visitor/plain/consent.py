# SPDX-License-Identifier: EUPL-1.2
"""Her answer to what she is asked for a yes to, while she makes it: one screen after the other.

Owns the items as she wants them, what she has ticked for each receiver, what a yes still lacks, and the frame
that it becomes: the same that her page with scripts sends. Pure. Nothing is ticked before she ticks it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import msgspec

from chat.violence import ViolenceForm
from handover.consent import Offer, Proposal
from handover.items import IDENTITY, LONGEST, LONGEST_NAME, LONGEST_SHORT, LONGEST_WORDS, Content, Item
from web.visitor.handover_frames import AnswerAsked

MOST: Final = {
    "want": LONGEST_WORDS,
    "summary": LONGEST,
    "danger": LONGEST_WORDS,
    "times": LONGEST_SHORT,
    "name": LONGEST_NAME,
    "reach": LONGEST_SHORT,
}
"""How long each text may be, in code points."""

TICKS: Final = ("secrecy", "data", "police", "identity", "measure", "coordinate")

Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The items as she wants them. Empty: not there."""

    want: str = ""
    summary: str = ""
    danger: str = ""
    times: str = ""
    name: str = ""
    reach: str = ""
    relation: str = ""
    children: str = ""
    called_112: str = ""
    way: str = ""
    forms: tuple[str, ...] = ()
    messages: tuple[int, ...] = ()

    def has(self, item: Item) -> bool:
        """Tell whether there is something in an item: what is empty is never sent."""
        value = self.way if item is Item.CONTACT else getattr(self, item.value)
        return bool(value.strip() if isinstance(value, str) else value)

    @property
    def present(self) -> list[Item]:
        """Every item with something in it, in the order of the page."""
        return [item for item in Item if self.has(item)]


@dataclass(frozen=True, slots=True)
class Wish:
    """What she has said about one receiver. `goes`: yes, at the end of its screen."""

    items: frozenset[Item] = frozenset()
    ticks: frozenset[str] = frozenset()
    goes: bool = False


@dataclass(slots=True)
class Asking:
    """One question, and her answer so far. `step`: 0 the items, then each receiver, then the sum."""

    seq: int
    proposal: Proposal
    id: str
    """Of her answer, at every try."""
    draft: Draft
    wishes: dict[str, Wish] = field(default_factory=dict)
    step: int = 0
    lacks: tuple[str, ...] = ()
    trouble: str = ""

    @property
    def offer(self) -> Offer | None:
        """The receiver whose screen this is."""
        offers = self.proposal.offers
        return offers[self.step - 1] if 0 < self.step <= len(offers) else None

    def wish(self, offer: Offer) -> Wish:
        """Return what she has said about a receiver."""
        return self.wishes.get(offer.receiver, Wish())

    def coordinates(self, besides: Offer) -> Offer | None:
        """Return another receiver that she has chosen to hold her help together."""
        return next(
            (
                each
                for each in self.proposal.offers
                if each is not besides and "coordinate" in self.wish(each).ticks
            ),
            None,
        )

    def items_of(self, offer: Offer) -> list[Item]:
        """Return what a receiver gets as it stands: what is ticked and not empty."""
        return [item for item in self.draft.present if item in self.wish(offer).items]

    def lacking(self, offer: Offer) -> tuple[str, ...]:
        """Return what is still missing for a yes to a receiver."""
        items, ticks = self.items_of(offer), self.wish(offer).ticks
        if not items:
            return ("items",)
        needed = {
            "identity": not IDENTITY.isdisjoint(items),
            "secrecy": True,
            "data": True,
            "police": offer.police,
        }
        return tuple(tick for tick, is_needed in needed.items() if is_needed and tick not in ticks)

    def going(self) -> list[Offer]:
        """Return the receivers that get something as it stands."""
        offers = self.proposal.offers
        return [each for each in offers if self.wish(each).goes and not self.lacking(each)]

    def said(self, offer: Offer) -> list[str]:
        """Return what she has ticked for a receiver that counts there."""
        counts = {
            "police": offer.police,
            "identity": not IDENTITY.isdisjoint(self.items_of(offer)),
            "coordinate": offer.may_coordinate and self.coordinates(offer) is None,
        }
        return [tick for tick in TICKS if tick in self.wish(offer).ticks and counts.get(tick, True)]


def asking(seq: int, proposal: Proposal, answer_id: str) -> Asking:
    """Return the beginning of an answer: the items as they are proposed, and nothing ticked."""
    content = proposal.content
    draft = Draft(
        want=content.want or "",
        summary=content.summary or "",
        danger=content.danger or "",
        times=content.contact.times if content.contact is not None else "",
        relation=content.relation or "",
        children=content.children or "",
        called_112=content.called_112 or "",
        way=content.contact.way if content.contact is not None else "",
        forms=tuple(content.forms),
        messages=tuple(message.seq for message in content.messages),
    )
    return Asking(seq=seq, proposal=proposal, id=answer_id, draft=draft)


# --- what her forms say -------------------------------------------------------------------------------------


def with_items(draft: Draft, fields: Fields, content: Content) -> Draft:
    """Return the items as the first screen sends them. What was not proposed is not asked about."""
    texts = {name: _text(fields, name) for name in MOST if name in fields}
    chosen = {
        name: fields[name][:LONGEST_SHORT]
        for name in ("relation", "children", "called_112", "way")
        if name in fields
    }
    seqs = tuple(each.seq for each in content.messages if f"message.{each.seq}" in fields)
    return replace(
        draft,
        **texts,
        **chosen,
        forms=tuple(form for form in ViolenceForm if f"form.{form}" in fields),
        messages=seqs,
    )


def ticked(fields: Fields, *, goes: bool) -> Wish:
    """Return what one receiver's screen sends."""
    items = frozenset(item for item in Item if f"item.{item}" in fields)
    return Wish(items, frozenset(tick for tick in TICKS if f"tick.{tick}" in fields), goes)


def _text(fields: Fields, name: str) -> str:
    return fields[name].replace("\r\n", "\n").replace("\0", "").strip()[: 2 * MOST[name]]


# --- what becomes of it -------------------------------------------------------------------------------------


def answer_of(asked: Asking, code: str, clean: Callable[[str], str]) -> AnswerAsked:
    """Return her yes as a frame; what no receiver gets is not in it. `clean` takes out what tells who she is.

    Raises:
        msgspec.ValidationError: something in it is not what the frame allows.
    """
    going = asked.going()
    sent = {item for offer in going for item in asked.items_of(offer)}
    frame = {
        "id": asked.id,
        "proposal": asked.seq,
        "code": code,
        "yes": [_yes(asked, offer) for offer in going],
        "content": dict(_content(asked.draft, sent, clean)),
    }
    return msgspec.convert({**frame, "type": "answer"}, AnswerAsked)


def no_to(seq: int, answer_id: str) -> AnswerAsked:
    """Return her no."""
    return AnswerAsked(id=answer_id, proposal=seq)


def _yes(asked: Asking, offer: Offer) -> dict[str, Any]:
    said = asked.said(offer)
    return {
        "receiver": offer.receiver,
        "notice": offer.notice_version,
        "items": [item.value for item in asked.items_of(offer)],
        **{tick: tick in said for tick in TICKS},
    }


def _content(draft: Draft, sent: set[Item], clean: Callable[[str], str]) -> Iterator[tuple[str, Any]]:
    for item in sent:
        if item is Item.CONTACT:
            yield item.value, {"way": draft.way, "times": shown(draft, "times", clean)}
        elif item.value in MOST:
            yield item.value, shown(draft, item.value, clean)
        else:
            yield item.value, getattr(draft, item.value)


def shown(draft: Draft, name: str, clean: Callable[[str], str]) -> str:
    """Return a text as it is sent: what stands in the place of a number may be longer than the number was."""
    text: str = getattr(draft, name).strip()
    return (text if name in {"name", "reach"} else clean(text))[: MOST[name]]
