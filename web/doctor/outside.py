# SPDX-License-Identifier: EUPL-1.2
"""Asks the chat's public address what a stranger would ask, and returns what was answered.

Owns the network and TLS. Every step has a short timeout, and nothing that is sent is a secret.
"""

from __future__ import annotations

import errno
import http.client
import secrets
import socket
import ssl
import warnings
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509

from web.doctor.names import PATIENCE_S, addresses_of
from web.doctor.readings import Answer, Away, How, Outside, Unasked

FOREIGN: Final = "foreign.invalid"
INSIDE: Final = ("/healthz", "/readyz", "/metrics")
_WHERE = "JOURCHATT_PUBLIC_URL"


class Asker:
    """Asks one host; `clock` is this machine's, `plain_port` where http is spoken."""

    def __init__(self, url: str, clock: Callable[[], datetime], plain_port: int = 80) -> None:
        parts = urlsplit(url)
        self._url = url
        self._name = parts.hostname or ""
        self._port = parts.port or 443
        self._netloc = parts.netloc
        self._plain_port = plain_port
        self._clock = clock
        self._context = ssl.create_default_context()

    def look(self) -> Outside | Away | Unasked:
        """Ask everything; return why not when the address cannot be reached at all."""
        if not self._url.startswith("https:"):
            return Unasked(_WHERE, f"{self._url} is not an https address, so there is no outside.")
        addresses = addresses_of(self._name)
        if addresses is None:
            return Unasked(_WHERE, f"nobody tells this machine where {self._name} is: it has no network?")
        if not addresses:
            return Away(_WHERE, How.UNKNOWN, f"there is no {self._name}.")
        try:
            untrusted = self._untrusted()
            if untrusted is not None:
                # What is behind a bad certificate is looked at all the same: nothing secret is sent there.
                self._context = _trusting_anybody()
            return self._looked(untrusted)
        except TimeoutError:
            return Away(_WHERE, How.SILENT, f"{self._url} did not answer within {PATIENCE_S:.0f} s.")
        except OSError as error:
            if error.errno == errno.ENETUNREACH:
                return Unasked(_WHERE, f"no network leads from here to {self._url}.")
            return Away(_WHERE, How.SILENT, f"{self._url} refuses ({_reason(error)}).")

    def _looked(self, untrusted: str | None) -> Outside:
        days_left, http2 = self._greeting()
        before = self._clock()
        page = self._ask("GET", "/", {"Accept-Encoding": "gzip, br, zstd"})
        ahead = _ahead(page, before, self._clock())
        upgrade = {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
            "Sec-WebSocket-Protocol": "jourchatt.v1",
            "Sec-WebSocket-Extensions": "permessage-deflate",
        }
        foreign = {"Origin": f"https://{FOREIGN}"}
        inside = {path: answer.status for path in INSIDE if (answer := self._ask("GET", path)) is not None}
        return Outside(
            url=self._url,
            untrusted=untrusted,
            days_left=days_left,
            old_tls=self._speaks_old_tls(),
            http2=http2,
            page=page,
            plain=self._ask_plain(),
            foreign_host=self._ask("GET", "/", host=FOREIGN),
            foreign_origin=self._ask("POST", "/staff/sign-in", {**foreign, "Content-Length": "0"}),
            socket=self._ask("GET", "/ws/visitor", {**upgrade, "Origin": self._url}),
            foreign_socket=self._ask("GET", "/ws/visitor", {**upgrade, **foreign}),
            inside={path: status for path, status in inside.items() if _tells(status, page)},
            clock_ahead_s=ahead,
            other_names=self._other_names(),
        )

    def _untrusted(self) -> str | None:
        try:
            with self._connected(self._context):
                return None
        except ssl.SSLCertVerificationError as error:
            return error.verify_message.rstrip(".") or "it is not theirs"

    def _connected(self, context: ssl.SSLContext) -> ssl.SSLSocket:
        plain = _reached((self._name, self._port))
        try:
            return context.wrap_socket(plain, server_hostname=self._name)
        except BaseException:
            plain.close()
            raise

    def _greeting(self) -> tuple[float | None, bool]:
        """Return how many days the certificate is good for, and whether HTTP/2 is spoken."""
        context = _trusting_anybody()
        context.set_alpn_protocols(["h2", "http/1.1"])
        with self._connected(context) as tls:
            given = tls.getpeercert(binary_form=True)
            http2 = tls.selected_alpn_protocol() == "h2"
        if given is None:
            return None, http2
        left = x509.load_der_x509_certificate(given).not_valid_after_utc - self._clock()
        return left.total_seconds() / 86_400, http2

    def _speaks_old_tls(self) -> bool | None:
        context = _trusting_anybody()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # that it is old is why it is asked for
                context.minimum_version = ssl.TLSVersion.TLSv1
                context.maximum_version = ssl.TLSVersion.TLSv1_1
            context.set_ciphers("ALL:@SECLEVEL=0")
        except (ssl.SSLError, ValueError):
            return None  # this machine's own library does not know it any more
        try:
            with self._connected(context):
                return True
        except ssl.SSLError:
            return False
        except OSError:
            return False

    def _ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, host: str | None = None
    ) -> Answer | None:
        connection = http.client.HTTPSConnection(
            self._name, self._port, timeout=PATIENCE_S, context=self._context
        )
        return _asked(connection, method, path, {"Host": host or self._netloc, **(headers or {})})

    def _ask_plain(self) -> Answer | None:
        connection = http.client.HTTPConnection(self._name, self._plain_port, timeout=PATIENCE_S)
        try:
            return _asked(connection, "GET", "/", {"Host": self._name})
        except OSError:
            return None  # nobody there is as good as a redirect

    def _other_names(self) -> tuple[str, ...]:
        names = (f"www.{self._name}", f"{secrets.token_hex(6)}.{self._name}")
        found = [name for name in names if addresses_of(name)]
        return tuple(name if name.startswith("www.") else f"*.{self._name}" for name in found)


def _reached(place: tuple[str, int]) -> socket.socket:
    """Connect to the first of its addresses that answers; else tell of one that there is a way to."""
    try:
        return socket.create_connection(place, timeout=PATIENCE_S, all_errors=True)
    except ExceptionGroup as several:
        errors = [error for error in several.exceptions if isinstance(error, OSError)]
        raise min(errors, key=lambda error: error.errno == errno.ENETUNREACH) from None


def _tells(status: int, page: Answer | None) -> bool:
    """Tell whether an answer is one from inside: 503 is too, where the proxy itself reaches the chat."""
    return status == 200 or (status not in {403, 404} and page is not None and page.status < 500)


def _ahead(page: Answer | None, before: datetime, after: datetime) -> float | None:
    """Return how far this clock is surely ahead of the one that has dated the answer, to whole seconds."""
    for told in page.values("date") if page is not None else ():
        with suppress(ValueError):
            date = parsedate_to_datetime(told).astimezone(UTC)
            ahead = max(before - date - timedelta(seconds=1), timedelta()) or min(after - date, timedelta())
            return ahead.total_seconds()
    return None


def _asked(
    connection: http.client.HTTPConnection, method: str, path: str, headers: Mapping[str, str]
) -> Answer | None:
    """Return the answer, or None when the connection was closed without one."""
    with closing(connection):
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders()
            answer = connection.getresponse()
            with closing(answer):
                return Answer(
                    answer.status, tuple((name.lower(), value) for name, value in answer.getheaders())
                )
        except (http.client.HTTPException, ConnectionResetError, BrokenPipeError, ssl.SSLError):
            return None


def _trusting_anybody() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
