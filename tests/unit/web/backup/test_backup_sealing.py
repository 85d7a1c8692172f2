# SPDX-License-Identifier: EUPL-1.2
"""The form of a backup: whatever is changed, cut, moved or added, nothing of it is used."""

from __future__ import annotations

import io

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.service.standing import SeededRandomness
from tests.unit.web.backup.backing import NOW, PRIVATE, PUBLIC, Rows, backup_of
from web.backup import sealing
from web.backup.errors import BackupError, Damaged, NotABackup, WrongKey
from web.backup.records import decoded
from web.backup.sealing import HEAD_BYTES, Head, Opened, Sealer

SMALL = 48


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> int:
    """Chunks so small that every byte of a backup of several can be tried; the length of one, sealed."""
    monkeypatch.setattr(sealing, "CHUNK_BYTES", SMALL)
    monkeypatch.setattr(sealing, "SEALED_BYTES", SMALL + sealing.TAG_BYTES)
    return SMALL + sealing.TAG_BYTES


def read(raw: bytes, private: X25519PrivateKey = PRIVATE) -> list[object]:
    """Return the records of a backup."""
    return list(decoded(Opened(io.BytesIO(raw).read, private).chunks()))


def refused(raw: bytes) -> bool:
    """Tell whether the seal alone refuses a backup, whatever its content would say."""
    try:
        list(Opened(io.BytesIO(raw).read, PRIVATE).chunks())
    except BackupError:
        return True
    return False


def test_backup_opens_with_its_key_and_tells_its_time_and_schema() -> None:
    """To the second, and nothing more in the clear than that it is a backup."""
    raw = backup_of(Rows())
    assert Opened(io.BytesIO(raw).read, PRIVATE).head == Head(NOW, "0019")
    assert len(read(raw)) == 4
    for word in (b"staff_accounts", b"linden", b"0019", int(NOW.timestamp()).to_bytes(8, "big")):
        assert word not in raw


def test_every_flipped_bit_is_refused(small: int) -> None:
    """Of the head and of each chunk, the zeros at the end included."""
    raw = backup_of(Rows())
    assert len(raw) >= HEAD_BYTES + 3 * small
    kept = [
        place
        for place in range(len(raw))
        for bit in range(8)
        if not refused(raw[:place] + bytes([raw[place] ^ (1 << bit)]) + raw[place + 1 :])
    ]
    assert kept == []
    assert not refused(raw)


def test_every_cut_is_refused(small: int) -> None:
    """Also at the border of two chunks, and at the end of the head."""
    raw = backup_of(Rows())
    assert [end for end in range(len(raw)) if not refused(raw[:end])] == []


def test_chunks_moved_repeated_left_out_or_added_are_refused(small: int) -> None:
    """Each is bound to its place, and the last one to being the last."""
    raw = backup_of(Rows())
    head, body = raw[:HEAD_BYTES], raw[HEAD_BYTES:]
    chunks = [body[start : start + small] for start in range(0, len(body), small)]
    for one in range(len(chunks)):
        assert refused(head + b"".join(chunks[:one] + chunks[one + 1 :]))
        assert refused(head + b"".join([*chunks[:one], chunks[one], *chunks[one:]]))
        for other in range(one):
            moved = list(chunks)
            moved[one], moved[other] = moved[other], moved[one]
            assert refused(head + b"".join(moved))
    for added in (b"\0", bytes(small), chunks[-1]):
        assert refused(raw + added)


def test_chunk_of_another_backup_is_refused(small: int) -> None:
    """Each backup has a key of its own, also to the same public half."""
    one, other = backup_of(Rows(), seed=1), backup_of(Rows(), seed=2)
    assert refused(one[:HEAD_BYTES] + other[HEAD_BYTES:])
    assert refused(one[: HEAD_BYTES + small] + other[HEAD_BYTES + small :])


def test_other_keys_and_other_files_are_told_apart() -> None:
    """A backup to another key is not called damaged, and no picture a backup."""
    raw = backup_of(Rows())
    with pytest.raises(WrongKey):
        read(raw, X25519PrivateKey.generate())
    for other in (b"", b"\x89PNG" + bytes(70_000), b"jourchatt backup\x02" + raw[17:]):
        with pytest.raises(NotABackup):
            read(other)
    with pytest.raises(Damaged):
        read(raw[:-1])


@settings(max_examples=examples(60))
@given(st.lists(st.binary(max_size=200), max_size=8))
def test_content_comes_out_as_it_went_in(parts: list[bytes]) -> None:
    """However it was cut when it was added; after it are zeros up to a whole chunk, and never none."""
    file = io.BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "CHUNK_BYTES", SMALL)
        patch.setattr(sealing, "SEALED_BYTES", SMALL + sealing.TAG_BYTES)
        sealer = Sealer(PUBLIC, Head(NOW, "0019"), SeededRandomness(3), file.write)
        for part in parts:
            sealer.add(part)
        sealer.end()
        file.seek(0)
        content = b"".join(Opened(file.read, PRIVATE).chunks())
    said = b"".join(parts)
    assert content[: len(said)] == said
    assert not any(content[len(said) :])
    assert len(content) % SMALL == 0
    assert len(content) >= SMALL


@pytest.mark.parametrize("content", [bytes(32) + b"\xff" * 8 + b"0019", bytes(40) + b"\xff" * 32])
def test_head_that_cannot_be_is_refused(content: bytes) -> None:
    """Although it is sealed well: whoever has the public half can seal."""
    info = sealing._bound(PUBLIC)
    box = sealing._HPKE.encrypt(content.ljust(72, b"\0"), PRIVATE.public_key(), info=info)
    with pytest.raises(Damaged):
        Opened(io.BytesIO(b"jourchatt backup\x01" + box).read, PRIVATE)


def test_head_has_room_for_the_name_of_every_schema() -> None:
    """One that has not is refused before anything is written."""
    written: list[bytes] = []
    for revision in ("", "x" * 33):
        with pytest.raises(ValueError, match="revision"):
            Sealer(PUBLIC, Head(NOW, revision), SeededRandomness(3), written.append)
    assert written == []
