# SPDX-License-Identifier: EUPL-1.2
"""`chat.ports.Bus` inside one process.

Owns that the ringer goes on before anybody hears. Knows nothing of what a doorbell leads to.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from chat.adapters.listeners import Hear, Listeners, Turned
from chat.ports import Doorbell


class InProcessBus:
    """Carries doorbells on the event loop: in order, after the ringer has gone on, to every listener."""

    def __init__(self) -> None:
        self._listeners = Listeners()

    def ring(self, doorbell: Doorbell) -> None:
        """Send a doorbell and return at once. Must be called on the event loop."""
        asyncio.get_running_loop().call_soon(self._listeners.deliver, doorbell)

    def is_shared(self) -> bool:
        """Tell whether there is more than one listener."""
        return len(self._listeners) > 1

    def listen(self, hear: Hear) -> Callable[[], None]:
        """Call `hear` for every doorbell from now on; return what stops it."""
        return self._listeners.listen(hear)

    def is_away(self) -> bool:
        """Tell that it never is: it reaches no other process, and loses nothing in this one."""
        return False

    def expect(self, others: int) -> None:
        """Do nothing: there are no others."""

    def on_turn(self, turned: Turned) -> Callable[[], None]:
        """Note who would be told of a turn, which never comes; return what forgets it."""
        return self._listeners.on_turn(turned)
