# SPDX-License-Identifier: EUPL-1.2
"""What is refused before anything is put back, and that a refusal changes nothing."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.service.standing import SeededRandomness
from tests.unit.web.backup.backing import ACCOUNTS, FORM, NOW, PRIVATE, PUBLIC, Filled, Rows, backup_of
from web.backup.errors import BackupError, CannotUse, Damaged, NotYet, TooOld, Unknown
from web.backup.making import make
from web.backup.records import AllSaid, OneRow, Record, TableBegins, decoded, encoded, row_of, values_of
from web.backup.restoring import Restored, restore
from web.backup.sealing import Head, Sealer

Restoring = Callable[..., Restored]


@pytest.fixture
def database() -> Filled:
    """An empty database."""
    return Filled()


@pytest.fixture
def put_back(tmp_path: Path, database: Filled) -> Restoring:
    """Put the bytes of a backup into it."""

    def put(raw: bytes, **more: Any) -> Restored:
        path = tmp_path / "a.backup"
        path.write_bytes(raw)
        return restore(path, PRIVATE, NOW, database.empty, lambda *_: 2, **more)

    return put


def of_records(*records: Record) -> bytes:
    """Return a well sealed backup of these records."""
    file = io.BytesIO()
    sealer = Sealer(PUBLIC, Head(NOW, "0019"), SeededRandomness(1), file.write)
    for record in records:
        sealer.add(encoded(record))
    sealer.end()
    return file.getvalue()


def test_rows_come_back_at_the_schema_that_they_had(put_back: Restoring, database: Filled) -> None:
    """In one go, and what has ended since is told."""
    assert put_back(backup_of(Rows("0012"))) == Restored(NOW, 2, 2)
    assert database.opened == ["0012"]
    assert database.kept == {"staff_accounts": [list(row) for row in ACCOUNTS]}


def test_tables_that_are_left_out_stay_empty(put_back: Restoring, database: Filled) -> None:
    """Their rows are read and not put back."""
    put_back(backup_of(Rows()), without={"staff_accounts"})
    assert database.kept == {}


@pytest.mark.parametrize(
    ("made", "refusal"),
    [
        (timedelta(days=-30), None),
        (timedelta(days=-30, seconds=-1), TooOld),
        (timedelta(hours=1), None),
        (timedelta(hours=1, seconds=1), NotYet),
    ],
)
def test_backup_is_put_back_for_thirty_days(
    put_back: Restoring, database: Filled, made: timedelta, refusal: type[BackupError] | None
) -> None:
    """By the time that is sealed in it, whatever its name or its file says; then by one plain sentence."""
    raw = backup_of(Rows(), now=NOW + made)
    if refusal is None:
        put_back(raw)
        return
    with pytest.raises(refusal, match=r"^The backup was made at 2026-\d\d-\d\d .*[^.]\.$"):
        put_back(raw)
    assert database.opened == []


BEGINS = TableBegins("staff_accounts", FORM)
ROW = row_of(ACCOUNTS[0])


@pytest.mark.parametrize(
    "records",
    [
        [],
        [BEGINS, ROW],
        [BEGINS, ROW, AllSaid({"staff_accounts": 2})],
        [BEGINS, ROW, AllSaid({})],
        [ROW, AllSaid({})],
        [BEGINS, BEGINS, AllSaid({"staff_accounts": 0})],
        [TableBegins("conversation", FORM), ROW, AllSaid({"conversation": 1})],
        [BEGINS, OneRow(["a", []]), AllSaid({"staff_accounts": 1})],
        [BEGINS, OneRow(["a", [], 1]), AllSaid({"staff_accounts": 1})],
        [BEGINS, OneRow([b"a", [], True]), AllSaid({"staff_accounts": 1})],
        [TableBegins("staff_accounts", (("id", "sql"),)), OneRow(["x"]), AllSaid({"staff_accounts": 1})],
        [BEGINS, AllSaid({"staff_accounts": 0}), ROW],
        [TableBegins("staff_accounts", (("id", "int"),)), OneRow([2**63]), AllSaid({"staff_accounts": 1})],
    ],
)
def test_strange_content_is_refused_before_the_database_is_touched(
    put_back: Restoring, database: Filled, records: list[Record]
) -> None:
    """Although it is sealed well: whoever has the public half can seal."""
    with pytest.raises(Damaged):
        put_back(of_records(*records))
    assert database.opened == []


@pytest.mark.parametrize("depth", [64, 500, 200_000])
def test_content_that_is_nested_without_end_is_refused(
    put_back: Restoring, database: Filled, depth: int
) -> None:
    """By the same sentence as everything else that is strange, and not by running out of stack."""
    file = io.BytesIO()
    sealer = Sealer(PUBLIC, Head(NOW, "0019"), SeededRandomness(1), file.write)
    nested = b"\x91" * depth + b"\xc0"
    row = b"\x92\xa3row\x93\xa1a" + nested + b"\xc2"
    sealer.add(encoded(BEGINS))
    sealer.add(len(row).to_bytes(4, "big") + row)
    sealer.add(encoded(AllSaid({"staff_accounts": 1})))
    sealer.end()
    with pytest.raises(Damaged):
        put_back(file.getvalue())
    assert database.opened == []


def test_columns_that_the_schema_has_not_leave_nothing(put_back: Restoring, database: Filled) -> None:
    """The transaction is given up."""
    form = (*FORM, ("more", "text"))
    rows = Rows(kept={"staff_accounts": (form, [("a", [], False, "b")])})
    with pytest.raises(Damaged):
        put_back(backup_of(rows))
    assert database.kept == {}


def test_damage_at_the_very_end_is_found_before_the_database_is_touched(
    put_back: Restoring, database: Filled
) -> None:
    """The whole file is read first."""
    raw = backup_of(Rows())
    with pytest.raises(Damaged):
        put_back(raw[:-1] + bytes([raw[-1] ^ 1]))
    assert database.opened == []


def test_file_that_is_not_there_is_one_sentence(tmp_path: Path, database: Filled) -> None:
    """With its place."""
    with pytest.raises(CannotUse, match=r"none\.backup cannot be read: no such file or directory\.$"):
        restore(tmp_path / "none.backup", PRIVATE, NOW, database.empty, lambda *_: 0)


def test_no_backup_is_made_with_a_table_that_nobody_has_decided_on() -> None:
    """Rather none than one that holds what it must not, or lacks what is needed; it is said which table."""
    rows = Rows(kept={"staff_accounts": (FORM, []), "diary": (FORM, [])})
    written: list[bytes] = []
    with pytest.raises(Unknown, match="the table diary"):
        make(rows, PUBLIC, NOW, SeededRandomness(1), written.append)
    assert written == []


def test_values_keep_their_types() -> None:
    """Also those that are falsy, long, or look like something else."""
    form = tuple((kind, kind) for kind in ("int", "bool", "text", "bytes", "date", "json"))
    rows: list[list[Any]] = [
        [2**62, True, "å\n", b"\x00\xff", date(2026, 2, 28), {"a": [1, None, "x"]}],
        [0, False, "", b"", date.min, []],
        [None, None, None, None, None, "2026-02-28"],
    ]
    raw = b"".join(encoded(row_of(row)) for row in rows) + encoded(AllSaid({}))
    found = [record for record in decoded([raw]) if isinstance(record, OneRow)]
    assert [values_of(row, form) for row in found] == rows
    with pytest.raises(Damaged):
        values_of(OneRow(["2026-02-30"]), (("on", "date"),))
    for strange in (NOW, [b"x"], {"a": [NOW]}, {1: "a"}):
        with pytest.raises(Damaged):
            values_of(OneRow([strange]), (("words", "json"),))
