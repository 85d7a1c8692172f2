# SPDX-License-Identifier: EUPL-1.2
"""Which passwords somebody guesses among the first, whatever their length.

Owns what is guessed: the commonest ones, words that lie near, patterns, and all of these with a little put to
them. Asks for no kind of character (NIST SP 800-63B). Pure: is given the commonest ones.

A password is laid out in pieces as cheaply as it can be: a character that nothing explains costs 1, a common
word `WORD` at most, a pattern or a word that lies near 1. Below `ENOUGH` it is guessable. Three words of a
phrase always cost enough, however simple they are; so do two of five letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Container, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from web.accounts.patterns import patterns

ENOUGH: Final = 8
WORD: Final = 5
SHORTEST: Final = 4
"""Letters of a word that is looked for: shorter ones stand in everything."""
_LONGEST = 32
_AT_FIRST = 64
_ORNAMENT = 5
"""So many figures and signs before or after a word are a habit (a year and a mark), and count as one."""

_PARTED = re.compile(r"[\W_]+")
_SEPARATORS = frozenset(" -_.,+&/")
# Of what 1 stands for, both are tried.
_LOOKS_LIKE = ("@4831!05$7", "aabeiiosst")
_SHAPES = tuple(str.maketrans(_LOOKS_LIKE[0], like) for like in (_LOOKS_LIKE[1], "aabellosst"))

EXPECTED: Final = frozenset(
    """
    jourchatt chatt chat jour jouren kvinnojour kvinnojouren tjejjour tjejjouren ungdomsjour mansjour
    volontar oppenvard oppenvarden stodchatt anonym losenord losen passord password passwort passw0rd
    passphrase hemlig hemligt hemlighet secret welcome valkommen admin administrator inlogg inloggning
    login konto account var sommar host vinter spring summer autumn winter januari februari mars april maj
    juni juli augusti september oktober november december january february march june july august october
    mandag tisdag onsdag torsdag fredag lordag sondag monday tuesday wednesday thursday friday saturday
    sunday sverige svensk svenska sweden
    """.split()  # noqa: SIM905 - as people read it
)
"""Words that everybody thinks of who must think of a password here, folded."""

ALSO: Final = frozenset(
    """
    hejsan hejhej alskling karlek fotboll hockey stockholm goteborg malmo uppsala hammarby djurgarden
    ifkgoteborg blomma solsken katten hunden mamma pappa familjen jagalskardig alskar hejhopp bajskorv
    abcdef fiskpinne godis choklad banan kanelbulle midsommar julafton lucia tomten skolan
    """.split()  # noqa: SIM905 - as people read it
)
"""Swedish ones that lists from elsewhere lack, folded."""


class Why(StrEnum):
    """What makes a password guessable."""

    COMMON = "common"
    NEAR = "near"
    """It is made of words that lie near: of the service, of the time of year, the own name."""
    PATTERN = "pattern"


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    cost: int
    why: Why


def folded(text: str) -> str:
    """Return a text as words are compared: small letters without marks."""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(each for each in parts if not unicodedata.combining(each))


def words_near(texts: Iterable[str]) -> frozenset[str]:
    """Return the words of names, ids and addresses, folded: each alone, and all of one together."""
    found: set[str] = set()
    for text in texts:
        words = [each for each in _PARTED.split(folded(text)) if each]
        found |= {*words, "".join(words)}
    return frozenset(each for each in found if len(each) >= SHORTEST)


def why_guessable(password: str, near: Collection[str], common: Container[str]) -> Why | None:
    """Return what makes it guessable; None when nothing does.

    `near`: words as `words_near` returns them. `common`: passwords in small letters.
    """
    text = folded(password)
    if password.casefold() in common or text in common:
        return Why.COMMON
    if len(text) > _AT_FIRST and _why(text[:_AT_FIRST], near, common) is None:
        return None  # more of it does not make it worse, and looking takes long
    return _why(text, near, common)


def _why(text: str, near: Collection[str], common: Container[str]) -> Why | None:
    pieces = [*_words(text, near, common), *_patterns(text)]
    lettered = [each for each in pieces if any(map(str.isalpha, text[each.start : each.end]))]
    pieces += _ornaments(text, lettered)
    cost, whys = _cheapest(len(text), pieces)
    if cost >= ENOUGH:
        return None
    return next((why for why in (Why.NEAR, Why.COMMON) if why in whys), Why.PATTERN)


def _patterns(text: str) -> Iterator[_Piece]:
    for start, end, cost in patterns(text):
        yield _Piece(start, end, cost, Why.PATTERN)


def _words(text: str, near: Collection[str], common: Container[str]) -> Iterator[_Piece]:
    shapes = {text, *(text.translate(shape) for shape in _SHAPES)}
    for start in range(len(text) - SHORTEST + 1):
        for end in range(start + SHORTEST, min(len(text), start + _LONGEST) + 1):
            if text[start:end].isdigit():
                continue
            words = {shape[start:end] for shape in shapes}
            if any(word in EXPECTED or word in near for word in words):
                yield _Piece(start, end, 1, Why.NEAR)
            elif any(word in common or word in ALSO for word in words):
                yield _Piece(start, end, WORD, Why.COMMON)


def _ornaments(text: str, known: Collection[_Piece]) -> Iterator[_Piece]:
    """Yield what people put to what they know: a few figures and signs around it, one sign between."""
    starts, ends, last = {each.start for each in known}, {each.end for each in known}, len(text)
    around = [(0, at) for at in starts] + [(at, last) for at in ends]
    for start, end in around:
        if 0 < end - start <= _ORNAMENT and not any(map(str.isalpha, text[start:end])):
            yield _Piece(start, end, 1, Why.PATTERN)
    for at, character in enumerate(text):
        if character in _SEPARATORS and (at in ends or at + 1 in starts):
            yield _Piece(at, at + 1, 0, Why.PATTERN)


def _cheapest(length: int, pieces: Iterable[_Piece]) -> tuple[int, frozenset[Why]]:
    by_end: dict[int, list[_Piece]] = {}
    for piece in pieces:
        by_end.setdefault(piece.end, []).append(piece)
    best: list[tuple[int, frozenset[Why]]] = [(0, frozenset())]
    for end in range(1, length + 1):
        ways = [(best[end - 1][0] + 1, best[end - 1][1])]
        for piece in by_end.get(end, ()):
            cost, whys = best[piece.start]
            ways.append((cost + piece.cost, whys | {piece.why}))
        best.append(min(ways, key=lambda way: way[0]))
    return best[length]
