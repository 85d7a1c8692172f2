# SPDX-License-Identifier: EUPL-1.2
"""Ready replies of one service: what the site file begins with, and what staff have made of it.

Owns the values and every change of them: pure, with versions, so that two who change the same reply at once
both learn of it. Knows no store, no sign-in and no page.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from config.replies import LONGEST_TEXT, LONGEST_TITLE, strange_in
from config.site import ReadyReply
from web.replies.errors import Changed, Full, NoSuchReply, Unfit

MOST: Final = 60
"""Replies of one service, the hidden ones counted: more than the site file may begin with."""

_UNSEEN: Final = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
_TURNS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What turns the writing around it. Joiners and marks stay: Persian and Arabic are written with them."""
_PILE: Final = 9
"""So many marks no script puts on one letter."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A reply in one language."""

    title: str
    text: str


Words = Mapping[str, Wording]
"""A reply by language."""


@dataclass(frozen=True, slots=True)
class Content:
    """What one change may change. `words` None: as the site file says."""

    words: Words | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Edit:
    """What has become of one reply. `before` is what it was before the last change."""

    version: int
    now: Content
    before: Content


@dataclass(frozen=True, slots=True)
class Edited:
    """All that staff of one service have changed; what the store keeps."""

    replies: Mapping[str, Edit] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    """Ids in the order that staff have chosen; those that are not named follow in the file's order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One reply as it is now."""

    id: str
    words: Words
    hidden: bool
    version: int
    """0: as the site file says, nobody has touched it."""
    own: bool
    """Staff have written it: the site file does not know it."""
    changed: bool
    """It has other words than the site file's."""
    before: Content | None
    """What an undo would bring back."""


def listed(baseline: Sequence[ReadyReply], edited: Edited) -> list[Reply]:
    """Return every reply in order, hidden ones too."""
    begun = {each.id: _words_of(each) for each in baseline}
    found = [reply for id_ in (*begun, *edited.replies) if (reply := _reply(id_, begun, edited)) is not None]
    by_id = {reply.id: reply for reply in found}
    rest = [id_ for id_ in by_id if id_ not in edited.order]
    return [by_id[id_] for id_ in (*edited.order, *rest) if id_ in by_id]


def _reply(id_: str, begun: Mapping[str, Words], edited: Edited) -> Reply | None:
    edit, words = edited.replies.get(id_), begun.get(id_)
    if edit is None:
        edit = Edit(0, Content(), Content())
    shown = edit.now.words if edit.now.words is not None else words
    if shown is None:
        # Only hidden or moved, and no longer in the site file.
        return None
    return Reply(
        id=id_,
        words=shown,
        hidden=edit.now.hidden,
        version=edit.version,
        own=words is None,
        changed=words is not None and edit.now.words is not None,
        before=edit.before if edit.version else None,
    )


def _words_of(reply: ReadyReply) -> Words:
    return {code: Wording(title, reply.text[code]) for code, title in reply.title.items()}


# --- changes ------------------------------------------------------------------------------------------------

Way = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Write:
    """Give a reply other words; None for `id` makes a new one."""

    id: str | None
    version: int
    words: Words


