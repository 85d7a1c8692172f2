# SPDX-License-Identifier: EUPL-1.2
"""Reads the lists of phrases: TOML files, one a language, in; the lists that moderation looks for out.

Owns how phrases are written down (docs/phrase-lists.md). Must not know what a class or a group means.
"""

from __future__ import annotations

import gc
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations, product
from pathlib import Path
from typing import Final

from config.errors import Broken
from config.table import Notes, Table
from moderation import conduct, danger
from moderation.phrase_lists import MOST_GAP, SIGNS, Group, Lists, Phrase, Step
from moderation.phrases import Rules
from moderation.reading import folded
from moderation.spelling import HEAD

RULES: Final = Path(__file__).parent / "rules"
"""The lists that come with Jourchatt: `danger/LANG.toml` and `conduct/LANG.toml`."""

_USUAL_GAP: Final = 1
_DOTS: Final = 3
_MOST_FORMS: Final = 64
"""One phrase may mean so many at most, so that nobody writes a list that is slow to read."""
_JOINED: Final = re.compile(r"[^\W_]+(_[^\W_]+)+\*?")
_WORD: Final = re.compile(rf"[^\W_]+\*?|[{SIGNS}]")
_CLASS: Final = re.compile(r"@[a-z][a-z0-9_]*")
_BETWEEN: Final = re.compile(r"(\.\.|~)(\d*)")
_MARKED: Final = {"ä": "e", "å": "o"}
"""What a letter sounds like, and so is written: "hjelp", "gott" for "gått"."""


@dataclass
class _Draft:
    """What has been read so far, of all files."""

    kinds: Sequence[str]
    subjects: Sequence[str]
    notes: Notes
    classes: dict[str, list[Phrase]] = field(default_factory=dict)
    groups: dict[tuple[str, str], list[Phrase]] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    used: list[tuple[str, str]] = field(default_factory=list)
    before: tuple[str, ...] = ()
    steps: dict[tuple[str, int], Step] = field(default_factory=dict)
    spelt: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What has been read of the file at hand: most words and classes stand in many phrases."""


def _shipped(folder: str) -> dict[str, str]:
    """Return the texts of the files that come with Jourchatt, by their names."""
    return {
        f"rules/{folder}/{path.name}": path.read_text(encoding="utf-8")
        for path in sorted((RULES / folder).glob("*.toml"))
    }


def read_lists(
    texts: Mapping[str, str],
    kinds: Sequence[str],
    extra: Mapping[str, object] | None = None,
    *,
    subjects: Sequence[str] = (),
) -> Lists:
    """Return the lists of several files, by their names, as one: people mix languages.

    `kinds` are the keys that a group may have, what is wanted first before the others; `subjects` are what
    the names of groups begin with, if it matters. `extra` is one more file as a mapping: what a service adds.

    Raises:
        Broken: with every mistake, each with its file and place.
    """
    notes = Notes()
    draft = _Draft(kinds, subjects, notes)
    for source, text in texts.items():
        try:
            values = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            notes.mistake(source, f"This is not TOML: {error}.", "Mend that place first.")
        else:
            _read_file(Table(values, source, notes), draft)
    if extra is not None:
        _read_file(Table(extra, "extra", notes), draft)
    for path, name in draft.used:
        if name not in draft.classes:
            notes.mistake(path, f"There is no class “{name}”.", "Add it under [words], or mend its name.")
    _check_circles(draft)
    if notes.mistakes:
        raise Broken("lists of phrases", notes.mistakes)
    return Lists(
        classes={name: tuple(phrases) for name, phrases in draft.classes.items()},
        groups=tuple(
            Group(name, kind, tuple(phrases), rank)
            for rank, ((name, kind), phrases) in enumerate(
                sorted(draft.groups.items(), key=lambda group: (kinds.index(group[0][1]), group[0][0]))
            )
        ),
        known=frozenset(draft.known),
    )


def _read_file(table: Table, draft: _Draft) -> None:
    draft.before = tuple(map(folded, table.words("before", ())))
    draft.steps.clear()
    draft.spelt.clear()
    draft.known.update(folded(word) for text in _texts(table, "known") for word in text.split())
    words = table.table("words", needed=False)
    for name in words or ():
        assert words is not None
        if not _CLASS.fullmatch(f"@{name}"):
            words.mistake(name, "That is not a name.", "Use small letters a-z, digits and underscores.")
        draft.classes.setdefault(name, []).extend(_phrases(words, name, draft))
    for name in table:
        if name in {"before", "known", "words"}:
            continue
        group = table.table(name)
        if group is None:
            continue
        if draft.subjects and name.partition("-")[0] not in draft.subjects:
            known = ", ".join(draft.subjects)
            table.mistake(name, "It is not clear who is in danger.", f"Begin with one of: {known}.")
        for kind in draft.kinds:
            if group.has(kind):
                draft.groups.setdefault((name, kind), []).extend(_phrases(group, kind, draft))
        group.finish()


def _texts(table: Table, key: str) -> tuple[str, ...]:
    """Return a text or a list of texts; none when it is not there."""
    if not table.has(key):
        return ()
    if isinstance(table.peek(key), str):
        return (table.text(key),)
    return table.words(key)


def _phrases(table: Table, key: str, draft: _Draft) -> Iterator[Phrase]:
    """Yield every phrase of a key, noting those that cannot be read."""
    for text in _texts(table, key):
        for written in text.split(","):
            if not written.strip():
                continue
            try:
                phrases = list(_forms(written.split(), draft))
            except ValueError as error:
                table.mistake(key, f"“{written.strip()}”: {error}.", "See docs/phrase-lists.md.")
                continue
            yield from phrases
            place = table.at(key)
            draft.used += [(place, name) for phrase in phrases for step in phrase for name in step.classes]


def _forms(written: Sequence[str], draft: _Draft) -> Iterator[Phrase]:
    """Yield every phrase that one written phrase means: each order of its parts, with and without options."""
    if len(written) == 1 and _WORD.fullmatch(written[0]):
        yield (_step(written[0], 0, draft),)
        return
    parts: list[list[list[Step]]] = [[[]]]
    gap, width, orders = _USUAL_GAP, _DOTS, 1
    for each in written:
        between = _BETWEEN.fullmatch(each)
        if between is not None:
            reach = int(between[2] or _DOTS)
            if reach > MOST_GAP:
                raise ValueError(f"a gap has at most {MOST_GAP} words")
            if between[1] == "~":
                parts.append([[]])
                width = reach
                orders *= len(parts)
            gap = reach
        elif each == "-":
            gap = 0
        else:
            is_optional = len(each) > 1 and each.endswith("?")
            step = _step(each.removesuffix("?") if is_optional else each, gap, draft)
            with_it = [[*form, step] for form in parts[-1]]
            parts[-1] = with_it + (parts[-1] if is_optional else [])
            gap = _USUAL_GAP
            orders *= 1 if len(with_it) == len(parts[-1]) else 2
        if orders > _MOST_FORMS:
            raise ValueError("this means too many phrases")
    for order in permutations(parts):
        for forms in product(*order):
            phrase = _joined(forms, width)
            if not phrase:
                raise ValueError("a phrase needs a word that may not be left out")
            yield phrase


def _joined(forms: Sequence[Sequence[Step]], width: int) -> Phrase:
    """Return parts as one phrase, with so many words between them at most."""
    joined: list[Step] = []
    for form in forms:
        for place, step in enumerate(form):
            gap = 0 if not joined else step.gap if place else width
            joined.append(step if step.gap == gap else Step(step.words, step.classes, gap))
    return tuple(joined)


def _step(token: str, gap: int, draft: _Draft) -> Step:
    """Return one place of a phrase, read once for each file and gap."""
    step = draft.steps.get((token, gap))
    if step is None:
        words, classes = _choices(token, draft)
        step = draft.steps[token, gap] = Step(words, classes, gap)
    return step


def _choices(token: str, draft: _Draft) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words and the classes between strokes."""
    words, classes = set[str](), set[str]()
    for each in token.replace("'", "").split("|"):
        if each in draft.spelt:
            words.update(draft.spelt[each])
        elif _WORD.fullmatch(each):
            words.update(_spelt(each, draft))
        elif _CLASS.fullmatch(each):
            classes.add(each[1:])
        elif _JOINED.fullmatch(each):
            # Words side by side as one of several choices: a class of its own.
            draft.classes[each] = [tuple(_step(word, 0, draft) for word in each.split("_"))]
            classes.add(each)
        else:
            raise ValueError(f"“{each}” is no word, class or gap")
    return frozenset(words), frozenset(classes)


