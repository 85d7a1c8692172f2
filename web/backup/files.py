# SPDX-License-Identifier: EUPL-1.2
"""Where backups lie: written whole or not at all, named by their time, and gone after thirty days.

Owns their names and modes. Knows nothing of what is in them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Final

from chat.ids import Randomness
from web.backup.errors import CannotUse

KEPT: Final = timedelta(days=30)
"""An older backup is deleted, and no older one is put back."""

_FORM: Final = "jourchatt-%Y%m%dT%H%M%SZ.backup"
_NAME: Final = re.compile(r"jourchatt-\d{8}T\d{6}Z\.backup")
_UNFINISHED: Final = re.compile(r"\.(jourchatt-\d{8}T\d{6}Z\.backup)\.[0-9a-f]{16}\.tmp")
_A_WHILE: Final = timedelta(days=1)


@contextmanager
def whole_file(path: Path, randomness: Randomness) -> Iterator[IO[bytes]]:
    """Give a file to write; afterwards it stands under its name, for its owner alone, or nothing has changed.

    Raises:
        CannotUse: it cannot be written, or is there already: it may be what was to be backed up.
    """
    if path.exists():
        raise CannotUse(f"{path} is there already; nothing was written.")
    unfinished = path.with_name(f".{path.name}.{randomness.bytes(8).hex()}.tmp")
    try:
        file = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(file, "wb") as opened:
                yield opened
                opened.flush()
                os.fsync(opened.fileno())
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
        _flush(path.parent)
    except OSError as error:
        raise cannot(path, "written", error) from error


def name_at(now: datetime) -> str:
    """Return the name of a backup that is made now."""
    return now.astimezone(UTC).strftime(_FORM)


def made_in(directory: Path) -> list[datetime]:
    """Return when the backups in a directory were made, by their names; other files and empty ones are none.

    Raises:
        OSError: it cannot be read.
    """
    made = ((_made_at(path.name), path) for path in directory.iterdir())
    return [at for at, path in made if at is not None and path.is_file() and path.stat().st_size]


def refuse_clock(directory: Path, now: datetime) -> None:
    """Look whether the backups that are there fit the clock: a wrong one would delete those that are good.

    Raises:
        CannotUse: the newest is still to come, or as old as what is deleted.
    """
    try:
        made = made_in(directory)
    except OSError as error:
        raise cannot(directory, "read", error) from error
    newest = max(made, default=now)
    if newest > now:
        raise CannotUse(
            f"{directory} holds {name_at(newest)}, which is still to come: set the clock of this machine, or "
            "delete that file if the clock was wrong when it was made."
        )
    if now - newest > KEPT:
        raise CannotUse(
            f"The newest backup in {directory} is {name_at(newest)}, more than {KEPT.days} days old: set the "
            "clock of this machine, or delete what is there if it is right."
        )


def delete_old(directory: Path, now: datetime) -> int:
    """Delete backups whose names say that they are older than thirty days; return how many.

    Also what a crash has left of one that was never finished. Files of other names are left alone.

    Raises:
        CannotUse: one cannot be deleted.
    """
    old = 0
    try:
        for path in directory.iterdir():
            unfinished = _UNFINISHED.fullmatch(path.name)
            name = unfinished[1] if unfinished else path.name
            made_at = _made_at(name)
            if made_at is not None and now - made_at > (_A_WHILE if unfinished else KEPT):
                path.unlink(missing_ok=True)
                old += unfinished is None
        _flush(directory)
    except OSError as error:
        raise cannot(directory, "cleared of old backups", error) from error
    return old


def _made_at(name: str) -> datetime | None:
    if _NAME.fullmatch(name) is None:
        return None
    try:
        return datetime.strptime(name, _FORM).replace(tzinfo=UTC)
    except ValueError:
        return None


def cannot(path: Path, what: str, error: OSError) -> CannotUse:
    """Return the sentence for a file that cannot be used."""
    return CannotUse(f"{path} cannot be {what}: {(error.strerror or 'unknown error').lower()}.")


def _flush(directory: Path) -> None:
    opened = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
