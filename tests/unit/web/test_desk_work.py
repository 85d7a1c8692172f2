# SPDX-License-Identifier: EUPL-1.2
"""Every frame that a console may send is answered by somebody."""

from __future__ import annotations

from typing import get_args

from web.operator import alerting_frames, frames
from web.operator.desk_work import ANSWERS

OF_THE_SOCKET = {
    frames.Hello,
    frames.SetDuty,
    frames.Accept,
    frames.Say,
    frames.Typing,
    frames.End,
    frames.Resume,
    alerting_frames.There,
}


def test_every_frame_of_a_console_is_answered_once() -> None:
    """A type of frame stands in the table or is the socket's own, and never both."""
    assert set(get_args(frames.FromOperator)) == OF_THE_SOCKET | set(ANSWERS)
    assert not OF_THE_SOCKET & set(ANSWERS)
