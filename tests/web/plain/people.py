# SPDX-License-Identifier: EUPL-1.2
"""How a talk without scripts begins: she starts, somebody on duty takes her."""

from __future__ import annotations

from tests.outside.operator import Operator
from tests.web.plain.page import Plain
from tests.web.running import Running


async def meets(run: Running, her: Plain) -> tuple[Operator, str]:
    """Let her start, and an operator take her."""
    operator = await run.operator("anna", "linden", alias="Kim")
    await her.starts()
    conversation = await operator.sees_waiting()
    await operator.accepts(conversation)
    return operator, conversation
