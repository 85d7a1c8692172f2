# SPDX-License-Identifier: EUPL-1.2
"""The log of erased tickets: what stands in it, how several are read together, what it does to a ticket."""

from __future__ import annotations

import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from chat.errors import Unavailable
from chat.ids import OrganisationId, Track
from handover.adapters.erased_files import ErasedFiles, read_erased
from handover.erased import Erased, ended, has_ended, mark, read
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


def test_end_is_never_later_than_now() -> None:
    """A backup that is put back in the morning of the same day."""
    now = datetime(2026, 11, 27, 7, tzinfo=UTC)
    assert ended(TICKET, told(TicketState.WITHDRAWN), now).closed_at == now


def test_lines_are_read_in_any_order_and_broken_ones_are_counted() -> None:
    """What was taken back does not count, wherever it stands; an equal line with another number does."""
    one, other = mark(NAME, TicketState.RETURNED), mark(NAME, TicketState.WITHDRAWN)
    first, second = "0" * 16, "1" * 16
    lines = [
        f"- 2026-11-27 {one} {first}",
        f"+ 2026-11-27 {one} {first}",
        f"+ 2026-11-26 {other} {first}",
        f"- 2026-11-26 {other} {first}",
        f"+ 2026-11-28 {other} {second}",
        "",
        "+ 2026-11-2",
        f"+ 2026-13-40 {one} {second}",
    ]
    for each in (lines, lines[::-1]):
        assert read(each) == Erased({other: date(2026, 11, 28)}, unread=2)


async def test_line_is_on_the_disk_and_merges_with_other_hosts(tmp_path: Path) -> None:
    """One file a day, for its owner alone; a torn line spoils no other."""
    one, other = (ErasedFiles(tmp_path / name, SeededRandomness(seed)) for seed, name in enumerate("ab"))
    line = await one.note(DAY, mark(NAME, TicketState.WITHDRAWN))
    file = tmp_path / "a" / "erased-2026-11-27.log"
    assert file.read_text() == f"\n{line.text()}\n"
    assert [stat.S_IMODE(each.stat().st_mode) for each in (file, file.parent)] == [0o600, 0o700]
    with file.open("a") as torn:
        torn.write("\n+ 2026-11-27 00")
    returned = await one.note(DAY, mark(NAME, TicketState.RETURNED))
    await one.take_back(returned)
    await other.note(DAY, mark(NAME, TicketState.ERASED))
    (tmp_path / "a" / "notes.txt").write_text("not a log")
    marks = {mark(NAME, TicketState.WITHDRAWN): DAY, mark(NAME, TicketState.ERASED): DAY}
    assert read_erased([tmp_path / "a", tmp_path / "b"]) == Erased(marks, unread=1)
    assert read_erased([file]) == Erased({mark(NAME, TicketState.WITHDRAWN): DAY}, unread=1)


async def test_old_days_go_and_nothing_else_does(tmp_path: Path) -> None:
    """Whole files, so that nobody's line is lost between."""
    log = ErasedFiles(tmp_path, SeededRandomness(1))
    for days in (0, 31, 32):
        await log.note(DAY - timedelta(days=days), "0" * 32)
    (tmp_path / "notes.txt").write_text("")
    await log.forget_before(DAY - timedelta(days=31))
    assert names(tmp_path) == [
        "erased-2026-10-27.log",
        "erased-2026-11-27.log",
        "notes.txt",
    ]


async def test_log_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    """At the start by one sentence, later as what trying again may mend."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match=r"^The log of erased tickets .*file cannot be used: file exists\.$"):
        ErasedFiles(tmp_path / "file", SeededRandomness(1))
    log = ErasedFiles(tmp_path / "log", SeededRandomness(1))
    (tmp_path / "log").rmdir()
    with pytest.raises(Unavailable):
        await log.note(DAY, "0" * 32)
    with pytest.raises(ValueError, match="cannot be used"):
        read_erased([tmp_path / "log"])
