# SPDX-License-Identifier: EUPL-1.2
"""What can be handed over, item by item, and the vocabularies that some items are answered with.

Owns `Item`, `Content` and their bounds. An item that is not there is not sent: there is no "empty" item.
Nothing here names the person who uses violence, and no field may: the law knows no ground for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import Annotated, Any, Final

from msgspec import Meta, Struct
from msgspec.structs import replace

from chat.violence import Relation, ViolenceForm

LONGEST_SHORT: Final = 200
LONGEST_WORDS: Final = 1_000
LONGEST: Final = 2_000
LONGEST_NAME: Final = 100

Short = Annotated[str, Meta(max_length=LONGEST_SHORT)]
Words = Annotated[str, Meta(max_length=LONGEST_WORDS)]
Long = Annotated[str, Meta(max_length=LONGEST)]
Name = Annotated[str, Meta(max_length=LONGEST_NAME)]
"""Bounds of what comes in. What is stored has none: a mask may be longer than what it stands for, and what
was sealed once must be readable for ever."""


class Answer(StrEnum):
    """An answer to a question with yes or no."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class ContactWay(StrEnum):
    """How a receiver may reach her without knowing who she is. A number or an address is `Item.REACH`."""

    CODE = "code"
    """They answer on the ticket; she looks there with her code."""
    CHAT = "chat"
    """She comes back to this chat."""
    MEETING = "meeting"
    """A place and a time that the two agree on by the code."""
    NONE = "none"
    """She does not want to be reached."""


class Item(StrEnum):
    """One thing that she says yes or no to, for each receiver. The order is the order on the page."""

    WANT = "want"
    SUMMARY = "summary"
    FORMS = "forms"
    RELATION = "relation"
    CHILDREN = "children"
    DANGER = "danger"
    CALLED_112 = "called_112"
    MESSAGES = "messages"
    CONTACT = "contact"
    NAME = "name"
    REACH = "reach"


IDENTITY: Final = frozenset({Item.NAME, Item.REACH})
"""Items that tell who she is: off by default, written by nobody but her, with a yes of their own."""

MOST_MESSAGES: Final = 20


class Message(Struct, frozen=True, omit_defaults=True):
    """One message of the conversation that she chose to send along, as it is sent."""

    seq: int
    by: str
    """`visitor` or `operator`."""
    text: str


class Contact(Struct, frozen=True, omit_defaults=True):
    """A safe way to reach her, and when. `times` are her own words, such as weekday mornings."""

    way: ContactWay
    times: str = ""


class GivenContact(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The same as it comes in."""

    way: ContactWay
    times: Short = ""

    def kept(self) -> Contact:
        """Return it as it is stored."""
        return Contact(self.way, self.times.strip())


class Content(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """The items of a handover with what stands in each. None, or nothing: the item is not there."""

    want: str | None = None
    """What she wants, in her own words: first on every ticket."""
    summary: str | None = None
    forms: tuple[ViolenceForm, ...] = ()
    relation: Relation | None = None
    children: Answer | None = None
    """Whether children live in the home."""
    danger: str | None = None
    """How dangerous she thinks it is, in her own words. Never a score."""
    called_112: Answer | None = None
    messages: tuple[Message, ...] = ()
    contact: Contact | None = None
    name: str | None = None
    reach: str | None = None

    def items(self) -> frozenset[Item]:
        """Return the items that are there."""
        return frozenset(item for item in Item if self[item])

    def only(self, items: Collection[Item]) -> Content:
        """Return the content with these items and nothing else: what is not named leaves no trace in it."""
        return Content(**{item.value: self[item] for item in Item if item in items})

    def texts(self) -> Iterator[tuple[Item, str]]:
        """Return every free text with its item."""
        for item in (Item.WANT, Item.SUMMARY, Item.DANGER, Item.NAME, Item.REACH):
            if text := self[item]:
                yield item, str(text)
        if self.contact is not None and self.contact.times:
            yield Item.CONTACT, self.contact.times

    def with_text(self, item: Item, text: str) -> Content:
        """Return the content with another free text in one item."""
        if item is Item.CONTACT and self.contact is not None:
            return replace(self, contact=replace(self.contact, times=text))
        return replace(self, **{item.value: text})

    def __getitem__(self, item: Item) -> Any:  # noqa: ANN401 - each item has a kind of its own
        return getattr(self, item.value)
