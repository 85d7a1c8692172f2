# SPDX-License-Identifier: EUPL-1.2
"""What the server is started with, and the one way in which it says that it cannot start.

Owns no behaviour, so that the command line knows the server without loading it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from config.settings import Settings
from config.site import Site
from config.site_file import SiteFile

if TYPE_CHECKING:
    from starlette.routing import BaseRoute


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeOptions:
    """Where to listen and what to run there."""

    host: str
    port: int
    settings: Settings
    site: Site
    file: SiteFile | None = None
    """What the site was read from, for what its organisations set themselves. None: they set nothing."""
    demo: bool = False
    """Adds the sample host page and shows lines that nobody has verified."""
    limits: bool = True
    """Without it, loopback addresses are not rate-limited."""
    routes: Sequence[BaseRoute] = ()
    """More addresses: the demo's."""
    on_ready: Callable[[str], None] | None = None
    """Called once with the chat's own origin when the port answers."""


class CannotStart(Exception):
    """The server or a command cannot start; the message is one plain sentence for whoever runs it."""
