# SPDX-License-Identifier: EUPL-1.2
"""Changing ready replies: who may, and that nobody's change is lost when several change at once."""

from __future__ import annotations

import asyncio
import itertools
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import config
from chat.errors import Stale
from chat.ids import DutyId, ServiceId
from chat.sealing import Token
from config.site import PublicService
from config.site_file import read_site
from web.accounts.account import StaffRole, StaffSession
from web.replies.errors import Changed, MayNot, Unfit
from web.replies.reply import Edited, Hide, Wording, Write
from web.replies.service import Replies, may_edit

SITE = read_site(
    (Path(config.__file__).parent / "demo.toml").read_text(encoding="utf-8"),
    today=date(2026, 11, 26),
    source="demo",
    unverified=True,
).whole()
LINDEN, EKEN = SITE.services[ServiceId("linden")], SITE.services[ServiceId("eken")]
"""In the demo supervisors alone change those of linden, operators too those of eken."""


class Shelf:
    """A store in memory; whoever stores lets others in between, as a database does."""

    def __init__(self) -> None:
        self.rows: dict[ServiceId, tuple[int, Edited]] = {}
        self.always_late = False

    async def load(self, service: ServiceId) -> tuple[int, Edited]:
        """Return what is there."""
        found = self.rows.get(service, (0, Edited()))
        await asyncio.sleep(0)
        return found

    async def save(self, service: ServiceId, version: int, edited: Edited) -> bool:
        """Store, if nobody was faster."""
        if self.always_late or self.rows.get(service, (0, Edited()))[0] != version:
            return False
        self.rows[service] = (version + 1, edited)
        return True


class Numbers:
    """Randomness that counts."""

    def __init__(self) -> None:
        self._next = itertools.count()

    def bytes(self, length: int) -> bytes:
        """Return another number each time."""
        return next(self._next).to_bytes(length, "big")


def session(role: StaffRole, *services: PublicService) -> StaffSession:
    """Return a sign-in of somebody of these services."""
    return StaffSession(
        id=DutyId("d" * 22),
        account="anna",
        role=role,
        services=frozenset(each.id for each in services),
        token=Token(20_000, b"t" * 32),
        expires_at=datetime(2026, 11, 27, tzinfo=UTC),
    )


def words(text: str) -> dict[str, Wording]:
    """Return a reply in Swedish."""
    return {"sv": Wording("Hej", text)}


BOSS = session(StaffRole.SUPERVISOR, LINDEN, EKEN)


@pytest.fixture
def shelf() -> Shelf:
    """An empty store."""
    return Shelf()


@pytest.fixture
def replies(shelf: Shelf) -> Replies:
    """The replies of the demo, before anybody has changed any."""
    return Replies(shelf, Numbers())


@pytest.mark.parametrize("role", StaffRole)
def test_who_may_change_what(role: StaffRole) -> None:
    """Supervisors and administrators of a service; operators where the site file says so; nobody else's."""
    leads = role in {StaffRole.SUPERVISOR, StaffRole.ADMINISTRATOR}
    assert may_edit(session(role, LINDEN, EKEN), LINDEN) is leads
    assert may_edit(session(role, LINDEN, EKEN), EKEN) is (leads or role is StaffRole.OPERATOR)
    assert not may_edit(session(role, LINDEN), EKEN)


async def test_who_may_not_changes_nothing(replies: Replies, shelf: Shelf) -> None:
    """Asked again where it is done, not only where the page is shown."""
    for somebody in (session(StaffRole.OPERATOR, LINDEN), session(StaffRole.SUPERVISOR, EKEN)):
        with pytest.raises(MayNot):
            await replies.change(somebody, LINDEN, Hide("hello", 0, hidden=True))
    assert shelf.rows == {}


async def test_number_of_a_line_may_stand_and_another_may_not(replies: Replies) -> None:
    """Judged as what a volunteer writes is judged: else it could never be sent."""
    await replies.change(BOSS, LINDEN, Write(None, 0, words("Ring 020-50 50 50.")))
    with pytest.raises(Unfit):
        await replies.change(BOSS, LINDEN, Write(None, 0, words("Ring mig på 070-123 45 67.")))
    assert [reply.words["sv"].text for reply in await replies.of(LINDEN)][-1] == "Ring 020-50 50 50."


async def test_of_many_who_change_one_reply_one_wins_and_all_who_write_new_ones(replies: Replies) -> None:
    """The others learn that they were late; what is about other replies is carried out."""
    tries = [replies.change(BOSS, LINDEN, Write("hello", 0, words(f"Hej {n}."))) for n in range(4)]
    more = [replies.change(BOSS, LINDEN, Write(None, 0, words(f"Nytt {n}."))) for n in range(3)]
    came = await asyncio.gather(*tries, *more, return_exceptions=True)
    assert sorted(type(each).__name__ for each in came) == ["Changed"] * 3 + ["NoneType"] * 4
    texts = [reply.words["sv"].text for reply in await replies.of(LINDEN)]
    assert texts[0] == f"Hej {came.index(None)}."
    assert sorted(texts[-3:]) == ["Nytt 0.", "Nytt 1.", "Nytt 2."]


async def test_whoever_is_always_late_is_told_to_try_again(replies: Replies, shelf: Shelf) -> None:
    """It comes to an end."""
    shelf.always_late = True
    with pytest.raises(Stale):
        await replies.change(BOSS, LINDEN, Hide("hello", 0, hidden=True))


async def test_conflict_leaves_both_texts_within_reach(replies: Replies) -> None:
    """Whoever saves over another's text with its version can take that back by one undo."""
    await replies.change(BOSS, LINDEN, Write("hello", 0, words("Först.")))
    with pytest.raises(Changed):
        await replies.change(BOSS, LINDEN, Write("hello", 0, words("Sedan.")))
    await replies.change(BOSS, LINDEN, Write("hello", 1, words("Sedan.")))
    (first, *_) = await replies.of(LINDEN)
    assert first.words == words("Sedan.")
    assert first.before is not None
    assert first.before.words == words("Först.")
