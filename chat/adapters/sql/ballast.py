# SPDX-License-Identifier: EUPL-1.2
"""A file beside the database that only takes up room, so that on a full disk there is room for an end.

Deleting needs room before it gives any back: what is overwritten goes through the write-ahead log first. Owns
that file; knows nothing of the database but where it lies.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

SIZE = 8 * 1024 * 1024
"""Room in the log for the ends of some five thousand messages."""
SPARE = 256 * 1024
"""What is left for everything else before the ballast grows again."""


class Ballast:
    """The file at `path`. Every method blocks for as long as the disk takes, and none raises."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def take_room(self) -> None:
        """Grow to `SIZE`, or as far as the disk allows."""
        with contextlib.suppress(OSError):
            has = self._size()
            if has >= SIZE:
                return
            disk = os.statvfs(self._path.parent)
            wanted = min(SIZE, has + disk.f_bavail * disk.f_frsize - SPARE)
            if wanted > has:
                self._grow(wanted)

    def give_room(self) -> bool:
        """Make way; False when there was nothing to give."""
        try:
            gave = self._size() > 0
            self._path.unlink()
        except OSError:
            return False
        return gave

    def _size(self) -> int:
        return self._path.stat().st_size if self._path.exists() else 0

    def _grow(self, size: int) -> None:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(descriptor, 0, size)
        finally:
            os.close(descriptor)
