# SPDX-License-Identifier: EUPL-1.2
"""The frames about the connection itself: whether both ends are there, and what happened while one was not.

Part of the unions in `web/operator/frames.py`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct


class There(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="there"):
    """Is the server there? Answered with `here` and the same `id`.

    Whoever has sent it once is expected to go on: a console that then says nothing for a minute is taken for
    gone, as when its page was frozen while its network went on.
    """

    id: Annotated[int, Meta(ge=0, le=2**31)]


class WhatBecame(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="what_became"):
    """What has become of a conversation that was lost while the console was away? Answered with `became`."""

    conversation: Annotated[str, Meta(max_length=64)]


FromConsole = There | WhatBecame


class Here(Struct, frozen=True, omit_defaults=True, tag_field="type", tag="here"):
    """The answer to `there`: this connection carries frames both ways."""

    id: int


class Became(Struct, frozen=True, omit_defaults=True, tag_field="type", tag="became"):
    """It waits again since `since`, `alias` has taken it, or it is `gone`: ended, or out of this sight."""

    conversation: str
    now: Literal["waits", "taken", "gone"]
    since: str | None = None
    alias: str | None = None


class Degraded(Struct, frozen=True, tag_field="type", tag="degraded"):
    """`away`: the processes of the server do not hear each other now.

    Told when it begins, to a console that comes meanwhile, and when it is over. What is said arrives within
    two seconds; typing is not shown.
    """

    away: bool


ToConsole = Here | Became | Degraded
