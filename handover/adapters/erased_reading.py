# SPDX-License-Identifier: EUPL-1.2
"""Finds and reads the copies of the logs of erased tickets that a restore is given.

Owns which files are taken for a log. What is none is refused rather than passed over: it may be a packed one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from handover.adapters.erased_files import log_day
from handover.erased import Log, read

_OF_THE_DISK = "lost+found"


def read_logs(places: Iterable[Path]) -> dict[Path, Log]:
    """Return each host's log, by its directory; a place is a file, or a directory with files or directories.

    Raises:
        ValueError: a place holds no log, or something else, or cannot be read; one plain sentence.
    """
    files: dict[Path, list[Path]] = {}
    place = Path()
    try:
        for place in places:
            for file in _files(place):
                files.setdefault(file.parent, []).append(file)
        return {
            directory: read(line for file in sorted(set(found)) for line in _lines(file))
            for directory, found in files.items()
        }
    except OSError as error:
        where, why = error.filename or place, (error.strerror or "unknown error").lower()
        raise ValueError(f"The log of erased tickets {where} cannot be read: {why}.") from None


def _files(place: Path) -> Iterator[Path]:
    if not place.is_dir():
        if not place.exists():
            raise _none_at(place)
        if log_day(place) is None:
            raise ValueError(f"{place} is no file of a log of erased tickets.")
        yield place
        return
    # What is hidden belongs to whatever makes copies, and is whole under another name.
    inside = [path for path in sorted(place.iterdir()) if path.name[0] != "." and path.name != _OF_THE_DISK]
    if not inside:
        raise _none_at(place)
    for path in inside:
        yield from _files(path)


def _none_at(place: Path) -> ValueError:
    return ValueError(f"There is no log of erased tickets at {place}.")


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="ascii", errors="replace").splitlines()
