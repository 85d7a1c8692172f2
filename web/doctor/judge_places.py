# SPDX-License-Identifier: EUPL-1.2
"""What is wrong with files and disks: who may read them, what is backed up, how much room is left. Pure."""

from __future__ import annotations

from typing import Final, TypeGuard

from web.doctor.found import Found, mistake, unasked, warning
from web.doctor.readings import Disk, Places, Unasked

DATA, KEYS, ERASED, BACKUPS = "JOURCHATT_DATA", "JOURCHATT_KEYS", "JOURCHATT_ERASED", "backups"
BACKUP_KEY: Final = "JOURCHATT_BACKUP_KEY"
MEGABYTE: Final = 1 << 20
LEAST_FREE: Final = 200 * MEGABYTE
FREE_WARNS: Final = 1024 * MEGABYTE
LEAST_FOR_LINES: Final = 16 * MEGABYTE
"""A key is 32 bytes and a line of what was erased some 60: a small disk of their own has room for years."""
LEAST_FILES: Final = 1000
BACKUP_LATE_H: Final = 36
BACKUP_MISSING_H: Final = 7 * 24
BACKUP_TOO_OLD_H: Final = 31 * 24
COPY_LATE_H: Final = 2
COPY_MISSING_H: Final = 24
"""A machine that is lost takes with it what was taken back since: a day of that is too much."""
NETWORK_DISKS: Final = frozenset(
    {
        "9p",
        "afs",
        "ceph",
        "cifs",
        "fuse.glusterfs",
        "fuse.sshfs",
        "glusterfs",
        "lustre",
        "nfs",
        "nfs4",
        "smb3",
        "smbfs",
    }
)
SNAPSHOT_DISKS: Final = frozenset({"bcachefs", "btrfs", "zfs"})


def judge_places(seen: Places, *, is_file: bool, server: int | None) -> Found:
    """Yield what is wrong. `is_file`: the database is an SQLite file. `server`: its account, if known."""
    yield from _readable(seen, server)
    if seen.data is not None:
        yield from _room(DATA, seen.data)
        if is_file and seen.data.kind in NETWORK_DISKS:
            yield mistake(
                DATA,
                f"{seen.data.path} is on a disk of the network ({seen.data.kind}), where SQLite loses what "
                "is written.",
                "Move it to a disk of this machine, or use PostgreSQL.",
            )
    yield from _other_rooms(seen)
    if seen.keys is not None:
        yield from _keys(seen, seen.keys)
    yield from _backups(seen)
    yield from _logs(seen)
    yield from _erased(seen.erased_copied_h)


def _readable(seen: Places, server: int | None) -> Found:
    owner = server
    for name, place in seen.private:
        if place.mode & 0o077:
            yield mistake(name, f"Others may look into {place.path}.", f"chmod go= {place.path}")
        owner = place.owner if owner is None else owner
        if place.owner != owner:
            yield mistake(
                name,
                f"{place.path} belongs to another account (number {place.owner}) than the server ({owner}).",
                f"chown jourchatt: {place.path}, and run every command with /usr/local/sbin/jourchatt.",
            )
    for name, place in seen.written_by_root:
        if place.mode & 0o022 or (place.owner != 0 and place.owner == server):
            yield mistake(
                name,
                f"Others than root may change {place.path}.",
                f"chown root: {place.path} && chmod go-w {place.path}",
            )
    for place in seen.secrets:
        if place.mode & 0o077:
            yield mistake("secrets", f"Others may read {place.path}.", f"chmod go= {place.path}")
    shown = seen.settings_with_password
    if shown is not None:
        open_to_all = bool(shown.mode & 0o004)
        who = ", and everybody here may read it" if open_to_all else ""
        yield (mistake if open_to_all else warning)(
            "secrets",
            f"A password stands in {shown.path}{who}.",
            "Move it to a file of its own in secrets/, for root alone, with deploy/systemd/secrets.conf.",
        )


def _room(name: str, disk: Disk) -> Found:
    if disk.free < LEAST_FREE or disk.free_files < LEAST_FILES:
        yield mistake(
            name,
            f"The disk of {disk.path} is full: {disk.free // MEGABYTE} MB and {disk.free_files} files are "
            "left.",
            "Make room now. While it is full nothing new can be said; an end still deletes.",
        )
    elif disk.free < FREE_WARNS:
        yield warning(
            name,
            f"{disk.free // MEGABYTE} MB are left on the disk of {disk.path}.",
            "Make room, or give it a larger disk.",
        )


