# SPDX-License-Identifier: EUPL-1.2
"""What can go wrong with a backup, each as one plain sentence for whoever runs the server.

BackupError
├── WrongPassphrase   the private half does not open
├── NotAKey           what was given is no backup key
├── NotABackup        the file is something else
├── WrongKey          the backup is sealed to another key, or its beginning is damaged
├── Damaged           something in it was changed, or its end is missing
├── TooOld            it was made more than 30 days ago
├── NotYet            it was made later than this machine's clock says
├── CannotKnow        nobody can tell from the logs given what people have taken back since
├── Unknown           the database holds a table of which nobody has decided whether backups hold it
├── NobodyThere       the database holds no account: it is hardly the one that was meant
└── CannotUse         a file or directory cannot be read or written
"""

from __future__ import annotations


class BackupError(Exception):
    """The root. Nothing has changed."""


class WrongPassphrase(BackupError):
    """The private half of the backup key does not open with this passphrase."""


class NotAKey(BackupError):
    """What was given is no backup key."""


class NotABackup(BackupError):
    """The file is no backup."""


class WrongKey(BackupError):
    """It is sealed to another key, or its beginning is damaged: nobody can tell the two apart."""


class Damaged(BackupError):
    """Something in it was changed, or its end is missing."""


class TooOld(BackupError):
    """It was made more than 30 days ago."""


class NotYet(BackupError):
    """It was made later than this machine's clock says."""


class CannotKnow(BackupError):
    """Nobody can tell from the logs of erased tickets that were given what people have taken back since."""


class Unknown(BackupError):
    """The database holds a table of which nobody has decided whether backups hold it."""


class NobodyThere(BackupError):
    """The database holds no account: it is hardly the one that was meant."""


class CannotUse(BackupError):
    """A file or directory cannot be read or written."""
