# SPDX-License-Identifier: EUPL-1.2
"""The daily keys on a real disk: one a day, found again, gone when unlinked, refused when not kept well."""

from __future__ import annotations

import hashlib
import os
import stat
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chat.adapters.daily_keys import DailyKeyDirectory
from chat.errors import Unavailable
from chat.ports import DailyKeys

NOW = datetime(2026, 2, 16, 21, 40, tzinfo=UTC)
TODAY = 20500
DAY = timedelta(days=1)


class Counted:
    """Different bytes at every call; another `name` gives others."""

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.calls = 0

    def bytes(self, count: int) -> bytes:
        """Return the next `count` bytes."""
        self.calls += 1
        return hashlib.shake_128(f"{self.name} {self.calls}".encode()).digest(count)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Where the keys lie: not made yet."""
    return tmp_path / "keys"


def opened(directory: Path, name: str = "") -> DailyKeyDirectory:
    """Return the keys as a process sees them that starts now."""
    return DailyKeyDirectory(directory, directory.parent / "data", Counted(name))


def mode(path: Path) -> int:
    """Return who may do what with a path."""
    return path.stat().st_mode & 0o777


class TestKeeping:
    def test_key_of_the_day_is_made_once(self, directory: Path) -> None:
        """The first use of a day makes its key, and the rest of the day has the same."""
        keys: DailyKeys = opened(directory)
        day, key = keys.today(NOW)
        assert day == TODAY
        assert len(key) == 32
        assert keys.today(NOW + timedelta(hours=2)) == (day, key)
        assert keys.for_day(day) == key
        assert keys.for_day(day - 1) is None

    def test_key_lies_in_a_private_file(self, directory: Path) -> None:
        """A directory of 0700, one file of 0400 with exactly the key, and nothing left over."""
        key = opened(directory).today(NOW)[1]
        assert mode(directory) == 0o700
        assert [path.name for path in directory.iterdir()] == [f"{TODAY}.key"]
        assert mode(directory / f"{TODAY}.key") == 0o400
        assert (directory / f"{TODAY}.key").read_bytes() == key

    @pytest.mark.parametrize(
        ("now", "day"),
        [
            (datetime(1970, 1, 1, tzinfo=UTC), 0),
            (datetime(2026, 2, 16, 23, 59, 59, 999_999, tzinfo=UTC), TODAY),
            (datetime(2026, 2, 17, tzinfo=UTC), TODAY + 1),
            (datetime.fromisoformat("2026-02-17T00:30+01:00"), TODAY),
        ],
    )
    def test_day_changes_at_midnight_utc(self, directory: Path, now: datetime, day: int) -> None:
        """Days are counted from 1970-01-01 in UTC, wherever the time was read."""
        assert opened(directory).today(now)[0] == day

    def test_days_have_different_keys(self, directory: Path) -> None:
        """Midnight brings a new key, and yesterday's is still there."""
        keys = opened(directory)
        yesterday, today = keys.today(NOW), keys.today(NOW + DAY)
        assert yesterday[1] != today[1]
        assert keys.for_day(TODAY) == yesterday[1]

    def test_key_is_found_after_a_restart(self, directory: Path) -> None:
        """A new process has the key that the old one made."""
        key = opened(directory, "old").today(NOW)[1]
        restarted = opened(directory, "new")
        assert restarted.for_day(TODAY) == key
        assert restarted.today(NOW) == (TODAY, key)

    def test_key_of_another_process_is_found(self, directory: Path) -> None:
        """A key that another process made meanwhile is read, not made again."""
        first, second = opened(directory, "first"), opened(directory, "second")
        assert first.today(NOW) == second.today(NOW)

    def test_processes_that_race_end_with_one_key(self, directory: Path) -> None:
        """Whoever comes second, however late, takes the key of the first."""
        racers = [opened(directory, str(number)) for number in range(8)]
        start = threading.Barrier(len(racers))
        found: list[tuple[int, bytes]] = []

        def race(keys: DailyKeyDirectory) -> None:
            start.wait()
            keys._make(TODAY)
            found.append(keys.today(NOW))

        threads = [threading.Thread(target=race, args=(keys,)) for keys in racers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == len(racers)
        assert len(set(found)) == 1
        assert [path.name for path in directory.iterdir()] == [f"{TODAY}.key"]

    def test_key_is_on_the_disk_before_it_is_used(
        self, directory: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Both the file and its name are flushed before the key is given out."""
        flushed: list[bool] = []

        def note(file: int) -> None:
            flushed.append(stat.S_ISDIR(os.fstat(file).st_mode))

        monkeypatch.setattr(os, "fsync", note)
        opened(directory).today(NOW)
        assert flushed == [False, True]


class TestForgetting:
    def test_old_keys_are_unlinked(self, directory: Path) -> None:
        """At day + 2 a key goes, from the disk and from memory; yesterday's and today's stay."""
        keys = opened(directory)
        for days in range(4):
            keys.today(NOW + days * DAY)
        assert keys.forget_old(NOW + 3 * DAY) == [TODAY, TODAY + 1]
        assert keys.for_day(TODAY) is None
        assert keys.for_day(TODAY + 1) is None
        assert keys.for_day(TODAY + 2) is not None
        assert sorted(path.name for path in directory.iterdir()) == [f"{TODAY + 2}.key", f"{TODAY + 3}.key"]
        assert set(keys._held) == {TODAY + 2, TODAY + 3}
        assert keys.forget_old(NOW + 3 * DAY) == []

    def test_key_unlinked_by_another_process_is_gone(self, directory: Path) -> None:
        """What this process remembers does not count once the file is gone."""
        first, second = opened(directory), opened(directory)
        key = first.today(NOW)[1]
        assert second.for_day(TODAY) == key
        assert first.forget_old(NOW + 2 * DAY) == [TODAY]
        assert second.for_day(TODAY) is None
        assert second._held == {}

    def test_forgetting_drops_memory_when_the_file_went_before(self, directory: Path) -> None:
        """A process that comes second to the unlinking still empties its memory."""
        first, second = opened(directory), opened(directory)
        first.today(NOW)
        second.today(NOW)
        first.forget_old(NOW + 2 * DAY)
        assert second.forget_old(NOW + 2 * DAY) == []
        assert second._held == {}

    def test_second_name_of_an_old_key_goes_with_it(self, directory: Path) -> None:
        """A crash in the middle of the making may leave a second link, which must not outlive the key."""
        keys = opened(directory)
        keys.today(NOW)
        os.link(directory / f"{TODAY}.key", directory / f"{TODAY}.00112233445566aa.tmp")
        keys.forget_old(NOW + 2 * DAY)
        assert list(directory.iterdir()) == []

    def test_other_files_are_left_alone(self, directory: Path) -> None:
        """What is not named like a key is neither read nor removed."""
        opened(directory)
        for name in ("README", "1.key.bak", "01.key", "-1.key", "1.KEY"):
            (directory / name).touch(0o600)
        keys = opened(directory)
        assert keys.forget_old(NOW) == []
        assert len(list(directory.iterdir())) == 5


class TestRefusing:
    @pytest.mark.parametrize("inside", ["data", "data/keys", "data/../data/deep/keys", "link/keys"])
    def test_directory_inside_the_data_is_refused(self, tmp_path: Path, inside: str) -> None:
        """Whoever takes the data must not get the keys, also not by way of a link."""
        data = tmp_path / "data"
        data.mkdir()
        (tmp_path / "link").symlink_to(data)
        with pytest.raises(ValueError, match=r"must not lie inside the data directory .*\.$"):
            DailyKeyDirectory(tmp_path / inside, data, Counted())
        assert list(data.iterdir()) == []

    def test_demo_may_keep_its_keys_with_its_data(self, tmp_path: Path) -> None:
        """Without a data directory to stay out of, any place will do."""
        assert DailyKeyDirectory(tmp_path / "data" / "keys", None, Counted()).today(NOW)

    @pytest.mark.parametrize("permissions", [0o755, 0o750, 0o701, 0o777])
    def test_directory_open_to_others_is_refused(self, directory: Path, permissions: int) -> None:
        """Nobody else may as much as enter."""
        directory.mkdir()
        directory.chmod(permissions)
        with pytest.raises(ValueError, match=r"open to others; make it private with chmod 700\.$"):
            opened(directory)

    def test_directory_that_cannot_be_written_is_refused(self, directory: Path) -> None:
        """A key could not be made tomorrow."""
        directory.mkdir()
        directory.chmod(0o500)
        with pytest.raises(ValueError, match=r"cannot be written to\.$"):
            opened(directory)

    def test_directory_of_another_account_is_refused(
        self, directory: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Its owner could read what the server relies on."""
        monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
        with pytest.raises(ValueError, match=r"must belong to the account that runs the server\.$"):
            opened(directory)

    def test_file_in_place_of_the_directory_is_refused(self, directory: Path) -> None:
        """One plain sentence, no traceback of the system's."""
        directory.touch()
        with pytest.raises(ValueError, match=r"cannot be used: File exists\.$"):
            opened(directory)

    @pytest.mark.parametrize("size", [0, 31, 33, 64])
    def test_key_of_a_wrong_size_is_refused(self, directory: Path, size: int) -> None:
        """A damaged key stops the start, and is never used later either."""
        keys = opened(directory)
        damaged = directory / f"{TODAY}.key"
        damaged.write_bytes(bytes(size))
        damaged.chmod(0o400)
        with pytest.raises(ValueError, match="is not a file of 32 bytes"):
            opened(directory)
        with pytest.raises(ValueError, match="is not a file of 32 bytes"):
            keys.today(NOW)

    def test_key_open_to_others_is_refused(self, directory: Path) -> None:
        """A key that others could read is no secret."""
        opened(directory).today(NOW)
        (directory / f"{TODAY}.key").chmod(0o440)
        with pytest.raises(ValueError, match=r"open to others; make it private with chmod 400\.$"):
            opened(directory)

    @pytest.mark.parametrize(
        "put",
        [
            pytest.param(lambda path: path.symlink_to(path.parent.parent / "elsewhere"), id="link"),
            pytest.param(lambda path: path.mkdir(0o700), id="directory"),
            pytest.param(lambda path: os.mkfifo(path, 0o400), id="pipe"),
        ],
    )
    def test_key_that_is_no_plain_file_is_refused(self, directory: Path, put: Callable[[Path], None]) -> None:
        """A link could lead to a backup; a pipe would hang the start."""
        opened(directory)
        put(directory / f"{TODAY}.key")
        with pytest.raises(ValueError, match=r"^The (daily key|key directory) .*\.$"):
            opened(directory)

    def test_directory_that_went_away_is_unavailable(self, directory: Path) -> None:
        """Nothing is sealed under a key that is only in memory."""
        keys = opened(directory)
        keys.today(NOW)
        (directory / f"{TODAY}.key").unlink()
        directory.rmdir()
        with pytest.raises(Unavailable, match="No such file"):
            keys.today(NOW)

    def test_full_disk_is_unavailable_and_leaves_nothing(
        self, directory: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A key that cannot be flushed is not given out."""
        keys = opened(directory)

        def full(file: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(Unavailable, match="No space left"):
            keys.today(NOW)
        assert list(directory.iterdir()) == []
        monkeypatch.undo()
        assert keys.today(NOW)[0] == TODAY
