# SPDX-License-Identifier: EUPL-1.2
"""`handover.ports.ErasedLog` in files, one a day, outside the database and outside its backups.

Owns their names, that a line is on the disk before anything is deleted, and when files go. Several processes
of one host may write into the same directory, each into files of its own; each host has its own directory.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from chat.errors import Unavailable
from chat.ids import Randomness
from handover.erased import KEPT, Line, day_text

_NAME = re.compile(r"erased-(\d{4}-\d{2}-\d{2})-[0-9a-f]{8}\.log")
_NUMBER_BYTES = 8
_NAME_BYTES = 4


class ErasedFiles:
    """The log of one host. `directory` is made for its owner alone if there is none.

    Raises:
        ValueError: the directory cannot be used; one plain sentence.
    """

    def __init__(self, directory: Path, randomness: Randomness) -> None:
        self._directory = directory
        self._randomness = randomness
        # No two starts write into the same file: a copy of one never goes over a copy of another.
        self._name = randomness.bytes(_NAME_BYTES).hex()
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ValueError(_cannot(directory, error)) from None
        if not os.access(directory, os.R_OK | os.W_OK | os.X_OK):
            raise ValueError(f"The directory of the log of erased tickets {directory} cannot be written to.")

    async def note(self, on: date, mark: str) -> Line:
        """Append a line and flush it to the disk."""
        line = Line(on, mark, self._randomness.bytes(_NUMBER_BYTES).hex())
        await asyncio.to_thread(self._append, on, (line.text(),))
        return line

    async def take_back(self, line: Line) -> None:
        """Append that a line does not count."""
        taken_back = Line(line.on, line.mark, line.number, taken_back=True)
        await asyncio.to_thread(self._append, line.on, (taken_back.text(),))

    async def keep(self, day: date) -> None:
        """Append that the log is kept on a day."""
        await asyncio.to_thread(self._append, day, (day_text(day),))

    def take_over(self, lines: Iterable[Line], days: Iterable[date], today: date) -> None:
        """Write what other logs said, as of today: so it stays for as long as what ends today. Blocking.

        Raises:
            Unavailable: it cannot be written.
        """
        self._append(today, sorted([*(line.text() for line in lines), *map(day_text, days)]))

    async def forget_before(self, day: date) -> None:
        """Unlink the files of earlier days, if the log was kept on more days since than a line is kept."""
        await asyncio.to_thread(self._forget_before, day)

    def _append(self, on: date, lines: Iterable[str]) -> None:
        try:
            # A clock that stands too early shall not put a line among those that go next.
            latest = max([on.isoformat(), *self._days().values()])
            path = self._directory / f"erased-{latest}-{self._name}.log"
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
            # The line break comes first: what a power cut left of another line stays a line of its own.
            text = "".join(f"\n{line}\n" for line in lines).encode()
            file = os.open(path, flags, 0o600)
            try:
                if os.write(file, text) != len(text):
                    raise Unavailable("the log of erased tickets takes no more")
                os.fsync(file)
            finally:
                os.close(file)
            self._flush_directory()
        except OSError as error:
            raise Unavailable(f"the log of erased tickets does not answer: {error.strerror}") from None

    def _forget_before(self, day: date) -> None:
        """Unlink; days are counted, so that a clock that stands far too late takes no more than one."""
        try:
            files = self._days()
            days = sorted(set(files.values()))
            for path, written in files.items():
                after = len(days) - days.index(written) - 1
                if written < day.isoformat() and after > KEPT.days:
                    path.unlink(missing_ok=True)
            self._flush_directory()
        except OSError as error:
            raise Unavailable(f"the log of erased tickets does not answer: {error.strerror}") from None

    def _days(self) -> dict[Path, str]:
        found = ((path, log_day(path)) for path in self._directory.iterdir())
        return {path: day for path, day in found if day is not None}

    def _flush_directory(self) -> None:
        directory = os.open(self._directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def log_day(path: Path) -> str | None:
    """Return the day in the name of a file of the log; None for any other name."""
    found = _NAME.fullmatch(path.name)
    return None if found is None else found[1]


def _cannot(place: Path, error: OSError) -> str:
    return f"The log of erased tickets {place} cannot be used: {(error.strerror or 'unknown error').lower()}."
