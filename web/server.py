# SPDX-License-Identifier: EUPL-1.2
"""The running server: one process, one port, an orderly end.

Owns how uvicorn is set up and how it stops. On SIGTERM it stops listening, tells every socket to move within
a few seconds, finishes what was begun, and exits clean.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import logging
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Sequence

import uvicorn
import uvloop
from starlette.routing import BaseRoute

from chat.hours import OpeningHours, local_day
from handover.partnership import needed_from
from web.app import create_app
from web.bootstrap import open_house
from web.direct import DirectProtocol
from web.house import House
from web.logs import configure
from web.metrics.server import told_at
from web.operator import frames as operator_frames
from web.operator.degraded import tell_of_turns
from web.operator.projection import encoded as to_operator
from web.operator.watch import watch_sign_ins
from web.security import OwnOrigins
from web.server_options import CannotStart, ServeOptions
from web.timed import TimedProtocol
from web.visitor import frames as visitor_frames
from web.visitor.projection import encoded as to_visitor

_log = logging.getLogger(__name__)

LONGEST_FRAME = 32 * 1024
DRAIN_S = 3.0
"""Within this time every socket moves to the next process, however many there are."""
DRAIN_SHORTEST_S = 0.5
DRAIN_EACH_S = 0.002
"""Few need no more than this each, and are not away for longer than they must be."""
SEEN_DRAINING_S = 1.0
"""So long `/readyz` says that this process drains before it stops listening, where others take over."""
USER_TIMEOUT_MS = 15_000
"""A peer that acknowledges nothing for this long is gone (measured: without it, one stayed for a minute)."""
PING_S, PONG_S = 20.0, 25.0
"""How often each peer is asked whether it is there, and how long it may take to say so."""
KEPT_ALIVE_S = 10
"""An idle connection is kept so long for the next request."""
BACKLOG = 4096
SWITCH_S = 0.0005
"""How long the loop may keep the interpreter from the store's thread. With Python's own 5 ms a busy loop
makes a commit wait that long at each of its statements (measured)."""
COLLECTIONS = (10_000, 20, 20)
"""How many new values, young searches and middle searches bring on a search for garbage."""
HOUSEKEEPING_S = 3600.0
PATIENCE_S = 20.0
"""How long a new server waits for the one before it to let go of the data: that one may take 12 s."""


def run(options: ServeOptions) -> int:
    """Serve until told to stop; return the exit status.

    Raises:
        CannotStart: the port, the database or the keys cannot be used; one plain sentence.
    """
    configure(options.settings.log_level)
    listener = reserve(options.host, options.port)
    try:
        sys.setswitchinterval(SWITCH_S)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve(options, listener))
    finally:
        listener.close()
    return 0


def reserve(host: str, port: int) -> socket.socket:
    """Return a socket that holds a port; port 0 chooses a free one.

    It does not listen yet. Until everything is ready nobody shall wait in its queue: who is refused tries
    again, and a proxy sees at once that nobody is here.

    Raises:
        CannotStart: the port cannot be used; one plain sentence.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, USER_TIMEOUT_MS)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise CannotStart(_cannot_use(host, port, error)) from error
    except OverflowError as error:
        listener.close()
        raise CannotStart(f"{port} is no port number. Choose one between 1 and 65535.") from error
    return listener


def _cannot_use(host: str, port: int, error: OSError) -> str:
    reason = "is in use already" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
    return f"Port {port} on {host} {reason}. Choose another with --port."


def origins_of(options: ServeOptions, port: int) -> list[str]:
    """Return the addresses under which browsers reach us: two in the demo, for a cross-site frame."""
    if options.demo:
        return [f"http://127.0.0.1:{port}", f"http://localhost:{port}"]
    return [options.settings.public_url]


async def _serve(options: ServeOptions, listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    origins = origins_of(options, port)
    opening = open_house(
        options.settings,
        options.site,
        file=options.file,
        demo=options.demo,
        limits=options.limits,
        patience_s=PATIENCE_S,
        on_wait=_say,
    )
    _log.info("started")
    async with opening as house, told_at(options.settings.metrics_port, house):
        on_ready = options.on_ready or (lambda _: None)
        server = Server(house, origins, listener, options.routes, lambda: on_ready(origins[0]))
        with server.stop_on_signals():
            await server.serve_until_stopped()
    _log.info("stopped")


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


def _config(house: House, origins: Sequence[str], routes: Sequence[BaseRoute]) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(house, OwnOrigins.from_urls(origins), routes),
        ws=DirectProtocol,
        ws_max_size=LONGEST_FRAME,
        ws_per_message_deflate=False,
        ws_ping_interval=PING_S,
        ws_ping_timeout=PONG_S,
        http=TimedProtocol,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEPT_ALIVE_S,
        timeout_graceful_shutdown=5,
        backlog=BACKLOG,
    )


