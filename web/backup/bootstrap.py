# SPDX-License-Identifier: EUPL-1.2
"""The composition root of backups: the one place here that names adapters.

Owns which database, clock, log of erased tickets and stretching the commands work on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from chat.adapters.argon2 import stretched
from chat.adapters.sql.whole import Filling, filling, snapshot
from chat.adapters.system import SystemClock, SystemRandomness
from chat.code import new_code
from config.codes import code_words
from config.settings import Settings
from handover.adapters.ending import reapply
from handover.adapters.erased_files import read_erased
from handover.erased import Erased
from web.backup.contents import TICKETS
from web.backup.errors import CannotUse
from web.backup.files import cannot, delete_old, name_at, whole_file
from web.backup.keys import SALT_BYTES, BackupKey, public_of
from web.backup.making import make
from web.backup.restoring import Restored, restore
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


def make_backup(
    settings: Settings, public: str, file: Path | None, directory: Path | None
) -> tuple[Path, int]:
    """Make a backup in `file`, or a dated one in `directory`; return where it is, and how many rows.

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
    path = file or (directory or Path()) / name_at(now)
    with snapshot(settings.database_url) as found, whole_file(path, randomness) as opened:
        rows = make(found, public_of(public), now, randomness, opened.write)
    if directory is not None:
        # Only after a new one is there.
        delete_old(directory, now)
    return path, rows


def restore_backup(
    settings: Settings, file: Path, key: BackupKey, passphrase: str, erased: Sequence[Path] | None
) -> tuple[Restored, Erased]:
    """Put a backup into the empty database; return what it was, and what the log said.

    `erased`: where the logs of erased tickets lie; None leaves out what people have sent.

    Raises:
        BackupError, ValueError: it cannot be put back, and nothing has changed. CannotStart: a server runs.
    """
    private = key.open(stretched(passphrase.encode(), key.salt))
    now = SystemClock().now()
    told = read_erased(erased or ())

    def end_again(filled: Filling) -> int:
        return reapply(filled.connection, told, now)

    def put_back() -> Restored:
        without = TICKETS if erased is None else ()
        empty = partial(filling, settings.database_url)
        return restore(file, private, now, empty, end_again, without=without)

    async def alone() -> Restored:
        async with only_server(replace(settings, redis_url=None), 0.0, lambda _: None):
            return await asyncio.to_thread(put_back)

    return asyncio.run(alone()), told
