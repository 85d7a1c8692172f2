# SPDX-License-Identifier: EUPL-1.2
"""The key that second factors are sealed under, as a file beside the daily keys.

Implements `web.accounts.ports.FactorKey`. The daily keys die with their day and this one stays, which is why
it has a name of its own: nothing that unlinks daily keys knows it. It lies where they lie because that
directory is in no backup of the data: who has the database alone has no second factor.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Final

from chat.errors import Unavailable
from chat.ids import Randomness
from chat.sealing import KEY_BYTES

NAME: Final = "second-factors.key"


class FactorKeyFile:
    """One file of 32 random bytes (mode 0400) in the directory of the keys, made at its first use."""

    def __init__(self, directory: Path, randomness: Randomness) -> None:
        self._path = directory.resolve() / NAME
        self._randomness = randomness

    def known(self) -> bytes | None:
        """Return the key; None when it was never made, or is gone.

        Raises:
            Unavailable: it cannot be read now, or is not as it must be.
        """
        try:
            file = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                is_open = os.fstat(file).st_mode & 0o077
                key = os.read(file, KEY_BYTES + 1)
            finally:
                os.close(file)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Unavailable(f"the key of second factors cannot be read: {error.strerror}") from None
        if is_open or len(key) != KEY_BYTES:
            raise Unavailable("the key of second factors is open to others, or not a file of 32 bytes")
        return key

    def made(self) -> bytes:
        """Return the key, made now if there is none: of two who make it at once, both get the first one's.

        Raises:
            Unavailable: it can be neither read nor written now.
        """
        known = self.known()
        if known is not None:
            return known
        try:
            self._make()
        except OSError as error:
            raise Unavailable(f"the key of second factors cannot be written: {error.strerror}") from None
        known = self.known()
        if known is None:
            raise Unavailable("the key of second factors was removed while it was made")
        return known

    def _make(self) -> None:
        unfinished = self._path.with_suffix("." + self._randomness.bytes(8).hex())
        file = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o400)
        try:
            with os.fdopen(file, "wb") as opened:
                opened.write(self._randomness.bytes(KEY_BYTES))
                opened.flush()
                os.fsync(file)
            # A link never replaces a name that is there.
            with contextlib.suppress(FileExistsError):
                os.link(unfinished, self._path)
        finally:
            unfinished.unlink(missing_ok=True)
        # No secret may be sealed under a key that a power cut could still take back.
        directory = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
