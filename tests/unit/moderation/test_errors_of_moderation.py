# SPDX-License-Identifier: EUPL-1.2
"""The error tree of moderation."""

from __future__ import annotations

from moderation import errors


def test_moderation_errors_have_one_root_and_two_branches() -> None:
    """What goes wrong is the caller's doing or ours, and never both."""
    assert issubclass(errors.Refused, errors.ModerationError)
    assert issubclass(errors.Fault, errors.ModerationError)
    assert not issubclass(errors.Refused, errors.Fault)
    assert errors.Refused.code == "not_allowed"


def test_moderation_errors_are_all_drawn_in_the_docstring() -> None:
    """The tree in the module's docstring names every error."""
    assert errors.__doc__ is not None
    names = [
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, Exception)
    ]
    assert all(name in errors.__doc__ for name in names)
