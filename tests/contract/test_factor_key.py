# SPDX-License-Identifier: EUPL-1.2
"""The key of second factors as a file: made once, for its owner alone, and never taken for a daily key."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chat.adapters.daily_keys import DailyKeyDirectory
from chat.adapters.system import SystemRandomness
from chat.errors import Unavailable
from web.accounts.adapters.factor_key import NAME, FactorKeyFile

NOW = datetime(2026, 2, 16, 21, 40, tzinfo=UTC)


def key_file(place: Path) -> FactorKeyFile:
    """Return the key of a directory."""
    return FactorKeyFile(place, SystemRandomness())


def test_key_is_made_at_its_first_use_and_stays(tmp_path: Path) -> None:
    """The same for every process, and readable by its owner alone."""
    assert key_file(tmp_path).known() is None
    made = key_file(tmp_path).made()
    assert len(made) == 32
    assert key_file(tmp_path).made() == key_file(tmp_path).known() == made
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o400
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_many_that_make_it_at_once_get_one_key(tmp_path: Path) -> None:
    """The first one's; nothing else is left in the directory."""
    found: list[bytes] = []
    barrier = threading.Barrier(8)

    def make() -> None:
        barrier.wait()
        found.append(key_file(tmp_path).made())

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_key_outlives_the_daily_keys_beside_it(tmp_path: Path) -> None:
    """Whoever unlinks what is old leaves it, and whoever opens the directory is not troubled by it."""
    daily, made = DailyKeyDirectory(tmp_path, None, SystemRandomness()), key_file(tmp_path).made()
    daily.today(NOW)
    assert daily.forget_old(NOW + timedelta(days=5)) != []
    assert DailyKeyDirectory(tmp_path, None, SystemRandomness()).forget_old(NOW + timedelta(days=5)) == []
    assert key_file(tmp_path).known() == made


@pytest.mark.parametrize("what", ["open", "short", "long", "link", "directory"])
def test_key_that_is_not_as_it_must_be_is_not_used(what: str, tmp_path: Path) -> None:
    """Open to others, of another length, or something else: nothing is sealed or opened with it."""
    path = tmp_path / NAME
    if what == "link":
        (tmp_path / "elsewhere").write_bytes(b"k" * 32)
        path.symlink_to(tmp_path / "elsewhere")
    elif what == "directory":
        path.mkdir()
    else:
        path.write_bytes(b"k" * {"open": 32, "short": 31, "long": 33}[what])
        path.chmod(0o644 if what == "open" else 0o400)
    for use in (key_file(tmp_path).known, key_file(tmp_path).made):
        with pytest.raises(Unavailable):
            use()
