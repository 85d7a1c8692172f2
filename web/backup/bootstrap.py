# SPDX-License-Identifier: EUPL-1.2
"""The composition root of backups: the one place here that names adapters.

Owns which database, clock, log of erased tickets and stretching the commands work on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

from msgspec import Struct

from chat.adapters.argon2 import stretched
from chat.adapters.sql.figures import leave_out_told
from chat.adapters.sql.whole import Filling, filling, snapshot
from chat.adapters.system import SystemClock, SystemRandomness
from chat.code import new_code
from chat.grid import Week
from chat.hours import local_day
from config.codes import code_words
from config.settings import Settings
from handover.adapters.ending import reapply
from handover.adapters.erased_files import ErasedFiles
from handover.adapters.erased_reading import read_logs
from handover.erased import Log, together
from handover.erased_days import days, last_day
from web.backup.contents import TABLES, TICKETS
from web.backup.errors import CannotUse
from web.backup.files import cannot, delete_old, name_at, refuse_clock, whole_file
from web.backup.keys import SALT_BYTES, BackupKey, public_of
from web.backup.making import make
from web.backup.restoring import Restored, Seen, look, restore
from web.backup.taken_back import no_log, refuse_doubts
from web.bootstrap import only_server


def made_passphrase() -> str:
    """Return six made-up words."""
    return new_code(code_words(), SystemRandomness())


def make_key(path: Path, passphrase: str) -> str:
    """Write a fresh backup key into a new file; return its public half.

    Raises:
        BackupError: the file is there already, or cannot be written.
    """
    if path.exists():
        raise CannotUse(
            f"{path} is there already: what was sealed to the key in it opens with that key alone."
        )
    randomness = SystemRandomness()
    salt = randomness.bytes(SALT_BYTES)
    key = BackupKey.new(salt, stretched(passphrase.encode(), salt), randomness)
    with whole_file(path, randomness) as file:
        file.write(key.text().encode("ascii"))
    return key.public_text()


def make_backup(settings: Settings, public: str, file: Path | None, directory: Path | None) -> Path:
    """Make a backup in `file`, or a dated one in `directory`; return where it is.

    From a directory those of more than thirty days are deleted then.

    Raises:
        BackupError: it cannot be made. Fault: the database cannot be read.
    """
    now, randomness = SystemClock().now(), SystemRandomness()
    if directory is not None:
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise cannot(directory, "written", error) from error
        refuse_clock(directory, now)
    path = file or (directory or Path()) / name_at(now)
    with snapshot(settings.database_url) as found, whole_file(path, randomness) as opened:
        make(found, public_of(public), now, randomness, opened.write)
    if directory is not None:
        # Only after a new one is there.
        delete_old(directory, now)
    return path


class Given(Struct, frozen=True):
    """Where the logs of erased tickets lie that a restore is given, and whether doubts about them count."""

    places: Sequence[Path]
    although_incomplete: bool = False


def look_into(file: Path, key: BackupKey, passphrase: str, given: Given | None) -> Seen:
    """Read the whole of a backup, and hold the logs of erased tickets against it; no database is touched.

    `given`: None when there are no logs to look at.

    Raises:
        BackupError, ValueError: it would not be put back so.
    """
    logs = _logs(given)
    private = key.open(stretched(passphrase.encode(), key.salt))
    now = SystemClock().now()
    seen = look(file, private, now)
    if given is not None and not given.although_incomplete:
        refuse_doubts(logs, local_day(seen.made_at), local_day(now))
    return seen


class PutBack(Struct, frozen=True):
    """What was put back, and what of it was not."""

    restored: Restored
    until: date | None
    """The day until which the logs tell what has ended."""
    weeks_left_out: bool
    """Weeks of statistics that are over may have been told since."""


def restore_backup(
    settings: Settings, file: Path, key: BackupKey, passphrase: str, given: Given | None
) -> PutBack:
    """Put a backup into the empty database, but for what people have taken back and what was told since.

    What the logs say becomes part of this machine's own log. `given`: None leaves out what people have sent.

    Raises:
        BackupError, Fault, ValueError: it cannot be put back, and nothing has changed.
        CannotStart: a server runs.
    """
    logs = _logs(given)
    private = key.open(stretched(passphrase.encode(), key.salt))
    now = SystemClock().now()
    today, weeks = local_day(now), [False]

    def refuse(made_at: datetime) -> None:
        if given is not None and not given.although_incomplete:
            refuse_doubts(logs, local_day(made_at), today)

    def end_again(filled: Filling, made_at: datetime) -> int:
        made_in = Week.of(local_day(made_at))
        weeks[0] = leave_out_told(filled.connection, made_in, Week.last_closed(now))
        if given is not None:
            _take_over(settings.erased, logs, local_day(made_at), today)
        return reapply(filled.connection, together(logs.values()), now)

    def put_back() -> Restored:
        without = TICKETS if given is None else ()
        empty = partial(filling, settings.database_url, TABLES)
        return restore(file, private, now, empty, end_again, refuse=refuse, without=without)

    async def alone() -> Restored:
        async with only_server(replace(settings, redis_url=None), 0.0, lambda _: None):
            return await asyncio.to_thread(put_back)

    last = [last_day(log, today) for log in logs.values()]
    restored = asyncio.run(alone())
    return PutBack(restored, min((day for day in last if day is not None), default=None), weeks[0])


def _logs(given: Given | None) -> dict[Path, Log]:
    try:
        return read_logs(() if given is None else given.places)
    except ValueError as error:
        raise no_log(str(error)) from error


def _take_over(own: Path, logs: Mapping[Path, Log], since: date, today: date) -> None:
    """Make what the logs say part of this machine's own, so that the next restore knows it too.

    That no day is missing from the backup's on has been looked at, or said; before it counts what all have.
    """
    files = ErasedFiles(own, SystemRandomness())
    lines = (log.lines for place, log in logs.items() if place.resolve() != own.resolve())
    known = frozenset.intersection(*(log.days for log in logs.values()))
    files.take_over(frozenset().union(*lines), known.union(days(since, today)), today)
