# SPDX-License-Identifier: EUPL-1.2
"""The log of erased tickets: what stands in it, how several are read together, what it does to a ticket."""

from __future__ import annotations

import stat
import zlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from msgspec.structs import replace

from chat.errors import Unavailable
from chat.ids import OrganisationId, Track
from handover.adapters.erased_files import ErasedFiles
from handover.adapters.erased_reading import read_logs
from handover.erased import _ENDS, Erased, Line, Log, day_text, ended, has_ended, mark, read, together
from handover.erased_days import doubt
from handover.ids import HandoverId, ReceiverId, TicketId
from handover.receivers import ReceivedAt
from handover.ticket import CLOSED_SHOWN, Ticket, TicketState
from tests.service.standing import SeededRandomness

DAY = date(2026, 11, 27)
NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
NAME = TicketId("t" * 22)
TICKET = Ticket(
    id=NAME,
    handover=HandoverId("h" * 22),
    receiver=ReceiverId("mottagningen"),
    organisation=OrganisationId("kommunen"),
    sender=OrganisationId("jouren"),
    track=Track.EXPOSED,
    received_at=ReceivedAt.OPENING,
    granted_at=NOW - timedelta(days=3),
    deadline=NOW + timedelta(days=3),
)


def names(directory: Path) -> list[str]:
    """Return what lies in a directory."""
    return sorted(each.name for each in directory.iterdir())


def told(state: TicketState, on: date = DAY) -> Erased:
    """Return a log of one mark."""
    return Erased({mark(NAME, state): on})


def test_marks_tell_nothing_without_the_ticket() -> None:
    """Neither the ticket nor how it ended stands in one, and no two are alike."""
    marks = {mark(TicketId(name * 22), state) for name in "ab" for state in TicketState}
    assert len(marks) == 2 * len(TicketState)
    assert {len(each) for each in marks} == {32}


@pytest.mark.parametrize("state", sorted(set(TicketState) - {TicketState.DELIVERED}))
def test_every_end_is_an_end_and_nothing_else_is(state: TicketState) -> None:
    """Also the erasing of one that has ended before; an end does not end again."""
    after = replace(TICKET, state=state)
    assert has_ended(TICKET, after) is not after.is_live
    assert not has_ended(after, after)
    assert has_ended(replace(TICKET, state=TicketState.WITHDRAWN), replace(TICKET, state=TicketState.ERASED))


@pytest.mark.parametrize(
    "state", [TicketState.WITHDRAWN, TicketState.DECLINED, TicketState.RETURNED, TicketState.EXPIRED]
)
def test_ticket_ends_again_as_it_had_ended(state: TicketState) -> None:
    """On its day, so that her page shows how for as long as it would have."""
    after = ended(TICKET, told(state), NOW)
    assert (after.state, after.is_live) == (state, False)
    assert after.closed_at == datetime(2026, 11, 27, 12, tzinfo=UTC)
    assert after.deadline == after.closed_at + CLOSED_SHOWN
    assert ended(after, told(state), NOW) is after


def test_erased_counts_before_every_other_end() -> None:
    """After it nothing is left to be anything else."""
    both = Erased({**told(TicketState.WITHDRAWN).marks, **told(TicketState.ERASED).marks})
    assert ended(TICKET, both, NOW).state is TicketState.ERASED
    assert ended(TICKET, Erased({mark(TicketId("u" * 22), TicketState.ERASED): DAY}), NOW) is TICKET


def test_what_she_wants_counts_before_other_ends() -> None:
    """A crash after a line may leave two ends of one ticket; what she has taken back is that."""
    ends = [state for state in TicketState if not replace(TICKET, state=state).is_live]
    assert set(_ENDS) == set(ends)
    every = Erased({mark(NAME, state): DAY for state in ends if state is not TicketState.ERASED})
    assert ended(TICKET, every, NOW).state is TicketState.WITHDRAWN


