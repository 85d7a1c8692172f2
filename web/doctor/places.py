# SPDX-License-Identifier: EUPL-1.2
"""Reads who may do what with the installation's files, on which disks they lie, and how old the backups are.

Owns looking at the file system. Opens no file of the data or the keys, and changes nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from config.settings import Settings
from web.backup.files import made_in
from web.doctor.readings import Disk, Place, Places

ETC: Final = Path("/etc/jourchatt")
BACKUPS: Final = Path("/var/lib/jourchatt-backups")
COPIED: Final = "erased-copied"
"""The file beside the backups that is touched whenever the log of erased tickets has been copied away."""
PROGRAMS: Final = (
    "borgmatic/config.yaml",
    "borgmatic.d/*",
    "bacula/bacula-fd.conf",
    "cron.d/*",
    "cron.daily/*",
    "cron.weekly/*",
    "rsnapshot.conf",
    "restic/*",
    "systemd/system/*backup*.service",
)
"""Where programs that back up are told what to take, below /etc."""

_CACHE_TAG = "CACHEDIR.TAG"
_OF_THE_DISK = "lost+found"
_TAG_BEGINS = b"Signature: 8a477f597d28d172789f06886806bc55"
_PASSWORD_IN_URL = re.compile(r"://[^/@\s]*:[^@\s]+@")
_PATH = re.compile(r"(?<![\w./~-])/(?:[\w.-]+/?)*")


def read_places(
    settings: Settings,
    now: datetime,
    *,
    etc: Path = ETC,
    backups: Path = BACKUPS,
    system: Path = Path("/etc"),
) -> Places:
    """Return what can be seen; what cannot is left out."""
    return Places(
        data=_disk(settings.data),
        keys=_disk(settings.keys),
        private=tuple(_private(settings)),
        written_by_root=tuple(
            (name, place)
            for name, path in (("JOURCHATT_SITE", settings.site), ("settings", etc / "env"))
            for place in _places([path])
        ),
        secrets=tuple(_places(_below(etc / "secrets"))),
        settings_with_password=next(_places([etc / "env"]), None) if _has_password(etc / "env") else None,
        has_cache_tag=_is_tag(settings.keys / _CACHE_TAG),
        backed_up_by=tuple(_backing_up(settings.keys, system)),
        backup_ages_h=_ages(backups, now),
        erased_copied_h=_age(backups / COPIED, now),
    )


def _private(settings: Settings) -> Iterator[tuple[str, Place]]:
    named = (
        ("JOURCHATT_DATA", settings.data),
        ("JOURCHATT_KEYS", settings.keys),
        ("JOURCHATT_ERASED", settings.erased),
    )
    for name, directory in named:
        tag = directory / _CACHE_TAG
        yield from ((name, place) for place in _places([directory]))
        yield from ((name, place) for place in _places(path for path in _below(directory) if path != tag))


def _places(paths: Iterable[Path]) -> Iterator[Place]:
    for path in paths:
        with suppress(OSError):
            seen = path.lstat()
            yield Place(path, seen.st_uid, seen.st_mode & 0o777)


def _below(directory: Path) -> list[Path]:
    try:
        return sorted(
            path for path in directory.iterdir() if path.name != _OF_THE_DISK and not path.is_symlink()
        )
    except OSError:
        return []


def _disk(directory: Path) -> Disk | None:
    try:
        room, device = os.statvfs(directory), directory.stat().st_dev
    except OSError:
        return None
    return Disk(
        directory,
        _kind(directory),
        device,
        free=room.f_bavail * room.f_frsize,
        size=room.f_blocks * room.f_frsize,
        # Some file systems (btrfs) have no bound, and say 0 of 0.
        free_files=room.f_favail if room.f_files else 1 << 30,
    )


def _kind(directory: Path) -> str:
    """Return the kind of file system: that of the longest place in which something is mounted around it."""
    best, kind = -1, "unknown"
    try:
        lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return kind
    for line in lines:
        before, _, after = line.partition(" - ")
        place = Path(before.split()[4].replace("\\040", " "))
        if (directory == place or place in directory.parents) and len(place.parts) >= best:
            best, kind = len(place.parts), after.split()[0]
    return kind


def _has_password(file: Path) -> bool:
    try:
        return _PASSWORD_IN_URL.search(file.read_text(encoding="utf-8")) is not None
    except (OSError, UnicodeDecodeError):
        return False


def _is_tag(file: Path) -> bool:
    """Tell whether the file has the bytes that make it a tag (bford.info/cachedir)."""
    try:
        with file.open("rb") as opened:
            return opened.read(len(_TAG_BEGINS)) == _TAG_BEGINS
    except OSError:
        return False


def _backing_up(keys: Path, system: Path) -> Iterator[Path]:
    """Yield settings that name a directory around the keys, and not the keys as what is left out.

    A guess from the words in them, so it looks at files of programs for backups alone.
    """
    around = {str(path).rstrip("/") or "/" for path in keys.parents if len(path.parts) > 1}
    for pattern in PROGRAMS:
        for file in sorted(system.glob(pattern)):
            try:
                text = file.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                continue
            lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(("#", ";")))
            named = {match.rstrip("/") or "/" for match in _PATH.findall(lines)}
            is_backup = "cron" not in pattern or re.search(r"\b(borg|restic|rsync|tar|duplicity)\b", lines)
            if is_backup and named & around and str(keys) not in named:
                yield file


def _ages(backups: Path, now: datetime) -> tuple[float, ...] | None:
    try:
        return tuple((now - made_at).total_seconds() / 3600 for made_at in made_in(backups))
    except OSError:
        return None


def _age(file: Path, now: datetime) -> float | None:
    try:
        return (now.timestamp() - file.stat().st_mtime) / 3600
    except OSError:
        return None