@dataclass(frozen=True, slots=True)
class Hide:
    """Hide a reply, or show it again."""

    id: str
    version: int
    hidden: bool


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back the last change of a reply; once more, and it is there again."""

    id: str
    version: int


@dataclass(frozen=True, slots=True)
class Remove:
    """Delete for good a reply that staff have written themselves and hidden."""

    id: str
    version: int


@dataclass(frozen=True, slots=True)
class Move:
    """Put a reply one place up or down."""

    id: str
    way: Way


Change = Write | Hide | Undo | Remove | Move


def changed(
    baseline: Sequence[ReadyReply], edited: Edited, change: Change, new_id: Callable[[], str]
) -> Edited:
    """Return what a change makes of it. Words must have been through `fit_words`.

    Raises:
        Changed: somebody else has changed this reply since.
        Full: there are `MOST` already.
        NoSuchReply: there is none of this id, nothing to undo, or it may not be deleted.
    """
    replies = listed(baseline, edited)
    by_id = {reply.id: reply for reply in replies}
    match change:
        case Move(id=id_, way=way):
            return replace(edited, order=_moved([reply.id for reply in replies], id_, way))
        case Write(id=id_, version=version, words=words):
            if id_ is None:
                if len(replies) >= MOST:
                    raise Full
                return _with(edited, new_id(), Edit(1, Content(words), Content(words, hidden=True)))
            reply = _unchanged(by_id, id_, version)
            begun = next((_words_of(each) for each in baseline if each.id == id_), None)
            # The very words of the site file are no change: they follow it from now on.
            wanted = Content(None if words == begun else words, hidden=reply.hidden)
        case Hide(id=id_, version=version, hidden=hidden):
            reply = _unchanged(by_id, id_, version)
            wanted = Content(_own_words(edited, id_), hidden=hidden)
        case Undo(id=id_, version=version):
            reply = _unchanged(by_id, id_, version)
            if reply.before is None:
                raise NoSuchReply
            wanted = reply.before
        case Remove(id=id_, version=version):
            reply = _unchanged(by_id, id_, version)
            if not (reply.own and reply.hidden):
                raise NoSuchReply
            return _without(edited, id_)
    before = Content(_own_words(edited, reply.id), hidden=reply.hidden)
    if wanted == before:
        return edited
    return _with(edited, reply.id, Edit(reply.version + 1, wanted, before))


def _unchanged(by_id: Mapping[str, Reply], id_: str, version: int) -> Reply:
    reply = by_id.get(id_)
    if reply is None:
        raise NoSuchReply
    if reply.version != version:
        raise Changed
    return reply


def _own_words(edited: Edited, id_: str) -> Words | None:
    edit = edited.replies.get(id_)
    return edit.now.words if edit is not None else None


def _with(edited: Edited, id_: str, edit: Edit) -> Edited:
    return replace(edited, replies={**edited.replies, id_: edit})


def _without(edited: Edited, id_: str) -> Edited:
    left = {key: edit for key, edit in edited.replies.items() if key != id_}
    return Edited(left, tuple(key for key in edited.order if key != id_))


def _moved(ids: list[str], id_: str, way: Way) -> tuple[str, ...]:
    if id_ not in ids:
        raise NoSuchReply
    at = ids.index(id_)
    to = max(0, at - 1) if way == "up" else min(len(ids) - 1, at + 1)
    ids.insert(to, ids.pop(at))
    return tuple(ids)


# --- what may stand in one ----------------------------------------------------------------------------------


def fit_words(
    written: Words, own: str, known: Collection[str], tells_who: Callable[[str], bool]
) -> dict[str, Wording]:
    """Return the words as they are kept: spaces around them gone, languages without any left out.

    `own` is the service's own language, which must be there; `known` are the placeholders that are filled;
    `tells_who` looks for what tells who somebody is.

    Raises:
        Unfit: with the language and the reason.
    """
    kept = {}
    for code, wording in written.items():
        title = " ".join(wording.title.split())
        text = "\n".join(line.rstrip() for line in wording.text.splitlines()).strip()
        if not title and not text:
            continue
        if not title or not text:
            raise Unfit(code, "half")
        _check(code, title, text, known)
        if tells_who(f"{title}\n{text}"):
            raise Unfit(code, "identity")
        kept[code] = Wording(title, text)
    if own not in kept:
        raise Unfit(own, "empty")
    return kept


def _check(code: str, title: str, text: str, known: Collection[str]) -> None:
    if len(title) > LONGEST_TITLE or len(text) > LONGEST_TEXT:
        raise Unfit(code, "long")
    if is_strange(title) or is_strange(text.replace("\n", "")):
        raise Unfit(code, "strange")
    for strange in (*strange_in(title, known), *strange_in(text, known)):
        raise Unfit(code, "placeholder", strange)


def is_strange(text: str) -> bool:
    """Tell whether a text has characters that cannot be seen or that turn others around."""
    return any(_is_strange(char) for char in text) or _has_pile(text)


def _is_strange(char: str) -> bool:
    return char in _TURNS or unicodedata.category(char) in _UNSEEN or 0xE0000 <= ord(char) <= 0xE0FFF


def _has_pile(text: str) -> bool:
    pile = 0
    for char in text:
        pile = pile + 1 if unicodedata.category(char).startswith("M") else 0
        if pile >= _PILE:
            return True
    return False
