# SPDX-License-Identifier: EUPL-1.2
"""What the doctor reads, as plain values: what was answered, what stands on the disk, what the engines say.

Pure: taking readings and judging them know these and not each other. None in a reading: nobody could tell.
No reading holds a secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Unasked:
    """Something that could not be asked, and why, as a sentence."""

    path: str
    why: str


class How(Enum):
    """In which way something is away."""

    SILENT = auto()
    """It refuses, or says nothing in time."""
    UNKNOWN = auto()
    """Nobody has its name."""
    LOCKED = auto()
    """It answers, and does not let the chat in."""
    UNUSABLE = auto()
    """It cannot even be asked: no driver, or no address."""


@dataclass(frozen=True, slots=True)
class Away:
    """Something without which nobody is helped, and that is not there: why, as a sentence."""

    path: str
    how: How
    why: str


# --- from outside --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its status, and its headers as pairs, names in small letters."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()

    def values(self, name: str) -> list[str]:
        """Return every value of a header."""
        return [value for each, value in self.headers if each == name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """The chat as the world sees it. An answer that is None was a connection that was closed without one."""

    url: str
    untrusted: str | None = None
    """Why browsers refuse the certificate; None when they do not."""
    days_left: float | None = None
    old_tls: bool | None = None
    """Whether TLS from before 1.2 is spoken."""
    http2: bool = True
    page: Answer | None = None
    plain: Answer | None = None
    """What port 80 says."""
    foreign_host: Answer | None = None
    foreign_origin: Answer | None = None
    socket: Answer | None = None
    foreign_socket: Answer | None = None
    inside: Mapping[str, int] = field(default_factory=dict)
    """The status of each address that is for whoever runs the chat; the rest is left out."""
    clock_ahead_s: float | None = None
    """How far this machine's clock is ahead of the one that answered."""
    other_names: tuple[str, ...] = ()
    """Names below the chat's own that lead somewhere too."""


# --- this machine --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """One server's process."""

    user: int
    core_limit: int | None = None
    """Bytes; None without a limit."""
    files_limit: int | None = None
    swapped_kb: int = 0
    may_swap: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What the kernel says."""

    synchronised: bool | None = None
    swap: tuple[str, ...] = ()
    """What is swapped to, memory aside."""
    core_pattern: str | None = None
    running: tuple[Running, ...] = ()
    """Every server over this data on this host that may be looked at."""
    is_served: bool | None = None
    """Whether a server has this data now; None where none ever had it, or it is not for us to see."""
    swapping: tuple[str, ...] = ()
    """Other programs on this host that hold what is said, or the keys to it, and may be swapped: by name."""
    versions: tuple[str, ...] = ()


# --- places --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """A file or directory: who owns it and who may do what with it."""

    path: Path
    owner: int
    mode: int


@dataclass(frozen=True, slots=True)
class Disk:
    """Where a directory lies."""

    path: Path
    kind: str
    """The kind of its file system, such as `ext4`."""
    device: int
    free: int
    size: int
    free_files: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What stands where. A directory that is not there yet has no disk."""

    data: Disk | None = None
    keys: Disk | None = None
    erased: Disk | None = None
    backups: Disk | None = None
    private: tuple[tuple[str, Place], ...] = ()
    """What nobody but the server's account may look into, each with the setting that names it."""
    written_by_root: tuple[tuple[str, Place], ...] = ()
    """What nobody but root may change."""
    secrets: tuple[Place, ...] = ()
    """Files that hold a password and nothing else."""
    settings_with_password: Place | None = None
    """The file of settings, when a password stands in it."""
    has_cache_tag: bool = False
    """Whether programs that back up are told to leave the key directory out."""
    backed_up_by: tuple[Path, ...] = ()
    """Settings of such programs that name a directory around the keys, and do not leave the keys out."""
    backup_ages_h: tuple[float, ...] | None = None
    """How old each backup is; None where there is no directory of backups."""
    has_backup_key: bool = True
    """Whether there is a key that backups can be sealed to."""
    logged: tuple[Path, ...] = ()
    """Logs that a proxy on this machine has written to of late."""
    shut: tuple[Path, ...] = ()
    """Where it would write them, and this account may not look."""
    erased_copied_h: float | None = None
    """When the log of erased tickets was last copied away; None where nothing tells."""


# --- engines -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SqliteFile:
    """The database, when it is a file."""

    journal_mode: str
    is_whole: bool
    shut_by: str | None = None
    """What SQLite says, where it does not open a file that this account may write to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Postgresql:
    """The database, when it is a server."""

    version: int
    """As 180003 for 18.3."""
    settings: Mapping[str, str]
    is_encrypted: bool
    is_verified: bool = True
    """Whether the other end's certificate and name are looked at."""
    is_remote: bool
    is_superuser: bool
    slots: int = 0
    """How many replication slots hold its log back."""
    readers: int = 0
    """How many others are handed its log as it is written: standbys, archives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redis:
    """The Redis or Valkey that is shared."""

    version: str
    settings: Mapping[str, str]
    """Without passwords; empty when it does not tell."""
    opens_without_password: bool
    is_encrypted: bool
    is_verified: bool = True
    """Whether the other end's certificate and name are looked at."""
    is_remote: bool
