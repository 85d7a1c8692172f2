# SPDX-License-Identifier: EUPL-1.2
"""Reads the environment into settings.

Owns the names of the variables, their defaults and what may stand in them. Must not know what they are for.
"""

from __future__ import annotations

import difflib
import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from config.addresses import wrong_origin
from config.errors import Broken, Mistake

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

SOURCE = "the environment"

_PREFIX = "JOURCHATT_"
_SECRET = ("JOURCHATT_DATABASE_URL", "JOURCHATT_REDIS_URL")
"""Variables that may carry a password, and so may also come from a file named by `…_FILE`."""
_IN_A_FILE = (*_SECRET, "JOURCHATT_BACKUP_KEY")
_KNOWN = frozenset({
    "JOURCHATT_SITE",
    "JOURCHATT_DATA",
    "JOURCHATT_KEYS",
    "JOURCHATT_PUBLIC_URL",
    "JOURCHATT_TRUSTED_PROXIES",
    "JOURCHATT_LOG_LEVEL",
    "JOURCHATT_METRICS_PORT",
    "JOURCHATT_BACKUPS",
    "JOURCHATT_ERASED",
    *_IN_A_FILE,
    *(f"{name}_FILE" for name in _IN_A_FILE),
})  # fmt: skip
_SQLITE = "sqlite+aiosqlite:///"
_POSTGRESQL = "postgresql+psycopg://"
_REDIS = ("redis://", "rediss://", "unix://")
_MISREAD: Final = (
    "It is no address, or a sign in its password is taken for a part of the address.",
    "Write @ as %40, : as %3A, / as %2F, ? as %3F, # as %23 and % as %25 in the password.",
)
_BACKUP_KEY = re.compile(r"[A-Za-z0-9_-]{43}")
_USUAL_PORT = 8000
LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")
"""From which weight on something is logged."""
_USUAL_LEVEL = "INFO"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the deployment says. All paths are absolute."""

    site: Path
    """The site file."""
    data: Path
    """Where the database lives."""
    keys: Path
    """Where the daily keys live: never inside `data`, so that no backup of the data holds them."""
    erased: Path
    """Where it is noted which tickets have ended: never inside `data`, with which it would be lost."""
    database_url: str
    public_url: str
    """The origin under which browsers reach the chat, such as `https://chat.example.se`."""
    port: int
    backup_key: str | None = None
    """What backups are sealed to: the public half of a key that `jourchatt backup-key` has made elsewhere."""
    redis_url: str | None = field(default=None, repr=False)
    """The Redis or Valkey that several processes share; None while there is one process."""
    trusted_proxies: tuple[Network, ...] = ()
    """Addresses and networks whose forwarding headers are believed."""
    log_level: str = _USUAL_LEVEL
    """One of `LEVELS`."""
    metrics_port: int | None = None
    """Where figures of the running server are told, on this machine alone; None: nowhere."""
    backups: Path | None = None
    """Where backups are put: the figures tell how old the newest is. None: nobody is told."""


def read_watching(environment: Mapping[str, str]) -> tuple[str | None, int | None]:
    """Return the level to log at and the port of the figures, for what is set up without an environment.

    Raises:
        Broken: with every mistake at once.
    """
    given = {name: value.strip() for name, value in environment.items() if value.strip()}
    reader = _Reader(given, Path.read_text)
    level = reader.log_level() if "JOURCHATT_LOG_LEVEL" in given else None
    port = reader.metrics_port(0)
    if reader.mistakes:
        raise Broken(SOURCE, reader.mistakes)
    return level, port


def read_settings(
    environment: Mapping[str, str], *, read: Callable[[Path], str] = Path.read_text
) -> Settings:
    """Return the settings that the environment gives; a variable that is empty counts as unset.

    Raises:
        Broken: with every mistake at once, each with its variable's name.
    """
    given = {name: value.strip() for name, value in environment.items() if value.strip()}
    reader = _Reader(given, read)
    data = _path(given.get("JOURCHATT_DATA", "./data"))
    port = reader.port()
    keys = reader.keys(data)
    settings = Settings(
        site=_path(given.get("JOURCHATT_SITE", "./site.toml")),
        data=data,
        keys=keys,
        erased=reader.erased(data, keys),
        database_url=reader.database_url(data),
        public_url=reader.public_url(port),
        port=port,
        backup_key=reader.backup_key(),
        redis_url=reader.redis_url(),
        trusted_proxies=reader.trusted_proxies(),
        log_level=reader.log_level(),
        metrics_port=reader.metrics_port(port),
        backups=_path(given["JOURCHATT_BACKUPS"]) if "JOURCHATT_BACKUPS" in given else None,
    )
    reader.refuse_unknown()
    if reader.mistakes:
        raise Broken(SOURCE, reader.mistakes)
    return settings


class _Reader:
    """Reads one variable after the other and collects what is wrong."""

    def __init__(self, given: Mapping[str, str], read: Callable[[Path], str]) -> None:
        self._given = given
        self._read = read
        self.mistakes: list[Mistake] = []

    def port(self) -> int:
        return self._port("PORT") or _USUAL_PORT

    def metrics_port(self, chat: int) -> int | None:
        port = self._port("JOURCHATT_METRICS_PORT")
        if port == chat:
            self._note(
                "JOURCHATT_METRICS_PORT", f"{port} is the chat's own port.", "Choose another for the figures."
            )
        return port

    def log_level(self) -> str:
        level = self._given.get("JOURCHATT_LOG_LEVEL", _USUAL_LEVEL).upper()
        if level not in LEVELS:
            self._note("JOURCHATT_LOG_LEVEL", f"“{level}” is no level.", f"Write one of {', '.join(LEVELS)}.")
            return _USUAL_LEVEL
        return level

    def _port(self, name: str) -> int | None:
        text = self._given.get(name)
        if text is None:
            return None
        if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
            self._note(name, f"“{text}” is not a port.", "Give a number from 1 to 65535.")
            return None
        return int(text)

    def keys(self, data: Path) -> Path:
        keys = _path(self._given.get("JOURCHATT_KEYS", "./keys"))
        if keys == data or data in keys.parents:
            self._note(
                "JOURCHATT_KEYS",
                f"{keys} lies inside the data directory, so a backup of the data would hold the keys too.",
                "Name a directory outside it that is never backed up.",
            )
        return keys

    def erased(self, data: Path, keys: Path) -> Path:
        erased = _path(self._given.get("JOURCHATT_ERASED", f"{data}-erased"))
        if erased == data or data in erased.parents:
            self._note(
                "JOURCHATT_ERASED",
                f"{erased} lies inside the data directory, so it would be lost together with the data.",
                "Name a directory outside it, and copy that one away often.",
            )
        elif erased == keys or keys in erased.parents:
            self._note(
                "JOURCHATT_ERASED",
                f"{erased} lies inside the directory of the keys, which nobody may copy: this one must be.",
                "Name a directory outside it, and copy that one away often.",
            )
        return erased

    def backup_key(self) -> str | None:
        key = self._secret("JOURCHATT_BACKUP_KEY")
        if key is not None and _BACKUP_KEY.fullmatch(key) is None:
            self._note(
                "JOURCHATT_BACKUP_KEY",
                "It is no public half of a backup key.",
                "Write the 43 characters that jourchatt backup-key has printed.",
            )
            return None
        return key

    def database_url(self, data: Path) -> str:
        usual = f"{_SQLITE}{data / 'jourchatt.sqlite'}"
        url = self._secret("JOURCHATT_DATABASE_URL")
        if url is None:
            return usual
        if url.startswith(_POSTGRESQL) and _is_misread(url):
            self._note("JOURCHATT_DATABASE_URL", *_MISREAD)
            return usual
        if url.startswith(_POSTGRESQL) and urlsplit(url).path.strip("/"):
            return url
        if not url.startswith(_SQLITE) or url == _SQLITE or ":memory:" in url:
            self._note(
                "JOURCHATT_DATABASE_URL",
                "It names neither an SQLite file nor a PostgreSQL database.",
                f"Remove the variable, or write {_SQLITE}/path/to/file.sqlite or {_POSTGRESQL}host/database.",
            )
            return usual
        return url

    def public_url(self, port: int) -> str:
        url = self._given.get("JOURCHATT_PUBLIC_URL")
        if url is None:
            return f"http://127.0.0.1:{port}"
        url = url.removesuffix("/")
        wrong = wrong_origin(url)
        if wrong:
            self._note("JOURCHATT_PUBLIC_URL", *wrong)
        return url

    def trusted_proxies(self) -> tuple[Network, ...]:
        names = self._given.get("JOURCHATT_TRUSTED_PROXIES", "").split(",")
        networks: list[Network] = []
        for name in filter(None, map(str.strip, names)):
            try:
                networks.append(ipaddress.ip_network(name))
            except ValueError:
                self._note(
                    "JOURCHATT_TRUSTED_PROXIES",
                    f"“{name}” is neither an address nor a network.",
                    "Write addresses with commas between, such as 10.0.0.5, 10.1.0.0/24.",
                )
        return tuple(networks)

    def redis_url(self) -> str | None:
        url = self._secret("JOURCHATT_REDIS_URL")
        if url is not None and not url.startswith(_REDIS):
            self._note(
                "JOURCHATT_REDIS_URL",
                "It names no Redis or Valkey server.",
                "Write redis://host:6379/0, rediss://… with TLS, or unix:///path/to/socket.",
            )
            return None
        if url is not None and _is_misread(url):
            self._note("JOURCHATT_REDIS_URL", *_MISREAD)
            return None
        return url

    def refuse_unknown(self) -> None:
        for name in self._given:
            if not name.startswith(_PREFIX) or name in _KNOWN:
                continue
            near = difflib.get_close_matches(name, _KNOWN, n=1)
            mend = f"Did you mean {near[0]}?" if near else "Remove it."
            self._note(name, "No setting is called that.", mend)

    def _secret(self, name: str) -> str | None:
        """Return the value of a variable that may also come from a file."""
        in_file = f"{name}_FILE"
        file = self._given.get(in_file)
        if file is None:
            return self._given.get(name)
        if name in self._given:
            self._note(in_file, f"{name} is set as well.", "Keep one of the two.")
        try:
            text = self._read(Path(file)).strip()
        except (OSError, UnicodeDecodeError):
            self._note(in_file, f"The file {file} cannot be read.", "Name a file that the server may read.")
            return None
        if not text:
            self._note(in_file, f"The file {file} is empty.", "Write the value into it.")
            return None
        return text

    def _note(self, name: str, what: str, mend: str) -> None:
        self.mistakes.append(Mistake(name, what, mend))


def _is_misread(url: str) -> bool:
    """Tell whether what is meant as a password would end up in messages as a host, a port or a path."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return True
    beyond = "" if "@" in parts.netloc else f"{parts.path}?{parts.query}"
    return parts.netloc.count("@") > 1 or "#" in url or "@" in beyond


def _path(text: str) -> Path:
    """Return the absolute path that a text names, links followed: none may hide keys inside the data."""
    return Path(text).expanduser().resolve()
