# SPDX-License-Identifier: EUPL-1.2
"""`jourchatt backup`, `restore` and `backup-key`.

Owns their arguments and what they print. Each loads what it needs only when it runs.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from config.settings import read_settings
from web.server_options import CannotStart

SHORTEST: Final = 16
LONGEST: Final = 256

_KEEP_KEY = """\
The words are shown this once and are stored nowhere. Whoever puts a backup back needs them and the file
{file}. Keep the file away from the server, in two places, and the words on paper where you lock things away.

For the server, in its settings:
JOURCHATT_BACKUP_KEY={public}"""
_NEXT = """\
What to do now, in this order:
  1. jourchatt staff list: close every account that should not be there any more (jourchatt staff disable).
     The backup knows nothing of passwords, people and second factors that were changed after it was made.
  2. Second factors open with second-factors.key alone, which lies beside the daily keys and in no backup. Put
     it back into the key directory if you have it; else those who have a factor use a recovery code,
     and nobody sets one up: jourchatt staff second-factor NAME --remove for each who has one, and then
     jourchatt staff second-factor-key --new.
  3. jourchatt check, and then start the server. Everybody signs in again.
  4. Invitations that were not used yet are gone: send new ones. So are conversations that were under way.
  5. Tell the receiving units: what came or was written after the backup is missing. Copy the log of erased
     tickets from this machine again, as before.
  6. If the old machine was stolen or broken into, let everybody choose a new password."""


def add_commands(
    command: Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser],
) -> None:
    """Add the three commands."""
    backup = command(
        "backup",
        _backup,
        "Write a sealed backup, also while the server runs: accounts, roster, tickets, figures.",
    )
    backup.add_argument("file", nargs="?", type=Path, metavar="FILE", help="where to write it")
    backup.add_argument(
        "--directory",
        type=Path,
        metavar="DIR",
        help="write a dated file there, and delete those of over 30 days",
    )
    _add_restore(command("restore", _restore, "Put a backup into an empty database."))
    key = command("backup-key", _key, "Make the key that backups are sealed to. Not on the server.")
    key.add_argument("file", type=Path, metavar="FILE", help="where to write it; it must not be there yet")
    source = key.add_mutually_exclusive_group()
    source.add_argument("--ask", action="store_true", help="ask for a passphrase of your own, twice")
    source.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="read one of your own from a file"
    )


def _add_restore(restore: argparse.ArgumentParser) -> None:
    restore.add_argument("file", type=Path, metavar="FILE", help="the backup")
    restore.add_argument("--key", type=Path, metavar="FILE", required=True, help="the backup key")
    restore.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="read its passphrase from a file"
    )
    sent = restore.add_mutually_exclusive_group()
    sent.add_argument(
        "--erased",
        type=Path,
        nargs="+",
        metavar="PLACE",
        help="the logs of erased tickets of all hosts: files or directories (default: $JOURCHATT_ERASED)",
    )
    sent.add_argument("--without-tickets", action="store_true", help="leave out what people have sent")
    restore.add_argument(
        "--look",
        action="store_true",
        help="only look: is it whole, does the key open it, would it be put back with these logs?",
    )
    restore.add_argument(
        "--although-incomplete",
        action="store_true",
        help="use logs that are damaged, or in which days are missing",
    )


def _key(arguments: argparse.Namespace) -> int:
    from web.backup.bootstrap import made_passphrase, make_key
    from web.backup.errors import BackupError

    own = _own_passphrase(arguments)
    if own is not None and not SHORTEST <= len(own) <= LONGEST:
        raise CannotStart(f"A passphrase has {SHORTEST} to {LONGEST} characters: take several words.")
    passphrase = own or made_passphrase()
    try:
        public = make_key(arguments.file, passphrase)
    except BackupError as error:
        raise CannotStart(str(error)) from error
    if own is None:
        print(f"Passphrase: {passphrase}")
    print(_KEEP_KEY.format(file=arguments.file, public=public))
    return 0


def _backup(arguments: argparse.Namespace) -> int:
    settings = read_settings(os.environ)
    if (arguments.file is None) == (arguments.directory is None):
        raise CannotStart("Name a file, or a directory with --directory.")
    if settings.backup_key is None:
        raise CannotStart(
            "JOURCHATT_BACKUP_KEY is not set: make a key with jourchatt backup-key, on another machine."
        )
    from chat.errors import Fault
    from web.backup.bootstrap import make_backup
    from web.backup.errors import BackupError

    try:
        path = make_backup(settings, settings.backup_key, arguments.file, arguments.directory)
    except (BackupError, Fault) as error:
        raise CannotStart(str(error)) from error
    # Not how many rows: it would tell the log of every night what the file's size does not.
    print(f"{path}: {path.stat().st_size} bytes.")
    return 0


def _look(arguments: argparse.Namespace) -> int:
    from web.backup.bootstrap import Given, look_into
    from web.backup.errors import BackupError
    from web.backup.keys import BackupKey

    given = Given(arguments.erased, arguments.although_incomplete) if arguments.erased else None
    try:
        key = BackupKey.parse(_read(arguments.key))
        passphrase = _own_passphrase(arguments) or _asked("Passphrase of the backup key: ")
        seen = look_into(arguments.file, key, passphrase, given)
    except (BackupError, ValueError) as error:
        raise CannotStart(str(error)) from error
    print(f"The backup of {seen.made_at:%Y-%m-%d %H:%M} UTC is whole, and this key opens it. Its rows:")
    for table, number in seen.rows.items():
        print(f"{number:>8} {table}")
    if given is None:
        print("To see whether it could be put back with what people have sent, name the logs with --erased.")
    else:
        print("With these logs it could be put back. Nothing was changed.")
    return 0


def _restore(arguments: argparse.Namespace) -> int:
    if arguments.look:
        return _look(arguments)
    settings = read_settings(os.environ)
    from chat.errors import Fault
    from web.backup.bootstrap import Given, restore_backup
    from web.backup.errors import BackupError
    from web.backup.keys import BackupKey

    places = arguments.erased or [settings.erased]
    given = None if arguments.without_tickets else Given(places, arguments.although_incomplete)
    try:
        key = BackupKey.parse(_read(arguments.key))
        passphrase = _own_passphrase(arguments) or _asked("Passphrase of the backup key: ")
        done = restore_backup(settings, arguments.file, key, passphrase, given)
    except (BackupError, Fault, ValueError) as error:
        raise CannotStart(str(error)) from error
    restored = done.restored
    print(
        f"The backup of {restored.made_at:%Y-%m-%d %H:%M} UTC is in the database: {restored.rows} rows read."
    )
    if given is None:
        print("What people have sent was left out.")
    else:
        print(f"Of what people have sent, {restored.ended} had ended since and did so again.")
        print(f"The logs tell what was taken back until {done.until or 'an unknown day'}.")
    if done.weeks_left_out:
        print("Weeks of statistics that have ended since were left out: they may have been shown already.")
    print(_NEXT)
    return 0


def _own_passphrase(arguments: argparse.Namespace) -> str | None:
    """Return the passphrase that was given; spaces at its ends, and more than one in a row, do not count."""
    if arguments.passphrase_file is not None:
        given = _read(arguments.passphrase_file)
    elif getattr(arguments, "ask", False):
        given = _asked("Passphrase: ")
        if _asked("Once more: ") != given:
            raise CannotStart("The two passphrases are not the same.")
    else:
        return None
    return " ".join(given.split())


def _asked(prompt: str) -> str:
    if not sys.stdin.isatty():
        raise CannotStart("There is no terminal to ask for a passphrase; use --passphrase-file.")
    return " ".join(getpass.getpass(prompt).split())


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise CannotStart(f"The file {file} is not UTF-8 text.") from None
    except OSError as error:
        raise CannotStart(
            f"The file {file} cannot be read: {(error.strerror or 'unknown error').lower()}."
        ) from error
