# SPDX-License-Identifier: EUPL-1.2
"""Batches of doorbells: what is sent is read, what is not known is passed over, what is lost is known."""

from __future__ import annotations

import random

import msgspec
import pytest

from chat.adapters.redis.connection import place_of
from chat.adapters.redis.doorbells import LARGEST, Batch, Note, pack, unpack
from chat.adapters.redis.outgoing import MOST_WAITING, Outgoing
from chat.adapters.redis.peers import GONE_TICKS, MOST, REMEMBERED, SILENT_TICKS, Heard, Peers
from chat.ids import ConversationId, DutyId, Role, ServiceId
from chat.ports import Bell, Doorbell
from chat.told import MOST_TOLD, Told

SENDER = b"12345678"
HEAD = len(pack(Batch(SENDER, 1, Note.NOTHING, ())))
FULL = Doorbell(
    bell=Bell.ENDED,
    conversation=ConversationId("å" * 22),
    service=ServiceId("s"),
    duty=DutyId("d"),
    seq=2**63 - 1,
    role=Role.VISITOR,
    reason="r",
    told=(Told("sort", b"\x00" * 160, "w" * 200),) * MOST_TOLD,
    origin="o",
)


def batch(number: int, *, sender: bytes = SENDER, note: Note = Note.NOTHING) -> Batch:
    """Return a batch without doorbells."""
    return Batch(sender, number, note, ())


class TestForm:
    @pytest.mark.parametrize("bell", [*(Doorbell(bell=bell) for bell in Bell), FULL])
    def test_what_is_sent_is_what_is_read(self, bell: Doorbell) -> None:
        """Every kind, and the largest that there is."""
        sent = Batch(SENDER, 2**64 - 1, Note.LOST | Note.LAST, (bell, bell))
        assert unpack(pack(sent)) == sent

    def test_every_other_form_is_refused_or_passed_over(self) -> None:
        """Cut, lengthened, changed, of another version, too large: a ValueError or fewer doorbells."""
        whole = pack(Batch(SENDER, 1, Note.NOTHING, (FULL, Doorbell(bell=Bell.SITE))))
        chance = random.Random(7)
        for length in range(len(whole)):
            if length != HEAD:
                with pytest.raises(ValueError, match="not a batch"):
                    unpack(whole[:length])
        for _ in range(2000):
            place = chance.randrange(len(whole))
            changed = whole[:place] + chance.randbytes(chance.randrange(1, 4)) + whole[place + 1 :]
            try:
                read = unpack(changed)
            except ValueError:
                continue
            assert all(isinstance(bell, Doorbell) for bell in read.bells)
        for hostile in (b"\x02" + whole[1:], whole + bytes(LARGEST), whole[:HEAD] + b"\x91" * 50_000):
            with pytest.raises(ValueError, match="not a batch"):
                unpack(hostile)

    def test_what_is_not_known_is_passed_over(self) -> None:
        """A kind, a field, a role or a size that no doorbell of this version has."""
        bells: list[object] = [
            {"bell": "tomorrow"},
            {"bell": "entry", "role": "nobody"},
            {"bell": "entry", "seq": "1"},
            {"bell": "entry", "reason": "x" * 70_000},
            {"bell": "told", "told": [{"sort": "s" * 17, "key": b""}]},
            [],
            7,
            {"bell": "entry", "seq": 7, "tomorrow": {"a": 1}},
        ]
        packed = pack(batch(1)) + msgspec.msgpack.encode(bells)
        assert unpack(packed).bells == (Doorbell(bell=Bell.ENTRY, seq=7),)

    @pytest.mark.parametrize(
        ("url", "place"),
        [
            ("redis://host:6379/0", "host:6379"),
            ("rediss://name:p%40ss@host/1?ssl_ca_certs=/x", "host"),
            ("redis://:secret@[::1]:7/0", "[::1]:7"),
            ("unix://name:secret@/run/redis.sock?db=1", "/run/redis.sock"),
        ],
    )
    def test_place_tells_no_secret(self, url: str, place: str) -> None:
        """Only where the server is may be printed."""
        assert place_of(url) == place


