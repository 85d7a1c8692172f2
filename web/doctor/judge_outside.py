# SPDX-License-Identifier: EUPL-1.2
"""What is wrong with the chat as the world sees it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from web.doctor.found import Found, mistake, warning
from web.doctor.readings import Answer, Outside
from web.security import ALWAYS, TRANSPORT_SECURITY

WHERE: Final = "JOURCHATT_PUBLIC_URL"
SOON_DAYS: Final = 14
TOO_SOON_DAYS: Final = 3
CLOCK_WARNS_S: Final = 5
CLOCK_WRONG_S: Final = 30

_EXPECTED: Final = (*ALWAYS, TRANSPORT_SECURITY, ("Cache-Control", "no-store"))
_REPORTS: Final = ("nel", "report-to", "reporting-endpoints")
_BETWEEN: Final = (
    "akamai-grn", "cf-ray", "x-amz-cf-id", "x-azure-ref", "x-cache", "x-served-by", "x-vercel-id",
)  # fmt: skip
"""What the servers of companies add that stand between browsers and their customers."""


def judge_outside(seen: Outside) -> Found:
    """Yield what is wrong from outside."""
    yield from _certificate(seen)
    yield from _page(seen)
    yield from _plain(seen)
    yield from _strangers(seen)
    if seen.page is not None and seen.page.status < 500:  # else nothing is behind the proxy, and that is said
        yield from _sockets(seen)
    for path in seen.inside:
        yield mistake(
            WHERE,
            f"{path} answers the whole world.",
            "Let the proxy answer 404 there (deploy/nginx/nginx.conf), and metrics listen on 127.0.0.1 "
            "alone.",
        )
    yield from _clock(seen)
    for name in seen.other_names:
        yield warning(
            WHERE,
            f"{name} leads somewhere too.",
            "Remove the record (www, or a wildcard): whoever controls what is there is the same site to a "
            "browser.",
        )


def _certificate(seen: Outside) -> Found:
    if seen.untrusted is not None:
        yield mistake(
            WHERE,
            f"Browsers refuse the certificate of {seen.url}: {seen.untrusted}.",
            "Let the proxy serve the whole chain (fullchain.pem) of a certificate for this very name.",
        )
    if seen.days_left is not None and seen.days_left < SOON_DAYS:
        sort = mistake if seen.days_left < TOO_SOON_DAYS else warning
        yield sort(
            WHERE,
            f"The certificate ends in {max(0, int(seen.days_left))} days.",
            "Look why it was not renewed by itself: certbot renew --dry-run, or the log of Caddy.",
        )
    if seen.old_tls:
        yield mistake(WHERE, "TLS from before 1.2 is spoken.", "In nginx: ssl_protocols TLSv1.2 TLSv1.3;")
    if not seen.http2:
        yield warning(
            WHERE,
            "HTTP/2 is not spoken, so that pages are slow on a bad network.",
            "In nginx: listen 443 ssl http2; (from 1.25.1 on: http2 on;)",
        )


def _page(seen: Outside) -> Found:
    page = seen.page
    if page is None or page.status != 200:
        said = "nothing" if page is None else f"{page.status}"
        yield mistake(
            WHERE,
            f"{seen.url}/ answers {said}.",
            "Is the server running, and does the proxy pass Host on as it came? systemctl status jourchatt",
        )
        return
    for name, value in _EXPECTED:
        yield from _header(name, page.values(name.lower()), value)
    policies = page.values("content-security-policy")
    if len(policies) != 1 or "default-src 'none'" not in policies[0]:
        yield mistake(
            WHERE,
            f"The page's Content-Security-Policy is {_how(policies)}.",
            "The chat sets it itself: take every add_header of it out of the proxy.",
        )
    yield from _added(page)


def _header(name: str, values: list[str], expected: str) -> Found:
    if values != [expected]:
        yield mistake(
            WHERE,
            f"The header {name} is {_how(values)}.",
            f"The chat sets “{expected}” itself: take the proxy's own lines about it away.",
        )


def _how(values: Iterable[str]) -> str:
    number = len(list(values))
    return "lost" if number == 0 else "not the chat's own" if number == 1 else f"there {number} times"


def _added(page: Answer) -> Found:
    if page.values("content-encoding"):
        yield mistake(
            WHERE,
            "The proxy compresses pages: their length then tells what is in them.",
            "Turn it off: gzip off; in nginx, no encode in Caddy.",
        )
    for cookie in page.values("set-cookie"):
        yield mistake(
            WHERE,
            f"A visitor gets a cookie, {cookie.partition('=')[0][:40]}: it stays on her device.",
            "Let the proxy choose a process by address (hash, ip_hash), not by cookie.",
        )
    for name in _REPORTS:
        if page.values(name):
            yield mistake(
                WHERE,
                f"The header {name} lets her browser report its visits to somebody.",
                "Turn it off where it is added, in the proxy or at the company that stands before it.",
            )
    between = [name for name in _BETWEEN if page.values(name)]
    if between:
        yield warning(
            WHERE,
            f"Somebody else's servers stand before the chat (they add {', '.join(between)}) and read every "
            "word.",
            "Let the chat's name lead to your own proxy, or make it known and sign an agreement with them.",
        )
    if any(letter.isdigit() for value in page.values("server") for letter in value):
        yield warning(WHERE, "The proxy tells its version.", "In nginx: server_tokens off;")


def _plain(seen: Outside) -> Found:
    plain = seen.plain
    if plain is None or plain.status >= 400:
        return
    leads = plain.values("location")
    if not (300 <= plain.status < 400 and leads and leads[0].startswith(f"{seen.url}/")):
        yield mistake(
            WHERE,
            "Port 80 shows pages without encryption, or leads elsewhere.",
            f"Let it do nothing but lead to {seen.url}, and log nothing.",
        )


def _strangers(seen: Outside) -> Found:
    if seen.foreign_host is not None and seen.foreign_host.status < 400:
        yield mistake(
            WHERE,
            "A request for another host name gets a page.",
            "Let the proxy pass Host on as it came (proxy_set_header Host $http_host), and refuse other "
            "names.",
        )
    if seen.foreign_origin is not None and seen.foreign_origin.status < 400:
        yield mistake(
            WHERE,
            f"A form from a foreign page is answered with {seen.foreign_origin.status} instead of 403.",
            "Let the proxy pass Origin on as it came.",
        )
    if seen.foreign_socket is not None and seen.foreign_socket.status == 101:
        yield mistake(
            WHERE,
            "A foreign page may open a WebSocket.",
            "Let the proxy pass Origin on as it came.",
        )


def _sockets(seen: Outside) -> Found:
    socket = seen.socket
    if socket is None or socket.status != 101:
        said = "nothing" if socket is None else f"{socket.status}"
        yield mistake(
            WHERE,
            f"WebSockets do not come through: /ws/visitor answers {said}.",
            "Pass Upgrade, Connection, Host and Origin on (deploy/nginx/nginx.conf), and name the same "
            "address here.",
        )
    elif socket.values("sec-websocket-extensions"):
        yield mistake(
            WHERE,
            "What is said is compressed on the way: its length then tells what it is.",
            "Turn compression of WebSockets off in whatever stands between.",
        )


def _clock(seen: Outside) -> Found:
    ahead = seen.clock_ahead_s
    if ahead is not None and abs(ahead) > CLOCK_WARNS_S:
        sort = mistake if abs(ahead) > CLOCK_WRONG_S else warning
        yield sort(
            "clock",
            f"This machine's clock is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} the "
            "proxy's.",
            "Let both follow the same time: timedatectl set-ntp true.",
        )
