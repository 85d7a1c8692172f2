# SPDX-License-Identifier: EUPL-1.2
"""The frames about her conversation going to somebody else, as types.

Part of the union in `web/visitor/frames.py`. She is asked with `proposal`, answers with `answer`, and takes
back a yes that nobody has come for with `uninvite`. Who has it then is told with `joined`.
"""

from __future__ import annotations

from msgspec import Struct


class Handed(Struct, frozen=True, tag_field="type", tag="handed"):
    """Whoever was here has given the conversation to somebody else, who joins with the next entry."""

    seq: int
    alias: str


class Stayed(Struct, frozen=True, tag_field="type", tag="stayed"):
    """She had said yes to going on with `organisation`. Nobody has come from there, and she stays."""

    seq: int
    organisation: str
