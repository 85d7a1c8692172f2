# SPDX-License-Identifier: EUPL-1.2
"""`handover.ports.ErasedLog` in files, one a day, outside the database and outside its backups.

Owns their names and that a line is on the disk before anything is deleted. Several processes of one host may
write into the same directory; each host has its own.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from chat.errors import Unavailable
from chat.ids import Randomness
from handover.erased import Erased, Line, read

_NAME = re.compile(r"erased-(\d{4}-\d{2}-\d{2})\.log")
_NUMBER_BYTES = 8


class ErasedFiles:
    """The log of one host. `directory` is made for its owner alone if there is none.

    Raises:
        ValueError: the directory cannot be used; one plain sentence.
    """

    def __init__(self, directory: Path, randomness: Randomness) -> None:
        self._directory = directory
        self._randomness = randomness
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ValueError(_cannot(directory, error)) from None
        if not os.access(directory, os.R_OK | os.W_OK | os.X_OK):
            raise ValueError(f"The directory of the log of erased tickets {directory} cannot be written to.")

    async def note(self, on: date, mark: str) -> Line:
        """Append a line and flush it to the disk."""
        line = Line(on, mark, self._randomness.bytes(_NUMBER_BYTES).hex())
        await asyncio.to_thread(self._append, line)
        return line

    async def take_back(self, line: Line) -> None:
        """Append that a line does not count."""
        await asyncio.to_thread(self._append, Line(line.on, line.mark, line.number, taken_back=True))

    async def forget_before(self, day: date) -> None:
        """Unlink the files of earlier days."""
        await asyncio.to_thread(self._forget_before, day)

    def _append(self, line: Line) -> None:
        path = self._directory / f"erased-{line.on.isoformat()}.log"
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            is_new = not path.exists()
            file = os.open(path, flags, 0o600)
            try:
                # The line break comes first: what a power cut left of another line stays a line of its own.
                text = f"\n{line.text()}\n".encode()
                if os.write(file, text) != len(text):
                    raise Unavailable("the log of erased tickets takes no more")
                os.fsync(file)
            finally:
                os.close(file)
            if is_new:
                self._flush_directory()
        except OSError as error:
            raise Unavailable(f"the log of erased tickets does not answer: {error.strerror}") from None

    def _forget_before(self, day: date) -> None:
        try:
            for path in self._directory.iterdir():
                found = _NAME.fullmatch(path.name)
                if found is not None and found[1] < day.isoformat():
                    path.unlink(missing_ok=True)
            self._flush_directory()
        except OSError as error:
            raise Unavailable(f"the log of erased tickets does not answer: {error.strerror}") from None

    def _flush_directory(self) -> None:
        directory = os.open(self._directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def read_erased(places: Sequence[Path]) -> Erased:
    """Return what the logs of all hosts say together; each place is a file, or a directory of such files.

    Raises:
        ValueError: one cannot be read; one plain sentence.
    """
    return read(line for place in places for line in _lines(place))


def _lines(place: Path) -> Iterator[str]:
    try:
        files = sorted(place.iterdir()) if place.is_dir() else [place]
        for file in files:
            if not place.is_dir() or _NAME.fullmatch(file.name) is not None:
                yield from file.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError as error:
        raise ValueError(_cannot(place, error)) from None


def _cannot(place: Path, error: OSError) -> str:
    return f"The log of erased tickets {place} cannot be used: {(error.strerror or 'unknown error').lower()}."
