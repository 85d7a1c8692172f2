# SPDX-License-Identifier: EUPL-1.2
"""Puts what a running server has at hand in the places that the tables leave open."""

from __future__ import annotations

from collections.abc import Mapping

from tests.outside.operator import Operator
from tests.outside.visitor import Visitor
from tests.web.running import Running


def fill(text: str, values: Mapping[str, str]) -> str:
    """Replace every `<name>` that there is a value for."""
    for name, value in values.items():
        text = text.replace(f"<{name}>", value)
    return text


def addresses(run: Running) -> dict[str, str]:
    """Return what the tables call ours."""
    return {
        "own": run.at.url,
        "other": run.other,
        "host": f"127.0.0.1:{run.port}",
        "port": str(run.port),
    }


def almost(token: str) -> dict[str, str]:
    """Return her token, and all that is nearly the same."""
    flipped = {
        f"flipped:{place}": token[:place] + ("B" if token[place] == "A" else "A") + token[place + 1 :]
        for place in (0, 3, 20, 44)
    }
    return {"token": token, "cut": token[:-1], "headless": token[1:], "swapped": token.swapcase()} | flipped


async def of_visitor(visitor: Visitor) -> dict[str, str]:
    """Return what her page has."""
    return {"notice": await visitor.notice(), **almost(visitor.token)}


def of_operator(operator: Operator) -> dict[str, str]:
    """Return what the console's page has."""
    staff = operator.cookies["__Host-staff"]
    return {"csrf": operator.csrf, "staff": staff, "staff-cookie": f"__Host-staff={staff}"}
