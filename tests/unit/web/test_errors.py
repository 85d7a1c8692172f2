# SPDX-License-Identifier: EUPL-1.2
"""The table of errors is total, and says what the contract says."""

from __future__ import annotations

import typing
from collections.abc import Iterator

import pytest

from chat import errors as chat
from handover import errors as handover
from tests.texts import LANGUAGES
from web import errors
from web.accounts import errors as accounts


def tree(root: type[Exception]) -> Iterator[type[Exception]]:
    """Walk an error class and everything below it."""
    yield root
    for child in root.__subclasses__():
        yield from tree(child)


# An adapter's own errors stop the start; nothing that runs knows them, and the table may not name an adapter.
EVERY = sorted(
    {kind for root in errors.ROOTS for kind in tree(root) if ".adapters." not in kind.__module__},
    key=lambda kind: f"{kind.__module__}.{kind.__qualname__}",
)


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: f"{kind.__module__}.{kind.__qualname__}")
def test_table_has_a_row_for_every_error(kind: type[Exception]) -> None:
    """No error of the house is answered by chance."""
    assert kind in errors.OUTCOMES


def test_table_has_no_other_rows() -> None:
    """What is in the table is in a tree."""
    assert set(errors.OUTCOMES) == set(EVERY)


def test_rows_say_the_codes_that_errors_carry() -> None:
    """Where a refusal has a code of its own, the table says the same."""
    for kind, outcome in errors.OUTCOMES.items():
        assert getattr(kind, "code", outcome.code) == outcome.code
        assert outcome.code in typing.get_args(errors.NackCode)


def test_faults_are_ours_and_refusals_are_not() -> None:
    """A fault is `unavailable` with a 5xx; a refusal is a 4xx, except when we are too busy."""
    for kind, outcome in errors.OUTCOMES.items():
        refused = any(base.__name__ == "Refused" for base in kind.__mro__)
        ours = not refused or kind is accounts.Busy
        assert (outcome.status >= 500) is ours
        assert (outcome.code == "unavailable") is ours


def test_unknown_token_closes_the_socket() -> None:
    """4001, the only close code that an error has, and otherwise like anything that is not allowed."""
    unknown, foreign = errors.outcome(chat.UnknownToken()), errors.outcome(chat.NotAllowed())
    assert unknown.close == 4001
    assert (unknown.code, unknown.status, unknown.message) == (foreign.code, foreign.status, foreign.message)
    assert [kind for kind, outcome in errors.OUTCOMES.items() if outcome.close] == [chat.UnknownToken]


def test_retry_is_promised_only_where_it_may_help() -> None:
    """The store being away, a lost race, and waiting times."""
    again = {kind for kind, outcome in errors.OUTCOMES.items() if outcome.retry}
    assert again == {
        chat.Unavailable,
        chat.Stale,
        chat.TooManyTries,
        handover.Moved,
        handover.TooManyTries,
        accounts.TooMany,
        accounts.Busy,
    }


def test_error_from_nowhere_is_ours() -> None:
    """What is in no tree is a 500, and a subclass that nobody wrote down is what its parent is."""

    class Stranger(Exception):
        pass

    class Adapters(chat.Unavailable):
        __module__ = "chat.adapters.somewhere"

    assert errors.outcome(Stranger()).status == 500
    assert errors.outcome(Adapters()) == errors.outcome(chat.Unavailable())
    assert errors.outcome(TimeoutError()).code == "unavailable"


def test_message_is_of_the_code_unless_it_has_its_own() -> None:
    """Catalogues have one text a code, and a few more; the staff's have them all."""
    texts = LANGUAGES.texts("sv", "staff")
    for outcome in errors.OUTCOMES.values():
        assert texts.gettext(outcome.message) != outcome.message
    assert errors.outcome(chat.HasEnded()).message == "nack.ended"
    assert errors.outcome(chat.LostClaim(None)).message == "nack.lost_claim"
    assert errors.outcome(accounts.SignInRefused()).message == "error.sign_in"
