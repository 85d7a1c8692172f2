# SPDX-License-Identifier: EUPL-1.2
"""Everything that can go wrong in a chat, by whose doing it is.

Refusals carry a stable code and are safe to show; faults are ours: logged under an id, and
no more than that id is shown.

    ChatError
    ├── Refused                 the caller's doing
    │   ├── NotAllowed          not theirs to do, or it does not exist: the two look the same   not_allowed
    │   ├── NotNow              an illegal move in this phase                                   not_now
    │   │   └── SeatTaken       a guest is here or invited, and there is one seat               not_now
    │   ├── HasEnded            the conversation is over                                        ended
    │   ├── LostClaim           somebody else accepted first; carries the winner's alias        conflict
    │   ├── AliasTaken          a colleague who is there goes by this alias                     conflict
    │   ├── IdReused            the same client id with another text                            conflict
    │   ├── NoticeChanged       she was shown another notice than the current one               conflict
    │   ├── AtCapacity          the operator holds as many chats as they may                    not_now
    │   ├── ServiceClosed       outside opening hours, or the service cannot open               closed
    │   ├── TextTooLong         more than 2,000 code points                                     too_long
    │   ├── TellsWho            staff wrote a number, an address, a handle or a foreign link        identity
    │   ├── WrongCode               a code to come back with opens nothing, for whatever reason     wrong_code
    │   ├── TooManyTries        too many codes, or contacts counted, in a row: wait a while         rate
    │   ├── NoWord                  a word to agree on that is too long, or of which nothing is left bad_frame
    │   ├── Blank               a note in which nothing can be seen                             bad_frame
    │   ├── OtherVocabulary     an answer that nobody in this track is asked for                bad_frame
    │   ├── BeyondHead          asked for entries after one that does not exist                 bad_frame
    │   └── UnknownToken        a token that is not live, whatever its form                     (close 4001)
    └── Fault                   ours
        ├── Unavailable         the store cannot take it now; trying again may help             unavailable
        ├── Stale               the stored conversation moved on: load again and decide again
        └── CannotUnseal        a ciphertext does not open under the key at hand
"""

from __future__ import annotations

from typing import ClassVar


class ChatError(Exception):
    """The root of all errors of this package."""


class Refused(ChatError):
    """The caller asked for something that is not possible; nothing has changed."""

    code: ClassVar[str] = "not_allowed"


class NotAllowed(Refused):
    """Not theirs to do, or it does not exist: the two are never told apart."""


class NotNow(Refused):
    """An illegal move in this phase of the conversation."""

    code = "not_now"


class SeatTaken(NotNow):
    """Somebody is here or invited besides the two; there is one seat."""


class HasEnded(Refused):
    """The conversation is over."""

    code = "ended"


class LostClaim(Refused):
    """Somebody else accepted first."""

    code = "conflict"

    def __init__(self, winner: str | None) -> None:
        super().__init__("the conversation was accepted by somebody else")
        self.winner = winner
        """The winner's alias, if it is known."""


class IdReused(Refused):
    """The same client id came with another text."""

    code = "conflict"


class NoticeChanged(Refused):
    """She was shown another version of the notice than the current one."""

    code = "conflict"


class AtCapacity(Refused):
    """The operator already holds as many conversations as they may."""

    code = "not_now"


class ServiceClosed(Refused):
    """The service takes no new conversation now."""

    code = "closed"


class AliasTaken(Refused):
    """A colleague who is on duty in one of the services goes by this alias."""

    code = "conflict"


class TextTooLong(Refused):
    """The text has more than 2,000 code points."""

    code = "too_long"


class TellsWho(Refused):
    """Staff wrote what tells who somebody is, or a link to somewhere else."""

    code = "identity"

    def __init__(self, kind: str | None = None) -> None:
        super().__init__("identity data of staff")
        self.kind = kind
        """What was seen first, a `moderation.verdict.Kind`; None where that is not told."""


class BeyondHead(Refused):
    """Entries were asked for after a sequence number that does not exist yet."""

    code = "bad_frame"


class WrongCode(Refused):
    """A code to come back with opens nothing: mistyped, unknown, used, dropped and too old look the same."""

    code = "wrong_code"


class TooManyTries(Refused):
    """Too many codes were tried or asked for, or contacts counted, in a row; it may succeed later."""

    code = "rate"


class NoWord(Refused):
    """Nothing is left of a word that was to be agreed on, or it is too long."""

    code = "bad_frame"


class Blank(Refused):
    """Nothing can be seen of a text for colleagues: spaces, line breaks, characters without a form."""

    code = "bad_frame"


class OtherVocabulary(Refused):
    """An answer about a contact that belongs to the other track."""

    code = "bad_frame"


class UnknownToken(Refused):
    """The token is not live: unknown, malformed, ended and expired look the same."""


class Fault(ChatError):
    """Ours to mend: logged without content, shown as no more than an id."""


class Unavailable(Fault):
    """The store cannot take the change now; the same request may succeed later."""


class Stale(Fault):
    """The stored conversation is not the one that was decided on: load it again and decide again."""


class CannotUnseal(Fault):
    """A ciphertext does not open: wrong key, wrong place, or damaged."""
