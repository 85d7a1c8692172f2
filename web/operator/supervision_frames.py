# SPDX-License-Identifier: EUPL-1.2
"""The frames about a supervisor: a raised hand, coming to it, taking over, and a wish to talk, as types.

`FromSupervision` and `ToSupervision` are part of the unions in `web/operator/frames.py`. A supervisor goes on
duty with `duty` like anybody, serves no queue and gets no `waiting`; once in a conversation they write with
`say` and go with `leave`, as a guest does.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

ConversationText = Annotated[str, Meta(max_length=64)]


class RaiseHand(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="hand"):
    """Ask for a supervisor in a held conversation, or no longer. One of the same service may come then."""

    conversation: ConversationText
    up: bool


class Supervise(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="supervise"):
    """Come to a raised hand, as a supervisor on duty in its service. She is told who came."""

    conversation: ConversationText


class TakeOver(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="take_over"):
    """Hold the conversation to whose raised hand one has come; whoever held it is out at once."""

    conversation: ConversationText


class Talk(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="talk"):
    """Tell the supervisors that one wants to talk to somebody, about no conversation; or no longer."""

    on: bool


class TakeTalk(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="take_talk"):
    """As a supervisor, say that one will be in touch."""

    talk: Annotated[str, Meta(max_length=64)]


FromSupervision = RaiseHand | Supervise | TakeOver | Talk | TakeTalk


class HandStands(Struct, frozen=True, omit_defaults=True, tag_field="type", tag="hand"):
    """One's own hand is up since then, or down. `here`: false while no supervisor is there to see it.

    It comes again when one comes or goes.
    """

    conversation: str
    since: str | None = None
    here: bool = True


class SupervisorCame(Struct, frozen=True, tag_field="type", tag="supervisor_came"):
    """The supervisor is in the conversation too; they go with `guest_left`."""

    conversation: str
    seq: int
    alias: str


class Yours(Struct, frozen=True, tag_field="type", tag="yours"):
    """One has come as the supervisor and holds it from now on: by taking over, or whoever held it was lost.

    `alias`: one's own, which she is told with the entry `seq`; `relieved`: whose place it was.
    """

    conversation: str
    seq: int
    alias: str
    relieved: str


class TalkStands(Struct, frozen=True, omit_defaults=True, tag_field="type", tag="talk"):
    """One's own wish to talk: since when, and who will be in touch. Without `at` there is none.

    `here` is false where no supervisor is on duty to see it.
    """

    at: str | None = None
    alias: str | None = None
    here: bool = True


class HandRaised(Struct, frozen=True):
    """In `alerts`: a hand is up. `alias`: whose. `connected`: whether the visitor is there."""

    conversation: str
    service: str
    alias: str
    since: str
    waited_s: int
    acute: bool
    language: str
    connected: bool


class TalkWanted(Struct, frozen=True, omit_defaults=True):
    """In `alerts`: somebody wants to talk. `taken_by`: the alias of who will be in touch."""

    talk: str
    services: list[str]
    alias: str
    since: str
    waited_s: int
    taken_by: str | None = None


class ReturnedToQueue(Struct, frozen=True):
    """In `alerts`: somebody whose operator was lost waits at the front of the queue."""

    service: str
    since: str
    waited_s: int
    acute: bool


class Unattended(Struct, frozen=True):
    """In `alerts`: somebody waits and nobody is on duty."""

    service: str
    waiting: int
    since: str
    waited_s: int


class Alerts(Struct, frozen=True, tag_field="type", tag="alerts"):
    """To a supervisor on duty: what calls for one, whole on every change. Of a conversation only its hand."""

    hands: list[HandRaised]
    talks: list[TalkWanted]
    returned: list[ReturnedToQueue]
    unattended: list[Unattended]


ToSupervision = HandStands | SupervisorCame | Yours | TalkStands | Alerts
