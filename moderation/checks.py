# SPDX-License-Identifier: EUPL-1.2
"""What no pattern can say about a piece: check digits, and what is a line or a place for help.

Owns the arithmetic and the lists that rules may name beside the patterns of their file. Sources: Skatteverket
on personnummer (Luhn over ten digits), ISO 7812 (Luhn), ISO 13616 (IBAN, modulo 97).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from msgspec import Struct

_NOT_DIGIT: Final = re.compile("[^0-9]")
_NOT_TIGHT: Final = re.compile(r"[\W_]")
_DOUBLED: Final = str.maketrans("0123456789", "0246813579")
_IBAN: Final = re.compile("[a-z]{2}[0-9]{2}[a-z]{0,4}[0-9]{10,26}")
_HOST: Final = re.compile("(?:[a-z]+://)?(?:www\\.)?([^/:?#]*)")

_TAIL: Final = re.compile(r"/?[ .,:;!?)\]}>\"»]*\Z")
"""What ends a sentence rather than an address."""


class Allowed(Struct, frozen=True):
    """What is never identity data."""

    numbers: frozenset[str]
    """Telephone numbers, digits only."""
    hosts: tuple[str, ...]
    """Hosts with all that is under them. One that ends in "/" is one address, which is allowed alone."""
    chain: re.Pattern[str]
    """One or more of the numbers and nothing else."""


class Piece(Struct, frozen=True):
    """What a rule has found, before it is believed."""

    sketch: str
    plain: str

    @property
    def digits(self) -> str:
        """Its digits."""
        return _NOT_DIGIT.sub("", self.sketch)

    @property
    def tight(self) -> str:
        """Its letters and digits."""
        return _NOT_TIGHT.sub("", self.plain)


def passes_luhn(digits: str) -> bool:
    """Tell whether the last digit is the check digit of those before it."""
    total = sum(map(int, digits[::-2])) + sum(map(int, digits[-2::-2].translate(_DOUBLED)))
    return total % 10 == 0


def is_iban(number: str) -> bool:
    """Tell whether this is an account number whose remainder modulo 97 is one."""
    if _IBAN.fullmatch(number) is None:
        return False
    return int("".join(str(int(letter, 36)) for letter in number[4:] + number[:4])) % 97 == 1


def _luhn(piece: Piece, _allowed: Allowed) -> bool:
    digits = piece.digits
    return passes_luhn(digits[-10:] if len(digits) == 12 else digits)


def _no_line(piece: Piece, allowed: Allowed) -> bool:
    digits = piece.digits
    at_home = "0" + digits.removeprefix("00").removeprefix("46").removeprefix("0")
    return allowed.chain.fullmatch(digits) is None and at_home not in allowed.numbers


def _host(piece: Piece, allowed: Allowed) -> bool:
    found = _HOST.match(piece.plain)
    name = found[1] if found is not None else ""
    address = _TAIL.sub("", piece.plain[found.start(1) :]) + "/" if found is not None else ""
    return not any(name == host or name.endswith(f".{host}") or address == host for host in allowed.hosts)


CHECKS: Final[Mapping[str, Callable[[Piece, Allowed], bool]]] = {
    "host": _host,
    "iban": lambda piece, _allowed: is_iban(piece.tight),
    "line": _no_line,
    "luhn": _luhn,
}
"""What a rule may name beside the checks of its file."""

LINE: Final = CHECKS["line"]
"""Fails because the piece is the number of a line or of a place for help."""

ALLOWING: Final = frozenset({CHECKS["host"], LINE})
"""Those that fail because the piece is a line or a place for help."""
