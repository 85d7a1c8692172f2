# SPDX-License-Identifier: EUPL-1.2
"""The daily keys as files in a directory of their own.

Owns their making, reading and unlinking. Knows nothing of what they seal. The file is the truth: a key whose
file is gone is gone, whatever this or another process still remembers.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from chat.errors import Unavailable
from chat.ids import Randomness
from chat.sealing import DAYS_KEPT, KEY_BYTES

_SECONDS_PER_DAY = 86_400

# "20500.key" is the key of a day. "20500.<random>.tmp" is one in the making; after a crash at the wrong
# moment it may be a second name of the same key, so it goes when the day goes, as does "20500.<random>.kept":
# a key in whose place another one came.
_NAME = re.compile(r"(?P<day>0|[1-9][0-9]{0,4})\.(?:key|[0-9a-f]{16}\.(?:tmp|kept))")


def day_number(now: datetime) -> int:
    """Return the UTC day of an aware `now`, counted from 1970-01-01."""
    return int(now.timestamp()) // _SECONDS_PER_DAY


class DailyKeyDirectory:
    """Daily keys in `directory` (mode 0700), one file of 32 random bytes (mode 0400) for each UTC day.

    Several processes of one machine may share it. The directory is made when it is missing. `data_directory`
    is where the sealed data lies: whoever takes that, also as a backup, must not get the keys with it. Only
    the demo, which keeps both together, passes None.

    Raises:
        ValueError: the directory or a key in it is not as it must be; the message is one plain sentence.
    """

    def __init__(self, directory: Path, data_directory: Path | None, randomness: Randomness) -> None:
        self._directory = directory.resolve()
        self._randomness = randomness
        self._held: dict[int, bytes] = {}
        if data_directory is not None and self._directory.is_relative_to(data_directory.resolve()):
            problem = (
                f"The key directory {directory} must not lie inside the data directory {data_directory}."
            )
            raise ValueError(problem)
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._check_directory()
            for name, day in self._names():
                if name.endswith(".key"):
                    self._read(day)
        except OSError as error:
            problem = f"The key directory {directory} cannot be used: {error.strerror}."
            raise ValueError(problem) from None

    def today(self, now: datetime) -> tuple[int, bytes]:
        """Return the current day number and its key, making the key if it is the day's first use.

        Raises:
            Unavailable: the key can be neither read nor written now.
        """
        day = day_number(now)
        return day, self.made(day)

    def made(self, day: int) -> bytes:
        """Return the key of `day`, making it if there is none.

        Raises:
            Unavailable: the key can be neither read nor written now.
        """
        key = self.for_day(day)
        if key is None:
            with _unavailable():
                self._make(day)
            key = self.for_day(day)
        if key is None:
            raise Unavailable("the daily key was removed while it was made")
        return key

    def put(self, day: int, key: bytes) -> None:
        """Keep `key` as the key of `day`.

        Another one gives its place and lies beside it until the day goes: it may be the only one that opens
        what was sealed under it.

        Raises:
            Unavailable: it cannot be written now.
        """
        with _unavailable():
            unfinished = self._written(day, key)
            try:
                if self._read(day) not in {None, key}:
                    os.link(self._path(day), self._beside(day, "kept"))
                unfinished.replace(self._path(day))
            finally:
                unfinished.unlink(missing_ok=True)
            self._flush_directory()
        self._held[day] = key

    def for_day(self, day: int) -> bytes | None:
        """Return the key of `day`, or None when it never was or is gone.

        Raises:
            Unavailable: the key cannot be read now.
        """
        held = self._held.get(day)
        if held is not None and os.access(self._path(day), os.F_OK):
            return held
        self._held.pop(day, None)
        with _unavailable():
            return self._read(day)

    def forget_old(self, now: datetime) -> list[int]:
        """Unlink every key of a day two or more days before `now`; return those days, oldest first.

        Only for a trusted `now`: an unlinked key never comes back.

        Raises:
            Unavailable: a key cannot be unlinked now.
        """
        last = day_number(now) - DAYS_KEPT
        for day in [day for day in self._held if day <= last]:
            del self._held[day]
        forgotten = set()
        with _unavailable():
            for name, day in self._names():
                if day <= last:
                    (self._directory / name).unlink(missing_ok=True)
                    forgotten.add(day)
            if forgotten:
                self._flush_directory()
        return sorted(forgotten)

    # files

    def _path(self, day: int) -> str:
        return f"{self._directory}/{day}.key"

    def _beside(self, day: int, what: str) -> Path:
        return self._directory / f"{day}.{self._randomness.bytes(8).hex()}.{what}"

    def _names(self) -> list[tuple[str, int]]:
        matches = [_NAME.fullmatch(path.name) for path in self._directory.iterdir()]
        return [(match[0], int(match["day"])) for match in matches if match is not None]

    def _check_directory(self) -> None:
        found = self._directory.stat()
        if found.st_uid != os.geteuid():
            problem = "must belong to the account that runs the server"
        elif found.st_mode & 0o077:
            problem = "is open to others; make it private with chmod 700"
        elif found.st_mode & 0o700 != 0o700 or not os.access(self._directory, os.W_OK | os.X_OK):
            problem = "cannot be written to"
        else:
            return
        sentence = f"The key directory {self._directory} {problem}."
        raise ValueError(sentence)

    def _read(self, day: int) -> bytes | None:
        path = self._path(day)
        try:
            file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        try:
            found = os.fstat(file)
            key = os.read(file, KEY_BYTES)
        finally:
            os.close(file)
        if found.st_mode & 0o077:
            problem = "is open to others; make it private with chmod 400"
        elif len(key) != KEY_BYTES or found.st_size != KEY_BYTES:
            problem = f"is not a file of {KEY_BYTES} bytes; remove it, nothing sealed that day can be opened"
        else:
            self._held[day] = key
            return key
        sentence = f"The daily key {path} {problem}."
        raise ValueError(sentence)

    def _make(self, day: int) -> None:
        """Put a fresh key on the disk, unless another process has been faster: then that one counts."""
        unfinished = self._written(day, self._randomness.bytes(KEY_BYTES))
        try:
            # A link never replaces a name that is there, so every process ends with the key of the first.
            with contextlib.suppress(FileExistsError):
                os.link(unfinished, self._path(day))
        finally:
            unfinished.unlink(missing_ok=True)
        # Nothing may be sealed under a key that a power cut could still take back.
        self._flush_directory()

    def _written(self, day: int, key: bytes) -> Path:
        """Return where `key` lies on the disk under a name that counts for nothing yet."""
        unfinished = self._beside(day, "tmp")
        file = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o400)
        try:
            with os.fdopen(file, "wb") as opened:
                opened.write(key)
                opened.flush()
                os.fsync(file)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        return unfinished

    def _flush_directory(self) -> None:
        directory = os.open(self._directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


@contextlib.contextmanager
def _unavailable() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        problem = f"the key directory does not answer: {error.strerror}"
        raise Unavailable(problem) from None
