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
from web.doctor.backing_up import backing_up
from web.doctor.readings import Disk, Place, Places

ETC: Final = Path("/etc/jourchatt")
BACKUPS: Final = Path("/var/lib/jourchatt-backups")
LOGS: Final = Path("/var/log")
PROXY_LOGS: Final = ("nginx", "caddy", "haproxy", "apache2")
LOGGED_LATELY_S: Final = 26 * 3600
COPIED: Final = "erased-copied"
"""The file beside the backups that is touched whenever the log of erased tickets has been copied away."""

_CACHE_TAG = "CACHEDIR.TAG"
_OF_THE_DISK = "lost+found"
_TAG_BEGINS = b"Signature: 8a477f597d28d172789f06886806bc55"
_PASSWORD_IN_URL = re.compile(r"://[^/@\s]*:[^@\s]+@")


def read_places(
    settings: Settings,
    now: datetime,
    *,
    etc: Path = ETC,
    backups: Path = BACKUPS,
    system: Path = Path("/etc"),
    logs: Path = LOGS,
) -> Places:
    """Return what can be seen; what cannot is left out."""
    has_tag = _is_tag(settings.keys / _CACHE_TAG)
    return Places(
        data=_disk(settings.data),
        keys=_disk(settings.keys),
        erased=_disk(settings.erased),
        backups=_disk(backups),
        private=tuple(_private(settings)),
        written_by_root=tuple(
            (name, place)
            for name, path in (("JOURCHATT_SITE", settings.site), ("settings", etc / "env"))
            for place in _places([path])
        ),
        secrets=tuple(_places(_below(etc / "secrets"))),
        settings_with_password=next(_places([etc / "env"]), None) if _has_password(etc / "env") else None,
        has_cache_tag=has_tag,
        backed_up_by=tuple(backing_up(settings.keys, has_tag=has_tag, system=system)),
        backup_ages_h=_ages(backups, now),
        has_backup_key=settings.backup_key is not None,
        logged=tuple(_logged(logs, now)),
        shut=tuple(_shut(logs)),
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


def _logged(logs: Path, now: datetime) -> Iterator[Path]:
    """Yield what a proxy has written of late: no line of it is read."""
    places = [*(logs / name for name in PROXY_LOGS), *logs.glob("haproxy*.log")]
    for path in [file for place in places for file in (_below(place) if place.is_dir() else [place])]:
        with suppress(OSError):
            seen = path.stat()
            if seen.st_size and now.timestamp() - seen.st_mtime < LOGGED_LATELY_S:
                yield path


def _shut(logs: Path) -> Iterator[Path]:
    for name in PROXY_LOGS:
        if (logs / name).is_dir() and not os.access(logs / name, os.R_OK | os.X_OK):
            yield logs / name


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