class TestOutgoing:
    def test_batch_stays_within_what_is_read(self) -> None:
        """However much the doorbells tell: none is lost, and each batch is one that the others take."""
        out = Outgoing(SENDER)
        for _ in range(300):
            out.add(FULL)
        heard = 0
        while out:
            packed = pack(out.next())
            heard += len(unpack(packed).bells)
        assert heard == 300

    def test_what_is_dropped_is_said_once(self) -> None:
        """By the next batch, whatever it carries; the numbers go on."""
        out = Outgoing(SENDER)
        for seq in range(MOST_WAITING + 2):
            out.add(Doorbell(bell=Bell.ENTRY, seq=seq))
        first, second = out.next(), out.beat(last=True)
        assert first.bells[0].seq == 2
        assert (first.note, second.note, first.number, second.number) == (Note.LOST, Note.LAST, 1, 2)
        out.drop(1)
        assert (len(out), out.beat().note, out.beat().note) == (0, Note.LOST, Note.NOTHING)
        assert out.dropped == MOST_WAITING + 3 - len(first.bells)


class TestPeers:
    def test_numbers_show_what_is_missing(self) -> None:
        """Whoever is new may have rung before; from then on every gap is known, and no batch heard twice."""
        peers = Peers()
        heard = [peers.hear(batch(number)) for number in (5, 6, 6, 5, 8, 9)]
        assert heard == [
            Heard.NEW, Heard.IN_ORDER, Heard.IGNORED, Heard.IGNORED, Heard.IN_ORDER, Heard.IN_ORDER
        ]  # fmt: skip
        assert peers.take_lost()
        assert not peers.take_lost()
        for number, note, lost in (
            (10, Note.NOTHING, False),
            (12, Note.NOTHING, True),
            (13, Note.LOST, True),
        ):
            peers.hear(batch(number, note=note))
            assert peers.take_lost() is lost

    def test_whoever_is_silent_is_missed_for_a_while(self) -> None:
        """Not who leaves; who is given up is met anew when they are heard, however late."""
        peers = Peers()
        peers.hear(batch(1))
        peers.hear(batch(1, sender=b"leaving!"))
        assert peers.hear(batch(2, sender=b"leaving!", note=Note.LAST)) is Heard.LEFT
        for _ in range(SILENT_TICKS - 1):
            assert peers.tick() == []
        assert not peers.is_silent()
        peers.tick()
        assert peers.is_silent()
        gone = [sender for _ in range(GONE_TICKS) for sender in peers.tick()]
        assert (gone, peers.is_silent()) == ([SENDER], False)
        assert peers.hear(batch(99)) is Heard.NEW
        assert peers.take_lost()

    def test_invented_senders_are_bounded(self) -> None:
        """One who invents many is passed over beyond a number; those who were there are heard on."""
        peers = Peers()
        peers.hear(batch(1))
        news = [peers.hear(batch(1, sender=number.to_bytes(8, "big"))) for number in range(MOST + 10)]
        assert (news.count(Heard.NEW), news[-1]) == (MOST - 1, Heard.IGNORED)
        assert peers.hear(batch(2)) is Heard.IN_ORDER
        assert peers.is_silent(), "whoever is not heard may be real"
        peers.hear(batch(2, sender=bytes(8), note=Note.LAST))
        assert not peers.is_silent()

    def test_recorded_batches_are_never_heard_again(self) -> None:
        """Not after the sender has left, was given up, or was forgotten at an own reconnect."""
        peers = Peers()
        for number in (1, 2):
            peers.hear(batch(number))
        peers.forget()
        assert peers.hear(batch(2)) is Heard.IGNORED
        assert peers.hear(batch(3)) is Heard.NEW
        for _ in range(GONE_TICKS + 1):
            peers.tick()
        assert peers.hear(batch(3)) is Heard.IGNORED
        assert peers.hear(batch(4, note=Note.LAST)) is Heard.LEFT
        assert [peers.hear(batch(4)), peers.hear(batch(4, note=Note.LAST))] == [Heard.IGNORED] * 2
        for number in range(REMEMBERED):
            peers.hear(batch(1, sender=number.to_bytes(8, "little"), note=Note.LAST))
        assert len(peers._past) == REMEMBERED
