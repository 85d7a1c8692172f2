# SPDX-License-Identifier: EUPL-1.2
"""What an organisation has set, version by version: who changed what on which day.

Owns the value, how many are kept, and what tells two versions apart. Knows no store and no page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from chat.ids import OrganisationId
from config.overlay import FIELDS, Overlay, Path, value_at

KEPT: Final = 20
"""Versions of one organisation that can be brought back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What an organisation had set after one change."""

    organisation: OrganisationId
    number: int
    """0: nothing has ever been set."""
    account: str = ""
    """Who made the change."""
    day: date | None = None
    overlay: Overlay = field(default_factory=dict)


Spot = tuple[str, str, Path]
"""One field: "services" or "organisations", the id, and the path within."""


Values = Sequence[tuple[Spot, Any]]
"""Fields with what they shall be; None: as the site file says."""


def at_spot(overlay: Overlay, spot: Spot) -> Any:  # noqa: ANN401 - whatever was set
    """Return what is set at one field; None where nothing is."""
    kind, name, path = spot
    return value_at(overlay, (kind, name, *path))


def with_values(overlay: Overlay, values: Iterable[tuple[Spot, Any]]) -> Overlay:
    """Return an overlay with other values; None takes one away, and the site file holds there again."""
    whole: dict[str, Any] = _copied(overlay)
    for (kind, name, path), value in values:
        _put(whole, (kind, name, *path), value)
    return whole


def differences(before: Overlay, after: Overlay) -> list[Spot]:
    """Return the fields in which two overlays differ."""
    spots = {
        (kind, name, path)
        for overlay in (before, after)
        for kind, fields in FIELDS.items()
        for name in overlay.get(kind, {})
        for path in fields
    }
    return sorted(spot for spot in spots if at_spot(before, spot) != at_spot(after, spot))


def before_last(kept: Sequence[Version]) -> Version | None:
    """Return what held before the last change that still holds, of versions with the newest first.

    To go back is no change of its own: who takes back twice comes to what held before the last two changes,
    and not to and fro between two. None: nothing was set, or what was before is no longer kept.
    """
    steps = [Version(organisation=each.organisation, number=0) for each in kept[-1:] if each.number == 1]
    for version in reversed(kept):
        known = next((at for at, each in enumerate(steps) if each.overlay == version.overlay), None)
        if known is None:
            steps.append(version)
        else:
            del steps[known + 1 :]
    return steps[-2] if len(steps) > 1 else None


def _copied(tree: Overlay) -> dict[str, Any]:
    return {key: _copied(value) if isinstance(value, dict) else value for key, value in tree.items()}


def _put(tree: dict[str, Any], path: Path, value: Any) -> None:  # noqa: ANN401 - whatever is set
    key, *rest = path
    if rest:
        inner = tree.setdefault(key, {})
        _put(inner, tuple(rest), value)
        # What holds nothing any more says nothing: two ways to say so would not look equal.
        if not inner:
            del tree[key]
    elif value is None:
        tree.pop(key, None)
    else:
        tree[key] = value