def _spelt(written: str, draft: _Draft) -> tuple[str, ...]:
    """Return a word as it is found: folded, as it sounds, and with what is written together with it."""
    spellings = {written}
    if not written.isascii():
        spellings.update(written.replace(*pair) for pair in _MARKED.items() if pair[0] in written)
    words = tuple(map(folded, spellings))
    if any(word.endswith("*") and len(word) <= HEAD for word in words):
        raise ValueError(f"“{written}” is too short for a stem")
    found = (*words, *(prefix + word for word in words for prefix in draft.before))
    draft.spelt[written] = found
    return found


def _check_circles(draft: _Draft) -> None:
    """Note every class that is part of itself."""
    parts = {
        name: {part for phrase in phrases for step in phrase for part in step.classes}
        for name, phrases in draft.classes.items()
    }
    free: set[str] = set()
    while more := {name for name, made_of in parts.items() if name not in free and made_of <= free}:
        free |= more
    for name, made_of in parts.items():
        if name not in free and made_of <= parts.keys():
            draft.notes.mistake(f"words.{name}", "The class is part of itself.", "Take one of the two out.")


def shipped(extra: Mapping[str, object] | None = None) -> tuple[Rules, Rules]:
    """Return what danger is looked for by, with what a service adds, and what harassment is looked for by.

    Raises:
        Broken: with every mistake and its place.
    """
    # Hardly anything that is made here is garbage, and looking for some takes as long as all else.
    was_on = gc.isenabled()
    gc.disable()
    try:
        return Rules.of_several(_danger(extra), _conduct())  # type: ignore[return-value]
    finally:
        if was_on:
            gc.enable()


def shipped_danger(extra: Mapping[str, object] | None = None) -> Rules:
    """Return the first of `shipped` alone."""
    return Rules(_danger(extra))


def shipped_conduct() -> Rules:
    """Return the second of `shipped` alone."""
    return Rules(_conduct())


def _danger(extra: Mapping[str, object] | None) -> Lists:
    return read_lists(_shipped("danger"), danger.KINDS, extra, subjects=tuple(danger.Subject))


def _conduct() -> Lists:
    return read_lists(_shipped("conduct"), conduct.KINDS)
