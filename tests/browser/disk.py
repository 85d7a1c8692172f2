# SPDX-License-Identifier: EUPL-1.2
"""Looks for words in all that a browser has written to its profile, as somebody with time and tools would.

Databases are opened and every value of every table is read, also what they encrypt with the key that every
such browser has; LevelDB stores are decompressed; cached answers are unpacked; each file is read raw too.
"""

from __future__ import annotations

import base64
import json
import re
import shutil
import sqlite3
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from hashlib import pbkdf2_hmac
from pathlib import Path
from urllib.parse import quote

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from tests.browser.leveldb import readable

SQLITE = b"SQLite format 3\0"
GZIP = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]")
ENCRYPTED = b"v10"
BLOCK = 16
# What Chromium on Linux encrypts with where it may not ask a keyring (`--password-store=basic`).
KEY = pbkdf2_hmac("sha1", b"peanuts", b"saltysalt", 1, BLOCK)


def found(profile: Path, secrets: Sequence[str]) -> dict[str, set[str]]:
    """Return which secrets are in which files of a profile, and how each was read: `History (table)`."""
    patterns = {secret: _pattern(secret) for secret in secrets}
    seen: dict[str, set[str]] = {secret: set() for secret in secrets}
    for path in sorted(profile.rglob("*")):
        if not path.is_file():
            continue
        for how, content in _readings(path):
            for secret, pattern in patterns.items():
                if pattern.search(content):
                    seen[secret].add(f"{path.relative_to(profile)} ({how})")
    return {secret: places for secret, places in seen.items() if places}


def names(profile: Path) -> set[str]:
    """Return the addresses of scripts and styles that stand in any file."""
    name = re.compile(rb"/static/[a-z_/]+\.(?:js|css)")
    files = (path.read_bytes() for path in profile.rglob("*") if path.is_file())
    return {each.decode() for content in files for each in name.findall(content)}


def _pattern(secret: str) -> re.Pattern[bytes]:
    plain = secret.encode()
    forms = {plain, secret.encode("utf-16-le"), secret.encode("utf-16-be")}
    forms |= {quote(secret).encode(), secret.encode("unicode_escape")}
    forms |= {secret.encode("latin-1", "replace"), json.dumps(secret)[1:-1].encode()}
    for raw in (plain, secret.encode("utf-16-le")):
        # Wherever it begins, what stands in the middle of the base64 is the same.
        for before in range(3):
            text = base64.b64encode(b"\0" * before + raw)[4:-4]
            forms |= {text, text.translate(bytes.maketrans(b"+/", b"-_"))}
    return re.compile(b"|".join(re.escape(form) for form in forms if len(form) > 5), re.IGNORECASE)


def _readings(path: Path) -> Iterator[tuple[str, bytes]]:
    content = path.read_bytes()
    yield "as it is", content
    for match in GZIP.finditer(content):
        yield "unpacked", _unpacked(content[match.start() :])
    if content.startswith(SQLITE):
        for value in _values(path):
            yield "table", value
            if value.startswith(ENCRYPTED):
                yield "decrypted", _decrypted(value)
    if (path.parent / "CURRENT").exists() and path.suffix in {".ldb", ".log", ".sst"}:
        yield from (("store", part) for part in readable(path))
    if path.parent.name == "Sessions_Encrypted":
        yield from (("decrypted", part) for part in _session(content))


def _unpacked(content: bytes) -> bytes:
    try:
        return zlib.decompressobj(31).decompress(content)
    except zlib.error:
        # Three bytes that only look like a beginning.
        return b""


def _values(path: Path) -> Iterator[bytes]:
    """Yield every value of every table, with what the journal or the log beside the database holds."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        for suffix in ("", "-journal", "-wal"):
            beside = path.with_name(path.name + suffix)
            if beside.exists():
                shutil.copy(beside, copy.with_name(copy.name + suffix))
        database = sqlite3.connect(copy)
        database.text_factory = bytes
        try:
            tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (table,) in tables:
                rows = database.execute(f'SELECT * FROM "{table.decode()}"')  # noqa: S608 - its own names
                for row in rows:
                    yield from (each if isinstance(each, bytes) else str(each).encode() for each in row)
        finally:
            database.close()


def _session(content: bytes) -> Iterator[bytes]:
    """Yield what tells which tabs were open and what stood in them: a length, then what is encrypted."""
    at = len(b"SNSS") + 4
    while at + 4 <= len(content):
        size = int.from_bytes(content[at : at + 4], "little")
        yield _decrypted(content[at + 4 : at + 4 + size])
        at += 4 + size


def _decrypted(value: bytes) -> bytes:
    secret = value.removeprefix(ENCRYPTED)
    secret = secret[: len(secret) // BLOCK * BLOCK]
    reader = Cipher(AES(KEY), CBC(b" " * BLOCK)).decryptor()
    return reader.update(secret) + reader.finalize()
