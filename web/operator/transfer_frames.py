# SPDX-License-Identifier: EUPL-1.2
"""The frames about giving a conversation to somebody else, as types.

Part of the unions in `web/operator/frames.py`. What is offered to this console stands in `waiting` with
`offered`, and is taken with `accept`. No field here names an account or a sign-in.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

ConversationText = Annotated[str, Meta(max_length=64)]


class AskTransfers(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="transfers"):
    """Where could a held conversation go?"""

    conversation: ConversationText


class GiveTransfer(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="transfer"):
    """Offer a held conversation to `to`, as `transfers` named them, or to whoever accepts first in `service`.

    To another organisation she is asked first, with `id` as the id of the question.
    """

    conversation: ConversationText
    id: Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{22}\\Z")]
    service: Annotated[str, Meta(min_length=1, max_length=64, pattern="^[a-z0-9-]+\\Z")]
    to: Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{22}\\Z")] | None = None


class KeepTransfer(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="keep_transfer"):
    """Keep a conversation after all that was offered."""

    conversation: ConversationText


class DeclineTransfer(
    Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="decline_transfer"
):
    """Say no to what is offered to this console."""

    conversation: ConversationText


class Person(Struct, frozen=True):
    """A colleague on duty. `to`: names them in this one conversation only. `free`: places they have left."""

    to: str
    alias: str
    free: int


class TransferPlace(Struct, frozen=True, omit_defaults=True):
    """A service that it could go to. `crosses`: of another organisation, so she is asked first."""

    service: str
    name: str
    organisation: str
    here: bool
    """Somebody is on duty there now."""
    own: bool = False
    """It is the conversation's own service."""
    crosses: bool = False
    people: tuple[Person, ...] = ()


class Transfers(Struct, frozen=True, tag_field="type", tag="transfers"):
    """Where it could go."""

    conversation: str
    places: tuple[TransferPlace, ...]


class TransferShown(Struct, frozen=True, omit_defaults=True):
    """To whom it is offered, or was: `alias`, or whoever accepts first at `name`.

    `ended`: why it is offered no more. The conversation is where it was.
    """

    name: str
    alias: str = ""
    crosses: bool = False
    left_s: int = 0
    """So many seconds it is offered yet."""
    ended: str | None = None
    """`declined`, `lapsed`, `gone`, `taken_back`, `withdrawn` or `returned`."""


class TransferStands(Struct, frozen=True, omit_defaults=True, tag_field="type", tag="transfer"):
    """To whom a held conversation is offered now, or what came of that."""

    conversation: str
    transfer: TransferShown | None = None


class Stayed(Struct, frozen=True, tag_field="type", tag="stayed"):
    """She had said yes to going on with `organisation`, and stays."""

    conversation: str
    seq: int
    organisation: str


FromOperator = AskTransfers | GiveTransfer | KeepTransfer | DeclineTransfer
ToOperator = Transfers | TransferStands | Stayed
