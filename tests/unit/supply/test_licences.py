# SPDX-License-Identifier: EUPL-1.2
"""Which licences are taken, in every form that metadata has them."""

from __future__ import annotations

import pytest

from supply.licences import Licences

LIST = Licences({"MIT": "", "Apache-2.0": ""}, {"one": "LGPL-3.0-only"}, {"stated": "MIT"})


@pytest.mark.parametrize("expression", ["MIT", "MIT OR GPL-3.0-only", "MIT AND Apache-2.0"])
def test_expression_of_accepted_licences_is_taken(expression: str) -> None:
    """One of several to choose from is enough; of several together each must be."""
    assert LIST.accepts("any", expression)


@pytest.mark.parametrize(
    "expression", ["GPL-3.0-only", "MIT AND GPL-3.0-only", "MIT License", "", "MIT WITH something", "(MIT)"]
)
def test_every_other_expression_is_refused(expression: str) -> None:
    """Also words that only look like a licence."""
    assert not LIST.accepts("any", expression)


def test_licence_that_is_taken_for_one_is_not_for_others() -> None:
    """What was thought through for one package says nothing about the next."""
    assert LIST.accepts("one", "LGPL-3.0-only")
    assert not LIST.accepts("two", "LGPL-3.0-only")


def test_stated_licence_counts_before_metadata_and_unknown_is_none() -> None:
    """A package that is not installed and not stated has none."""
    assert LIST.of("stated") == "MIT"
    assert LIST.of("no-such-package-of-any-name") is None
