# SPDX-License-Identifier: EUPL-1.2
"""What somebody asks of the calculator: the fields of its form, read and kept as they were typed.

Owns their names and bounds. Knows no service and no words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chat.staffing import AnsweredWithin, MeanWait, Target

USUAL: Final[Mapping[str, str]] = {
    "target": "share",
    "share": "80",
    "within": "5",
    "mean": "10",
    "capacity": "1",
}
"""What stands in the fields at first; the length is the service's own. One at a time, as the console
suggests: its `capacity` is the most that anybody may take, and a plan from that would be too thin."""

BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    "share": (50, 99),
    "within": (0, 120),
    "mean": (1, 120),
    "minutes": (5, 240),
    "capacity": (1, 20),
    **{f"day_{weekday}": (0, 500) for weekday in range(7)},
}
"""Each number's least and most."""

_WHOLE: Final = frozenset({"share", "capacity"})
_NUMBER: Final = re.compile(r"[0-9]{1,4}(?:[.,][0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class Asked:
    """A form as it was sent, and what is wrong with it. Numbers may only be asked for where nothing is."""

    fields: Mapping[str, str]
    wrong: tuple[str, ...]
    """The names of fields that hold no number within their bounds, in order."""

    @property
    def target(self) -> Target:
        """What is to be reached."""
        if self.fields["target"] == "mean":
            return MeanWait(self.number("mean"))
        return AnsweredWithin(self.number("share") / 100, self.number("within"))

    @property
    def days(self) -> dict[int, float]:
        """How many come on a weekday, where somebody has said so."""
        names = ((weekday, f"day_{weekday}") for weekday in range(7))
        return {weekday: self.number(name) for weekday, name in names if self.fields.get(name)}

    def number(self, name: str) -> float:
        """Return the number in a field."""
        return _number(self.fields[name])


def asked(sent: Mapping[str, str], *, minutes: str) -> Asked:
    """Read a form. `minutes` stands for what was not sent; unknown fields are left out."""
    usual = {**USUAL, "minutes": minutes}
    fields = {name: sent.get(name, "").strip() or usual.get(name, "") for name in ("target", *BOUNDS)}
    if fields["target"] != "mean":
        fields["target"] = "share"
    return Asked(fields, tuple(name for name in BOUNDS if fields[name] and not _fits(name, fields[name])))


def _fits(name: str, typed: str) -> bool:
    if not _NUMBER.fullmatch(typed):
        return False
    number = _number(typed)
    least, most = BOUNDS[name]
    return least <= number <= most and (name not in _WHOLE or number == int(number))


def _number(typed: str) -> float:
    return float(typed.replace(",", "."))
