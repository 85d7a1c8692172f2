# SPDX-License-Identifier: EUPL-1.2
"""A disk that can be full: a small file system, or where none may be mounted, files that may not grow.

Owns mounting it, filling it, and making room again. Knows nothing of what lies on it.
"""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Disk:
    """A folder to lay things on. `mounted`: it is a file system of its own, which can be filled."""

    folder: Path
    mounted: bool

    @contextlib.contextmanager
    def full(self, pid: int) -> Iterator[None]:
        """Leave no room until the block ends: on the disk, or else for the files of the program `pid`."""
        if not self.mounted:
            with _files_may_not_grow(pid):
                yield
            return
        try:
            self.fill()
            yield
        finally:
            self._filler.unlink(missing_ok=True)

    def fill(self) -> None:
        """Take all room that there is now: what others have given back meanwhile, too."""
        if not self.mounted:
            return
        with self._filler.open("ab", buffering=0) as file:
            for size in (CHUNK, 4096):
                # Until the last page: the first refusal of a large piece still leaves room for small ones.
                with contextlib.suppress(OSError):
                    while True:
                        file.write(bytes(size))

    @property
    def _filler(self) -> Path:
        return self.folder / "filler"


@contextlib.contextmanager
def _files_may_not_grow(pid: int) -> Iterator[None]:
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Disk]:
    """Mount a file system of this size in `folder`; where that is not allowed, use the folder as it is."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not _mount(folder, megabytes):
        yield Disk(folder, mounted=False)
        return
    try:
        yield Disk(folder, mounted=True)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=False)


def _mount(folder: Path, megabytes: int) -> bool:
    if os.geteuid() != 0:
        return False
    options = f"size={megabytes}m,mode=0700"
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False