class Server(uvicorn.Server):
    """Serves an open house under `origins` on a bound socket; lets its sockets move on before it stops."""

    def __init__(
        self,
        house: House,
        origins: Sequence[str],
        listener: socket.socket,
        routes: Sequence[BaseRoute],
        on_ready: Callable[[], None],
    ) -> None:
        super().__init__(_config(house, origins, routes))
        self._on_ready = on_ready
        self._house = house
        self._listener = listener
        self._stop = asyncio.Event()
        self._listens = asyncio.Event()

    @contextlib.contextmanager
    def stop_on_signals(self) -> Iterator[None]:
        """Stop in order at the first SIGTERM or SIGINT, at once at the second."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.ask_to_stop)
        try:
            yield
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)

    def ask_to_stop(self) -> None:
        """Begin to stop; asked again, stop at once."""
        if self._stop.is_set():
            self.force_exit = True
            self.should_exit = True
        self._stop.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone: `stop_on_signals` has them."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, and say so once.

        Raises:
            CannotStart: somebody else listens on the reserved port; one plain sentence.
        """
        host, port, *_ = self._listener.getsockname()
        try:
            await super().startup(sockets)
        except OSError as error:
            raise CannotStart(_cannot_use(host, port, error)) from error
        self._listens.set()
        _spare_collections()
        _log.info("ready")
        self._on_ready()

    async def serve_until_stopped(self) -> None:
        """Serve and follow time, say so once, and when asked to stop drain and end."""
        house = self._house
        house.chat.start()
        house.office.start()
        untold = tell_of_turns(house)
        besides = [
            asyncio.create_task(work)
            for work in (
                self._drain_when_asked(),
                watch_sign_ins(house),
                _keep_house(house),
                house.site_now.run(),
                asyncio.to_thread(_read_calendar, house),
            )
        ]
        try:
            await self.serve(sockets=[self._listener])
        finally:
            untold()
            for task in besides:
                task.cancel()
            await asyncio.gather(*besides, return_exceptions=True)
            await house.office.stop()
            await house.chat.stop()

    async def _drain_when_asked(self) -> None:
        await self._listens.wait()
        await self._stop.wait()
        house = self._house
        house.draining = True
        _log.info("draining")
        if house.chat.bus.is_shared():
            # Whoever sends people here sees it first: nobody is sent to a closed door.
            await house.clock.sleep(SEEN_DRAINING_S)
        for server in self.servers:
            server.close()
        # The listening socket itself must go too, or new connections would wait in its backlog for nobody.
        self._listener.close()
        sockets = len(house.visitor_hub.sockets) + len(house.operator_hub.sockets)
        within_s = min(DRAIN_S, max(DRAIN_SHORTEST_S, sockets * DRAIN_EACH_S))
        await asyncio.gather(
            house.visitor_hub.drain(within_s, lambda ms: to_visitor(visitor_frames.Drain(ms))),
            house.operator_hub.drain(within_s, lambda ms: to_operator(operator_frames.Drain(ms))),
        )
        self.should_exit = True


def _spare_collections() -> None:
    """Leave what stands since the start out of the search for garbage, and search more seldom.

    A search of everything stops all conversations for some milliseconds (measured), and every message makes
    enough short-lived values to bring the next one near.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTIONS)


def _read_calendar(house: House) -> None:
    """Load the red days before somebody's page needs them: it takes a second or two, so in a thread."""
    now = house.clock.now()
    for service in house.site.services.values():
        service.chat.hours.is_open(now)
    for line in house.site.lines:
        OpeningHours.parse(line.hours).is_open(now)


async def _keep_house(house: House) -> None:
    """Forget what is old now and then, until cancelled."""
    while True:
        try:
            await forget_what_is_old(house)
        except Exception:  # noqa: BLE001 - what failed once is tried again the next time
            _log.exception("housekeeping_failed")
        await asyncio.sleep(HOUSEKEEPING_S)


async def forget_what_is_old(house: House) -> None:
    """Forget rested networks, expired sign-ins, and who did what longer ago than their organisation keeps it.

    By a date that is in doubt nothing is forgotten: what is deleted by mistake is gone.

    Raises:
        chat.errors.Unavailable: the store does not answer; what is left is for the next time.
    """
    house.limits.forget_rested()
    await house.accounts.forget_expired()
    if not await house.chat.closing.believes_the_date():
        return
    today = local_day(house.clock.now())
    kept_days = {id_: each.audit_days for id_, each in house.site.organisations.items()}
    await house.audit.settle(house.whose)
    await house.audit.forget(today, kept_days)
    await house.office.keeper.gather(needed_from(house.site.partnerships, today))