def test_end_is_never_later_than_now() -> None:
    """A backup that is put back in the morning of the same day."""
    now = datetime(2026, 11, 27, 7, tzinfo=UTC)
    assert ended(TICKET, told(TicketState.WITHDRAWN), now).closed_at == now


def line(state: TicketState, number: str = "0" * 16, *, on: date = DAY, taken_back: bool = False) -> str:
    """Return a line of the log."""
    return Line(on, mark(NAME, state), number, taken_back).text()


def test_lines_are_read_in_any_order() -> None:
    """What was taken back does not count, wherever it stands; an equal line with another number does."""
    lines = [
        line(TicketState.RETURNED, taken_back=True),
        line(TicketState.RETURNED),
        line(TicketState.WITHDRAWN, on=date(2026, 11, 26)),
        line(TicketState.WITHDRAWN, on=date(2026, 11, 26), taken_back=True),
        "",
        line(TicketState.WITHDRAWN, "1" * 16, on=date(2026, 11, 28)),
        day_text(date(2026, 11, 29)),
    ]
    for each in (lines, lines[::-1]):
        log = read(each)
        assert together([log]) == told(TicketState.WITHDRAWN, date(2026, 11, 28))
        assert together([read([text]) for text in each]) == together([log]), "over several logs"
        assert log.days == {date(2026, 11, day) for day in (26, 27, 28, 29)}
        assert log.damaged == 0


@pytest.mark.parametrize("whole", [line(TicketState.RETURNED), day_text(DAY)])
def test_every_change_of_a_line_is_damage_and_its_beginning_alone_is_none(whole: str) -> None:
    """A line that was torn by a power cut has deleted nothing; one that says something else has."""
    for end in range(1, len(whole)):
        assert read([whole[:end]]) == Log(frozenset(), frozenset()), whole[:end]
        assert read([whole[end:]]).damaged == 1
    for at, bit in product(range(len(whole)), range(7)):
        changed = whole[:at] + chr(ord(whole[at]) ^ 1 << bit) + whole[at + 1 :]
        assert read([changed]) == Log(frozenset(), frozenset(), damaged=1), changed
    assert read(["@ 2026-02-30 " + f"{zlib.crc32(b'@ 2026-02-30'):08x}"]).damaged == 1


async def test_line_is_on_the_disk_and_merges_with_other_hosts(tmp_path: Path) -> None:
    """For its owner alone, in files of each process; a torn line spoils no other; places may be above."""
    one, again, other = (
        ErasedFiles(tmp_path / name, SeededRandomness(seed)) for seed, name in enumerate("aab")
    )
    first = await one.note(DAY, mark(NAME, TicketState.WITHDRAWN))
    (file,) = (tmp_path / "a").iterdir()
    assert file.read_text() == f"\n{first.text()}\n"
    assert file.name.startswith("erased-2026-11-27-")
    assert [stat.S_IMODE(each.stat().st_mode) for each in (file, file.parent)] == [0o600, 0o700]
    with file.open("a") as torn:
        torn.write("\n+ 2026-11-27 00")
    returned = await again.note(DAY, mark(NAME, TicketState.RETURNED))
    await one.take_back(returned)
    await other.note(DAY, mark(NAME, TicketState.ERASED))
    assert len(names(tmp_path / "a")) == 2
    (tmp_path / "a" / ".erased-2026-11-27-00000000.log.Xy12").write_text("a copy under way")
    (tmp_path / "lost+found").mkdir()
    marks = {mark(NAME, TicketState.WITHDRAWN): DAY, mark(NAME, TicketState.ERASED): DAY}
    for places in ([tmp_path], [tmp_path / "a", tmp_path / "b"]):
        logs = read_logs(places)
        assert together(logs.values()) == Erased(marks)
        assert [(place.name, log.damaged) for place, log in logs.items()] == [("a", 0), ("b", 0)]
    assert together(read_logs([file]).values()) == told(TicketState.WITHDRAWN)