def _other_rooms(seen: Places) -> Found:
    """Yield which disks besides that of the data are full: each stops something else."""
    if _is_full(seen.erased, seen.data, LEAST_FOR_LINES):
        yield mistake(
            ERASED,
            f"The disk of {seen.erased.path} is full.",
            "Make room now. While it is full nobody can take back what she has sent.",
        )
    if _is_full(seen.keys, seen.data, LEAST_FOR_LINES):
        yield mistake(
            KEYS,
            f"The disk of {seen.keys.path} is full.",
            "Make room now: nothing but keys belongs there. While it is full no key of a new day is made.",
        )
    if _is_full(seen.backups, seen.data, LEAST_FREE):
        yield warning(
            BACKUPS,
            f"The disk of {seen.backups.path} has hardly any room left.",
            "Make room, or the next backup is not made.",
        )


def _is_full(disk: Disk | None, data: Disk | None, least: int) -> TypeGuard[Disk]:
    """Tell whether it is, where it is another disk than the one of the data, which is told of already."""
    if disk is None or (data is not None and data.device == disk.device):
        return False
    return disk.free < least or disk.free_files < LEAST_FILES // 10


def _logs(seen: Places) -> Found:
    for path in seen.logged:
        yield warning(
            "proxy",
            f"{path} is written to: addresses of visitors may stand there.",
            "access_log off; and error_log /dev/null emerg; as in deploy/nginx/nginx.conf, then delete "
            "the old logs. Where it is another site's alone, let it be.",
        )
    for path in seen.shut:
        yield unasked(
            Unasked("proxy", f"{path} is not for this account to see: nothing may be written there.")
        )


def _keys(seen: Places, keys: Disk) -> Found:
    if seen.data is not None and seen.data.device == keys.device:
        yield warning(
            KEYS,
            f"{keys.path} is on the same disk as the data: a snapshot or an image of it holds both.",
            "Give the keys a volume of their own that nothing takes snapshots of (docs/operating/keys.md).",
        )
    if keys.kind in SNAPSHOT_DISKS:
        yield warning(
            KEYS,
            f"{keys.path} is on {keys.kind}, which keeps what is deleted as long as there are snapshots.",
            "Put it on a volume of ext4 or xfs without snapshots.",
        )
    if keys.kind in {"tmpfs", "ramfs"}:
        yield warning(
            KEYS,
            f"{keys.path} is in memory: when the machine starts anew, chats that go on cannot be read, and "
            "nobody's "
            "second factor opens.",
            "Use a small volume on a disk, or bring second-factors.key back at each start.",
        )
    elif not seen.has_cache_tag:
        yield warning(
            KEYS,
            f"Nothing tells programs that back up to leave {keys.path} out.",
            "systemd-tmpfiles --create puts CACHEDIR.TAG there (deploy/systemd/tmpfiles.conf); name it in "
            "your "
            "program's own list besides.",
        )
    for program in seen.backed_up_by:
        yield mistake(
            KEYS,
            f"{program} backs up what lies around {keys.path}, and does not leave it out.",
            f"Add {keys.path} to what it leaves out, and delete the backups that hold it.",
        )


def _backups(seen: Places) -> Found:
    ages = seen.backup_ages_h
    if not seen.has_backup_key:
        yield warning(
            BACKUP_KEY,
            "No backup can be made: there is no key to seal it to.",
            "jourchatt backup-key on another machine, its line into the settings (docs/backup.md, step 1).",
        )
    elif not ages:
        yield warning(
            BACKUPS,
            "There is no backup.",
            "systemctl enable --now jourchatt-backup.timer, or name its directory with --backups "
            "(docs/backup.md).",
        )
    if not ages:
        return
    newest, oldest = min(ages), max(ages)
    if newest < 0:
        yield mistake(
            BACKUPS,
            "A backup has a time that is still to come, so no other is made.",
            "Set the clock, or delete that backup if the clock was wrong when it was made.",
        )
    if newest > BACKUP_LATE_H:
        sort = mistake if newest > BACKUP_MISSING_H else warning
        yield sort(
            BACKUPS,
            f"The last backup is {newest / 24:.0f} days old.",
            "journalctl -u jourchatt-backup says why.",
        )
    if oldest > BACKUP_TOO_OLD_H:
        yield mistake(
            BACKUPS,
            f"A backup is {oldest / 24:.0f} days old: thirty days are promised.",
            "Delete it, also where it was copied to.",
        )


def _erased(copied_h: float | None) -> Found:
    if copied_h is None:
        yield warning(
            ERASED,
            "Nothing tells that the log of erased tickets is copied away.",
            "Copy it every few minutes, and touch erased-copied beside the backups each time "
            "(docs/backup.md).",
        )
    elif copied_h > COPY_LATE_H:
        sort = mistake if copied_h > COPY_MISSING_H else warning
        yield sort(
            ERASED,
            f"The log of erased tickets was copied away {copied_h:.0f} hours ago, the last time.",
            "Run the command that copies it by hand: it says why (docs/backup.md).",
        )
