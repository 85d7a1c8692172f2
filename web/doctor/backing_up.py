# SPDX-License-Identifier: EUPL-1.2
"""Reads what other programs that back up are told to take, to see whether the keys are among it.

Owns a guess from the words in their settings. Changes nothing, and returns no word of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ETC: Final = Path("/etc")
CRONTABS: Final = "../var/spool/cron/crontabs/*"
"""People's own, which no account but root may read."""
PROGRAMS: Final = (
    "bacula/bacula-fd.conf",
    "bareos/bareos-fd.d/*/*.conf",
    "bareos/bareos-dir.d/fileset/*.conf",
    "borgmatic/*.yaml",
    "borgmatic.d/*",
    "duply/*/conf",
    "restic*/*",
    "rsnapshot.conf",
    "systemd/system/*backup*.service",
)
"""Where such programs are told what to take, below /etc."""
COMMANDS: Final = ("cron.*/*", "crontab", CRONTABS, "systemd/system/*.service")
"""Where they may be among other commands."""

_WORDS: Final = re.compile(
    r"\b(bacula|bareos|borg|borgmatic|bup|cpio|duplicity|duply|kopia|rclone|rdiff-backup|restic|rsync|tar)\b"
)
_PATH: Final = re.compile(r"(?<![\w./~:-])/(?!/)(?:[\w.-]+/?)*")
_ENDS: Final = re.compile(r"[;&|\n]")
"""Where one command ends and another begins."""
_LISTENS_TO_TAGS: Final = re.compile(r"exclude[-_]caches|exclude_if_present|CACHEDIR\.TAG")
_STAYS_ON_ITS_DISK: Final = re.compile(r"one[-_]file[-_]system|\brsync\s+-\w*x")
_LARGEST: Final = 1 << 18


def backing_up(keys: Path, *, has_tag: bool, system: Path = ETC) -> Iterator[Path]:
    """Yield settings that name a directory around the keys, and in no way leave the keys out.

    `has_tag`: the keys lie below a tag that says so to whoever listens.
    """
    is_disk = keys.is_mount()
    for file, is_command in _told(system):
        text = _read(file)
        if is_command and not _WORDS.search(text):
            continue
        if has_tag and _LISTENS_TO_TAGS.search(text):
            continue
        if is_disk and _STAYS_ON_ITS_DISK.search(text):
            continue
        named = _paths(text)
        if is_command and not any(_WORDS.search(part) and "/" in _paths(part) for part in _ENDS.split(text)):
            named.discard("/")  # alone it is a sign of many things
        around = {str(path) for path in keys.parents}
        if named & around and str(keys) not in named | _in_lists(file, named):
            yield file


def _told(system: Path) -> Iterator[tuple[Path, bool]]:
    seen: set[Path] = set()
    for patterns, is_command in ((PROGRAMS, False), (COMMANDS, True)):
        for pattern in patterns:
            up = pattern.startswith("../")
            for file in sorted((system.parent if up else system).glob(pattern.removeprefix("../"))):
                if file not in seen:
                    seen.add(file)
                    yield file, is_command


def _in_lists(file: Path, named: set[str]) -> set[str]:
    """Return what stands in the files that are named: lists of what is left out are often apart."""
    lists = [Path(name) for name in named] + [file.with_name("exclude")]
    return {path for each in lists for path in _paths(_read(each))}


def _paths(text: str) -> set[str]:
    return {match.rstrip("/") or "/" for match in _PATH.findall(text)}


def _read(file: Path) -> str:
    """Return its lines, continued ones joined, without remarks; nothing where it may not be read."""
    try:
        if not file.is_file() or file.stat().st_size > _LARGEST:
            return ""
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
    joined = text.replace("\\\n", " ")
    return "\n".join(line for line in joined.splitlines() if not line.lstrip().startswith(("#", ";")))