@pytest.mark.parametrize("place", ["", "empty", "none", "notes.txt", "packed"])
async def test_place_without_a_log_is_refused(tmp_path: Path, place: str) -> None:
    """Also where something else lies beside logs: it may be one that was packed or renamed."""
    await ErasedFiles(tmp_path / "a", SeededRandomness(1)).keep(DAY)
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("")
    (tmp_path / "packed").mkdir()
    (tmp_path / "packed" / "erased-2026-11-20-00000000.log.gz").write_bytes(b"")
    with pytest.raises(
        ValueError, match=r"no (log of erased tickets at|file of a log) .*\.$|no file of a log"
    ):
        read_logs([tmp_path / "a", tmp_path / place])


async def test_old_days_go_and_nothing_else_does(tmp_path: Path) -> None:
    """Whole files, so that nobody's line is lost between."""
    log = ErasedFiles(tmp_path, SeededRandomness(1))
    for days in range(33, -1, -1):
        await log.keep(DAY - timedelta(days=days))
    (tmp_path / "notes.txt").write_text("")
    await log.forget_before(DAY - timedelta(days=31))
    kept = [each[7:17] for each in names(tmp_path)]
    assert (len(kept), kept[0], kept[-1]) == (33, "2026-10-27", "xt")


async def test_no_clock_burns_lines(tmp_path: Path) -> None:
    """One that stands far ahead at a start, and one that stood weeks behind when somebody took it back."""
    log = ErasedFiles(tmp_path, SeededRandomness(1))
    for days in range(31, -1, -1):
        await log.keep(DAY - timedelta(days=days))
    await log.note(DAY - timedelta(days=60), mark(NAME, TicketState.WITHDRAWN))
    ahead = DAY + timedelta(days=2000)
    await log.keep(ahead)
    await log.forget_before(ahead - timedelta(days=31))
    (kept,) = read_logs([tmp_path]).values()
    assert together([kept]) == told(TicketState.WITHDRAWN, DAY - timedelta(days=60))
    assert len(kept.days) == 33, "all but the oldest"


async def test_log_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    """At the start by one sentence, later as what trying again may mend."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match=r"^The log of erased tickets .*file cannot be used: file exists\.$"):
        ErasedFiles(tmp_path / "file", SeededRandomness(1))
    log = ErasedFiles(tmp_path / "log", SeededRandomness(1))
    (tmp_path / "log").rmdir()
    with pytest.raises(Unavailable):
        await log.note(DAY, "0" * 32)


@pytest.mark.parametrize(
    ("kept", "since", "said"),
    [
        (range(20, 28), 21, None),
        (range(21, 22), 21, None),
        (range(21, 21), 21, "is empty"),
        (range(12, 21), 21, "ends on 2026-11-20, before the backup of 2026-11-21"),
        (range(24, 28), 21, "says nothing of 2026-11-21 to 2026-11-23"),
        ((21, 22, 24, 27), 21, "says nothing of 3 days"),
        ((21, 23, 40), 21, "says nothing of 2026-11-22"),
        (range(10, 20), 15, "ends on 2026-11-19, 9 days ago"),
    ],
)
def test_log_that_leaves_days_out_is_in_doubt(kept: Iterable[int], since: int, said: str | None) -> None:
    """Where it begins too late, has a gap, or was not copied any more; days that are to come do not count."""
    first = date(2026, 11, 1)
    log = Log(frozenset(), frozenset(first + timedelta(days=day - 1) for day in kept))
    assert doubt(log, date(2026, 11, since), date(2026, 11, 28)) == said


def test_damaged_log_is_in_doubt() -> None:
    """Before anything else: whatever its days are."""
    for damaged, said in ((1, "has a line that is damaged"), (3, "has 3 lines that are damaged")):
        assert doubt(Log(frozenset(), frozenset(), damaged), DAY, DAY) == said
